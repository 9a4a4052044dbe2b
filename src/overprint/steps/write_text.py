"""Writing: a typed task in, a typed answer out."""

from collections.abc import Callable
from typing import TypeVar

from overprint.core.story import StoryTask
from overprint.engine.context import StepContext
from overprint.ports.text import TextRequest
from overprint.steps.answer_length import answer_tokens
from overprint.steps.prompts import prompt_for

T = TypeVar("T")


async def write_text(context: StepContext, task: StoryTask, answer: type[T], check: Callable[[T], None]) -> T:
    """Ask the text provider for ``task``; watchers see the words as they come.

    ``check`` raises ``Invalid`` for an answer that decodes but makes no sense; the provider is told and asked again.
    """
    request = TextRequest(
        task=task,
        prompt=prompt_for(task),
        answer=answer,
        seed=context.seed,
        idempotency_key=context.call_id("write"),
        max_output_tokens=answer_tokens(task),
        check=check,
    )
    return await context.write(request, check)
