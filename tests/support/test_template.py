"""Commands that are forks of the template, as far as the journeys that start them do not show it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGKILL

import pytest

from tests.support.command_line import run, start, until
from tests.support.template import Command


@contextmanager
def waiting_for_words(folder: Path) -> Iterator[Command]:
    """A command that reads a premise from a pipe, and is not given one."""
    heard, typing = os.pipe()
    with os.fdopen(heard), os.fdopen(typing, "w"):
        yield start("make", "book", "-", "--out", str(folder / "book"), "--data", str(folder / "data"), stdin=heard)


def open_files(process: Command) -> list[str]:
    return sorted(str(file.readlink()).partition(":")[0] for file in Path(f"/proc/{process.pid}/fd").iterdir())


def test_a_command_has_the_folder_and_the_variables_that_it_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("letters").touch()
    refused = run("migrate", "--data", "letters")
    assert (refused.returncode, "letters" in refused.stderr) == (3, True)
    refused = run("migrate", "--data", "letters", variables={"OVERPRINT_LOG_LEVEL": "loud"})
    assert (refused.returncode, "OVERPRINT_LOG_LEVEL" in refused.stderr) == (2, True)


def test_a_command_holds_nothing_of_another_and_ends_when_it_takes_too_long(tmp_path: Path) -> None:
    with waiting_for_words(tmp_path) as first, waiting_for_words(tmp_path) as second:
        until(lambda: open_files(first) == open_files(second) != [], "both have begun, and have opened as much")
        first.kill()
        assert first.communicate() == ("", "")
        with pytest.raises(TimeoutError):
            second.communicate(timeout=0.01)
    assert [process.wait() for process in (first, second)] == [-SIGKILL, -SIGKILL]
