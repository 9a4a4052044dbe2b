"""From clips to a film: transitions, colours, words in it and beside it, the mix, one file. Bytes in and out."""

from overprint.craft.editing.captions import Caption, captions_of
from overprint.craft.editing.child import (
    EDIT_MEMORY_BYTES,
    FILM_MEDIA_TYPE,
    SOUND_MEDIA_TYPE,
    FilmSound,
    FinishOrder,
    JoinOrder,
    SoundOrder,
    film_sound,
    finish_bytes,
    finish_order,
    finish_timeout_seconds,
    join_bytes,
    join_order,
    join_timeout_seconds,
    sound_bytes,
    sound_order,
    sound_timeout_seconds,
)
from overprint.craft.editing.track import web_vtt

__all__ = [
    "EDIT_MEMORY_BYTES",
    "FILM_MEDIA_TYPE",
    "SOUND_MEDIA_TYPE",
    "Caption",
    "FilmSound",
    "FinishOrder",
    "JoinOrder",
    "SoundOrder",
    "captions_of",
    "film_sound",
    "finish_bytes",
    "finish_order",
    "finish_timeout_seconds",
    "join_bytes",
    "join_order",
    "join_timeout_seconds",
    "sound_bytes",
    "sound_order",
    "sound_timeout_seconds",
    "web_vtt",
]
