"""How products declare their steps. Declarations are pure: the same request always plans the same steps."""

import json
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any

from overprint.core.codec import Json, decode
from overprint.core.problems import Invalid, LimitReached
from overprint.engine.recipe import referred_steps

if TYPE_CHECKING:
    from overprint.engine.context import StepContext

STEPS_PER_JOB_MAX = 2000
INPUT_MAX_BYTES = 4_000_000
OUTPUT_MAX_BYTES = 4_000_000
LOG_LINES_PER_STEP_MAX = 500


class Queue(StrEnum):
    """Where a step waits. Names as documented; a worker takes so many of each class at a time."""

    TEXT = "text-generation"
    IMAGE = "image-generation"
    VIDEO = "video-synthesis"
    MOTION = "motion-transfer"
    POST = "post-processing"
    SPEECH = "speech"
    LAYOUT = "layout"
    RENDER = "render"


class InDoubt(StrEnum):
    """What to do about a paid call of which nobody knows whether it was answered."""

    RETRY = "retry"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class StepSpec:
    """One step to run.

    ``input`` may refer to other steps (``recipe.ref``, ``recipe.all_of``). Steps it refers to are needed; ``needs``
    adds more, ``soft`` marks needed steps whose failure is tolerated, ``feeds`` names steps, not yet begun, that will
    softly need this one.
    """

    key: str
    kind: str
    title: str
    input: Json
    seed: int = 0
    needs: tuple[str, ...] = ()
    soft: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()

    def all_needs(self) -> dict[str, bool]:
        """Needed step keys, and whether the need is soft."""
        hard = dict.fromkeys([*self.needs, *referred_steps(self.input)], False)
        return hard | dict.fromkeys(self.soft, True)


Body = Callable[["StepContext", Any], Awaitable[Any]]
Expand = Callable[[Any, Any, Any], Sequence[StepSpec]]


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


def _of_no_feature(request: Any) -> Collection[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Pipeline:
    """What a job of this kind begins with. The job's seed is in its request.

    ``most`` answers, purely, how many steps of each kind a job with this request can have; what it leaves out can only
    be given away for nothing. ``features`` answers, purely, what such a job needs that not everybody may use; what the
    names mean, the rooms say.
    """

    kind: str
    request: type[Any]
    plan: Callable[[Any], Sequence[StepSpec]]
    steps: tuple[StepKind, ...]
    most: Callable[[Any], Mapping[str, int]] = _of_no_kind
    features: Callable[[Any], Collection[str]] = _of_no_feature


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
            raise Invalid(f"There is no job of kind {kind[:80]!r}.", field="kind")
        return self.pipelines[kind]

    def get_kind(self, name: str) -> StepKind:
        if name not in self.kinds:
            raise Invalid(f"This version of Overprint cannot run a step of kind {name[:80]!r}.", "Upgrade the worker.")
        return self.kinds[name]

    def plan(self, kind: str, request: Json) -> tuple[StepSpec, ...]:
        """The first steps of a job; checked, not yet stored."""
        pipeline = self.get_pipeline(kind)
        return checked(pipeline.plan(decode(pipeline.request, request)), known=set())

    def most(self, kind: str, request: Json) -> Mapping[str, int]:
        """How many steps of each kind a job with this request can have."""
        pipeline = self.get_pipeline(kind)
        return pipeline.most(decode(pipeline.request, request))

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


def checked(
    specs: Sequence[StepSpec], known: set[str], needs: Mapping[str, set[str]] | None = None
) -> tuple[StepSpec, ...]:
    """``specs`` if they may join a job that has steps ``known`` with these ``needs``; raises otherwise."""
    if len(specs) + len(known) > STEPS_PER_JOB_MAX:
        raise LimitReached(f"A job may have at most {STEPS_PER_JOB_MAX} steps.", "Make it shorter, or split it in two.")
    keys = [spec.key for spec in specs]
    if len(set(keys)) < len(keys) or known & set(keys):
        raise ValueError(f"step keys used twice: {sorted(keys)[:20]}")
    for spec in specs:
        missing = [key for key in (*spec.all_needs(), *spec.feeds) if key not in known and key not in keys]
        if missing:
            raise ValueError(f"step {spec.key} needs or feeds unknown steps {missing}")
    _refuse_circles(specs, needs or {})
    return tuple(specs)


def _refuse_circles(specs: Sequence[StepSpec], known_needs: Mapping[str, set[str]]) -> None:
    """Steps that wait for each other would wait for ever."""
    needs = {key: set(needed) for key, needed in known_needs.items()}
    for spec in specs:
        needs.setdefault(spec.key, set()).update(spec.all_needs())
        for fed in spec.feeds:
            needs.setdefault(fed, set()).add(spec.key)
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        raise ValueError(f"steps wait for each other: {error.args[1]}") from None


def bounded(value: Json, limit_bytes: int, what: str) -> str:
    """``value`` as JSON text, or ``LimitReached`` if that is longer than allowed."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    try:
        size_bytes = len(text.encode())
    except UnicodeEncodeError:
        raise Invalid(f"{what} holds half a character, which cannot be stored.", "Take it out.") from None
    if size_bytes > limit_bytes:
        raise LimitReached(f"{what} is larger than {limit_bytes // 1_000_000} MB.", "Make it smaller.")
    return text
