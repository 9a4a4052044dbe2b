"""Fixtures that many tests share, which tests share a worker, and in which order they run."""

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from tests.support.database import cluster, database, database_urls, databases, empty_home, make_once
from tests.support.house import client, house
from tests.support.judged import is_judged
from tests.support.leavings import end_all
from tests.support.made import made

__all__ = ["client", "cluster", "database", "database_urls", "databases", "empty_home", "house", "made", "make_once"]

# One worker runs all tests of each, one after the other: what they begin with is slow, or they keep both cores busy.
TOGETHER = ("tests/launcher/", "tests/chaos/")

# Each of their tests may run in any worker: they share little, and many take long.
APART = (
    "tests/journeys/",
    "tests/craft/drawing/test_everything_draws.py",
    "tests/craft/drawing/test_recognisable.py",
    "tests/craft/drawing/test_what_is_shown.py",
)

# What takes longest comes first, and the longest of all before that: at the end, workers wait for each other's last
# tests.
FIRST = (
    "tests/journeys/test_every_screen.py",
    "tests/http/test_every_operation.py",
    "tests/launcher/",
    "tests/chaos/",
    "tests/http/test_plain_answers.py",
    "tests/journeys/test_impatience.py",
    "tests/journeys/",
    "tests/http/",
    "tests/db/",
    "tests/craft/driving/",
    "tests/craft/drawing/",
    "tests/craft/writing/test_quality.py",
    "tests/craft/narration/",
    "tests/craft/typesetting/",
    "tests/features/books/",
    "tests/features/billing/",
    "tests/features/",
    "tests/engine/",
    "tests/contracts/",
)


class ByFile(LoadScopeScheduling):  # type: ignore[misc]
    """One worker runs all tests of a file, so what a module makes once is made once; the judged are another's.

    pytest 9.2 takes no notice of ``xdist_group`` (pytest-xdist's issue 1386).
    """

    def _split_scope(self, nodeid: str) -> str:
        if is_judged(nodeid):
            return "judged"
        if nodeid.startswith(APART):
            return nodeid
        return next((beginning for beginning in TOGETHER if nodeid.startswith(beginning)), nodeid.partition("::")[0])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    config.option.loadscopereorder = False  # many tests are not many seconds
    return ByFile(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """All tests share a loop, so nobody may go on working on it."""
    runner = getattr(item, "funcargs", {}).get("_session_scoped_runner")
    loop = runner.get_loop() if runner else None
    yield
    if loop is not None and not loop.is_closed():
        left = loop.run_until_complete(end_all())
        assert not left, f"went on after the test: {left}"


def pytest_collection() -> None:
    """Until all tests are known nothing becomes rubbish, and there is much to look through."""
    gc.disable()


def pytest_collection_finish() -> None:
    """What is loaded by now stays: looking through it again and again took a fifth of the tests' time."""
    gc.freeze()
    gc.enable()
    gc.set_threshold(20_000, 20, 100)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    return next((turn for turn, beginning in enumerate(FIRST) if item.nodeid.startswith(beginning)), len(FIRST))
