"""From clips to a film: words in the picture and beside it, the mix, one file. Bytes in and out."""

from overprint.craft.editing.captions import Caption, captions_of
from overprint.craft.editing.child import (
    EDIT_MEMORY_BYTES,
    FILM_MEDIA_TYPE,
    FinishedFilm,
    FinishOrder,
    JoinOrder,
    finish_bytes,
    finish_order,
    finish_timeout_seconds,
    finished_film,
    join_bytes,
    join_order,
    join_timeout_seconds,
)
from overprint.craft.editing.track import web_vtt

__all__ = [
    "EDIT_MEMORY_BYTES",
    "FILM_MEDIA_TYPE",
    "Caption",
    "FinishOrder",
    "FinishedFilm",
    "JoinOrder",
    "captions_of",
    "finish_bytes",
    "finish_order",
    "finish_timeout_seconds",
    "finished_film",
    "join_bytes",
    "join_order",
    "join_timeout_seconds",
    "web_vtt",
]
