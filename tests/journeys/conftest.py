"""Data folders for commands, and a finished book that many tests look at."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from overprint.db.embedded import Lease, new_cluster
from tests.support.command_line import SMALL_BOOK, files_in, run
from tests.support.database import MakeOnce, cluster_that_stops, home_like

# With a letter that some locales lack, and with what looks like markup.
PREMISE = "A fox [/red] named Löffel wants to fly a :moon: lantern boat over the mountains and the sea"
DATA, OUT, SAID = "data folder", "my book", "what was said"


@dataclass(frozen=True)
class Finished:
    """A book that was made from the command line, the data folder that it was made in, and all that was said."""

    data: Path
    out: Path
    job: str
    said: str
    premise: str = PREMISE

    @property
    def again(self) -> tuple[str, ...]:
        """The command that made it, but for ``--out``."""
        return ("make", "book", self.premise, *SMALL_BOOK, "--data", str(self.data))


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory, make_once: MakeOnce, empty_home: Path) -> Iterator[Finished]:
    """One for all tests of a process: they add no job and no book, and leave its folders as they found them."""

    def make(folder: Path) -> None:
        data = home_like(empty_home, folder / DATA)
        with cluster_that_stops(data):
            book = ("make", "book", PREMISE, *SMALL_BOOK, "--json")
            made = run(*book, "--out", str(folder / OUT), "--data", str(data))
        assert made.returncode == 0, made.stderr
        (folder / SAID).write_text(made.stdout + made.stderr)

    made, folder = make_once("finished book", make), tmp_path_factory.mktemp("finished")
    data, out = home_like(made / DATA, folder / DATA), Path(shutil.copytree(made / OUT, folder / OUT))
    said, before = (made / SAID).read_text(), files_in(out)
    with new_cluster(data):
        yield Finished(data, out, json.loads(said.splitlines()[0])["job_id"], said)
        assert files_in(out) == before, "a test changed the book that all share"


@pytest.fixture
def lease(tmp_path: Path, empty_home: Path) -> Iterator[Lease]:
    """A database that is quick, and stays up between the commands of one test."""
    with new_cluster(home_like(empty_home, tmp_path / "data folder")) as held:
        yield held


@pytest.fixture
def data(lease: Lease, tmp_path: Path) -> Path:
    """The data folder of that database."""
    return tmp_path / "data folder"
