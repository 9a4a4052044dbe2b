"""The chain of hashes, and how it is proven. Pure.

Each team has a chain of its own, so that writers of different teams do not wait for each other; what belongs to no team
is in the chain of ``SITE``. A line's hash is the SHA-256 of the canonical JSON (``core/codec``) of its place in the
chain, the hash before it, and the SHA-256 of the canonical JSON of all that the line says.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from overprint.core.codec import Json, canonical, decode, digest
from overprint.core.principal import Principal, Via
from overprint.core.problems import Invalid

SITE = UUID(int=0)
NOTHING = "0" * 64
CUT = "audit.cut"
FORMAT = "overprint-audit@1"
ROW_MAX_BYTES = 1_000_000


class Of(StrEnum):
    """Whose lines: the own team's; those that belong to no team, such as signing in; or all."""

    TEAM = "team"
    SITE = "site"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it and how they came in."""

    person_id: UUID | None
    via: Via
    session_id: UUID | None = None
    address: str = ""

    @staticmethod
    def of(principal: Principal) -> "Actor":
        return Actor(principal.person_id, principal.via, principal.session_id, principal.address)


@dataclass(frozen=True, slots=True)
class Line:
    """Who did what to what, when, from where. No actor: it came about by itself."""

    id: UUID
    team_id: UUID
    at: datetime
    actor_id: UUID | None
    via: str | None
    session_id: UUID | None
    address: str
    action: str
    subject_kind: str
    subject_id: UUID | None
    detail: dict[str, Json]
    request_id: str | None


@dataclass(frozen=True, slots=True)
class Link:
    """A line in its place."""

    seq: int
    previous_hash: str
    hash: str
    line: Line


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a chain by number and hash: where it was cut, or where it ends."""

    seq: int
    hash: str


START = Place(0, NOTHING)


@dataclass(frozen=True, slots=True)
class Fault:
    """The first line with which a chain does not hold, and why."""

    seq: int
    says: str


@dataclass(frozen=True, slots=True)
class Proven:
    """What came out for one chain; without a ``fault`` it holds. ``end`` is worth keeping elsewhere: whoever may write
    as the owner of the tables could make a whole chain anew, and only a copy of its end would tell."""

    team_id: UUID
    lines: int
    begin: Place
    end: Place
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class ExportHeader:
    """The first row of an exported chain. ``is_cut``: it begins where older lines were cut off."""

    format: str
    team_id: UUID
    begin: Place
    is_cut: bool


@dataclass(frozen=True, slots=True)
class ExportEnd:
    """The last row of an exported chain. Not ``is_complete``: the next part goes on behind ``end``."""

    end: Place
    is_complete: bool


def told_exactly(detail: Mapping[str, Json]) -> dict[str, Json]:
    """``detail`` as the database gives it back to the last bit, which it does for all but some fractions."""
    return {key: _exact(value) for key, value in detail.items()}


def _exact(value: Json) -> Json:
    if isinstance(value, Mapping):
        return told_exactly(value)
    if isinstance(value, (list, tuple)):
        return [_exact(item) for item in value]
    return str(value) if isinstance(value, float) else value


def hash_at(seq: int, previous_hash: str, content: str) -> str:
    """The hash of the line number ``seq`` whose content has this digest. ``store.append`` says the same in SQL."""
    return digest({"content": content, "previous": previous_hash, "seq": seq})


