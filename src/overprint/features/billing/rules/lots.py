"""Which credits are moved: what a hold takes, what a capture spends, what a release gives back.

A *lot* is credits that came together and expire together. Each lot has two accounts of the team, ``available`` and
``held``, and what it came from and went to: ``issued`` (below zero), ``earned``, ``refunded`` (below zero: credits
given back for work) and ``expired``. The accounts of a lot sum to zero, so the ledger does.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from overprint.core.codec import Json
from overprint.core.problems import Invalid, OutOfCredits

GRANT_MAX_CREDITS = 1_000_000_000
REASON_MAX_CHARACTERS = 500


class Source(StrEnum):
    """Where a lot came from."""

    PLAN = "plan"
    PROMO = "promo"
    PACK = "pack"
    ADMIN = "admin"
    HOUSE = "house"  # what the machine's owner works with: granted and given back as it is needed


class Account(StrEnum):
    AVAILABLE = "available"
    HELD = "held"
    ISSUED = "issued"
    EARNED = "earned"
    REFUNDED = "refunded"
    EXPIRED = "expired"


class Kind(StrEnum):
    """What an entry records."""

    GRANT = "grant"
    HOLD = "hold"
    CAPTURE = "capture"
    RELEASE = "release"
    EXPIRE = "expire"
    REFUND = "refund"
    TAKE_BACK = "take_back"


@dataclass(frozen=True, slots=True)
class Lot:
    id: UUID
    source: Source
    expires_at: datetime | None
    available_credits: int


# Credits by lot, in the order in which they are spent.
Parts: TypeAlias = Mapping[UUID, int]


@dataclass(frozen=True, slots=True)
class Line:
    lot_id: UUID
    account: Account
    amount_credits: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement. ``key`` is its business key: it happens at most once. ``paid_for`` names what a capture paid:
    the files that the step delivered; of a step without files, the step is the thing."""

    key: str
    kind: Kind
    lines: tuple[Line, ...]
    job_id: UUID | None = None
    step_key: str | None = None
    paid_for: tuple[Json, ...] = ()
    reason: str = ""
    made_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """What stands aside for a job. ``parts`` is what is still held, by lot; the other counts are all there was."""

    job_id: UUID
    quote_credits: int
    parts: Parts
    captured_credits: int = 0
    released_credits: int = 0
    refunded_credits: int = 0

    @property
    def held_credits(self) -> int:
        return sum(self.parts.values())


def moved(parts: Parts, source: Account, target: Account) -> tuple[Line, ...]:
    """The lines that carry ``parts`` from one account to another."""
    return tuple(
        line
        for lot_id, credits in parts.items()
        if credits
        for line in (Line(lot_id, source, -credits), Line(lot_id, target, credits))
    )


def spending_order(lots: Iterable[Lot], now: datetime) -> list[Lot]:
    """What expires goes first, the soonest first; then what lasts, the oldest first. What has expired is out."""
    alive = [lot for lot in lots if lot.available_credits > 0 and (lot.expires_at is None or lot.expires_at > now)]
    return sorted(alive, key=lambda lot: (lot.expires_at is None, lot.expires_at or now, lot.id))


def taken(parts: Parts, credits: int) -> dict[UUID, int]:
    """The first ``credits`` of ``parts``, or all there are."""
    chosen: dict[UUID, int] = {}
    for lot_id, there in parts.items():
        wanted = min(there, credits - sum(chosen.values()))
        if wanted > 0:
            chosen[lot_id] = wanted
    return chosen


def without(parts: Parts, gone: Parts) -> dict[UUID, int]:
    left = {lot_id: credits - gone.get(lot_id, 0) for lot_id, credits in parts.items()}
    return {lot_id: credits for lot_id, credits in left.items() if credits}


def hold(lots: Iterable[Lot], quote_credits: int, now: datetime) -> dict[UUID, int]:
    """Which credits a hold takes. Raises ``OutOfCredits`` if there are not enough."""
    available = {lot.id: lot.available_credits for lot in spending_order(lots, now)}
    there = sum(available.values())
    if there < quote_credits:
        raise OutOfCredits(
            f"This may cost up to {quote_credits} credits, and the team has {there}.",
            "Buy credits, choose a larger plan, or ask for something smaller.",
        )
    return taken(available, quote_credits)


