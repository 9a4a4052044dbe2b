"""The ``speech`` port: one stretch of text spoken by one voice."""

from dataclasses import dataclass, field
from typing import Protocol

from overprint.core.narration import Voice
from overprint.ports.provider import Provider, Usage

TEXT_MAX_CHARACTERS = 2_000
SPEED_MIN, SPEED_MAX = 0.5, 2.0
SOUND_MAX_BYTES = 64_000_000
SOUND_MEDIA_TYPE = "audio/wav"


@dataclass(frozen=True, slots=True)
class SpeechRequest:
    """What to say. ``voice`` is a ``Voice.id``; ``speed`` 1 is the voice's own pace, 2 twice as fast."""

    text: str
    voice: str
    language: str
    speed: float
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class WordMark:
    """A word of the text (characters ``first`` up to ``last``, not included), and when it begins in the sound."""

    first: int
    last: int
    start_seconds: float


@dataclass(frozen=True, slots=True)
class SpeechAnswer:
    """A WAV file: 16-bit PCM, one channel, 8 to 48 kHz. ``words`` is empty where the provider cannot tell."""

    data: bytes
    media_type: str
    duration_seconds: float
    usage: Usage = field(default_factory=Usage)
    words: tuple[WordMark, ...] = ()


class SpeechPort(Protocol):
    """Speaks. Raises ``ports.errors`` only. Text without a single letter or digit, and text over
    ``TEXT_MAX_CHARACTERS``, is ``Refused``; so is a voice or a language that the provider does not have."""

    @property
    def provider(self) -> Provider: ...

    async def voices(self) -> tuple[Voice, ...]:
        """Never empty; the first is the one for a narrator. The order is stable."""
        ...

    async def speak(self, request: SpeechRequest) -> SpeechAnswer: ...
