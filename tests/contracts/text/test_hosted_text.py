"""What every hosted writer does on the wire, and what it makes of a provider that fails."""

import asyncio
import json
import logging

import pytest

from overprint.ports.errors import Misconfigured, ProviderError, Refused, Unavailable
from overprint.ports.text import PROMPT_MAX_CHARACTERS, Prompt, TextRequest
from tests.contracts.text.conftest import HOSTED, Desk, listen, request_for, writer_called
from tests.support import model_wire
from tests.support.hosted_failures import FAILURES, check
from tests.support.model_server import Behaviour, Drops, FailsInStream, Floods, ModelServer, Refuses, Says, Sends
from tests.support.stories import PLAN, TEXT


async def failure_of(desk: Desk, *behaviours: Behaviour) -> ProviderError:
    desk.server.plan(*behaviours)
    with pytest.raises(ProviderError) as failed:
        await listen(desk.writer, request_for("chapter"))
    return failed.value


@pytest.mark.parametrize("name", FAILURES)
async def test_a_failure_has_its_type(hosted: Desk, name: str) -> None:
    failure = FAILURES[name]
    check(failure, await failure_of(hosted, failure.behaviour), hosted.writer.provider, hosted.server.key)
    assert len(hosted.server.requests) == 1


async def test_the_answer_and_its_words_arrive_whole(hosted: Desk) -> None:
    hosted.will_answer("chapter")
    hosted.server.plan(Says(hosted.server.text, piece_characters=3))
    words, answer = await listen(hosted.writer, request_for("chapter"))
    assert answer.value == TEXT
    assert words == "".join(f"{paragraph}\n" for page in TEXT.pages for paragraph in page.paragraphs)


async def test_objects_with_free_keys_survive_the_dialect(hosted: Desk) -> None:
    hosted.will_answer("plan")
    _, answer = await listen(hosted.writer, request_for("plan"))
    assert answer.value == PLAN


async def test_tokens_are_counted(hosted: Desk) -> None:
    hosted.will_answer("chapter")
    _, answer = await listen(hosted.writer, request_for("chapter"))
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (
        model_wire.INPUT_TOKENS,
        model_wire.OUTPUT_TOKENS,
    )


async def test_the_request_carries_prompt_limits_and_idempotency_key(hosted: Desk) -> None:
    hosted.will_answer("chapter")
    request = request_for("chapter")
    await listen(hosted.writer, request)
    (sent,) = hosted.server.requests
    assert sent.headers["idempotency-key"] == request.idempotency_key
    assert request.max_output_tokens in sent.body.values()
    carried = json.dumps(sent.body, ensure_ascii=False)
    for text in (request.prompt.system, request.prompt.user):
        assert json.dumps(text, ensure_ascii=False)[1:-1] in carried


async def test_an_idempotency_key_that_no_header_can_carry_is_hashed(hosted: Desk) -> None:
    hosted.will_answer("chapter")
    asked = request_for("chapter")
    odd = TextRequest(asked.task, asked.prompt, asked.answer, seed=1, idempotency_key="job\r\nX-Evil: 1 é")
    await listen(hosted.writer, odd)
    assert len(hosted.server.requests[0].headers["idempotency-key"]) == 64
    assert "x-evil" not in hosted.server.requests[0].headers


async def test_an_answer_that_does_not_fit_is_corrected_once(hosted: Desk) -> None:
    right = hosted.right_answer("chapter")
    hosted.server.plan(Says('{"pages": []}'), Says(right))
    words, answer = await listen(hosted.writer, request_for("chapter"))
    first, second = hosted.server.requests
    assert answer.value == TEXT
    assert answer.usage.output_tokens == 2 * model_wire.OUTPUT_TOKENS
    assert "at least 1 items" in json.dumps(second.body) and "at least 1 items" not in json.dumps(first.body)
    assert first.headers["idempotency-key"] != second.headers["idempotency-key"]
    assert words == ""


@pytest.mark.parametrize(
    "text",
    [
        '{"pages": [',
        '{"chapters": []}',
        '{"pages": [{"paragraphs": ["\\ud800"]}]}',
        '{"pages": [{"paragraphs": ["\\u0000"]}]}',
        '{"pages": NaN}',
        "[" * 5_000,
        '{"a":' * 5_000,
        "Sorry, here is no JSON at all.",
        "",
    ],
)
async def test_an_answer_that_never_fits_is_unavailable(hosted: Desk, text: str) -> None:
    failure = await failure_of(hosted, Says(text, piece_characters=500), Says(text, piece_characters=500))
    assert isinstance(failure, Unavailable)
    assert not failure.in_doubt
    assert len(hosted.server.requests) == 2


async def test_a_model_that_says_no_has_refused(hosted: Desk) -> None:
    assert isinstance(await failure_of(hosted, Refuses()), Refused)


async def test_an_answer_that_breaks_off_is_in_doubt(hosted: Desk) -> None:
    failure = await failure_of(hosted, Says(hosted.right_answer("chapter"), breaks_after=2))
    assert isinstance(failure, Unavailable)
    assert failure.in_doubt


async def test_a_stream_that_ends_early_without_a_word_is_in_doubt(hosted: Desk) -> None:
    failure = await failure_of(hosted, Sends(b": nothing\n\n", "text/event-stream"))
    assert isinstance(failure, Unavailable)
    assert failure.in_doubt


