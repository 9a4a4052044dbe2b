"""The vendors' own clients understand the model server, so what adapters learn from it is what they will meet."""

from collections.abc import AsyncIterator

import anthropic
import openai
import pytest

from tests.support.model_server import Fails, ModelServer, Refuses, Says, model_server


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with model_server() as running:
        yield running


def openai_client(server: ModelServer) -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(api_key=server.key, base_url=server.url, max_retries=0)


def anthropic_client(server: ModelServer) -> anthropic.AsyncAnthropic:
    return anthropic.AsyncAnthropic(api_key=server.key, base_url=server.url.removesuffix("/v1"), max_retries=0)


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
        with pytest.raises(openai.RateLimitError) as failed:
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
        with pytest.raises(anthropic.APIStatusError) as failed:
            await client.messages.create(
                model="claude-test", max_tokens=100, messages=[{"role": "user", "content": "Hello"}]
            )
    assert failed.value.status_code == 529
    assert failed.value.body == {
        "type": "error",
        "error": {"type": "overloaded_error", "message": "Something is wrong."},
    }
