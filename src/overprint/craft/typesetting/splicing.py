"""A PDF file as Typst writes it, in which parts are exchanged: plain objects, and at the end a table of their places.

To have such a file read, held and written by a library takes longer than to set a page. It is known to the byte how
ours look, so that parts can be put in where others were, and the table be made anew; a file that looks otherwise is
refused. Its identifier is made of what Typst was given, so it stays.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

_END = re.compile(rb"startxref\n(\d+)\n%%EOF\s*\Z")
_END_MAX_BYTES = 64
_TABLE = re.compile(rb"xref\n0 \d+\n((?:\d{10} \d{5} [fn]\r\n)+)(trailer\n<<.*>>\n)startxref\n", re.DOTALL)
_ENTRY_BYTES, _PLACE_DIGITS = 20, 10
_HEAD = re.compile(rb"\d+ 0 obj\n<<(.*?)>>\n(?:stream\n|endobj)", re.DOTALL)
_LENGTH = re.compile(rb"/Length (\d+)")


@dataclass(frozen=True, slots=True)
class Change:
    """``put``, in a row, stands in place of the bytes from ``first`` up to ``end``, which lie within one object."""

    first: int
    end: int
    put: tuple[bytes, ...]

    @property
    def growth_bytes(self) -> int:
        return sum(map(len, self.put)) - (self.end - self.first)


class Written:
    """A file of Typst's. Raises ``RuntimeError`` for one that is written another way."""

    def __init__(self, data: bytes) -> None:
        end = _END.search(data, max(0, len(data) - _END_MAX_BYTES))
        table = _TABLE.match(data, int(end[1])) if end else None
        if table is None:
            raise RuntimeError("a PDF file without a plain table of its objects")
        self.data, self.trailer, self._table_at = data, table[2], table.start()
        entries = table[1]
        self._entries = [entries[at : at + _ENTRY_BYTES] for at in range(0, len(entries), _ENTRY_BYTES)]
        self._places = [int(entry[:_PLACE_DIGITS]) for entry in self._entries]
        self._in_order = sorted(self._places)

    def object_named(self, name: bytes, within: bytes) -> int:
        """Where the object begins that the dictionary ``within`` calls ``name``."""
        found = re.search(rb"/%s (\d+) 0 R" % name, within)
        if found is None:
            raise RuntimeError(f"a PDF file that names no {name.decode()}")
        return self._places[int(found[1])]

    def object_round(self, place: int) -> int:
        """Where the object begins that has the byte at ``place``."""
        return self._in_order[bisect_right(self._in_order, place) - 1]

    def dictionary(self, place: int) -> tuple[int, bytes]:
        """What is between the outermost brackets of the object that begins at ``place``, and where that begins."""
        head = self._head(place)
        return head.start(1), head[1]

    def stream(self, place: int) -> bytes:
        """The bytes of the stream that begins at ``place``."""
        head = self._head(place)
        return self.data[head.end() : head.end() + _length(head[1])]

    def with_stream(self, place: int, stream: bytes, numbers: Mapping[bytes, int]) -> Change:
        """The stream that begins at ``place`` exchanged, and ``numbers`` of its dictionary by their names."""
        head = self._head(place)
        told = head[1]
        for name, number in {**numbers, b"Length": len(stream)}.items():
            told = re.sub(rb"/%s \d+" % name, b"/%s %d" % (name, number), told, count=1)
        return Change(head.start(1), head.end() + _length(head[1]), (told, b">>\nstream\n", stream))

    def with_changes(self, changes: Sequence[Change]) -> bytes:
        """The file with ``changes`` made, none of which touches another."""
        ordered = sorted(changes, key=lambda change: change.first)
        parts, at = [], 0
        for change in ordered:
            parts += [self.data[at : change.first], *change.put]
            at = change.end
        parts.append(self.data[at : self._table_at])
        ends = [change.end for change in ordered]
        grown = [0, *accumulate(change.growth_bytes for change in ordered)]

        def entry(old: bytes, place: int) -> bytes:
            by = grown[bisect_right(ends, place)]
            return b"%010d" % (place + by) + old[_PLACE_DIGITS:] if by and old[-3:-2] == b"n" else old

        entries = map(entry, self._entries, self._places)
        table_at = self._table_at + grown[-1]
        parts += [b"xref\n0 %d\n" % len(self._entries), *entries, self.trailer, b"startxref\n%d\n%%%%EOF" % table_at]
        return b"".join(parts)

    def _head(self, place: int) -> re.Match[bytes]:
        head = _HEAD.match(self.data, place)
        if head is None:
            raise RuntimeError("a PDF file whose table does not tell where its objects are")
        return head


def pages_in(data: bytes) -> int:
    """How many pages a file of Typst's has. Raises ``RuntimeError`` for one that is written another way."""
    file = Written(data)
    _, root = file.dictionary(file.object_named(b"Root", file.trailer))
    _, pages = file.dictionary(file.object_named(b"Pages", root))
    count = re.search(rb"/Count (\d+)", pages)
    if count is None:
        raise RuntimeError("a PDF file that does not count its pages")
    return int(count[1])


def _length(told: bytes) -> int:
    found = _LENGTH.search(told)
    if found is None:
        raise RuntimeError("a PDF file with a stream that does not say how long it is")
    return int(found[1])
