"""What a job will cost at most, known before it begins."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from overprint.core.codec import Json
from overprint.db.database import Transaction
from overprint.engine.asking import EMBEDDED
from overprint.engine.forecast import Forecast, ForecastCache
from overprint.engine.graph import Rules
from overprint.features.billing.rules.prices import Prices, Quote, most_that_run


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
        registry = self.rules.registry
        adds = {name: step.adds for name, step in registry.kinds.items()}
        most = dict(registry.units(kind, request))
        counts = most_that_run(most, _counts(found, found.runs), _counts(found, found.reused), adds)
        return self.prices.quote(counts, self._premium(kind))

    def most(self, kind: str, request: Json) -> Quote:
        """The same of a work that nobody began: whoever asks, and whatever their team made before."""
        return self.prices.quote(self.rules.registry.units(kind, request), self._premium(kind))

    def _premium(self, kind: str) -> list[str]:
        """Kinds of steps that a provider makes who is not embedded."""
        providers = self.rules.providers
        return [
            step.name
            for step in self.rules.registry.get_pipeline(kind).steps
            if any(port in providers and providers[port].name != EMBEDDED for port in step.ports)
        ]


def _counts(found: Forecast, keys: Iterable[str]) -> dict[str, int]:
    """Units of these steps by kind."""
    counted: dict[str, int] = {}
    for key in keys:
        counted[found.kinds[key]] = counted.get(found.kinds[key], 0) + found.units.get(key, 1)
    return counted
