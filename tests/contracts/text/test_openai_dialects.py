"""Servers that speak only a part of OpenAI's protocol."""

import json

import pytest

from overprint.adapters.text.conversation import THINKING_TOKENS
from overprint.adapters.text.openai_compatible import OpenAICompatibleText, Structured
from overprint.ports.errors import Misconfigured, Refused
from tests.contracts.text.conftest import listen, request_for
from tests.support.hosted_failures import IMPATIENT
from tests.support.model_server import Fails, ModelServer, Says
from tests.support.stories import TASKS, TEXT, in_strict_form

NO_SCHEMA = Fails(
    400, "invalid_request_error", "'response_format.type' must be one of text, json_object.", param="response_format"
)
NO_OBJECT = Fails(400, "invalid_request_error", "response_format is not supported by this model")
NO_SEED = Fails(400, "invalid_request_error", "property 'seed' is unsupported", param="seed")
NO_COUNT = Fails(400, "invalid_request_error", "Unknown field: stream_options")
NO_LENGTH = Fails(400, "unsupported_parameter", "Use 'max_completion_tokens' instead.", param="max_tokens")


def writer(server: ModelServer, structured: Structured = "auto") -> OpenAICompatibleText:
    return OpenAICompatibleText(
        model="gpt-test", api_key=server.key, base_url=server.url, structured=structured, patience=IMPATIENT
    )


@pytest.fixture(autouse=True)
def right_answer(server: ModelServer) -> None:
    server.text = json.dumps(in_strict_form(TASKS["chapter"][1]))


async def test_a_server_that_knows_no_schemas_is_asked_for_any_object(server: ModelServer) -> None:
    server.plan(NO_SCHEMA)
    asked = writer(server)
    _, answer = await listen(asked, request_for("chapter"))
    assert answer.value == TEXT
    assert server.requests[-1].body["response_format"] == {"type": "json_object"}
    await listen(asked, request_for("chapter"))
    assert len(server.requests) == 3


async def test_a_server_that_knows_no_formats_is_asked_in_words(server: ModelServer) -> None:
    server.plan(
        NO_SCHEMA, NO_OBJECT, Says(f"<think>{{}} hm</think>Sure! Here it is:\n```json\n{server.text}\n```\nDone.")
    )
    _, answer = await listen(writer(server), request_for("chapter"))
    assert answer.value == TEXT
    assert "response_format" not in server.requests[-1].body
    assert "JSON Schema" in server.requests[-1].body["messages"][0]["content"]


async def test_a_form_that_was_chosen_is_kept(server: ModelServer) -> None:
    server.plan(NO_SCHEMA)
    with pytest.raises(Refused):
        await listen(writer(server, "schema"), request_for("chapter"))
    assert len(server.requests) == 1


async def test_options_that_a_server_rejects_are_left_out_one_by_one(server: ModelServer) -> None:
    server.plan(NO_SEED, NO_COUNT, NO_LENGTH)
    _, answer = await listen(writer(server), request_for("chapter"))
    sent = server.requests[-1].body
    assert not {"seed", "stream_options", "max_tokens"} & set(sent)
    assert sent["max_completion_tokens"] == 8_000 + THINKING_TOKENS
    assert (answer.usage.input_tokens, answer.usage.cost_microdollars) == (0, 0)


async def test_a_server_that_rejects_everything_is_not_asked_for_ever(server: ModelServer) -> None:
    server.plan(*[NO_SEED, NO_COUNT, NO_LENGTH, NO_SCHEMA, NO_OBJECT] * 5)
    with pytest.raises(Refused):
        await listen(writer(server), request_for("chapter"))
    assert len(server.requests) == 6


async def test_the_seed_is_passed_on(server: ModelServer) -> None:
    await listen(writer(server), request_for("chapter"))
    assert server.requests[0].body["seed"] == 7


async def test_a_server_on_this_machine_needs_no_key(server: ModelServer) -> None:
    server.key = ""
    _, answer = await listen(writer(server), request_for("chapter"))
    assert answer.value == TEXT
    assert "authorization" not in server.requests[0].headers


async def test_usage_that_makes_no_sense_counts_as_none(server: ModelServer) -> None:
    server.plan(Says(server.text, counts_tokens=False))
    _, answer = await listen(writer(server), request_for("chapter"))
    assert answer.usage.output_tokens == 0


def test_vendors_are_known_by_their_address() -> None:
    groq = OpenAICompatibleText(model="m", api_key="k", base_url="https://api.groq.com/openai/v1")
    assert (groq.provider.name, groq.provider.label) == ("groq", "m via Groq")
    assert OpenAICompatibleText(model="m").provider.name == "openai"


@pytest.mark.parametrize("address", ["ftp://host/v1", "host/v1", "http://", "https://me:secret@host/v1", "http://h/?q"])
def test_an_address_that_cannot_be_right_is_misconfigured(address: str) -> None:
    with pytest.raises(Misconfigured):
        OpenAICompatibleText(model="m", base_url=address)
