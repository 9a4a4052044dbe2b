"""Files of one download have names of their own, safe wherever they are unpacked, and are sent piece by piece."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from overprint.features.shelf import Shelf
from overprint.features.shelf.rules import Packed, named_apart
from tests.support.studio import Studio


def _names(*names: str) -> list[str]:
    return [one.name for one in named_apart([Packed(name, "key", 1) for name in names])]


def test_no_two_files_have_the_same_name_however_they_are_counted() -> None:
    assert _names("fox.png", "fox.png", "fox (2).png") == ["fox.png", "fox (2).png", "fox (2) (2).png"]
    assert _names("Fox.png", "fox.PNG") == ["Fox.png", "fox (2).PNG"]
    assert _names("Vol.1/read", "Vol.1/read") == ["Vol.1/read", "Vol.1/read (2)"]


def test_names_lead_nowhere_else() -> None:
    for place in _names("../../etc/passwd", "..", "/root/.ssh", "a/b/../c.pdf", 'x.<b>:"'):
        assert not place.startswith(("/", ".")) and ".." not in place.split("/")
        assert place.count("/") <= 1 and not set(place) & set('<>:"\\')


class _Counted:
    """A store of one large file, and how much of it was read at most before any of that was sent."""

    pieces = 64

    def __init__(self) -> None:
        self.read, self.sent, self.most = 0, 0, 0

    async def stream(self, key: str) -> AsyncIterator[bytes]:
        for _ in range(self.pieces):
            self.read += 1
            self.most = max(self.most, self.read - self.sent)
            yield bytes(1000)


async def test_a_large_file_is_never_held_whole(studio: Studio) -> None:
    store: Any = _Counted()
    shelf = Shelf({}, studio.jobs, replace(studio.library, storage=store), None)
    async for _ in shelf.send_bundle([Packed("a.pdf", "key", 64_000)]):
        store.sent += 1
    assert store.most <= 2
