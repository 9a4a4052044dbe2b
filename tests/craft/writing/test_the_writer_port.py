"""The embedded writer and the scripted fake behind the ``text`` port."""

from typing import Any

import pytest

from overprint.adapters.text.embedded import EmbeddedWriter
from overprint.adapters.text.fake import ScriptedText
from overprint.core.story import Age, Brief, ChapterTask, ChapterText, Genre, PageText, Plan, PlanTask, Tone
from overprint.ports.errors import Busy, Refused, Unavailable
from overprint.ports.text import Prompt, TextAnswer, TextDelta, TextRequest


def request(task: Any, answer: Any) -> TextRequest[Any]:
    return TextRequest(task, Prompt("", ""), answer, 7, "key")


async def read(writer: Any, asked: TextRequest[Any]) -> tuple[list[str], Any]:
    items = [item async for item in writer.stream(asked)]
    assert isinstance(items[-1], TextAnswer)
    assert all(isinstance(item, TextDelta) for item in items[:-1])
    return [item.text for item in items[:-1]], items[-1]


async def test_the_embedded_writer_streams_small_pieces_and_then_the_answer() -> None:
    writer = EmbeddedWriter()
    _, planned = await read(writer, request(PlanTask(Brief(premise="A fox wants to sing")), Plan))
    task = ChapterTask(planned.value.outline, 0, Age.YOUNG, Tone.WARM, Genre.ADVENTURE)
    deltas, answer = await read(writer, request(task, ChapterText))
    spoken = "\n\n".join(paragraph for page in answer.value.pages for paragraph in page.paragraphs)
    assert "".join(deltas) == spoken
    assert max(len(delta) for delta in deltas) < 120
    assert answer.usage.output_tokens > 0 and answer.usage.cost_microdollars == 0
    assert (writer.provider.name, writer.provider.model, writer.provider.label) == (
        "embedded",
        "writer@7",
        "procedural words",
    )


async def test_an_impossible_task_is_refused() -> None:
    with pytest.raises(Refused, match="one page for each chapter"):
        await read(EmbeddedWriter(), request(PlanTask(Brief(premise="abc", pages=6, chapters=9)), Plan))


async def test_the_fake_answers_by_task_in_order_and_records_what_it_was_asked() -> None:
    text = ChapterText((PageText(("One.",)),))
    fake = ScriptedText().answers(PlanTask, Busy("Later."), Unavailable("Gone."))
    asked = request(PlanTask(Brief(premise="abc")), ChapterText)
    with pytest.raises(Busy):
        await read(fake, asked)
    with pytest.raises(Unavailable):
        await read(fake, asked)
    fake = ScriptedText().answers(PlanTask, lambda _: text)
    assert (await read(fake, asked))[1].value == text
    assert fake.requests == [asked]


async def test_a_script_that_answers_something_else_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        await read(
            ScriptedText().answers(PlanTask, {"nonsense": 1}), request(PlanTask(Brief(premise="abc")), ChapterText)
        )
