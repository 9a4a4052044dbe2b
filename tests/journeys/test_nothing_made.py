"""A book of which nothing could be made: the command says whose turn it is and leaves no folder behind."""

import asyncio
from pathlib import Path

from tests.support.bad_days import asks, author
from tests.support.command_line import SMALL_BOOK, run
from tests.support.model_server import Fails


def test_a_premise_that_the_writer_cannot_read_is_the_askers_turn(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "book"
    ended = run("make", "book", "Ein kleiner Fuchs möchte zum Mond fliegen", "--out", str(out), "--data", str(data))
    assert ended.returncode == 2
    assert "seems to be in German" in ended.stderr
    assert "Run the same command again" not in ended.stderr
    assert ended.stdout == ""
    assert not out.exists()


async def test_a_provider_that_lets_nobody_in_is_the_operators_turn(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "book"
    async with author() as server:
        server.spoil("plan", *[Fails(401)] * 5)
        asked = ("make", "book", "A newt wants a hat", *SMALL_BOOK, "--out", str(out), "--data", str(data))
        ended = await asyncio.to_thread(run, *asked, variables=asks(server))
    assert ended.returncode == 3
    assert "is not set up" in ended.stderr
    assert not out.exists()
