"""Every writer, ready to be asked."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from overprint.adapters.text.anthropic import AnthropicText
from overprint.adapters.text.embedded import EmbeddedWriter
from overprint.adapters.text.fake import ScriptedText
from overprint.adapters.text.openai_compatible import OpenAICompatibleText, Structured
from overprint.core.codec import encode
from overprint.ports.text import TextAnswer, TextDelta, TextPort, TextRequest
from overprint.steps.prompts import prompt_for
from tests.support.hosted_failures import IMPATIENT
from tests.support.model_server import ModelServer, model_server
from tests.support.stories import TASKS, in_strict_form

HOSTED = ("openai-schema", "openai-object", "openai-prompt", "anthropic")
WRITERS = ("embedded", "scripted", *HOSTED)


@dataclass(frozen=True)
class Desk:
    """A writer, and the server behind it if it is a hosted one."""

    name: str
    writer: TextPort
    server: ModelServer

    def will_answer(self, task: str) -> None:
        """The server gives the right answer to ``task`` from now on."""
        self.server.text = self.right_answer(task)

    def right_answer(self, task: str) -> str:
        answer = TASKS[task][1]
        return json.dumps(
            in_strict_form(answer) if self.name == "openai-schema" else encode(answer), ensure_ascii=False
        )


def request_for(task: str) -> TextRequest[Any]:
    asked, answer = TASKS[task]
    return TextRequest(asked, prompt_for(asked), type(answer), seed=7, idempotency_key=f"job-1:{task}:write")


async def listen(writer: TextPort, request: TextRequest[Any]) -> tuple[str, TextAnswer[Any]]:
    """The words that were streamed, and the answer, which has to come last."""
    pieces = [piece async for piece in writer.stream(request)]
    answer = pieces[-1]
    assert isinstance(answer, TextAnswer)
    words = [piece.text for piece in pieces if isinstance(piece, TextDelta)]
    assert len(words) == len(pieces) - 1
    return "".join(words), answer


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with model_server() as running:
        yield running


def writer_called(name: str, server: ModelServer, key: str | None = None) -> TextPort:
    api_key = server.key if key is None else key
    if name == "embedded":
        return EmbeddedWriter()
    if name == "anthropic":
        return AnthropicText(model="claude-test", api_key=api_key, base_url=server.url, patience=IMPATIENT)
    if name.startswith("openai-"):
        structured: Structured = name.removeprefix("openai-")  # type: ignore[assignment]
        return OpenAICompatibleText(
            model="gpt-test", api_key=api_key, base_url=server.url, structured=structured, patience=IMPATIENT
        )
    scripted = ScriptedText()
    for task, answer in TASKS.values():
        scripted.answers(type(task), answer)
    return scripted


@pytest.fixture(params=WRITERS)
def desk(request: pytest.FixtureRequest, server: ModelServer) -> Desk:
    return Desk(request.param, writer_called(request.param, server), server)


@pytest.fixture(params=HOSTED)
def hosted(request: pytest.FixtureRequest, server: ModelServer) -> Desk:
    return Desk(request.param, writer_called(request.param, server), server)
