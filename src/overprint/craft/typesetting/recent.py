"""What was found out lately: a book that is set again after an edit is thought about only where it changed."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Found = TypeVar("Found")


class Recent(Generic[Found]):
    """Findings by all that decides them. Of more than ``most`` the one that was longest not asked for is forgotten."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: dict[Hashable, Found] = {}

    def recall(self, key: Hashable) -> Found | None:
        found = self._found.pop(key, None)
        if found is not None:
            self._found[key] = found
        return found

    def keep(self, key: Hashable, found: Found) -> Found:
        self._found[key] = found
        if len(self._found) > self._most:
            del self._found[next(iter(self._found))]
        return found

    def get(self, key: Hashable, find: Callable[[], Found]) -> Found:
        """What is known of ``key``, or what ``find`` finds out now."""
        found = self.recall(key)
        return self.keep(key, find()) if found is None else found
