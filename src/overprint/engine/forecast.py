"""What a run would do, without doing it: the plan walked against stored recipes and a person's edits.

A step whose input is not known yet, because a step it needs would run, is counted as one that runs; the steps it might
add when it answers differently cannot be known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from overprint.core.codec import Json
from overprint.db.database import Transaction
from overprint.engine import store
from overprint.engine.graph import Rules
from overprint.engine.pipeline import StepSpec, checked
from overprint.engine.recipe import recipe, resolve


@dataclass(frozen=True, slots=True)
class Forecast:
    """Keys of steps by what would happen to them. ``price_credits`` is the upper bound of what would run."""

    reused: tuple[str, ...]
    runs: tuple[str, ...]
    price_credits: int = 0


async def forecast(transaction: Transaction, rules: Rules, kind: str, request: Json, lineage: UUID) -> Forecast:
    """Walk the plan of ``request`` for the work ``lineage``."""
    waiting: dict[str, StepSpec] = {spec.key: spec for spec in rules.registry.plan(kind, request)}
    needs: dict[str, dict[str, bool]] = {key: spec.all_needs() for key, spec in waiting.items()}
    outputs: dict[str, Json] = {}
    runs: list[str] = []
    while waiting:
        free = [key for key in waiting if all(need in outputs or need in runs for need in needs[key])]
        if not free:
            runs += list(waiting)
            break
        for key in free:
            spec = waiting.pop(key)
            output = await _known_output(transaction, rules, spec, needs[key], outputs, lineage)
            if output is None:
                runs.append(key)
                continue
            outputs[key] = output[1]
            for more in _expanded(rules, kind, request, spec, output, {*waiting, *outputs, *runs}):
                waiting[more.key] = more
                needs[more.key] = more.all_needs()
                for fed in more.feeds:
                    needs[fed][more.key] = True
    return Forecast(tuple(outputs), tuple(runs))


async def _known_output(
    transaction: Transaction,
    rules: Rules,
    spec: StepSpec,
    needs: dict[str, bool],
    outputs: dict[str, Json],
    lineage: UUID,
) -> tuple[Json, Json] | None:
    """(filled-in input, output) if the step would not run."""
    if any(need not in outputs for need in needs):
        return None
    kind = rules.registry.get_kind(spec.kind)
    resolved = resolve(spec.input, {key: outputs[key] for key in needs})
    edits = await store.find_edits(transaction.driver, lineage, [spec.key])
    if spec.key in edits:
        return resolved, edits[spec.key]
    made = recipe(kind.name, resolved, rules.providers_of(kind), spec.seed)
    stored = await store.made_before(transaction.driver, transaction.team_id, [made])
    return (resolved, stored[made]) if made in stored else None


def _expanded(
    rules: Rules, job_kind: str, request: Json, spec: StepSpec, known: tuple[Json, Json], keys: set[str]
) -> Sequence[StepSpec]:
    kind = rules.registry.get_kind(spec.kind)
    return checked(rules.registry.expand(job_kind, request, kind, *known), keys)
