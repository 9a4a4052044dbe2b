"""A book read aloud by hosted voices: every sentence is asked for once, in the voice that its speaker has."""

from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from overprint.wiring.ports import ports_of
from tests.support.compute import RememberingCompute
from tests.support.database import TestDatabase
from tests.support.house import client_of, house_on, settings_in
from tests.support.model_server import ModelServer, model_server

WANTED = {"premise": "A fox and an owl look for an echo", "pages": 6, "chapters": 1, "picture_dpi": 72, "age": "3-5"}


def settings(server: ModelServer, provider: str) -> dict[str, str]:
    return {
        "OVERPRINT_SPEECH_PROVIDER": provider,
        "OVERPRINT_SPEECH_BASE_URL": server.url,
        "OVERPRINT_SPEECH_MODEL": "tts-test",
        "OVERPRINT_SPEECH_API_KEY": server.key,
        "OVERPRINT_SPEECH_VOICES": "fable,own:high,onyx",
        "OVERPRINT_SPEECH_CALLS_PER_SECOND": "1000",
        "OVERPRINT_SPEECH_DOLLARS_PER_MILLION_CHARACTERS": "15",
    }


@pytest.mark.parametrize("provider", ["openai", "elevenlabs"])
async def test_the_operator_names_the_voices(tmp_path: Path, provider: str) -> None:
    async with model_server() as server, AsyncExitStack() as stack:
        speech = (await ports_of(settings_in(tmp_path, **settings(server, provider)), stack)).speech
        voices = [(voice.id, str(voice.register)) for voice in await speech.voices()]
        assert server.requests == []
    assert voices == [("fable", "middle"), ("own", "high"), ("onyx", "low")]
    assert speech.provider.settings == {"voices": "fable,own,onyx"}


async def test_a_hosted_voice_reads_a_book_and_its_price_is_told(database_urls: TestDatabase, tmp_path: Path) -> None:
    async with model_server() as server:
        speaks = settings(server, "openai")
        async with house_on(database_urls, tmp_path / "data", compute=RememberingCompute(), **speaks) as house:
            async with client_of(house) as client:
                started = (await client.post("/api/books", json={**WANTED, "is_aloud": True})).json()
                await client.get(f"/api/jobs/{started['job_id']}/events")
                book = (await client.get(f"/api/books/{started['book_id']}")).json()
                steps = (await client.get(f"/api/jobs/{started['job_id']}")).json()["steps"]
    assert book["state"] == "ready"
    assert {"read-aloud", "audiobook"} <= {file["slot"] for file in book["files"]}
    asked = Counter(sent.headers["idempotency-key"] for sent in server.requests)
    assert set(asked.values()) == {1}
    said = [sent.body for sent in server.requests]
    title = next(sent for sent in server.requests if sent.headers["idempotency-key"].endswith(":narrate/2:speak"))
    assert (title.body["input"], title.body["voice"]) == (book["title"], "fable")
    assert {body["model"] for body in said} == {"tts-test"}
    assert {body["voice"] for body in said} <= {"fable", "own", "onyx"}
    cost = sum(step["cost_microdollars"] for step in steps if step["key"].startswith("narrate/"))
    assert cost == pytest.approx(15 * sum(len(body["input"]) for body in said), abs=1)
