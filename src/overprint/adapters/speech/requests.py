"""What every voice asks of a request before it speaks, and how its samples become an answer."""

import math

from overprint.core.narration import Voice
from overprint.craft.narration.wave_file import write_wave
from overprint.ports.errors import Refused, Unavailable
from overprint.ports.provider import Usage
from overprint.ports.speech import (
    SOUND_MAX_BYTES,
    SOUND_MEDIA_TYPE,
    SPEED_MAX,
    SPEED_MIN,
    TEXT_MAX_CHARACTERS,
    SpeechAnswer,
    SpeechRequest,
    WordMark,
)


def check_request(request: SpeechRequest, voices: tuple[Voice, ...], provider: str) -> None:
    """Raises ``Refused`` for what nobody can say; so nothing of it is ever sent or paid for."""
    if len(request.text) > TEXT_MAX_CHARACTERS:
        raise Refused(f"At most {TEXT_MAX_CHARACTERS} characters can be spoken at once.", provider=provider)
    if not any(letter.isalnum() for letter in request.text):
        raise Refused("There is no word here to speak.", provider=provider)
    if not (math.isfinite(request.speed) and SPEED_MIN <= request.speed <= SPEED_MAX):
        raise Refused(f"A voice speaks at {SPEED_MIN:g} to {SPEED_MAX:g} times its own pace.", provider=provider)
    if request.voice not in {voice.id for voice in voices}:
        raise Refused(f"There is no voice {request.voice[:60]!r} here. Choose another.", provider=provider)


def answer_of(
    pcm: bytes, rate_hz: int, provider: str, usage: Usage | None = None, words: tuple[WordMark, ...] = ()
) -> SpeechAnswer:
    """``pcm``: 16-bit little-endian samples of one channel. Raises ``Unavailable`` when there are none, or too many."""
    if not 2 <= len(pcm) <= SOUND_MAX_BYTES or len(pcm) % 2:
        raise senseless(provider)
    data = write_wave(pcm, rate_hz)
    return SpeechAnswer(data, SOUND_MEDIA_TYPE, len(pcm) / 2 / rate_hz, usage or Usage(), words)


def speakable(text: str) -> str:
    """``text`` without half characters, which no wire can carry, and without control characters."""
    whole = text.encode("utf-8", "replace").decode()
    return "".join(letter if letter.isprintable() else " " for letter in whole)


def senseless(provider: str) -> Unavailable:
    return Unavailable(
        f"{provider} answered with something that is no usable sound. It is tried again.", provider=provider
    )
