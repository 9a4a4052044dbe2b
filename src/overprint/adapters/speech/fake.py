"""A voice for tests: a tone whose length follows the text and whose height follows the voice."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from overprint.adapters.speech.requests import answer_of, check_request, speakable
from overprint.core.narration import Register, Voice
from overprint.ports.errors import ProviderError
from overprint.ports.provider import Provider
from overprint.ports.speech import SpeechAnswer, SpeechRequest, WordMark

RATE_HZ = 16_000
SECONDS_A_CHARACTER = 0.02
_LOUDNESS = 8_000
_VOICES = (
    Voice("hum", "test tone", Register.MIDDLE),
    Voice("hoot", "low test tone", Register.LOW),
    Voice("whistle", "high test tone", Register.HIGH),
    Voice("buzz", "second low test tone", Register.LOW),
)
_WORD = re.compile(r"\w+")


class FakeSpeech:
    """Keeps every request in ``requests``. ``failures`` are raised first, one a call, in order.

    Its voices speak ``languages``; none means any.
    """

    def __init__(self, failures: Iterable[ProviderError] = (), languages: tuple[str, ...] = ()) -> None:
        self.requests: list[SpeechRequest] = []
        self.languages = languages
        self._failures = list(failures)

    @property
    def provider(self) -> Provider:
        return Provider(name="fake", model="tone@1", label="test tone", is_idempotent=True)

    def fail_next(self, failure: ProviderError) -> None:
        """Raises ``failure`` at the next call that has none waiting."""
        self._failures.append(failure)

    async def voices(self) -> tuple[Voice, ...]:
        return tuple(replace(voice, languages=self.languages) for voice in _VOICES)

    async def speak(self, request: SpeechRequest) -> SpeechAnswer:
        self.requests.append(request)
        if self._failures:
            raise self._failures.pop(0)
        check_request(request, _VOICES, self.provider.name)
        character_seconds = SECONDS_A_CHARACTER / request.speed
        text = speakable(request.text)
        marks = tuple(WordMark(m.start(), m.end(), m.start() * character_seconds) for m in _WORD.finditer(text))
        pcm = tone(_height_hz(request), len(text) * character_seconds)
        return answer_of(pcm, RATE_HZ, self.provider.name, words=marks)


def _height_hz(request: SpeechRequest) -> int:
    """Changes with anything that changes a sound."""
    asked = f"{request.voice}\n{request.language}\n{request.text}"
    return 200 + hashlib.sha256(asked.encode("utf-8", "replace")).digest()[0]


def tone(height_hz: int, seconds: float, rate_hz: int = RATE_HZ) -> bytes:
    """16-bit samples of a sine."""
    turns = np.arange(max(1, round(seconds * rate_hz))) * (2 * np.pi * height_hz / rate_hz)
    samples: bytes = np.rint(_LOUDNESS * np.sin(turns)).astype("<i2").tobytes()
    return samples
