"""Days as bars."""

from datetime import date, timedelta

from overprint.features.billing.rules.days import bars_of

TODAY = date(2026, 3, 3)


def test_every_day_has_a_bar_as_high_as_its_credits() -> None:
    rows = [{"day": TODAY, "credits": 200}, {"day": TODAY - timedelta(days=2), "credits": 50}]
    assert [(bar.credits, bar.height) for bar in bars_of(rows, TODAY, 4)] == [(0, 0), (50, 25), (0, 0), (200, 100)]


def test_a_day_with_anything_is_seen_beside_one_with_much() -> None:
    rows = [{"day": TODAY, "credits": 1}, {"day": TODAY - timedelta(days=1), "credits": 100_000}]
    assert bars_of(rows, TODAY, 2)[-1].height == 2
    assert [bar.height for bar in bars_of([], TODAY, 2)] == [0, 0]
