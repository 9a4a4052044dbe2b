"""Voices as an operator names them: the provider's own name, and perhaps how high the voice sits (``onyx:low``)."""

from collections.abc import Sequence

from overprint.adapters.speech.openai_compatible import OPENAI_VOICES
from overprint.core.narration import Register, Voice

_KNOWN = {voice.id: voice.register for voice in OPENAI_VOICES}


def voices_named(names: Sequence[str]) -> tuple[Voice, ...]:
    """Each once, in order. A voice of which nothing is said is in the middle, unless we know it."""
    found: dict[str, Voice] = {}
    for name in names:
        id, _, register = name.partition(":")
        found.setdefault(id, Voice(id, id, Register(register) if register else _KNOWN.get(id, Register.MIDDLE)))
    return tuple(found.values())
