"""Keeping the embedded database while a process runs."""

import asyncio
import signal
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from overprint.core.problems import Unavailable
from overprint.db.database import naming
from overprint.db.embedded import DatabaseUrls, Lease
from overprint.db.embedded.layout import DataLayout
from overprint.main import home
from overprint.settings import load


def _urls(port: int) -> DatabaseUrls:
    return DatabaseUrls(*(f"postgresql://{role}:x@127.0.0.1:{port}/overprint" for role in ("o", "a", "s", "p")))


class _MovingLease(Lease):
    """A lease whose database comes back at another port."""

    def __init__(self, root: Path) -> None:
        super().__init__(DataLayout.of(root), 0.0, 1.0)
        self._urls = _urls(20_001)

    def ensure(self) -> DatabaseUrls:
        self._urls = _urls(20_002)
        return self._urls


class _TroubledLease(_MovingLease):
    """At first it fails in ways that nobody thought of."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.troubles: list[Exception] = [Unavailable("No database."), OSError(24, "Too many open files"), KeyError()]

    def ensure(self) -> DatabaseUrls:
        if self.troubles:
            raise self.troubles.pop()
        return super().ensure()


async def test_no_failure_ends_the_keeping_of_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "ENSURE_INTERVAL_SECONDS", 0.01)
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, told.set)
    try:
        with capture_logs() as lines:
            await asyncio.wait_for(home._keep(_TroubledLease(tmp_path)), 10)
        await asyncio.wait_for(told.wait(), 10)
    finally:
        loop.remove_signal_handler(signal.SIGTERM)
    assert sum("could not be looked after" in line["event"] for line in lines) == 2


async def test_a_process_whose_database_moved_ends_as_if_told_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "ENSURE_INTERVAL_SECONDS", 0.01)
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, told.set)
    try:
        await asyncio.wait_for(home._keep(_MovingLease(tmp_path)), 10)
        await asyncio.wait_for(told.wait(), 10)
    finally:
        loop.remove_signal_handler(signal.SIGTERM)


def test_nobody_is_told_to_correct_an_address_that_they_did_not_set(tmp_path: Path) -> None:
    embedded = load(tmp_path, env={})
    with pytest.raises(Unavailable, match="The embedded database does not answer") as told:
        with home._naming_embedded(embedded), naming("DATABASE_OWNER_URL"):
            raise ConnectionRefusedError
    assert "DATABASE_" not in str(told.value)
    url = "postgresql://role:word@localhost/overprint"
    names = ("DATABASE_URL", "DATABASE_SYSTEM_URL", "DATABASE_OWNER_URL")
    own = load(tmp_path, env=dict.fromkeys(names, url))
    with pytest.raises(Unavailable, match="DATABASE_OWNER_URL does not answer"):
        with home._naming_embedded(own), naming("DATABASE_OWNER_URL"):
            raise ConnectionRefusedError
