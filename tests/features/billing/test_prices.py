"""What things cost: price lists, terms and quotes."""

import pytest

from overprint.features.billing.rules.prices import (
    PriceList,
    Prices,
    Terms,
    Tier,
    most_that_run,
    shipped_prices,
    terms_of,
)
from overprint.features.books.room import PIPELINES as BOOKS
from overprint.features.videos.room import PIPELINES as VIDEOS

SHIPPED = shipped_prices()
PRICES = Prices({7: PriceList(7, {"a": {Tier.BASIC: 2, Tier.PREMIUM: 5}, "b": {Tier.BASIC: 3}})})
ADDS = {"plan": ("write", "draw"), "write": ("draw", "sign"), "draw": (), "set": ()}


def test_every_list_is_named_by_its_version_and_prices_nothing_below_zero() -> None:
    assert sorted(SHIPPED.lists) == list(range(1, max(SHIPPED.lists) + 1))
    for version, listed in SHIPPED.lists.items():
        assert listed.version == version
        assert all(0 <= price <= 1000 for tiers in listed.steps.values() for price in tiers.values())
        assert all(set(tiers) == set(Tier) for tiers in listed.steps.values())


def test_what_is_priced_is_a_step_that_some_pipeline_has() -> None:
    kinds = {step.name for pipeline in (*BOOKS, *VIDEOS) for step in pipeline.steps}
    assert all(set(listed.steps) <= kinds for listed in SHIPPED.lists.values())


def test_a_paid_provider_makes_a_step_dearer_and_what_is_not_listed_is_free() -> None:
    quote = PRICES.quote({"a": 2, "b": 1, "c": 9}, ["a", "c"])
    assert quote.credits == 2 * 5 + 3
    assert quote.terms == Terms(7, ("a",), 13)
    assert [(line.kind, line.count) for line in quote.lines] == [("a", 2), ("b", 1)]


def test_terms_keep_their_list_when_there_is_a_newer_one() -> None:
    quote = PRICES.quote({"a": 1}, ["a"])
    terms = terms_of(quote.as_terms())
    assert terms is not None
    later = Prices({**PRICES.lists, 8: PriceList(8, {"a": {Tier.BASIC: 90, Tier.PREMIUM: 90}})})
    assert (later.price(terms, "a"), later.quote({"a": 1}, []).credits) == (5, 90)
    assert terms_of({}) is None


@pytest.mark.parametrize(
    ("runs", "reused", "counts"),
    [
        ({"set": 1}, {"plan": 1, "draw": 9}, {"set": 1}),
        ({"draw": 1, "set": 1}, {"plan": 1, "draw": 8}, {"draw": 1, "set": 1}),
        ({"write": 1, "set": 1}, {"plan": 1, "write": 2, "draw": 7}, {"write": 1, "set": 1, "draw": 5, "sign": 0}),
        ({"plan": 1, "set": 1}, {}, {"plan": 1, "set": 1, "write": 3, "draw": 12, "sign": 0}),
    ],
)
def test_a_rerun_is_quoted_for_what_runs_and_for_what_that_may_still_add(
    runs: dict[str, int], reused: dict[str, int], counts: dict[str, int]
) -> None:
    assert most_that_run({"plan": 1, "write": 3, "draw": 12, "set": 1}, runs, reused, ADDS) == counts
