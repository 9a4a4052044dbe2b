"""A pipeline of two steps, one picture and one word about it, that fails or waits as it is told."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from overprint.core.files import FileKind, StoredFile
from overprint.core.problems import Invalid
from overprint.engine.context import StepContext
from overprint.engine.pipeline import Pipeline, StepKind
from overprint.engine.recipe import ref
from overprint.engine.spec import Queue, StepSpec

KIND = "tiny.make@1"


@dataclass(frozen=True)
class Tiny:
    """``name`` sets one work apart from the next."""

    name: str
    fails: bool = False
    slow_seconds: float = 0.0


@dataclass(frozen=True)
class PictureOut:
    file: StoredFile


@dataclass(frozen=True)
class WordIn:
    picture: PictureOut
    fails: bool


@dataclass(frozen=True)
class WordOut:
    word: str


async def _draw(context: StepContext, need: Tiny) -> PictureOut:
    await asyncio.sleep(need.slow_seconds)
    return PictureOut(StoredFile(f"tiny/{need.name}.png", "0" * 64, 1, "image/png", FileKind.IMAGE, f"{need.name}.png"))


async def _say(context: StepContext, need: WordIn) -> WordOut:
    if need.fails:
        raise Invalid("There is no word for it.")
    return WordOut("fox")


def _plan(tiny: Tiny) -> Sequence[StepSpec]:
    asked = {"name": tiny.name, "slow_seconds": tiny.slow_seconds}
    return (
        StepSpec("picture", "tiny.draw@1", "Drawing it", asked),
        StepSpec("word", "tiny.say@1", "Naming it", {"picture": ref("picture"), "fails": tiny.fails}),
    )


TINY = Pipeline(
    KIND,
    Tiny,
    _plan,
    (
        StepKind("tiny.draw@1", Tiny, PictureOut, _draw, Queue.IMAGE),
        StepKind("tiny.say@1", WordIn, WordOut, _say, Queue.TEXT),
    ),
)
