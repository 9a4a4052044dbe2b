"""Every voice, ready to speak."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from overprint.adapters.speech.elevenlabs import ElevenLabsSpeech
from overprint.adapters.speech.embedded import FormantSpeech
from overprint.adapters.speech.fake import FakeSpeech
from overprint.adapters.speech.openai_compatible import OpenAICompatibleSpeech
from overprint.craft.narration.waves import Sound, read_wave
from overprint.ports.speech import SpeechAnswer, SpeechPort, SpeechRequest
from tests.support.hosted_failures import IMPATIENT
from tests.support.model_server import ModelServer, model_server

SPEAKERS = ("embedded", "fake", "openai", "elevenlabs")
SENTENCE = "“Who lit the lantern?” asked Mira, and the old fox smiled."
ELEVENLABS_VOICE = "JBFqnCBsd6RMkjVDRZzb"


@dataclass(frozen=True)
class Stage:
    """A speaker, and the server behind it if it is a hosted one."""

    name: str
    speaker: SpeechPort
    server: ModelServer

    async def request(self, text: str = SENTENCE, **changes: object) -> SpeechRequest:
        voice = (await self.speaker.voices())[0].id
        asked = SpeechRequest(text, voice, "en", 1.0, "job-1:speak/1:speak")
        return replace(asked, **changes)  # type: ignore[arg-type]

    async def said(self, text: str = SENTENCE, **changes: object) -> SpeechAnswer:
        return await self.speaker.speak(await self.request(text, **changes))


def heard(answer: SpeechAnswer) -> Sound:
    return read_wave(answer.data)


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with model_server() as running:
        yield running


def openai_speech(server: ModelServer, price_microdollars: int = 0) -> OpenAICompatibleSpeech:
    return OpenAICompatibleSpeech(
        model="tts-test",
        api_key=server.key,
        base_url=server.url,
        price_microdollars=price_microdollars,
        patience=IMPATIENT,
    )


def elevenlabs_speech(server: ModelServer, price_microdollars: int = 0) -> ElevenLabsSpeech:
    return ElevenLabsSpeech(
        model="eleven-test",
        api_key=server.key,
        base_url=server.url,
        price_microdollars=price_microdollars,
        patience=IMPATIENT,
    )


@pytest.fixture
async def formant() -> AsyncIterator[FormantSpeech]:
    speaker = FormantSpeech()
    yield speaker
    await speaker.aclose()


@pytest.fixture(params=SPEAKERS)
def stage(request: pytest.FixtureRequest, server: ModelServer, formant: FormantSpeech) -> Stage:
    speakers: dict[str, SpeechPort] = {
        "embedded": formant,
        "fake": FakeSpeech(),
        "openai": openai_speech(server),
        "elevenlabs": elevenlabs_speech(server),
    }
    return Stage(request.param, speakers[request.param], server)


@pytest.fixture(params=("openai", "elevenlabs"))
def hosted(request: pytest.FixtureRequest, server: ModelServer) -> Stage:
    speaker = openai_speech(server) if request.param == "openai" else elevenlabs_speech(server)
    return Stage(request.param, speaker, server)
