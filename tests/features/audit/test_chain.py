"""Whatever is done to a chain shows, and where."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overprint.core.codec import canonical, digest
from overprint.core.ids import new_id
from overprint.core.problems import Invalid
from overprint.features.audit.rules import (
    FORMAT,
    START,
    ExportEnd,
    ExportHeader,
    Fault,
    Line,
    Link,
    Place,
    Proof,
    hash_at,
    prove_export,
)

TEAM, OTHER = UUID(int=1), UUID(int=2)
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
LENGTH = 8
Chain = list[Link]


def line_of(number: int, team_id: UUID = TEAM) -> Line:
    at = NOON + timedelta(seconds=number)
    told = {"name": f"nr {number}", "of": number}
    return Line(new_id(number), team_id, at, UUID(int=9), "session", None, "::1", "book.made", "book", None, told, None)


def linked(lines: list[Line], begin: Place = START) -> Chain:
    chain: Chain = []
    for line in lines:
        last = Place(chain[-1].seq, chain[-1].hash) if chain else begin
        chain.append(Link(last.seq + 1, last.hash, hash_at(last.seq + 1, last.hash, digest(line)), line))
    return chain


CHAIN = linked([line_of(number) for number in range(1, LENGTH + 1)])
HEAD = Place(CHAIN[-1].seq, CHAIN[-1].hash)


def fault_of(chain: Chain, head: Place = HEAD) -> Fault | None:
    proof = Proof(TEAM, START)
    return next(filter(None, map(proof.take, chain)), None) or proof.end(head)


def test_an_untouched_chain_holds() -> None:
    assert fault_of(CHAIN) is None


def _change(chain: Chain, at: int) -> int:
    chain[at] = replace(chain[at], line=replace(chain[at].line, detail={"name": "another"}))
    return at + 1


def _change_and_hash_again(chain: Chain, at: int) -> int:
    """The line itself is in order again; the one behind it does not follow it, or the end is another."""
    old, line = chain[at], replace(chain[at].line, actor_id=None)
    chain[at] = Link(old.seq, old.previous_hash, hash_at(old.seq, old.previous_hash, digest(line)), line)
    return min(at + 2, LENGTH)


def _delete(chain: Chain, at: int) -> int:
    del chain[at]
    return at + 1


def _swap(chain: Chain, at: int) -> int:
    at = min(at, LENGTH - 2)
    chain[at], chain[at + 1] = chain[at + 1], chain[at]
    return at + 1


def _insert(chain: Chain, at: int) -> int:
    before = Place(chain[at].seq - 1, chain[at].previous_hash)
    chain[at:at] = linked([line_of(99)], before)
    return at + 1


def _renumber(chain: Chain, at: int) -> int:
    """A line is put in, and all behind it are numbered anew, their hashes as they were."""
    _insert(chain, at)
    chain[at + 1 :] = [replace(link, seq=link.seq + 1) for link in chain[at + 1 :]]
    return at + 2


def _of_another_chain(chain: Chain, at: int) -> int:
    before = Place(chain[at].seq - 1, chain[at].previous_hash)
    chain[at : at + 1] = linked([line_of(at, OTHER)], before)
    return at + 1


def _made_anew_from(chain: Chain, at: int) -> int:
    begin = Place(at, chain[at].previous_hash)
    chain[at:] = linked([line_of(50 + number) for number in range(LENGTH - at)], begin)
    return LENGTH


DEEDS = (_change, _change_and_hash_again, _delete, _swap, _insert, _renumber, _of_another_chain, _made_anew_from)


@given(deed=st.sampled_from(DEEDS), at=st.integers(0, LENGTH - 1))
def test_a_line_changed_deleted_moved_or_put_in_is_named(deed: Callable[[Chain, int], int], at: int) -> None:
    chain = list(CHAIN)
    seq = deed(chain, at)
    fault = fault_of(chain)
    assert fault is not None and fault.seq == seq, fault


FIELDS = st.sampled_from([name for name in Line.__slots__ if name != "team_id"])


@given(name=FIELDS, at=st.integers(0, LENGTH - 1))
def test_no_part_of_a_line_can_be_changed(name: str, at: int) -> None:
    chain = list(CHAIN)
    other: dict[str, Any] = {name: "x"}
    chain[at] = replace(chain[at], line=replace(chain[at].line, **other))
    assert fault_of(chain) == Fault(at + 1, "it was changed: what it says does not have its hash")


@given(st.lists(st.integers(0, LENGTH - 1), max_size=LENGTH))
def test_of_all_arrangements_of_the_lines_only_the_true_one_holds(picked: list[int]) -> None:
    assert (fault_of([CHAIN[at] for at in picked]) is None) == (picked == list(range(LENGTH)))


def exported(chain: Chain, begin: Place = START, *, is_cut: bool = False, is_complete: bool = True) -> list[bytes]:
    end = Place(chain[-1].seq, chain[-1].hash) if chain else begin
    rows = [ExportHeader(FORMAT, TEAM, begin, is_cut), *chain, ExportEnd(end, is_complete)]
    return [canonical(row) for row in rows]


def test_an_export_holds_by_itself_in_parts_too() -> None:
    begin = Place(CHAIN[3].seq, CHAIN[3].hash)
    rows = exported(CHAIN[:4], is_complete=False) + exported(CHAIN[4:], begin)
    first, second = prove_export(rows)
    assert (first.lines, first.fault, second.lines, second.fault) == (4, None, 4, None)
    assert first.end == second.begin


@given(at=st.integers(1, LENGTH), spot=st.integers(0), bit=st.integers(0, 7))
def test_no_bit_of_an_exports_line_can_be_changed(at: int, spot: int, bit: int) -> None:
    rows = exported(CHAIN)
    row = bytearray(rows[at])
    row[spot % len(row)] ^= 1 << bit
    rows[at] = bytes(row)
    (proven,) = prove_export(rows)
    assert proven.fault is not None and proven.fault.seq in (at, at + 1)


def test_an_export_that_breaks_off_says_so() -> None:
    (proven,) = prove_export(exported(CHAIN)[:5])
    assert proven.fault == Fault(5, "the file breaks off here")


@pytest.mark.parametrize("row", [b"", b"[]", b"{}", b"PK\x03\x04", b"[" * 100_000, b'{"format": "x"}'])
def test_what_is_no_export_is_refused(row: bytes) -> None:
    with pytest.raises(Invalid, match="no export"):
        list(prove_export([row]))


def test_a_front_that_is_gone_must_have_been_cut_off() -> None:
    begin = Place(CHAIN[3].seq, CHAIN[3].hash)
    told = replace(line_of(9), action="audit.cut", detail={"seq": begin.seq, "hash": begin.hash})
    honest = CHAIN[4:] + linked([told], HEAD)
    assert [proven.fault for proven in prove_export(exported(honest, begin, is_cut=True))] == [None]
    (proven,) = prove_export(exported(CHAIN[4:], begin, is_cut=True))
    assert proven.fault is not None and proven.fault.seq == 4 and "no line tells" in proven.fault.says
