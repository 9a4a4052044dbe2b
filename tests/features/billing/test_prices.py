"""What things cost: price lists, terms and quotes."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overprint.adapters.compute.inline import InlineCompute
from overprint.adapters.video.fal import FalFilms
from overprint.adapters.video.runway import RunwayFilms
from overprint.adapters.video.tasks import HostedFilms, Offer
from overprint.core.codec import encode
from overprint.features.billing.rules.paying import packs
from overprint.features.billing.rules.plans import Plan, undersold
from overprint.features.billing.rules.prices import (
    PriceList,
    Prices,
    Rate,
    Terms,
    Tier,
    most_that_run,
    shipped_prices,
    terms_of,
)
from overprint.features.books.room import PIPELINES as BOOKS
from overprint.features.videos.room import PIPELINES as VIDEOS
from overprint.ports.provider import Lengths

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


def test_plans_that_sell_credits_for_less_than_films_take_are_told_with_what_would_be_enough() -> None:
    taken = SHIPPED.rates({"videos.clip@1": Lengths((5, 10), 11.0, 120_000)})["videos.clip@1"].taken_microdollars
    assert taken == 8000, "fifteen credits pay for a second at twelve cents"
    pro = Plan("pro", 1, "Pro", 50, 3000, 1, 5, (), 1000, "usd", True)
    others = (replace(pro, monthly_credits=1250), replace(pro, price_cents=0), replace(pro, currency="eur"))
    (found,) = undersold((pro, *others, replace(pro, is_offered=False)), taken)
    assert (round(found.sold_microdollars), found.enough_credits) == (3333, 1250)
    assert undersold((pro,), 0.0) == (), "nobody knows what is taken"


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


def _runway(model: str) -> HostedFilms:
    return RunwayFilms(model=model, compute=InlineCompute(), api_key="k")


def _pika(resolution: str) -> HostedFilms:
    offer = Offer((5, 10), resolution)
    return FalFilms(model="fal-ai/pika/v2.2/image-to-video", compute=InlineCompute(), api_key="k", offer=offer)


@pytest.mark.parametrize("films", [_runway("gen4_turbo"), _runway("gen4.5"), _pika("720p"), _pika("1080p")])
def test_a_film_of_a_provider_is_never_sold_below_what_it_takes(films: HostedFilms) -> None:
    kind, lengths = "videos.clip@1", films.provider.lengths
    assert lengths is not None and lengths.microdollars_per_second > 0
    terms = SHIPPED.quote({kind: 1}, [kind], SHIPPED.rates({kind: lengths})).terms
    assert terms_of(encode(terms)) == terms
    cheapest_microdollars = min(pack.amount_cents * 10_000 / pack.credits for pack in packs().values())
    for halves in range(2, 80):
        ordered = lengths.ordered(halves / 2)
        sold = SHIPPED.price(terms, kind, seconds=halves / 2) * cheapest_microdollars
        assert sold >= ordered * lengths.microdollars_per_second, f"{halves / 2} s are ordered as {ordered}"


def test_a_scene_that_is_a_little_longer_than_what_a_provider_films_is_shown_a_little_slower() -> None:
    lengths = Lengths((10, 5), 20.0)
    assert [lengths.ordered(seconds) for seconds in (1.0, 5.0, 5.6, 6.0, 10.0, 11.4, 30.0)] == [5, 5, 5, 10, 10, 10, 10]


@given(
    st.lists(st.integers(2, 40), min_size=1, max_size=36), st.sampled_from([(5, 10), tuple(range(2, 11)), (4, 4, 4)])
)
def test_however_a_film_is_divided_no_more_of_it_is_ordered_than_was_quoted(
    halves: list[int], offered: tuple[int, ...]
) -> None:
    lengths = Lengths(offered, 2.0 * max(offered))
    ordered = sum(lengths.ordered(half / 2) for half in halves)
    most = lengths.ordered_most(len(halves), sum(halves) / 2)
    assert ordered <= most <= len(halves) * max(offered)


def test_what_a_provider_films_is_charged_by_the_second_that_is_ordered_and_the_rest_by_units() -> None:
    rates = {"a": Rate(Lengths((5, 10), 20.0, 120_000), 15)}
    quote = PRICES.quote({"a": 20, "b": 2}, ["a"], rates)
    assert quote.credits == 20 * 15 + 2 * 3
    assert (PRICES.price(quote.terms, "a", 99, 4.0), PRICES.price(quote.terms, "b", 2, 4.0)) == (75, 6)