async def test_an_error_in_the_middle_of_a_stream_has_its_type(hosted: Desk) -> None:
    assert type(await failure_of(hosted, FailsInStream("overloaded_error"))).__name__ == "Busy"
    assert isinstance(await failure_of(hosted, FailsInStream("api_error")), Unavailable)
    assert isinstance(await failure_of(hosted, FailsInStream("something new")), Unavailable)


@pytest.mark.parametrize(
    "piece",
    [b"x" * 65_536, b"data: " + b"y" * 65_530, b"data: {}\n\n" * 6_000, b"\n" * 65_536, b"data:\n" * 10_000],
    ids=["no lines", "one line", "events", "line ends", "an event without end"],
)
async def test_a_flood_is_stopped(hosted: Desk, piece: bytes) -> None:
    failure = await failure_of(hosted, Floods(piece, size_bytes=1_000_000_000))
    assert isinstance(failure, Unavailable)
    assert "too long" not in failure.message
    await asyncio.wait_for(hosted.server.hung_up.wait(), 10)
    assert hosted.server.sent_bytes < 50_000_000


async def test_an_endless_answer_is_stopped(hosted: Desk) -> None:
    letters = "z" * 1_000_000
    failure = await failure_of(hosted, Says(letters * 4, piece_characters=100_000))
    assert "far too much" in failure.message


async def test_a_cancelled_listener_hangs_up_at_once(hosted: Desk) -> None:
    hosted.server.plan(Says(hosted.right_answer("chapter"), hangs_after=3))
    listening = asyncio.create_task(listen(hosted.writer, request_for("chapter")))
    await asyncio.wait_for(hosted.server.hanging.wait(), 10)
    listening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(listening, 10)
    await asyncio.wait_for(hosted.server.hung_up.wait(), 10)


async def test_a_listener_who_leaves_hangs_up(hosted: Desk) -> None:
    hosted.server.plan(Says(hosted.right_answer("chapter"), hangs_after=5))
    stream = hosted.writer.stream(request_for("chapter"))
    await anext(stream)
    await stream.aclose()  # type: ignore[attr-defined]
    await asyncio.wait_for(hosted.server.hung_up.wait(), 10)


async def test_nobody_listening_is_no_doubt(hosted: Desk, server: ModelServer) -> None:
    server.url = "http://127.0.0.1:9/v1"
    writer = writer_called(hosted.name, server)
    with pytest.raises(Unavailable) as failed:
        await listen(writer, request_for("chapter"))
    assert not failed.value.in_doubt


async def test_a_prompt_that_is_too_long_is_never_sent(hosted: Desk) -> None:
    asked = request_for("chapter")
    long = TextRequest(
        asked.task, Prompt("", "x" * (PROMPT_MAX_CHARACTERS + 1)), asked.answer, seed=1, idempotency_key="k"
    )
    with pytest.raises(Refused):
        await listen(hosted.writer, long)
    assert hosted.server.requests == []


async def test_half_a_letter_in_a_prompt_is_sent_as_a_question_mark(hosted: Desk) -> None:
    hosted.will_answer("chapter")
    asked = request_for("chapter")
    odd = TextRequest(asked.task, Prompt("s", "a \ud83d fox"), asked.answer, seed=1, idempotency_key="k")
    await listen(hosted.writer, odd)
    assert "a ? fox" in json.dumps(hosted.server.requests[0].body)


@pytest.mark.parametrize("behaviour", [None, Drops(), Says("no"), FailsInStream()])
async def test_the_key_is_never_logged(
    hosted: Desk, behaviour: Behaviour | None, caplog: pytest.LogCaptureFixture
) -> None:
    hosted.will_answer("chapter")
    hosted.server.plan(*([behaviour, behaviour] if behaviour else []))
    with caplog.at_level(logging.DEBUG):
        await asyncio.gather(listen(hosted.writer, request_for("chapter")), return_exceptions=True)
    assert hosted.server.key not in caplog.text


@pytest.mark.parametrize("name", HOSTED)
async def test_a_key_that_the_provider_repeats_is_not_told_on(server: ModelServer, name: str) -> None:
    wrong = "an-unusual-key-of-1"
    with pytest.raises(Misconfigured) as failed:
        await listen(writer_called(name, server, wrong), request_for("chapter"))
    assert "Incorrect API key" in failed.value.message
    assert wrong not in str(failed.value)


@pytest.mark.parametrize("name", HOSTED)
def test_a_key_that_no_header_can_carry_is_refused_without_repeating_it(server: ModelServer, name: str) -> None:
    for wrong in ("sk-a\nb", "sk-é", "sk a b", "k" * 2_000):
        with pytest.raises(Misconfigured) as failed:
            writer_called(name, server, wrong)
        assert wrong not in str(failed.value)


@pytest.mark.parametrize("name", HOSTED)
async def test_the_line_end_that_a_file_adds_to_a_key_is_taken_off(server: ModelServer, name: str) -> None:
    desk = Desk(name, writer_called(name, server, f"{server.key}\n"), server)
    desk.will_answer("chapter")
    _, answer = await listen(desk.writer, request_for("chapter"))
    assert answer.value == TEXT
