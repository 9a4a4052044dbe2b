"""Narration across a process boundary: bytes in, bytes out, for the compute port.

What the work needs is imported when it runs, which is in a child process, and never in the one that orders it:
importing this module loads no encoder.
"""

import importlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from overprint.core.codec import decode, encode
from overprint.core.narration import NARRATOR, Casting, Cue, Line
from overprint.core.problems import Invalid, LimitReached
from overprint.craft.framing import pack, unpack

SOUND_MEDIA_TYPE = "audio/mp4"
AUDIOBOOK_MEDIA_TYPE = "audio/mp4"
PAGE_TIMEOUT_SECONDS, PAGE_MEMORY_BYTES = 300.0, 1_000_000_000
AUDIOBOOK_TIMEOUT_SECONDS, AUDIOBOOK_MEMORY_BYTES = 300.0, 1_000_000_000
COVER_SIDE_MAX_PX = 1_400
UTTERANCES_MAX = 5_000
_COVER_MAX_PIXELS = 40_000_000
_PACKAGE = "overprint.craft.narration"


@dataclass(frozen=True, slots=True)
class PageFacts:
    """Measured before encoding: loudness in LUFS, highest sample in dBFS. ``begins_seconds``: when each utterance of
    each line begins in the sound, its own leading silence included."""

    cues: tuple[Cue, ...]
    duration_seconds: float
    loudness_lufs: float
    peak_dbfs: float
    begins_seconds: tuple[tuple[float, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class PageSound:
    """An M4A file (``SOUND_MEDIA_TYPE``), and what is in it."""

    data: bytes
    facts: PageFacts


@dataclass(frozen=True, slots=True)
class SpokenPage:
    """A page of an audiobook; ``chapter`` is the title of the chapter that begins with it, else empty."""

    data: bytes
    chapter: str = ""


@dataclass(frozen=True, slots=True)
class Audiobook:
    """An M4B file (``AUDIOBOOK_MEDIA_TYPE``)."""

    data: bytes
    duration_seconds: float


@dataclass(frozen=True, slots=True)
class _Lines:
    lines: tuple[Line, ...]


def voice_for(casting: Casting, who: str) -> str:
    """The voice of a character, or the narrator's for somebody without one."""
    return casting.get(who) or casting[NARRATOR]


def page_order(lines: Sequence[Line], casting: Casting, sounds: Sequence[Sequence[bytes]]) -> bytes:
    """What :func:`page_sound_bytes` takes. ``sounds``: a WAV file for every utterance of every line."""
    if sum(map(len, sounds)) > UTTERANCES_MAX:
        raise LimitReached(f"A page may have at most {UTTERANCES_MAX} utterances.", "Split the page.")
    voices = [[voice_for(casting, said.who) for said in line.utterances] for line in lines]
    blobs = {_blob(n, m): data for n, line in enumerate(sounds) for m, data in enumerate(line)}
    return pack({"lines": encode(_Lines(tuple(lines))), "voices": voices}, blobs)


def page_sound_bytes(payload: bytes) -> bytes:
    """A page's sound: levelled, joined, encoded. Read the answer with :func:`page_sound`. Raises ``Invalid``."""
    from overprint.craft.narration.loudness import loudness_lufs, peak_dbfs
    from overprint.craft.narration.mixing import mix_page
    from overprint.craft.narration.waves import read_wave

    header, blobs = unpack(payload)
    lines, voices = decode(_Lines, header.get("lines")).lines, decode(tuple[tuple[str, ...], ...], header.get("voices"))
    aac = _with_encoder("aac")
    try:
        sounds = [
            [aac.resampled(read_wave(blobs[_blob(n, m)])) for m in range(len(line.utterances))]
            for n, line in enumerate(lines)
        ]
    except KeyError:
        raise Invalid("A sentence of this page has not been spoken.", "Narrate the page again.") from None
    mix = mix_page(lines, voices, sounds)
    measured = loudness_lufs(mix.sound), peak_dbfs(mix.sound)
    facts = PageFacts(mix.cues, mix.sound.duration_seconds, *measured, mix.begins_seconds)
    return pack({"facts": encode(facts)}, {"sound": aac.encoded(mix.sound)})


def _with_encoder(module: str) -> Any:
    """A module that imports PyAV. Raises ``Invalid`` where that was left out."""
    try:
        return importlib.import_module(f"{_PACKAGE}.{module}")
    except ModuleNotFoundError as missing:
        if missing.name != "av":
            raise
        raise Invalid("No sound can be made here, because PyAV is not installed.", "Install the package av.") from None


def page_sound(answer: bytes) -> PageSound:
    header, blobs = unpack(answer)
    return PageSound(blobs["sound"], decode(PageFacts, header["facts"]))


def audiobook_order(
    pages: Sequence[SpokenPage], *, title: str, author: str, narrator: str, cover: bytes = b""
) -> bytes:
    """What :func:`audiobook_bytes` takes. ``cover``: a JPEG, PNG or WebP file, or nothing."""
    sounds: Mapping[str, bytes] = {_blob(n, 0): page.data for n, page in enumerate(pages)}
    label = {"title": title, "author": author, "narrator": narrator}
    return pack({"label": label, "chapters": [page.chapter for page in pages]}, {**sounds, "cover": cover})


def audiobook_bytes(payload: bytes) -> bytes:
    """The M4B of packed pages. Read the answer with :func:`bound_audiobook`. Raises ``Invalid`` or ``LimitReached``."""
    header, blobs = unpack(payload)
    made = _with_encoder("audiobook")
    pages = [made.Spoken(blobs[_blob(n, 0)], str(chapter)) for n, chapter in enumerate(header["chapters"])]
    cover, size = _cover(blobs["cover"]) if blobs["cover"] else (b"", (0, 0))
    told = {name: str(header["label"][name]) for name in ("title", "author", "narrator")}
    data, duration_seconds = made.audiobook(pages, made.Label(**told, cover=cover, cover_px=size))
    return pack({"duration_seconds": duration_seconds}, {"sound": data})


def bound_audiobook(answer: bytes) -> Audiobook:
    header, blobs = unpack(answer)
    return Audiobook(blobs["sound"], float(header["duration_seconds"]))


def _cover(data: bytes) -> tuple[bytes, tuple[int, int]]:
    """A JPEG that every player takes."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > _COVER_MAX_PIXELS:
                raise LimitReached("The cover has too many pixels.", "Use one below 40 megapixels.")
            plain = picture.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Invalid("The cover cannot be read.", "Use a JPEG, PNG or WebP file.") from None
    plain.thumbnail((COVER_SIDE_MAX_PX, COVER_SIDE_MAX_PX), Image.Resampling.LANCZOS)
    kept = io.BytesIO()
    plain.save(kept, "JPEG", quality=90)
    return kept.getvalue(), plain.size


def _blob(line: int, utterance: int) -> str:
    return f"{line:05d}-{utterance:03d}"
