"""What a job will cost at most, known before it begins."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from overprint.core.codec import Json
from overprint.db.database import Transaction
from overprint.engine.asking import EMBEDDED
from overprint.engine.forecast import Forecast, ForecastCache
from overprint.engine.graph import Rules
from overprint.features.billing.rules.prices import Prices, Quote, Rate, most_that_run


@dataclass(frozen=True, slots=True)
class Quotes:
    """Quotes by the newest price list."""

    rules: Rules
    prices: Prices
    forecasts: ForecastCache = field(default_factory=ForecastCache)

    async def quote(self, transaction: Transaction, kind: str, request: Json, *, lineage: UUID | None = None) -> Quote:
        """The upper bound of what ``request`` can run, priced. With ``lineage``, the work that was made before: of what
        is not found reusable."""
        if lineage is None:
            return self.most(kind, request)
        return self.again(kind, request, await self.forecasts.find(transaction, self.rules, kind, request, lineage))

    def again(self, kind: str, request: Json, found: Forecast) -> Quote:
        """The same of a run that is foreseen so."""
        adds = {name: step.adds for name, step in self.rules.registry.kinds.items()}
        rates = self._rates(kind, request)
        runs, reused = (_counts(found, keys, rates) for keys in (found.runs, found.reused))
        counts = most_that_run(self._most(kind, request, rates), runs, reused, adds)
        return self.prices.quote(counts, self._premium(kind), rates)

    def most(self, kind: str, request: Json) -> Quote:
        """The same of a work that nobody began: whoever asks, and whatever their team made before."""
        rates = self._rates(kind, request)
        return self.prices.quote(self._most(kind, request, rates), self._premium(kind), rates)

    def _most(self, kind: str, request: Json, rates: Mapping[str, Rate]) -> dict[str, int]:
        """How many units of each kind of steps there can be; of seconds that are ordered, where there is a rate."""
        registry = self.rules.registry
        pieces, seconds = registry.most(kind, request), registry.seconds(kind, request)
        ordered = {name: rate.lengths.ordered_most(pieces[name], seconds[name]) for name, rate in rates.items()}
        return {**registry.units(kind, request), **ordered}

    def _rates(self, kind: str, request: Json) -> dict[str, Rate]:
        """Of the kinds of steps that a provider makes who bills by length."""
        registry, providers = self.rules.registry, self.rules.providers
        lengths = {
            name: providers[port].lengths
            for name in registry.seconds(kind, request)
            for port in registry.get_kind(name).ports
            if port in providers
        }
        return self.prices.rates({name: each for name, each in lengths.items() if each is not None})

    def _premium(self, kind: str) -> list[str]:
        """Kinds of steps that a provider makes who is not embedded."""
        providers = self.rules.providers
        return [
            step.name
            for step in self.rules.registry.get_pipeline(kind).steps
            if any(port in providers and providers[port].name != EMBEDDED for port in step.ports)
        ]


def _counts(found: Forecast, keys: Iterable[str], rates: Mapping[str, Rate]) -> dict[str, int]:
    """Units of these steps by kind; seconds that are ordered, where there is a rate."""
    counted: dict[str, int] = {}
    for key in keys:
        kind = found.kinds[key]
        rate = rates.get(kind)
        units = rate.lengths.ordered(found.seconds.get(key, 0.0)) if rate else found.units.get(key, 1)
        counted[kind] = counted.get(kind, 0) + units
    return counted
