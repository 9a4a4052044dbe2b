"""How much each team may wait for at a time of what all share, so that nobody else waits long for theirs."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from overprint.core.problems import TooOften


class Crowd:
    """Those that wait for one kind of work in this process, at most ``most`` of each team."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._waiting: Counter[UUID] = Counter()

    @contextmanager
    def joined(self, team_id: UUID) -> Iterator[None]:
        """Around the work and the wait for it. Raises ``TooOften`` where as many of the team's go on already."""
        if self._waiting[team_id] >= self._most:
            raise TooOften("Much is being made for you just now.", "Go on in a moment.", retry_after_seconds=2)
        self._waiting[team_id] += 1
        try:
            yield
        finally:
            self._waiting[team_id] -= 1
            if not self._waiting[team_id]:
                del self._waiting[team_id]
