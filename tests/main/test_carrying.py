"""Where a work that is taken in is written, and what is said of it."""

from pathlib import Path

import pytest

from overprint.core.ids import new_id
from overprint.core.problems import Invalid
from overprint.engine.spec import Queue
from overprint.features.jobs import FirstLook
from overprint.main.beginning import Begun
from overprint.main.carrying import ImportOptions, Taken, export_work, import_work, question_of, told_of


@pytest.mark.parametrize(
    ("expected", "made", "said"),
    [
        ({"film": "a"}, {"film": "a", "captions": "b"}, "byte for byte as it was there"),
        ({"film": "a", "captions": "b"}, {"film": "a"}, "not the same bytes as there: captions"),
        ({}, {"film": "a"}, "as far as it was made there"),
    ],
)
def test_what_came_out_is_compared_where_there_is_something_to_compare(
    expected: dict[str, str], made: dict[str, str], said: str
) -> None:
    taken = Taken(Begun(new_id(), {}), "The Lamp", expected)
    assert told_of(taken, made) == f"“The Lamp” is here, {said}."


def test_who_is_asked_reads_what_is_made_and_for_how_much_whether_or_not_all_came_along() -> None:
    lacks = FirstLook("The Lamp", {}, {Queue.SPEECH: 2}, ("narrate/01", "narrate/02"), 2, is_own=True)
    assert "Here it makes 2 voices, for 2 credits at most." in question_of(lacks)
    whole = FirstLook("The Lamp", {}, {}, ("film",), 1, is_own=False, left_out=("Your plan has no print editions.",))
    assert question_of(whole).splitlines() == [
        "“The Lamp” brought all that it is made of.",
        "It is put together again, for 1 credit at most.",
        "Left out: Your plan has no print editions.",
    ]


async def test_nothing_is_written_into_the_data_folder(tmp_path: Path) -> None:
    sent, data = tmp_path / "a.overprint", tmp_path / "data"
    sent.write_bytes(b"")
    with pytest.raises(Invalid, match="inside the data folder"):
        await import_work(ImportOptions(sent, data / "books", data))
    with pytest.raises(Invalid, match="inside the data folder"):
        await export_work(data, "anything", data / "a.overprint")
