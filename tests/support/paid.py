"""A provider that costs money: it writes down every call before and after it, where no rollback can undo it."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from overprint.adapters.compute.inline import InlineCompute
from overprint.adapters.speech.fake import FakeSpeech
from overprint.adapters.storage.memory import MemoryStorage
from overprint.engine.context import Ports, StepContext
from overprint.engine.pipeline import Pipeline, StepKind
from overprint.engine.spec import Queue, StepSpec
from overprint.ports.image import ImageAnswer, ImageRequest
from overprint.ports.provider import Provider, Usage
from overprint.ports.text import Prompt, TextAnswer, TextDelta, TextRequest
from tests.support.journal import Journal

T = TypeVar("T")

PAID = Provider("paid", "model-1", "a paid model")
USAGE = Usage(input_tokens=10, output_tokens=20, cost_microdollars=500)


@dataclass(frozen=True)
class Words:
    text: str


@dataclass
class PaidText:
    """Answers ``Words``, after ``seconds``. ``fail`` may raise for a call, given how often it was asked before."""

    journal: Journal
    seconds: float = 0.0
    fail: Callable[[int], None] = lambda asked: None
    provider: Provider = PAID
    hold: asyncio.Event | None = None

    async def stream(self, request: TextRequest[T]) -> AsyncIterator[TextDelta | TextAnswer[T]]:
        asked = self.journal.count("asked", request.idempotency_key) if self.fail is not _never else 0
        self.journal.write("asked", request.idempotency_key)
        if self.hold is not None:
            await self.hold.wait()
        await asyncio.sleep(self.seconds)
        self.fail(asked)
        yield TextDelta("word")
        self.journal.write("answered", request.idempotency_key)
        yield TextAnswer(cast(T, Words(f"words for {request.prompt.user}")), USAGE)


def _never(asked: int) -> None:
    return None


class NoPictures:
    """An image port for pipelines that draw nothing."""

    provider = Provider("embedded", "none", "none")
    references_max = 0

    def kept_share(self, width_px: int, height_px: int) -> float:
        return 1.0

    async def draw(self, request: ImageRequest) -> ImageAnswer:
        raise AssertionError("nothing is drawn here")


def paid_ports(text: PaidText) -> Ports:
    return Ports(text, NoPictures(), MemoryStorage(), InlineCompute(), FakeSpeech())


def quick(journal: Journal, seconds: float = 0.0) -> PaidText:
    """A provider that never fails."""
    return PaidText(journal, seconds, _never)


async def ask(context: StepContext, what: str) -> Words:
    """One paid call, written down when its answer has come back to the step."""
    call_id = context.call_id("write")
    request = TextRequest(cast(Any, None), Prompt("", what), Words, 1, call_id)
    words = await context.write(request, lambda _: None)
    context_journal(context).write("kept", call_id)
    return words


def context_journal(context: StepContext) -> Journal:
    text = context.ports.text
    assert isinstance(text, PaidText)
    return text.journal


@dataclass(frozen=True)
class Task:
    """``calls`` paid calls in a row; then ``after`` decides how the body goes on (by name, see ``paid_pipeline``)."""

    name: str
    calls: int = 1


@dataclass(frozen=True)
class Made:
    texts: tuple[str, ...]


After = Callable[[StepContext, Task], Any]


async def _nothing(context: StepContext, task: Task) -> None:
    return None


def paid_pipeline(after: After = _nothing, **options: Any) -> Pipeline:
    """One step that makes paid calls and then does what ``after`` does. ``options`` change its kind."""

    async def body(context: StepContext, task: Task) -> Made:
        context_journal(context).write("body", context.claim.key)
        texts = [(await ask(context, f"{task.name}-{n}")).text for n in range(task.calls)]
        await after(context, task)
        return Made(tuple(texts))

    def plan(task: Task) -> Sequence[StepSpec]:
        return (StepSpec("only", "paid.only@1", "Ask", dataclasses.asdict(task)),)

    return Pipeline(
        "paid.make@1",
        Task,
        plan,
        (StepKind("paid.only@1", Task, Made, body, Queue.TEXT, ports=("text",), **options),),
    )


@dataclass
class Once:
    """Does something the first time it is reached, in this process."""

    action: Callable[[], Any]
    reached: int = field(default=0)

    async def __call__(self, context: StepContext, task: Task) -> None:
        self.reached += 1
        if self.reached == 1:
            await self.action()