@dataclass(frozen=True, slots=True)
class Delivered:
    """A step that ran and delivered, with its price."""

    key: str
    price_credits: int
    paid_for: tuple[Json, ...]


def capture_key(job_id: UUID, step_key: str) -> str:
    return f"capture:step:{job_id}:{step_key}"


def captured(held: Hold, steps: Sequence[Delivered]) -> tuple[Hold, list[Entry]]:
    """What these steps capture of a hold: each its price, never more than is still held."""
    entries: list[Entry] = []
    for step in steps:
        parts = taken(held.parts, step.price_credits)
        if not parts:
            continue
        lines = moved(parts, Account.HELD, Account.EARNED)
        key = capture_key(held.job_id, step.key)
        entries.append(Entry(key, Kind.CAPTURE, lines, held.job_id, step.key, step.paid_for))
        captured_credits = held.captured_credits + sum(parts.values())
        held = replace(held, parts=without(held.parts, parts), captured_credits=captured_credits)
    return held, entries


def released(held: Hold, house: frozenset[UUID]) -> tuple[Hold, list[Entry]]:
    """Everything that is still held goes back; what the house lent goes back to the house."""
    if not held.parts:
        return held, []
    lines = moved(held.parts, Account.HELD, Account.AVAILABLE)
    entries = [
        Entry(f"release:job:{held.job_id}", Kind.RELEASE, lines, held.job_id),
        *_to_the_house(f"take_back:house:job:{held.job_id}", held.job_id, held.parts, house),
    ]
    return replace(held, parts={}, released_credits=held.released_credits + held.held_credits), entries


def refunded(
    held: Hold, parts: Parts, key: str, reason: str, made_by: UUID, house: frozenset[UUID]
) -> tuple[Hold, list[Entry]]:
    """``parts`` of what a job captured go back to the lots that they came from, so they last as long as they would
    have; what the house lent goes back to the house."""
    lines = moved(parts, Account.REFUNDED, Account.AVAILABLE)
    entries = [
        Entry(key, Kind.REFUND, lines, held.job_id, reason=reason, made_by=made_by),
        *_to_the_house(f"take_back:house:{key}", held.job_id, parts, house),
    ]
    return replace(held, refunded_credits=held.refunded_credits + sum(parts.values())), entries


def _to_the_house(key: str, job_id: UUID, parts: Parts, house: frozenset[UUID]) -> list[Entry]:
    lent = {lot_id: credits for lot_id, credits in parts.items() if lot_id in house}
    lines = moved(lent, Account.AVAILABLE, Account.ISSUED)
    return [Entry(key, Kind.TAKE_BACK, lines, job_id)] if lent else []


def delivered_something(output: Json) -> bool:
    """Whether a step's output is more than the statement that there is none: ``{"file": null}`` is nothing."""
    if isinstance(output, Mapping):
        return any(value not in (None, "", [], {}) for value in output.values())
    return output not in (None, "", [])


def check_amount(credits: int) -> int:
    if not 1 <= credits <= GRANT_MAX_CREDITS:
        raise Invalid(f"An amount is from 1 to {GRANT_MAX_CREDITS:,} credits.", field="credits")
    return credits


def check_reason(reason: str) -> str:
    """The reason without control characters; raises ``Invalid`` if nothing is left."""
    plain = " ".join("".join(letter if letter.isprintable() else " " for letter in reason).split())
    if not plain or len(plain) > REASON_MAX_CHARACTERS:
        raise Invalid(
            f"A reason is needed, of at most {REASON_MAX_CHARACTERS} characters.",
            "Say why in a line; it is kept.",
            field="reason",
        )
    return plain


@dataclass(frozen=True, slots=True)
class Grant:
    """A new lot and how many credits are put into it. ``key`` is the business key of its entry."""

    id: UUID
    source: Source
    credits: int
    key: str
    expires_at: datetime | None = None
    reason: str = ""
    made_by: UUID | None = None

    def entry(self) -> Entry:
        lines = moved({self.id: self.credits}, Account.ISSUED, Account.AVAILABLE)
        return Entry(self.key, Kind.GRANT, lines, reason=self.reason, made_by=self.made_by)
