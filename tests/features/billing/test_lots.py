"""Which credits are moved."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overprint.core.ids import new_id
from overprint.core.problems import Invalid, OutOfCredits
from overprint.features.billing.rules import lots
from overprint.features.billing.rules.lots import Account, Delivered, Entry, Hold, Lot, Source

NOW = datetime(2026, 11, 21, tzinfo=UTC)
LATER = NOW + timedelta(days=10)


def lot(credits: int, expires_at: datetime | None = None, source: Source = Source.PACK) -> Lot:
    return Lot(new_id(), source, expires_at, credits)


def sums(entries: list[Entry]) -> list[int]:
    return [sum(line.amount_credits for line in entry.lines) for entry in entries]


def test_what_expires_soonest_is_spent_first_and_bought_credits_last() -> None:
    bought, promo, plan = lot(100), lot(10, NOW + timedelta(days=3), Source.PROMO), lot(20, LATER, Source.PLAN)
    assert list(lots.hold([bought, plan, promo], 35, NOW).items()) == [(promo.id, 10), (plan.id, 20), (bought.id, 5)]


def test_expired_credits_are_not_spent_even_before_they_are_swept() -> None:
    with pytest.raises(OutOfCredits, match="has 5"):
        lots.hold([lot(100, NOW), lot(5)], 6, NOW)


def test_a_capture_takes_its_price_and_never_more_than_is_held() -> None:
    first, second = new_id(), new_id()
    held = Hold(new_id(), 5, {first: 2, second: 3})
    after, entries = lots.captured(held, [Delivered("a", 3, ()), Delivered("b", 9, ()), Delivered("c", 1, ())])
    assert [entry.step_key for entry in entries] == ["a", "b"]
    assert (after.captured_credits, after.held_credits, sums(entries)) == (5, 0, [0, 0])
    assert sum(x.amount_credits for x in entries[0].lines if x.account is Account.EARNED) == 3


def test_what_the_house_lent_goes_back_to_the_house() -> None:
    house, own = new_id(), new_id()
    _, entries = lots.released(Hold(new_id(), 7, {house: 4, own: 3}), frozenset({house}))
    moved: dict[UUID, int] = {}
    for entry in entries:
        for line in entry.lines:
            if line.account is Account.AVAILABLE:
                moved[line.lot_id] = moved.get(line.lot_id, 0) + line.amount_credits
    assert moved == {house: 0, own: 3}


PARTS = st.lists(st.integers(1, 50), min_size=1, max_size=4)


@given(PARTS, st.lists(st.integers(1, 40), max_size=6))
def test_captured_and_released_are_what_was_held(held_by_lot: list[int], prices: list[int]) -> None:
    held = Hold(new_id(), sum(held_by_lot), {new_id(): credits for credits in held_by_lot})
    after, captures = lots.captured(held, [Delivered(str(n), price, ()) for n, price in enumerate(prices)])
    ended, releases = lots.released(after, frozenset())
    assert ended.held_credits == 0
    assert ended.captured_credits + ended.released_credits == held.quote_credits
    assert ended.captured_credits == min(sum(prices), held.quote_credits)
    assert set(sums([*captures, *releases])) <= {0}
    assert all(len(entry.lines) >= 2 for entry in [*captures, *releases])


@pytest.mark.parametrize(
    ("output", "is_something"),
    [({"file": None}, False), ({}, False), (None, False), ({"pages": []}, False), ({"pages": ["a"]}, True), (0, True)],
)
def test_an_output_that_says_there_is_none_delivers_nothing(output: object, is_something: bool) -> None:
    assert lots.delivered_something(output) is is_something


def test_a_refund_goes_back_to_the_lots_it_came_from_and_what_was_lent_to_the_house() -> None:
    own, lent = new_id(), new_id()
    held = Hold(new_id(), 9, {}, captured_credits=9)
    after, entries = lots.refunded(held, {own: 5, lent: 4}, "refund:x", "Blurred", new_id(), frozenset([lent]))
    assert after.refunded_credits == 9
    moves = [(line.lot_id, line.account, line.amount_credits) for entry in entries for line in entry.lines]
    assert moves == [
        (own, Account.REFUNDED, -5),
        (own, Account.AVAILABLE, 5),
        (lent, Account.REFUNDED, -4),
        (lent, Account.AVAILABLE, 4),
        (lent, Account.AVAILABLE, -4),
        (lent, Account.ISSUED, 4),
    ]


@pytest.mark.parametrize("credits", [0, -1, lots.GRANT_MAX_CREDITS + 1])
def test_amounts_are_bounded(credits: int) -> None:
    with pytest.raises(Invalid):
        lots.check_amount(credits)


@pytest.mark.parametrize("reason", ["", " \n\x00 ", "x" * 501])
def test_a_reason_says_something_and_is_bounded(reason: str) -> None:
    with pytest.raises(Invalid):
        lots.check_reason(reason)
