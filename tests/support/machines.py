"""State machines of Hypothesis over a real database: every step waits for what it asks, on one loop of their own."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from overprint.db.database import Database, open_database
from tests.support.database import TestDatabase

T = TypeVar("T")
POOL_SIZE = 3


class DatabaseMachine(RuleBasedStateMachine):
    """A machine whose rules ask a database. ``lives_well`` gives it one."""

    database: Database
    loop: asyncio.AbstractEventLoop

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)


def lives_well(machine: type[DatabaseMachine], urls: TestDatabase, *, lives: int, steps: int) -> None:
    """Run so many lives of so many steps; raises what a rule or an invariant of the machine finds."""
    loop = asyncio.new_event_loop()
    database = loop.run_until_complete(open_database(urls.app, urls.system, pool_size=POOL_SIZE))
    try:
        bound = type("Bound", (machine,), {"database": database, "loop": loop})
        run_state_machine_as_test(bound, settings=settings(max_examples=lives, stateful_step_count=steps))
    finally:
        loop.run_until_complete(database.aclose())
        loop.close()
