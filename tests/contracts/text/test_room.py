"""How long an answer may be: as long as what is asked needs, never longer than the operator and the model allow."""

from dataclasses import replace

import pytest

from overprint.adapters.text.anthropic import AnthropicText
from overprint.adapters.text.conversation import Terms
from overprint.adapters.text.openai_compatible import OpenAICompatibleText
from overprint.core.problems import Invalid
from overprint.ports.errors import CutShort, Refused, Unavailable
from overprint.ports.text import TextPort
from tests.contracts.text.conftest import Desk, listen, request_for
from tests.support import model_wire
from tests.support.hosted_failures import IMPATIENT
from tests.support.model_server import Fails, ModelServer, Says
from tests.support.stories import TEXT

HALF = '{"pages": [{"para'
REQUEST = request_for("chapter")
NONSENSE = Invalid("Page 2 says nothing.")


def desk_with(name: str, server: ModelServer, terms: Terms) -> Desk:
    kind = AnthropicText if name == "anthropic" else OpenAICompatibleText
    model = "claude-test" if name == "anthropic" else "gpt-test"
    writer: TextPort = kind(model=model, api_key=server.key, base_url=server.url, terms=terms, patience=IMPATIENT)
    return Desk("openai-schema" if name == "openai" else name, writer, server)


def cut(desk: Desk) -> Says:
    return Says(HALF, finish="max_tokens" if desk.name == "anthropic" else "length")


def rooms(desk: Desk) -> list[int]:
    return [sent.body["max_tokens"] for sent in desk.server.requests]


async def test_an_answer_that_was_cut_is_asked_for_once_more_with_twice_the_room(hosted: Desk) -> None:
    hosted.server.plan(cut(hosted), Says(hosted.right_answer("chapter")))
    _, answer = await listen(hosted.writer, REQUEST)
    assert answer.value == TEXT
    assert rooms(hosted) == [8_000, 16_000]
    assert answer.usage.output_tokens == 2 * model_wire.OUTPUT_TOKENS
    first, second = (sent.headers["idempotency-key"] for sent in hosted.server.requests)
    assert first != second
    assert hosted.server.requests[0].body["messages"] == hosted.server.requests[1].body["messages"]


async def test_an_answer_that_is_cut_twice_says_so_and_what_it_cost(hosted: Desk) -> None:
    hosted.server.plan(cut(hosted), cut(hosted))
    with pytest.raises(CutShort, match=r"ran out of room.*settings") as failed:
        await listen(hosted.writer, REQUEST)
    assert failed.value.usage.output_tokens == 2 * model_wire.OUTPUT_TOKENS
    assert len(hosted.server.requests) == 2


@pytest.mark.parametrize("name", ["openai", "anthropic"])
async def test_an_answer_is_never_longer_than_the_operator_allows(server: ModelServer, name: str) -> None:
    desk = desk_with(name, server, Terms(max_output_tokens=3_000))
    server.plan(cut(desk))
    with pytest.raises(CutShort):
        await listen(desk.writer, REQUEST)
    assert rooms(desk) == [3_000]


@pytest.mark.parametrize("name", ["openai", "anthropic"])
async def test_a_model_that_writes_less_than_asked_says_how_much_and_is_believed(
    server: ModelServer, name: str
) -> None:
    server.output_tokens_max = 4_096
    desk = desk_with(name, server, Terms())
    desk.will_answer("chapter")
    for _ in range(2):
        _, answer = await listen(desk.writer, REQUEST)
        assert answer.value == TEXT
    assert rooms(desk) == [8_000, 4_096, 4_096]


async def test_a_model_that_haggles_for_ever_is_left(server: ModelServer) -> None:
    less = [Fails(400, message=f"max_tokens is too large, at most {n}") for n in range(7_000, 6_000, -1)]
    server.plan(*less)
    with pytest.raises(Refused, match="too large"):
        await listen(desk_with("openai", server, Terms()).writer, REQUEST)
    assert len(server.requests) == 2


async def test_a_prompt_too_long_for_the_model_is_no_matter_of_room(server: ModelServer) -> None:
    said = (
        "This model's maximum context length is 8192 tokens; max_tokens is too large: 8000, 1000 are in the messages."
    )
    server.plan(Fails(400, message=said))
    with pytest.raises(Refused, match="context length"):
        await listen(desk_with("openai", server, Terms()).writer, REQUEST)
    assert len(server.requests) == 1


async def test_an_answer_that_makes_no_sense_is_sent_back_with_what_is_wrong(hosted: Desk) -> None:
    from_check: list[object] = []

    def check(value: object) -> None:
        from_check.append(value)
        if len(from_check) == 1:
            raise NONSENSE

    hosted.will_answer("chapter")
    _, answer = await listen(hosted.writer, replace(REQUEST, check=check))
    assert answer.value == TEXT
    assert "Page 2 says nothing." in str(hosted.server.requests[1].body["messages"])


async def test_an_answer_that_makes_no_sense_twice_is_unavailable(hosted: Desk) -> None:
    def check(value: object) -> None:
        raise NONSENSE

    hosted.will_answer("chapter")
    with pytest.raises(Unavailable, match="Page 2 says nothing") as failed:
        await listen(hosted.writer, replace(REQUEST, check=check))
    assert failed.value.usage.input_tokens == 2 * model_wire.INPUT_TOKENS


@pytest.mark.parametrize("name", ["openai", "anthropic"])
async def test_temperature_is_sent_only_if_set_and_is_part_of_who_writes(server: ModelServer, name: str) -> None:
    for terms in (Terms(), Terms(temperature=0.3)):
        desk = desk_with(name, server, terms)
        desk.will_answer("chapter")
        await listen(desk.writer, REQUEST)
        assert server.requests[-1].body.get("temperature") == terms.temperature
        assert desk.writer.provider.settings == ({} if terms.temperature is None else {"temperature": "0.3"})
