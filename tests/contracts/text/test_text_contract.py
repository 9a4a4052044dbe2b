"""What every writer does the same."""

import asyncio

import pytest

from overprint.core.codec import decode, encode
from overprint.ports.text import TextAnswer
from tests.contracts.text.conftest import Desk, listen, request_for
from tests.support.stories import TASKS


@pytest.mark.parametrize("task", TASKS)
async def test_a_task_is_answered_in_the_asked_type(desk: Desk, task: str) -> None:
    desk.will_answer(task)
    request = request_for(task)
    _, answer = await listen(desk.writer, request)
    assert decode(request.answer, encode(answer.value)) == answer.value


@pytest.mark.parametrize("task", TASKS)
async def test_words_come_before_the_answer(desk: Desk, task: str) -> None:
    desk.will_answer(task)
    words, _ = await listen(desk.writer, request_for(task))
    assert words.strip()
    assert not set(words) & set("{}[]")


async def test_usage_is_never_negative(desk: Desk) -> None:
    desk.will_answer("chapter")
    _, answer = await listen(desk.writer, request_for("chapter"))
    assert min(answer.usage.input_tokens, answer.usage.output_tokens) > 0
    assert answer.usage.cost_microdollars >= 0


async def test_the_same_writer_can_be_asked_again_and_by_many_at_once(desk: Desk) -> None:
    desk.will_answer("chapter")
    answers = await asyncio.gather(*(listen(desk.writer, request_for("chapter")) for _ in range(5)))
    assert all(answer.value == answers[0][1].value for _, answer in answers)


async def test_a_listener_may_leave_in_the_middle(desk: Desk) -> None:
    desk.will_answer("chapter")
    stream = desk.writer.stream(request_for("chapter"))
    assert not isinstance(await anext(stream), TextAnswer)
    await asyncio.wait_for(stream.aclose(), 10)  # type: ignore[attr-defined]
    _, answer = await listen(desk.writer, request_for("chapter"))
    assert isinstance(answer.value, request_for("chapter").answer)


def test_a_provider_says_who_it_is(desk: Desk) -> None:
    provider = desk.writer.provider
    assert provider == desk.writer.provider
    assert provider.name and provider.model and provider.label
    assert desk.server.key not in repr(provider) + repr(desk.writer)
    assert desk.server.url not in repr(provider)
