"""What a run would do, without doing it: the plan walked against stored recipes and a person's edits.

A step whose input is not known yet, because a step it needs would run, is counted as one that runs; the steps it might
add when it answers differently cannot be known. Not so where a person's output stands in its place: that stands
whatever the input is, and what it adds is known. The walk goes in waves, all steps at once that wait for nothing, and
asks the database once a wave, however many steps there are. Hashing what a long work is made from takes a tenth of a
second all the same, so what was found is kept while the work does not change.
"""

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias
from uuid import UUID

from overprint.core.codec import Json, digest
from overprint.db.database import Transaction
from overprint.engine import store
from overprint.engine.graph import Rules
from overprint.engine.recipe import essence, recipe, resolve
from overprint.engine.spec import StepSpec, checked

Known: TypeAlias = tuple[Json, Json]
Supposed: TypeAlias = tuple[str, Callable[[], Awaitable[None]]]

KEPT_MAX = 200
KEPT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Forecast:
    """Keys of steps by what would happen to them; ``kinds`` of each, the ``units`` of those that have several, and the
    ``seconds`` of those that may be billed by them."""

    reused: tuple[str, ...]
    runs: tuple[str, ...]
    kinds: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, int] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class _Walk:
    """How far the walk has come. ``needs``: of each step, what it needs by then."""

    waiting: dict[str, StepSpec] = field(default_factory=dict)
    needs: dict[str, set[str]] = field(default_factory=dict)
    outputs: dict[str, Json] = field(default_factory=dict)
    runs: dict[str, None] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    units: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def add(self, specs: Sequence[StepSpec]) -> None:
        for spec in specs:
            self.waiting[spec.key] = spec
            self.kinds[spec.key] = spec.kind
            if spec.units != 1:
                self.units[spec.key] = spec.units
            if spec.seconds:
                self.seconds[spec.key] = spec.seconds
            self.needs[spec.key] = set(spec.all_needs())
        for spec in specs:
            for fed in spec.feeds:
                self.needs[fed].add(spec.key)

    def take_free(self) -> list[StepSpec]:
        """The steps that wait for nothing any more."""
        done = {*self.outputs, *self.runs}
        return [self.waiting.pop(key) for key in list(self.waiting) if self.needs[key] <= done]

    def keys(self) -> set[str]:
        return {*self.waiting, *self.outputs, *self.runs}


async def forecast(transaction: Transaction, rules: Rules, kind: str, request: Json, lineage: UUID) -> Forecast:
    """Walk the plan of ``request`` for the work ``lineage``."""
    walk = _Walk()
    walk.add(rules.registry.plan(kind, request))
    edits = await store.find_edits(transaction.driver, lineage)
    while wave := walk.take_free():
        known = await _find_known(transaction, rules, wave, walk, edits)
        unknown = [spec for spec in wave if spec.key not in known]
        known |= await _find_standing(transaction, rules, unknown, edits, lineage)
        walk.runs |= {spec.key: None for spec in wave if spec.key not in known}
        delivered = [spec for spec in wave if spec.key in known]
        walk.outputs |= {spec.key: known[spec.key][1] for spec in delivered}
        for spec in delivered:  # what they add may need, or feed, others of this wave
            step_kind = rules.registry.get_kind(spec.kind)
            more = rules.registry.expand(kind, request, step_kind, *known[spec.key])
            walk.add(checked(more, walk.keys(), walk.needs))
    return Forecast(tuple(walk.outputs), tuple(walk.runs), walk.kinds, walk.units, walk.seconds)


async def _find_known(
    transaction: Transaction, rules: Rules, wave: Sequence[StepSpec], walk: _Walk, edits: Mapping[str, store.Edit]
) -> dict[str, Known]:
    """(filled-in input, output) of the steps of a wave that would not run."""
    known: dict[str, Known] = {}
    made: dict[str, tuple[str, Json]] = {}
    for spec in wave:
        if not walk.needs[spec.key] <= walk.outputs.keys():
            continue
        resolved = resolve(spec.input, {key: walk.outputs[key] for key in walk.needs[spec.key]})
        edit = edits.get(spec.key)
        if edit is not None and edit.stands_for(partial(essence, spec.kind, resolved, spec.seed)):
            known[spec.key] = (resolved, edit.output)
        else:
            kind = rules.registry.get_kind(spec.kind)
            made[spec.key] = recipe(kind.name, resolved, rules.providers_of(kind), spec.seed), resolved
    recipes = [name for name, _ in made.values()]
    stored = await store.made_before(transaction.driver, transaction.team_id, recipes) if recipes else {}
    known |= {key: (resolved, stored[name]) for key, (name, resolved) in made.items() if name in stored}
    return known


async def _find_standing(
    transaction: Transaction, rules: Rules, wave: Sequence[StepSpec], edits: Mapping[str, store.Edit], lineage: UUID
) -> dict[str, Known]:
    """The same of steps whose input is not known, and for which a person's output stands for good: with the input that
    they had last. One that adds steps and never had any is not known."""
    stands = {spec.key: edits[spec.key] for spec in wave if spec.key in edits and edits[spec.key].made_of is None}
    last = await store.last_inputs(transaction.driver, lineage, list(stands)) if stands else {}
    adds = {spec.key for spec in wave if rules.registry.get_kind(spec.kind).expand is not None}
    return {key: (last.get(key), edit.output) for key, edit in stands.items() if key in last or key not in adds}


async def _supposing(
    transaction: Transaction, rules: Rules, kind: str, request: Json, lineage: UUID, supposing: Supposed | None
) -> Forecast:
    if supposing is None:
        return await forecast(transaction, rules, kind, request, lineage)
    async with transaction.undone():
        await supposing[1]()
        return await forecast(transaction, rules, kind, request, lineage)


@dataclass(slots=True)
class ForecastCache:
    """Forecasts of works that did not change since. What other works of the team made meanwhile is seen a little later.

    ``clock`` answers seconds.
    """

    clock: Callable[[], float] = time.monotonic
    _kept: OrderedDict[tuple[UUID, UUID, str], tuple[Any, float, Forecast]] = field(default_factory=OrderedDict)

    async def find(
        self,
        transaction: Transaction,
        rules: Rules,
        kind: str,
        request: Json,
        lineage: UUID,
        supposing: Supposed | None = None,
    ) -> Forecast:
        """As ``forecast``; ``supposing`` something were changed first, which has a name and is undone."""
        key = (transaction.team_id, lineage, digest([kind, request, supposing[0] if supposing else ""]))
        stamp, now = await store.changed_at(transaction.driver, lineage), self.clock()
        kept = self._kept.pop(key, None)
        if kept is None or kept[0] != stamp or now - kept[1] > KEPT_SECONDS:
            kept = stamp, now, await _supposing(transaction, rules, kind, request, lineage, supposing)
        self._kept[key] = kept
        while len(self._kept) > KEPT_MAX:
            self._kept.popitem(last=False)
        return kept[2]

    def drop(self, team_id: UUID, lineage: UUID) -> None:
        """Forget what was found of this work: something is not to be reused that nobody changed."""
        for key in [key for key in self._kept if key[:2] == (team_id, lineage)]:
            del self._kept[key]
