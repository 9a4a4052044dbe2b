"""How products declare their steps. Declarations are pure: the same request always plans the same steps."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from overprint.core.codec import Json, decode
from overprint.core.problems import Invalid
from overprint.engine.context import StepContext
from overprint.engine.spec import InDoubt, Queue, StepSpec, checked

Body = Callable[[StepContext, Any], Awaitable[Any]]
Expand = Callable[[Any, Any, Any], Sequence[StepSpec]]


class UnknownKind(Invalid):
    """A step, or a job, of another version of Overprint, which workers of that version can run."""


@dataclass(frozen=True, slots=True)
class StepKind:
    """A kind of step, ``room.name@version``. A stored name never changes its meaning: change the version.

    ``expand(request, input, output)`` answers more steps, purely, so that a reused step expands the same way.
    ``adds`` names the kinds of these. ``ports`` are the provider-backed ports the body may call; their identities are
    part of the recipe. A step that providers make wait (rate limit, no free slot) fails after ``waits_max`` times or
    ``waiting_max_seconds`` in all.
    """

    name: str
    input: type[Any]
    output: type[Any]
    body: Body
    queue: Queue
    expand: Expand | None = None
    adds: tuple[str, ...] = ()
    ports: tuple[str, ...] = ()
    tries_max: int = 3
    timeout_seconds: float = 900.0
    waits_max: int = 500
    waiting_max_seconds: float = 24 * 3600.0
    in_doubt: InDoubt = InDoubt.RETRY


def _of_no_kind(request: Any) -> Mapping[str, int]:
    return {}


def _of_no_length(request: Any) -> Mapping[str, float]:
    return {}


def _of_no_feature(request: Any) -> Collection[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Pipeline:
    """What a job of this kind begins with. The job's seed is in its request.

    ``most`` answers, purely, how many steps of each kind a job with this request can have; what it leaves out can only
    be given away for nothing. ``units`` answers the same of the units of kinds whose steps have several, ``seconds``
    how long what steps make may last in all, of kinds that a provider may bill by that. ``features`` answers, purely,
    what such a job needs that not everybody may use; what the names mean, the rooms say.
    """

    kind: str
    request: type[Any]
    plan: Callable[[Any], Sequence[StepSpec]]
    steps: tuple[StepKind, ...]
    most: Callable[[Any], Mapping[str, int]] = _of_no_kind
    features: Callable[[Any], Collection[str]] = _of_no_feature
    units: Callable[[Any], Mapping[str, int]] = _of_no_kind
    seconds: Callable[[Any], Mapping[str, float]] = _of_no_length


@dataclass(frozen=True, slots=True)
class Registry:
    """Everything the engine can run."""

    pipelines: Mapping[str, Pipeline] = field(default_factory=dict)
    kinds: Mapping[str, StepKind] = field(default_factory=dict)

    @staticmethod
    def of(*pipelines: Pipeline) -> "Registry":
        kinds = {kind.name: kind for pipeline in pipelines for kind in pipeline.steps}
        return Registry({pipeline.kind: pipeline for pipeline in pipelines}, kinds)

    def get_pipeline(self, kind: str) -> Pipeline:
        if kind not in self.pipelines:
            raise UnknownKind(f"There is no job of kind {kind[:80]!r}.", field="kind")
        return self.pipelines[kind]

    def get_kind(self, name: str) -> StepKind:
        if name not in self.kinds:
            raise UnknownKind(
                f"This version of Overprint cannot run a step of kind {name[:80]!r}.", "Upgrade the worker."
            )
        return self.kinds[name]

    def plan(self, kind: str, request: Json) -> tuple[StepSpec, ...]:
        """The first steps of a job; checked, not yet stored."""
        pipeline = self.get_pipeline(kind)
        return checked(pipeline.plan(decode(pipeline.request, request)), known=set())

    def most(self, kind: str, request: Json) -> Mapping[str, int]:
        """How many steps of each kind a job with this request can have."""
        pipeline = self.get_pipeline(kind)
        return pipeline.most(decode(pipeline.request, request))

    def units(self, kind: str, request: Json) -> Mapping[str, int]:
        """How many units of each kind of steps a job with this request can cost."""
        pipeline = self.get_pipeline(kind)
        decoded = decode(pipeline.request, request)
        return {**pipeline.most(decoded), **pipeline.units(decoded)}

    def seconds(self, kind: str, request: Json) -> Mapping[str, float]:
        """How long what a job with this request makes may last, by the kinds of steps that may be billed by that."""
        pipeline = self.get_pipeline(kind)
        return pipeline.seconds(decode(pipeline.request, request))

    def features(self, kind: str, request: Json) -> Collection[str]:
        """What a job with this request needs that not everybody may use."""
        pipeline = self.get_pipeline(kind)
        return pipeline.features(decode(pipeline.request, request))

    def expand(
        self, job_kind: str, request: Json, kind: StepKind, step_input: Json, output: Json
    ) -> tuple[StepSpec, ...]:
        """The further steps that ``output`` asks for."""
        if kind.expand is None:
            return ()
        arguments = (
            decode(self.get_pipeline(job_kind).request, request),
            decode(kind.input, step_input),
            decode(kind.output, output),
        )
        return tuple(kind.expand(*arguments))
