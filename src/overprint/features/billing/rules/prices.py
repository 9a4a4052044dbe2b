"""What a step costs: a versioned list of step kind × quality tier → credits, and quotes made of it.

A list is a file in ``prices/`` beside this folder, named by its version, and is never changed: a new price is a new
file. A job keeps the version that it was quoted by. The tier of a step says who makes it: what is embedded here
(``basic``), or a provider who is paid for it (``premium``).

Of a provider who bills by length, a job keeps the *rate* too: credits for each second that is ordered, whatever of it
is used. It is what the provider takes and a quarter more, so that the cheapest credits that can be bought still cover
it; never less than the list says.
"""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from importlib import resources

from overprint.core.codec import Json, decode, encode
from overprint.ports.provider import Lengths

CREDIT_MICRODOLLARS = 10_000
"""What a credit stands for: about a US cent of work."""
_FOLDER = "prices"
_COVERED = CREDIT_MICRODOLLARS * 4 // 5  # of what is paid to a provider, by a credit


class Tier(StrEnum):
    BASIC = "basic"
    PREMIUM = "premium"


@dataclass(frozen=True, slots=True)
class PriceList:
    version: int
    steps: Mapping[str, Mapping[Tier, int]]

    def price(self, kind: str, tier: Tier) -> int:
        """In credits. What the list does not name is free."""
        return self.steps.get(kind, {}).get(tier, 0)


@dataclass(frozen=True, slots=True)
class Rate:
    """What a second costs that is ordered of a provider, and in which lengths it is."""

    lengths: Lengths
    credits: int

    @property
    def taken_microdollars(self) -> float:
        """What the provider takes for what each credit pays for; 0 where nobody knows it."""
        return self.lengths.microdollars_per_second / self.credits if self.credits else 0.0


def rate_of(lengths: Lengths, least_credits: int) -> Rate:
    return Rate(lengths, max(least_credits, -(-lengths.microdollars_per_second // _COVERED)))


@dataclass(frozen=True, slots=True)
class Terms:
    """What a job was submitted on: the price list, the kinds of steps that a paid provider makes, the rates of those
    that are billed by length, and the quote."""

    prices: int
    premium: tuple[str, ...]
    quote_credits: int
    rates: Mapping[str, Rate] = field(default_factory=dict)


def terms_of(data: Json) -> Terms | None:
    """The terms in a job's row; None for a job that was submitted on none, which costs nothing."""
    return decode(Terms, data) if data else None


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """At most ``count`` units of a kind of steps, each at ``price_credits``; most steps are one unit, and those with a
    rate as many as seconds are ordered."""

    kind: str
    count: int
    price_credits: int


@dataclass(frozen=True, slots=True)
class Quote:
    """The most that a job can cost, and what it is made of."""

    credits: int
    lines: tuple[QuoteLine, ...]
    terms: Terms

    def as_terms(self) -> Json:
        return encode(self.terms)


@dataclass(frozen=True, slots=True)
class Prices:
    """All versions of the price list."""

    lists: Mapping[int, PriceList]

    def price(self, terms: Terms, kind: str, units: int = 1, seconds: float = 0.0) -> int:
        """What a step costs by these terms, whatever newer lists say."""
        rate = terms.rates.get(kind)
        if rate is not None:
            return rate.lengths.ordered(seconds) * rate.credits
        return units * self.lists[terms.prices].price(kind, Tier.PREMIUM if kind in terms.premium else Tier.BASIC)

    def rates(self, lengths: Mapping[str, Lengths]) -> dict[str, Rate]:
        """Of kinds of steps that are made in these ``lengths``, by the newest list."""
        return {kind: rate_of(each, self._newest.price(kind, Tier.PREMIUM)) for kind, each in lengths.items()}

    def quote(
        self, counts: Mapping[str, int], premium: Collection[str], rates: Mapping[str, Rate] | None = None
    ) -> Quote:
        """``counts`` by kind, of units of steps, or of seconds that are ordered where there is a rate; priced by the
        newest list."""
        dearer = tuple(sorted(kind for kind in premium if self._newest.price(kind, Tier.PREMIUM)))
        terms = Terms(self._newest.version, dearer, 0, rates or {})
        unit_prices = {kind: self.price(terms, kind) for kind in counts}
        unit_prices |= {kind: rate.credits for kind, rate in terms.rates.items()}
        priced = (QuoteLine(kind, count, unit_prices[kind]) for kind, count in sorted(counts.items()))
        lines = tuple(line for line in priced if line.count > 0 and line.price_credits)
        total = sum(line.count * line.price_credits for line in lines)
        return Quote(total, lines, replace(terms, quote_credits=total))

    @property
    def _newest(self) -> PriceList:
        return self.lists[max(self.lists)]


@cache
def shipped_prices() -> Prices:
    """The lists that come with this version of Overprint."""
    files = (resources.files("overprint.features.billing") / _FOLDER).iterdir()
    listed = [file for file in files if file.name.removesuffix(".toml").isdigit()]
    read = [tomllib.loads(file.read_text(encoding="utf-8")) for file in listed]
    lists = [decode(PriceList, data) for data in read]
    return Prices({one.version: one for one in lists})


def most_that_run(
    most: Mapping[str, int], runs: Mapping[str, int], reused: Mapping[str, int], adds: Mapping[str, tuple[str, ...]]
) -> dict[str, int]:
    """How many steps of each kind can run at most, by what a forecast found to run and reusable; all by kind.

    Of a kind that no step which runs can add (``adds``), the forecast knows them all. Of the others those can run that
    the work can have (``most``) and that were not found.
    """
    counts = dict(runs)
    for kind in _addable(runs, adds):
        counts[kind] = max(counts.get(kind, 0), most.get(kind, 0) - reused.get(kind, 0))
    return counts


def _addable(running: Collection[str], adds: Mapping[str, tuple[str, ...]]) -> set[str]:
    """Kinds that steps of these kinds may add, and those that these add."""
    found: set[str] = set()
    waiting = list(running)
    while waiting:
        for kind in adds.get(waiting.pop(), ()):
            if kind not in found:
                found.add(kind)
                waiting.append(kind)
    return found
