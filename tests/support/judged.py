"""Tests whose e-books EPUBCheck or Ace judges. One worker runs them all: a judge spends eight seconds of a processor on
its start, and a tenth of one on a book."""

import os

# Parts of their ids: a test that is named after its judge, and those that judge a book besides.
_NAMED = (
    "epubcheck",
    "test_ace.py",
    "test_read_aloud.py::test_a_book_reads_itself_aloud",
    "test_command_line.py::test_a_sentence_becomes_a_folder",
    "test_api.py::test_a_sentence_becomes_a_book_with_valid_files_and_a_history",
    "test_api.py::test_a_hostile_premise_makes_an_honest_book",
    "test_bad_input.py::test_a_name_in_any_script_makes_a_decent_book",
    "test_languages.py::test_a_japanese",
    "test_languages.py::test_a_book_whose_letters_join_and_stack",
)


def is_judged(test: str) -> bool:
    """Whether the test of this id may ask a judge."""
    return any(part in test for part in _NAMED)


def check_that_this_test_is_judged() -> None:
    """Raises ``RuntimeError`` in a test that would start a judge in another worker."""
    test = os.environ.get("PYTEST_CURRENT_TEST", "")
    if test and not is_judged(test):
        raise RuntimeError(f"{test.partition(' ')[0]} has a book judged: name it in tests/support/judged.py.")
