"""Room for an answer grows with what is asked."""

from dataclasses import replace
from typing import TypeVar

import pytest

from overprint.adapters.text.embedded import EmbeddedWriter
from overprint.core.codec import canonical
from overprint.core.story import (
    Age,
    Brief,
    ChapterScenes,
    ChapterTask,
    ChapterText,
    Genre,
    Plan,
    PlanTask,
    ScenesTask,
    StoryTask,
    Tone,
)
from overprint.ports.text import Prompt, TextAnswer, TextRequest
from overprint.steps.answer_length import WORDS_A_PAGE, answer_tokens
from overprint.steps.prompts import prompt_for
from tests.support.stories import BRIEF, OUTLINE, TEXT

CHARACTERS_A_TOKEN = 4
T = TypeVar("T")


def _chapter(age: Age) -> ChapterTask:
    return ChapterTask(OUTLINE, 0, age, Tone.WARM, Genre.SEA)


def test_more_pages_and_more_words_get_more_room() -> None:
    assert answer_tokens(PlanTask(replace(BRIEF, pages=60))) > 3 * answer_tokens(PlanTask(replace(BRIEF, pages=6)))
    assert answer_tokens(_chapter(Age.MIDDLE)) > answer_tokens(_chapter(Age.EARLY))
    short = ChapterText(TEXT.pages[:1])
    assert answer_tokens(ScenesTask(OUTLINE, 0, TEXT)) == 3 * answer_tokens(ScenesTask(OUTLINE, 0, short))


@pytest.mark.parametrize("age", Age)
def test_the_words_that_are_asked_for_fit_with_room_to_spare(age: Age) -> None:
    least, most = WORDS_A_PAGE[age]
    assert f"{least} to {most} words" in prompt_for(_chapter(age)).user
    assert answer_tokens(_chapter(age)) > 2 * 3 * most


@pytest.mark.parametrize(("chapters", "pages"), [(1, 6), (3, 12), (12, 60)])
async def test_a_whole_book_as_the_embedded_writer_plans_it_would_fit(chapters: int, pages: int) -> None:
    brief = Brief(BRIEF.premise, chapters=chapters, pages=pages)
    plan = await _written(PlanTask(brief), Plan)
    text = await _written(ChapterTask(plan.outline, 0, brief.age, brief.tone, brief.genre), ChapterText)
    await _written(ScenesTask(plan.outline, 0, text), ChapterScenes)


async def _written(task: StoryTask, kind: type[T]) -> T:
    """The embedded writer's answer, which a hosted model's is as long as."""
    request = TextRequest(task, Prompt("", ""), kind, 1, "key")
    (answer,) = [piece async for piece in EmbeddedWriter().stream(request) if isinstance(piece, TextAnswer)]
    assert len(canonical(answer.value)) / CHARACTERS_A_TOKEN < answer_tokens(task)
    return answer.value
