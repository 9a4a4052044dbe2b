"""A book of which nothing could be made: the command says whose turn it is and leaves no folder behind."""

import asyncio
import shutil
from pathlib import Path

from tests.journeys.conftest import Finished
from tests.support.bad_days import asks, author
from tests.support.command_line import SMALL_BOOK, files_in, run
from tests.support.model_server import Fails


def test_a_premise_that_the_writer_cannot_read_is_the_askers_turn(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "book"
    ended = run("make", "book", "Ein kleiner Fuchs möchte zum Mond fliegen", "--out", str(out), "--data", str(data))
    assert ended.returncode == 2
    assert "seems to be in German" in ended.stderr
    assert "Run the same command again" not in ended.stderr
    assert ended.stdout == ""
    assert not out.exists()


async def test_a_provider_that_lets_nobody_in_is_the_operators_turn_and_a_book_that_is_there_stays(
    finished: Finished, data: Path, tmp_path: Path
) -> None:
    new, held = tmp_path / "new", tmp_path / "held"
    shutil.copytree(finished.out, held)
    async with author() as server:
        server.spoil("plan", *[Fails(401)] * 5)
        for out in (new, held):
            asked = ("make", "book", finished.premise, *SMALL_BOOK, "--out", str(out), "--data", str(data))
            ended = await asyncio.to_thread(run, *asked, variables=asks(server))
            assert ended.returncode == 3, ended.stderr
            assert "is not set up" in ended.stderr
    assert not new.exists()
    assert files_in(held) == files_in(finished.out)
