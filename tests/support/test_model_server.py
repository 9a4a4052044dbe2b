"""The vendors' own clients understand the model server, so what adapters learn from it is what they will meet."""

from collections.abc import AsyncIterator
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.model_server import Fails, ModelServer, Refuses, Says, model_server

if TYPE_CHECKING:
    import anthropic
    import openai


def vendor(name: str) -> Any:
    """A vendor's package, loaded by the first test that asks: these take seconds, and only one worker needs them.

    No test module may name one: pytest looks at whatever a module holds, and that alone loads a lazy one.
    """
    return import_module(name)


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with model_server() as running:
        yield running


def openai_client(server: ModelServer) -> "openai.AsyncOpenAI":
    client: openai.AsyncOpenAI = vendor("openai").AsyncOpenAI(api_key=server.key, base_url=server.url, max_retries=0)
    return client


def anthropic_client(server: ModelServer) -> "anthropic.AsyncAnthropic":
    site = server.url.removesuffix("/v1")
    client: anthropic.AsyncAnthropic = vendor("anthropic").AsyncAnthropic(
        api_key=server.key, base_url=site, max_retries=0
    )
    return client


async def test_openai_reads_a_streamed_answer_and_its_usage(server: ModelServer) -> None:
    server.plan(Says('{"title": "Ember"}', piece_characters=5))
    async with openai_client(server) as client:
        stream = await client.chat.completions.create(
            model="gpt-test",
            messages=[{"role": "user", "content": "Hello"}],
            stream=True,
            stream_options={"include_usage": True},
        )
        chunks = [chunk async for chunk in stream]
    assert "".join(c.choices[0].delta.content or "" for c in chunks if c.choices) == '{"title": "Ember"}'
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.prompt_tokens == 1000


async def test_openai_reads_a_refusal(server: ModelServer) -> None:
    server.plan(Refuses())
    async with openai_client(server) as client:
        stream = await client.chat.completions.create(
            model="gpt-test", messages=[{"role": "user", "content": "Hello"}], stream=True
        )
        assert any(chunk.choices[0].delta.refusal for chunk in [chunk async for chunk in stream])


async def test_openai_reads_errors(server: ModelServer) -> None:
    server.plan(Fails(429, "rate_limit_exceeded", headers={"Retry-After": "3"}))
    async with openai_client(server) as client:
        with pytest.raises(vendor("openai").RateLimitError) as failed:
            await client.chat.completions.create(model="gpt-test", messages=[{"role": "user", "content": "Hello"}])
    assert failed.value.code == "rate_limit_exceeded"
    assert failed.value.response.headers["retry-after"] == "3"


async def test_openai_reads_a_picture(server: ModelServer) -> None:
    async with openai_client(server) as client:
        made = await client.images.generate(model="gpt-image-test", prompt="a fox", size="1024x1024")
        edited = await client.images.edit(
            model="gpt-image-test", prompt="a fox", image=[("a.png", b"x"), ("b.png", b"y")]
        )
    assert made.data and made.data[0].b64_json and edited.data and edited.data[0].b64_json
    assert server.requests[-1].files == (("image[]", b"x"), ("image[]", b"y"))


async def test_anthropic_reads_a_tool_call_and_its_usage(server: ModelServer) -> None:
    server.plan(Says('{"title": "Ember"}', piece_characters=5))
    async with (
        anthropic_client(server) as client,
        client.messages.stream(
            model="claude-test",
            max_tokens=100,
            messages=[{"role": "user", "content": "Hello"}],
            tools=[{"name": "answer", "input_schema": {"type": "object"}}],
        ) as stream,
    ):
        message = await stream.get_final_message()
    assert message.stop_reason == "tool_use"
    assert message.content[0].type == "tool_use"
    assert message.content[0].input == {"title": "Ember"}
    assert (message.usage.input_tokens, message.usage.output_tokens) == (1000, 200)


async def test_anthropic_reads_errors(server: ModelServer) -> None:
    server.plan(Fails(529, "overloaded_error"))
    async with anthropic_client(server) as client:
        with pytest.raises(vendor("anthropic").APIStatusError) as failed:
            await client.messages.create(
                model="claude-test", max_tokens=100, messages=[{"role": "user", "content": "Hello"}]
            )
    assert failed.value.status_code == 529
    assert failed.value.body == {
        "type": "error",
        "error": {"type": "overloaded_error", "message": "Something is wrong."},
    }


async def test_openai_reads_what_came_from_a_cache_and_what_a_picture_used(server: ModelServer) -> None:
    server.plan(Says("{}", cached_tokens=600))
    async with openai_client(server) as client:
        stream = await client.chat.completions.create(
            model="gpt-test",
            messages=[{"role": "user", "content": "Hello"}],
            stream=True,
            stream_options={"include_usage": True},
        )
        used = [chunk async for chunk in stream][-1].usage
        made = await client.images.generate(model="gpt-image-test", prompt="a fox", size="1024x1024", quality="low")
    assert used is not None and used.prompt_tokens_details is not None
    assert (used.prompt_tokens, used.prompt_tokens_details.cached_tokens) == (1000, 600)
    assert made.usage is not None
    assert (made.usage.output_tokens, made.usage.input_tokens_details.text_tokens) == (4160, 50)


async def test_anthropic_reads_what_came_from_a_cache(server: ModelServer) -> None:
    server.plan(Says("Hello", cached_tokens=600))
    async with (
        anthropic_client(server) as client,
        client.messages.stream(
            model="claude-test", max_tokens=100, messages=[{"role": "user", "content": "Hello"}]
        ) as stream,
    ):
        message = await stream.get_final_message()
    assert (message.usage.input_tokens, message.usage.cache_read_input_tokens) == (400, 600)


async def test_both_read_that_an_answer_may_not_be_so_long(server: ModelServer) -> None:
    server.output_tokens_max = 100
    async with openai_client(server) as one, anthropic_client(server) as other:
        with pytest.raises(vendor("openai").BadRequestError, match="at most 100 completion tokens"):
            await one.chat.completions.create(
                model="gpt-test", messages=[{"role": "user", "content": "Hello"}], max_tokens=200
            )
        with pytest.raises(vendor("anthropic").BadRequestError, match="200 > 100"):
            await other.messages.create(
                model="claude-test", max_tokens=200, messages=[{"role": "user", "content": "Hello"}]
            )


async def test_openai_reads_that_a_word_is_unknown(server: ModelServer) -> None:
    async with openai_client(server) as client:
        with pytest.raises(vendor("openai").BadRequestError, match="Invalid value"):
            await client.images.edit(model="gpt-image-test", prompt="a fox", image=b"x", quality="superb")  # type: ignore[call-overload]


async def test_openai_reads_a_spoken_sentence(server: ModelServer) -> None:
    async with openai_client(server) as client:
        made = await client.audio.speech.create(
            model="tts-test", input="Hello there", voice="onyx", response_format="wav", speed=1.5
        )
    assert made.content[:4] == b"RIFF"
    assert made.response.headers["content-type"] == "audio/wav"
