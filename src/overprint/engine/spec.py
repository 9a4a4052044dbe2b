"""One step to run: where it waits, what it needs, and the bounds of a job's steps."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter

from overprint.core.codec import Json
from overprint.core.problems import Invalid, LimitReached
from overprint.engine.recipe import referred_steps

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
    softly need this one. ``units``: how many times it costs what one step of its kind does. ``seconds``: how long what
    it makes may last, for providers who bill by that.
    """

    key: str
    kind: str
    title: str
    input: Json
    seed: int = 0
    needs: tuple[str, ...] = ()
    soft: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    units: int = 1
    seconds: float = 0.0

    def all_needs(self) -> dict[str, bool]:
        """Needed step keys, and whether the need is soft."""
        hard = dict.fromkeys([*self.needs, *referred_steps(self.input)], False)
        return hard | dict.fromkeys(self.soft, True)


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
