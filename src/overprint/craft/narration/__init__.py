"""Narration: a decided book in, sentences with their voices out; spoken sounds in, an M4A a page and an M4B out.

Pure: no clock, no network; the same input gives the same bytes. ``page_sound_bytes`` and ``audiobook_bytes`` are for a
child process; nothing here loads an encoder until one of them runs.
"""

from overprint.craft.narration.briefly import tight_seconds
from overprint.craft.narration.casting import cast_voices
from overprint.craft.narration.child import (
    AUDIOBOOK_MEDIA_TYPE,
    AUDIOBOOK_MEMORY_BYTES,
    AUDIOBOOK_TIMEOUT_SECONDS,
    PAGE_MEMORY_BYTES,
    PAGE_TIMEOUT_SECONDS,
    SOUND_MEDIA_TYPE,
    Audiobook,
    PageFacts,
    PageSound,
    SpokenPage,
    audiobook_bytes,
    audiobook_order,
    bound_audiobook,
    page_order,
    page_sound,
    page_sound_bytes,
    voice_for,
)
from overprint.craft.narration.dialogue import quotations
from overprint.craft.narration.fitting import (
    OPENING_SECONDS_MAX,
    PAUSES_SECONDS,
    SCENE_SECONDS_SLACK,
    Pace,
    letters_within,
    spoken_seconds,
    told_within,
)
from overprint.craft.narration.script import marks_of, page_lines, text_lines
from overprint.craft.narration.scripts import language_written
from overprint.craft.narration.sentences import sentences
from overprint.craft.typesetting.reading import words_hash

__all__ = [
    "AUDIOBOOK_MEDIA_TYPE",
    "AUDIOBOOK_MEMORY_BYTES",
    "AUDIOBOOK_TIMEOUT_SECONDS",
    "OPENING_SECONDS_MAX",
    "PAGE_MEMORY_BYTES",
    "PAGE_TIMEOUT_SECONDS",
    "PAUSES_SECONDS",
    "SCENE_SECONDS_SLACK",
    "SOUND_MEDIA_TYPE",
    "Audiobook",
    "Pace",
    "PageFacts",
    "PageSound",
    "SpokenPage",
    "audiobook_bytes",
    "audiobook_order",
    "bound_audiobook",
    "cast_voices",
    "language_written",
    "letters_within",
    "marks_of",
    "page_lines",
    "page_order",
    "page_sound",
    "page_sound_bytes",
    "quotations",
    "sentences",
    "spoken_seconds",
    "text_lines",
    "tight_seconds",
    "told_within",
    "voice_for",
    "words_hash",
]
