"""What tests of the engine share."""

from pathlib import Path

import pytest

from tests.support.journal import Journal


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal")
