"""Voices of ElevenLabs, with the time of every character: ``text-to-speech/{voice}/with-timestamps``."""

import base64
import binascii
import json
import math
import re
from itertools import pairwise
from typing import Any

from overprint.adapters.hosted.calls import Call, answer_to
from overprint.adapters.hosted.endpoint import PATIENT, Account, Patience, endpoint_of
from overprint.adapters.speech.openai_compatible import price_of, provider_of
from overprint.adapters.speech.requests import answer_of, check_request, senseless, speakable
from overprint.core.narration import Register, Voice
from overprint.ports.errors import Misconfigured
from overprint.ports.provider import Provider, Usage
from overprint.ports.speech import SOUND_MAX_BYTES, SpeechAnswer, SpeechRequest, WordMark

ELEVENLABS_URL = "https://api.elevenlabs.io"
VOICES_MAX = 100
RATE_HZ = 24_000
# What its voices take; anything further away is said at the nearest pace.
_SPEED_MIN, _SPEED_MAX = 0.7, 1.2
_LISTING_MAX_BYTES = 4_000_000
# Base64 makes four letters of three bytes; the times of a few thousand characters fit into the rest.
_ANSWER_MAX_BYTES = SOUND_MAX_BYTES * 4 // 3 + 1_000_000
_WORD = re.compile(r"\S+")
_VOICE_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
_REGISTERS = {"female": Register.HIGH, "male": Register.LOW}


class ElevenLabsSpeech:
    """``voices``, the narrator's first, or those of the account, listed once. ``price_microdollars`` is for 1000
    characters."""

    def __init__(
        self,
        *,
        model: str = "eleven_multilingual_v2",
        api_key: str = "",
        base_url: str | None = None,
        voices: tuple[Voice, ...] = (),
        price_microdollars: int = 0,
        patience: Patience = PATIENT,
    ) -> None:
        self.model = model
        address = (base_url or ELEVENLABS_URL).rstrip("/").removesuffix("/v1")
        self.endpoint = endpoint_of(
            address, Account(api_key, "xi-api-key", "{}"), patience, ("elevenlabs", "ElevenLabs")
        )
        self._price_microdollars = price_microdollars
        self._named = self._voices = voices

    def __repr__(self) -> str:
        return f"ElevenLabsSpeech({self.model!r})"

    @property
    def provider(self) -> Provider:
        return provider_of(self.endpoint, self.model, self._named)

    async def voices(self) -> tuple[Voice, ...]:
        if not self._voices:
            call = Call("v1/voices", "voices", _LISTING_MAX_BYTES, method="GET")
            self._voices = self._voices_in(self._object_in(await answer_to(self.endpoint, call)))
        return self._voices

    async def speak(self, request: SpeechRequest) -> SpeechAnswer:
        name = self.endpoint.provider
        # The provider knows its voices; asking for the list before every sentence would only cost time.
        known = (Voice(request.voice, ""),) if _VOICE_ID.fullmatch(request.voice) else ()
        check_request(request, known, name)
        path = f"v1/text-to-speech/{request.voice}/with-timestamps?output_format=pcm_{RATE_HZ}"
        text = speakable(request.text)
        speed = min(max(request.speed, _SPEED_MIN), _SPEED_MAX)
        body = {"text": text, "model_id": self.model, "voice_settings": {"speed": speed}}
        answer = self._object_in(
            await answer_to(self.endpoint, Call(path, request.idempotency_key, _ANSWER_MAX_BYTES, body))
        )
        usage = Usage(cost_microdollars=price_of(len(text), self._price_microdollars))
        return answer_of(self._pcm_in(answer), RATE_HZ, name, usage, _marks(text, answer.get("alignment")))

    def _pcm_in(self, answer: dict[str, Any]) -> bytes:
        encoded = answer.get("audio_base64")
        try:
            pcm = base64.b64decode(encoded, validate=True) if isinstance(encoded, str) else b""
        except (binascii.Error, ValueError):
            pcm = b""
        if not pcm or pcm.startswith((b"ID3", b"RIFF")):
            raise senseless(self.endpoint.provider)
        return pcm

    def _object_in(self, body: bytes) -> dict[str, Any]:
        try:
            answer = json.loads(body)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise senseless(self.endpoint.provider)
        return answer

    def _voices_in(self, answer: dict[str, Any]) -> tuple[Voice, ...]:
        listed = answer.get("voices")
        found = [_voice_of(each) for each in listed[:VOICES_MAX]] if isinstance(listed, list) else []
        voices = tuple(voice for voice in found if voice)
        if not voices:
            message = "The ElevenLabs account has no voices. Add some to its library."
            raise Misconfigured(message, provider=self.endpoint.provider)
        return voices


def _voice_of(listed: Any) -> Voice | None:
    told = listed.get("voice_id") if isinstance(listed, dict) else None
    if not isinstance(told, str) or not _VOICE_ID.fullmatch(told):
        return None
    labels = listed.get("labels") if isinstance(listed.get("labels"), dict) else {}
    register = _REGISTERS.get(str(labels.get("gender", "")).lower(), Register.MIDDLE)
    return Voice(told, str(listed.get("name", ""))[:100], register)


def _marks(text: str, alignment: Any) -> tuple[WordMark, ...]:
    """Words from the times of characters; none when these are not of this very text, or run backwards."""
    told = alignment if isinstance(alignment, dict) else {}
    characters, starts = told.get("characters"), told.get("character_start_times_seconds")
    if not isinstance(characters, list) or not isinstance(starts, list) or len(starts) != len(characters):
        return ()
    if characters != list(text) or not all(isinstance(at, int | float) and math.isfinite(at) for at in starts):
        return ()
    if starts and (starts[0] < 0 or any(later < sooner for sooner, later in pairwise(starts))):
        return ()
    return tuple(WordMark(word.start(), word.end(), float(starts[word.start()])) for word in _WORD.finditer(text))
