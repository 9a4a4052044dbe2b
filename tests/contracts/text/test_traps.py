"""What providers, and what stands between us and them, do to those who trust them."""

import json

import pytest

from overprint.adapters.text.anthropic import AnthropicText
from overprint.adapters.text.openai_compatible import OpenAICompatibleText
from overprint.core.codec import encode
from overprint.ports.errors import Busy, Misconfigured, ProviderError, Refused, Unavailable
from tests.contracts.text.conftest import Desk, listen, request_for
from tests.support import model_wire
from tests.support.hosted_failures import IMPATIENT
from tests.support.model_server import Behaviour, Fails, ModelServer, Refuses, Says, Sends, model_server
from tests.support.stories import TEXT

REQUEST = request_for("chapter")


async def failure_of(desk: Desk, *behaviours: Behaviour) -> ProviderError:
    desk.server.plan(*behaviours)
    with pytest.raises(ProviderError) as failed:
        await listen(desk.writer, REQUEST)
    return failed.value


OVERLOADED = b'{"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}'
NO_CREDIT = b'{"error": {"code": "insufficient_quota", "message": "You exceeded your quota."}}'
WHOLE_ANSWERS = {
    "overload": (OVERLOADED, Busy, "Overloaded"),
    "no credit": (NO_CREDIT, Misconfigured, "no credit"),
    "an error on many lines": (json.dumps(json.loads(NO_CREDIT), indent=2).encode(), Misconfigured, "no credit"),
    "an error in a word": (b'{"error": "model is loading"}', Unavailable, "model is loading"),
    "an answer in one piece": (b'{"object": "chat.completion", "choices": []}', Unavailable, "makes no sense"),
    "half a JSON": (b'{"error": {"mess', Unavailable, "makes no sense"),
    "a web page": (b"\n<!doctype html><title>Sign in</title>", Unavailable, "web page"),
}


@pytest.mark.parametrize(("body", "kind", "said"), WHOLE_ANSWERS.values(), ids=WHOLE_ANSWERS.keys())
async def test_status_200_is_no_promise(hosted: Desk, body: bytes, kind: type[ProviderError], said: str) -> None:
    failure = await failure_of(hosted, Sends(body))
    assert isinstance(failure, kind)
    assert said in failure.message
    assert len(hosted.server.requests) == 1


async def test_a_long_body_that_is_no_stream_is_not_read_to_its_end(hosted: Desk) -> None:
    assert isinstance(await failure_of(hosted, Sends(b'{"a":\n' * 100_000)), Unavailable)


async def test_a_stream_that_stalls_is_left_and_in_doubt(hosted: Desk) -> None:
    failure = await failure_of(hosted, Says(hosted.right_answer("chapter"), hangs_after=2))
    assert isinstance(failure, Unavailable)
    assert failure.in_doubt
    assert "took too long" in failure.message


async def test_a_filter_in_the_middle_of_an_answer_has_refused_and_billed(hosted: Desk) -> None:
    half = hosted.right_answer("chapter")[:60]
    filtered = Refuses() if hosted.name == "anthropic" else Says(half, finish="content_filter")
    failure = await failure_of(hosted, filtered)
    assert isinstance(failure, Refused)
    used = (model_wire.INPUT_TOKENS, model_wire.OUTPUT_TOKENS)
    assert (failure.usage.input_tokens, failure.usage.output_tokens) == used


async def test_a_refusal_tells_what_it_cost(hosted: Desk) -> None:
    assert (await failure_of(hosted, Refuses())).usage.output_tokens == model_wire.OUTPUT_TOKENS


async def test_a_failure_of_the_second_turn_tells_what_the_first_one_cost(hosted: Desk) -> None:
    failure = await failure_of(hosted, Says("no"), Fails(429))
    assert isinstance(failure, Busy)
    assert failure.usage.input_tokens == model_wire.INPUT_TOKENS


async def test_what_came_from_a_cache_is_counted_within_the_prompt(hosted: Desk) -> None:
    hosted.server.plan(Says(hosted.right_answer("chapter"), cached_tokens=600))
    _, answer = await listen(hosted.writer, REQUEST)
    assert answer.usage.input_tokens == model_wire.INPUT_TOKENS


async def test_a_key_never_follows_to_another_host(hosted: Desk) -> None:
    async with model_server() as elsewhere:
        for status in (301, 302, 303, 307, 308):
            away = Fails(status, headers={"Location": f"{elsewhere.url}/chat/completions"})
            failure = await failure_of(hosted, away)
            assert isinstance(failure, Misconfigured)
        assert elsewhere.requests == []


BASES = ("{root}/v1", "{root}/v1/", "{root}/v1//", " {root}/v1 ")


@pytest.mark.parametrize("base", [*BASES, "{root}/gateway/openai/v1/", "{root}/v1/chat/completions"])
async def test_an_address_may_have_a_path_and_slashes_after_it(server: ModelServer, base: str) -> None:
    server.text = json.dumps(encode(TEXT))
    address = base.format(root=server.url.removesuffix("/v1"))
    writer = OpenAICompatibleText(model="gpt-test", api_key=server.key, base_url=address, patience=IMPATIENT)
    await listen(writer, REQUEST)
    (sent,) = server.requests
    assert (sent.path, sent.prefix) == ("/v1/chat/completions", "/gateway/openai" if "gateway" in base else "")


@pytest.mark.parametrize("base", [*BASES, "{root}", "{root}/", "{root}/gateway/anthropic", "{root}/v1/messages"])
async def test_claudes_address_may_have_its_version_or_not(server: ModelServer, base: str) -> None:
    server.text = json.dumps(encode(TEXT))
    address = base.format(root=server.url.removesuffix("/v1"))
    writer = AnthropicText(model="claude-test", api_key=server.key, base_url=address, patience=IMPATIENT)
    await listen(writer, REQUEST)
    (sent,) = server.requests
    assert (sent.path, sent.prefix) == ("/v1/messages", "/gateway/anthropic" if "gateway" in base else "")
