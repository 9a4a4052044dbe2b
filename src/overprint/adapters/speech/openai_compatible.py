"""Voices that speak OpenAI's ``audio/speech``: OpenAI itself, and the many servers that imitate it."""

import math
from typing import Any

from overprint.adapters.hosted.calls import Call, answer_to
from overprint.adapters.hosted.endpoint import PATIENT, Account, Endpoint, Patience, endpoint_of
from overprint.adapters.speech.requests import answer_of, check_request, senseless, speakable
from overprint.core.narration import Register, Voice
from overprint.core.problems import Invalid
from overprint.craft.narration.waves import pcm_of, read_wave
from overprint.ports.errors import Misconfigured
from overprint.ports.provider import Provider, Usage
from overprint.ports.speech import SOUND_MAX_BYTES, SpeechAnswer, SpeechRequest

OPENAI_URL = "https://api.openai.com/v1"
_LOW, _MIDDLE, _HIGH = Register.LOW, Register.MIDDLE, Register.HIGH
# OpenAI's own, as of November 2026; the registers are ours, by what its guide says of each.
OPENAI_VOICES = tuple(
    Voice(name, name.capitalize(), register)
    for name, register in (
        *(("sage", _MIDDLE), ("alloy", _MIDDLE), ("ash", _LOW), ("coral", _HIGH), ("echo", _LOW), ("fable", _MIDDLE)),
        *(("nova", _HIGH), ("onyx", _LOW), ("shimmer", _HIGH), ("ballad", _MIDDLE), ("verse", _MIDDLE)),
    )
)
_HEADER_ROOM_BYTES = 64 * 1024
_COMPRESSED = (b"ID3", b"OggS", b"fLaC", b"\xff\xfb", b"\xff\xf3", b"\xff\xf1")


class OpenAICompatibleSpeech:
    """``voices`` are those the model has, the narrator's first; without any, OpenAI's. ``price_microdollars`` is for
    1000 characters.

    The protocol has no word timings and no language: the model hears it from the text.
    """

    def __init__(
        self,
        *,
        model: str,
        api_key: str = "",
        base_url: str | None = None,
        voices: tuple[Voice, ...] = (),
        price_microdollars: int = 0,
        patience: Patience = PATIENT,
    ) -> None:
        self.model = model
        self.endpoint = endpoint_of(base_url or OPENAI_URL, Account(api_key), patience)
        self._named = voices
        self._voices = voices or OPENAI_VOICES
        self._price_microdollars = price_microdollars

    def __repr__(self) -> str:
        return f"OpenAICompatibleSpeech({self.model!r} at {self.endpoint.provider})"

    @property
    def provider(self) -> Provider:
        return provider_of(self.endpoint, self.model, self._named)

    async def voices(self) -> tuple[Voice, ...]:
        return self._voices

    async def speak(self, request: SpeechRequest) -> SpeechAnswer:
        name = self.endpoint.provider
        check_request(request, self._voices, name)
        call = Call("audio/speech", request.idempotency_key, SOUND_MAX_BYTES + _HEADER_ROOM_BYTES, self._body(request))
        data = await answer_to(self.endpoint, call)
        if data.startswith(_COMPRESSED):
            message = f"{name} answers with compressed sound. Set the model up to answer with WAV."
            raise Misconfigured(message, provider=name)
        try:
            sound = read_wave(data)
        except Invalid:
            raise senseless(name) from None
        cost = price_of(len(request.text), self._price_microdollars)
        return answer_of(pcm_of(sound), sound.rate_hz, name, Usage(cost_microdollars=cost))

    def _body(self, request: SpeechRequest) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self.model,
            "input": speakable(request.text),
            "voice": request.voice,
            "response_format": "wav",
        }
        # Not every imitation knows it, so it is not said when it says nothing.
        return body if request.speed == 1 else {**body, "speed": request.speed}


def provider_of(endpoint: Endpoint, model: str, voices: tuple[Voice, ...]) -> Provider:
    """Who speaks. Other ``voices`` to choose from are another provider: what they said is not this one's."""
    named = {"voices": ",".join(voice.id for voice in voices)} if voices else {}
    return Provider(endpoint.provider, model, f"{model} via {endpoint.label}", settings=named)


def price_of(characters: int, price_microdollars: int) -> int:
    """Rounded up; ``price_microdollars`` for 1000 characters."""
    return math.ceil(characters * price_microdollars / 1000)
