"""How work that comes round by itself is declared. Pure: which instants, which body, how long it may take.

Rooms and the engine contribute schedules through ``wiring``; ``scheduler.py`` runs them. A body is run by one worker at
a time, but a worker that died half way is followed by another: a body must bear to be stopped at any await and to be
run again.
"""

import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from overprint.core.clock import Clock
from overprint.db.database import Database

TIMEOUT_SECONDS = 300.0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Every:
    """Once each ``period``, counted from 1970, so that all machines mean the same instants."""

    period: timedelta

    def after(self, instant: datetime) -> datetime:
        """The first time behind ``instant``."""
        return _EPOCH + ((instant - _EPOCH) // self.period + 1) * self.period

    def __str__(self) -> str:
        minutes = self.period.total_seconds() / 60
        return f"every {minutes:g} minutes" if minutes != 60 else "every hour"


@dataclass(frozen=True, slots=True)
class Daily:
    """Once a day, at ``hour`` and ``minute`` UTC."""

    hour: int
    minute: int = 0

    def after(self, instant: datetime) -> datetime:
        """The first time behind ``instant``."""
        offset = timedelta(hours=self.hour, minutes=self.minute)
        return Every(timedelta(days=1)).after(instant - offset) + offset

    def __str__(self) -> str:
        return f"daily at {self.hour:02}:{self.minute:02} UTC"


Times: TypeAlias = Every | Daily


@dataclass(frozen=True, slots=True)
class ScheduleContext:
    """What a body works with. ``time_seconds`` is how long it should take; it is stopped somewhat later."""

    database: Database
    clock: Clock
    time_seconds: float
    _began: float = field(default_factory=time.monotonic)

    @property
    def has_time(self) -> bool:
        """Whether there is time for another batch. A body that stops for want of it goes on the next time."""
        return time.monotonic() - self._began < self.time_seconds


Body: TypeAlias = Callable[[ScheduleContext], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Schedule:
    """Work that comes round. ``name`` is ``room.what``, and stored: a new name is a new schedule."""

    name: str
    times: Times
    body: Body
    timeout_seconds: float = TIMEOUT_SECONDS
