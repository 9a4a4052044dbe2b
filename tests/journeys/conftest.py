"""A data folder for commands."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from overprint.db.embedded import Lease, new_cluster


@pytest.fixture
def lease(tmp_path: Path) -> Iterator[Lease]:
    """A database that is quick, and stays up between the commands of one test."""
    with new_cluster(tmp_path / "data folder") as held:
        yield held


@pytest.fixture
def data(lease: Lease, tmp_path: Path) -> Path:
    """The data folder of that database."""
    return tmp_path / "data folder"
