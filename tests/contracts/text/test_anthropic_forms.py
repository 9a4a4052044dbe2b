"""Claude models differ in how they can be made to answer in a form."""

import json

import pytest

from overprint.adapters.text.anthropic import AnthropicText
from overprint.adapters.text.conversation import THINKING_TOKENS
from overprint.core.codec import encode
from overprint.ports.errors import Misconfigured, Refused
from tests.contracts.text.conftest import listen, request_for
from tests.support.hosted_failures import IMPATIENT
from tests.support.model_server import Fails, ModelServer, Says
from tests.support.stories import PLAN, TEXT, in_strict_form

TOO_COMPLEX = Fails(400, "invalid_request_error", "The compiled grammar is too large.")


def writer(server: ModelServer, model: str = "claude-unforced") -> AnthropicText:
    return AnthropicText(model=model, api_key=server.key, base_url=server.url, patience=IMPATIENT)


async def test_a_model_is_forced_to_hand_its_answer_in_where_that_is_possible(server: ModelServer) -> None:
    server.text = json.dumps(encode(TEXT))
    await listen(writer(server, "claude-test"), request_for("chapter"))
    (sent,) = server.requests
    assert sent.body["tool_choice"]["type"] == "tool"
    assert sent.body["max_tokens"] == 8_000
    assert sent.headers["anthropic-version"] == "2026-10-21"


async def test_a_model_that_cannot_be_forced_replies_in_the_form_of_a_schema(server: ModelServer) -> None:
    server.text = json.dumps(in_strict_form(PLAN))
    asked = writer(server)
    for _ in range(2):
        words, answer = await listen(asked, request_for("plan"))
        assert answer.value == PLAN
        assert words.startswith(PLAN.outline.title)
    forced, *replies = [sent.body for sent in server.requests]
    assert "tool_choice" in forced
    assert [set(body) & {"tools", "output_config"} for body in replies] == [{"output_config"}, {"output_config"}]
    assert replies[0]["max_tokens"] == 8_000 + THINKING_TOKENS


async def test_a_schema_that_is_too_much_leaves_the_tool_to_be_called_freely(server: ModelServer) -> None:
    refused = Fails(400, "invalid_request_error", "tool_choice: forced tool use is not supported")
    server.plan(refused, TOO_COMPLEX, Says(json.dumps(encode(PLAN))))
    _, answer = await listen(writer(server, "claude-test"), request_for("plan"))
    assert answer.value == PLAN
    assert server.requests[-1].body["tool_choice"]["type"] == "auto"
    assert "calling the tool" in server.requests[-1].body["system"]


async def test_a_model_that_rejects_every_form_is_not_asked_for_ever(server: ModelServer) -> None:
    rejected = Fails(400, "invalid_request_error", "tool_choice and output_config: no")
    server.plan(*[rejected] * 9)
    with pytest.raises(Refused):
        await listen(writer(server, "claude-test"), request_for("plan"))
    assert len(server.requests) == 3


async def test_a_spend_limit_told_as_a_bad_request_is_for_the_operator(server: ModelServer) -> None:
    server.plan(Fails(400, "invalid_request_error", "You have reached your specified API usage limits."))
    with pytest.raises(Misconfigured):
        await listen(writer(server, "claude-test"), request_for("plan"))