class Proof:
    """Walks along one chain, from where it was cut to its end. One instance a chain; it stops at the first fault."""

    def __init__(self, team_id: UUID, begin: Place) -> None:
        self._team_id = team_id
        self._begin = begin
        self._cut_is_told = begin == START
        self.last = begin
        self.lines = 0

    def take(self, link: Link) -> Fault | None:
        """What is wrong with the next line, if anything."""
        fault = self._place_of(link) or self._content_of(link)
        if fault is None:
            self.last = Place(link.seq, link.hash)
            self.lines += 1
            told = link.line.detail
            is_this_cut = (told.get("seq"), told.get("hash")) == (self._begin.seq, self._begin.hash)
            self._cut_is_told = self._cut_is_told or (link.line.action == CUT and is_this_cut)
        return fault

    def end(self, head: Place, *, cut_is_told: bool = True) -> Fault | None:
        """What is wrong with the end of the chain, if anything. ``cut_is_told``: a line has to tell of the cut."""
        if self.last.seq < head.seq:
            return Fault(self.last.seq + 1, f"{_lines(self.last.seq + 1, head.seq)} missing at the end")
        if self.last.hash != head.hash:
            return Fault(self.last.seq, "the chain does not end with this line: it was replaced")
        if cut_is_told and not self._cut_is_told:
            return Fault(self._begin.seq, "all lines up to this one are gone, and no line tells that they were cut off")
        return None

    def _place_of(self, link: Link) -> Fault | None:
        expected = self.last.seq + 1
        if link.seq > expected:
            return Fault(expected, f"{_lines(expected, link.seq - 1)} missing")
        if link.seq < expected:
            return Fault(link.seq, f"it comes behind line {self.last.seq}: lines were put in, or in another order")
        if link.line.team_id != self._team_id:
            return Fault(link.seq, "it belongs to another chain")
        return None

    def _content_of(self, link: Link) -> Fault | None:
        if link.hash != hash_at(link.seq, link.previous_hash, digest(link.line)):
            return Fault(link.seq, "it was changed: what it says does not have its hash")
        if link.previous_hash != self.last.hash:
            return Fault(link.seq, f"it does not follow line {self.last.seq}: one of the two was replaced")
        return None

    def proven(self, fault: Fault | None) -> Proven:
        return Proven(self._team_id, self.lines, self._begin, self.last, fault)


def prove_export(rows: Iterable[bytes]) -> Iterator[Proven]:
    """What came out for each chain of an export. Raises ``Invalid`` for what is none."""
    read = iter(rows)
    is_empty = True
    for row in read:
        is_empty = False
        yield _prove_chain(_header(row), read)
    if is_empty:
        raise Invalid("This file is empty.", "Export the audit log again.")


def _header(row: bytes) -> ExportHeader:
    try:
        header = decode(ExportHeader, _parsed(row))
    except Invalid:
        raise Invalid("This is no export of an audit log.", "GET /api/audit/export answers one.") from None
    if header.format != FORMAT:
        raise Invalid(f"This export has the form {header.format[:40]!r}, not {FORMAT!r}.", "Use a newer Overprint.")
    return header


def _prove_chain(header: ExportHeader, rows: Iterator[bytes]) -> Proven:
    """Reads to the end of the chain, also behind a fault, so that the next chain is proven too."""
    proof, fault = Proof(header.team_id, header.begin), None
    for row in rows:
        parsed = _parsed(row)
        if isinstance(parsed, dict) and "end" in parsed:
            return proof.proven(fault or _end_of(proof, header, parsed))
        if fault is None:
            fault = _take(proof, parsed, row)
    return proof.proven(fault or Fault(proof.last.seq + 1, "the file breaks off here"))


def _take(proof: Proof, parsed: Json, row: bytes) -> Fault | None:
    try:
        link = decode(Link, parsed)
    except Invalid as problem:
        return Fault(proof.last.seq + 1, f"it cannot be read: {problem.message}")
    if canonical(link) != row.rstrip(b"\n"):
        return Fault(proof.last.seq + 1, "it is not written as it was exported")
    return proof.take(link)


def _end_of(proof: Proof, header: ExportHeader, row: Json) -> Fault | None:
    try:
        told = decode(ExportEnd, row)
    except Invalid as problem:
        return Fault(proof.last.seq, f"the end of its chain cannot be read: {problem.message}")
    return proof.end(told.end, cut_is_told=header.is_cut and told.is_complete)


def _parsed(row: bytes) -> Json:
    try:
        return json.loads(row)
    except (ValueError, RecursionError):
        return None


def _lines(first: int, last: int) -> str:
    return f"line {first} is" if first == last else f"lines {first} to {last} are"
