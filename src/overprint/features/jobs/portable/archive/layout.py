"""The form of a portable work, a book or a film: an ordinary zip that any program can open.

=====================  ==========================================================================================
``overprint.json``     the header: what was asked for, by whom it was made, and what else is in the archive
``steps/<key>.json``   what a step of the work answered: ``plan``, ``text/1``, ``picture/1/2``, ``clip/01``, …
``edits/<key>.json``   what stands for a step's answer because a person says so
``files/<sha256>``     pictures, previews, sounds, clips and what a person brought, named by what is in them
=====================  ==========================================================================================

PDF, e-books and joined films are not in it: they are made again from these, byte by byte the same by the same version
of Overprint; the header says what they came to. The names of members are looked up, never used as paths. A reader of
format 1 refuses every other format, and every field that it does not know. The header of a film says so (``product``);
that of a book does not.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from overprint.core.codec import bounds
from overprint.core.files import StoredFile
from overprint.core.film import SCENES_MAX, FilmBrief, Storyboard
from overprint.core.story import Brief

ARCHIVE_FORMAT = 1
FILM = "film"
CREDITS_MAX = 8
HEADER = "overprint.json"
STEPS, EDITS, FILES = "steps/", "edits/", "files/"
MEMBERS_MAX = 5_000
DIRECTORY_MAX_BYTES = 2_000_000
JSON_MAX_BYTES = 4_000_000
JSON_TOGETHER_MAX_BYTES = 64_000_000
JSON_DEPTH_MAX = 50
UNPACKED_MAX_BYTES = 2_000_000_000
FILE_MAX_BYTES = UNPACKED_MAX_BYTES
PACKED_RATIO_MAX, PACKED_SLACK_BYTES = 4, 20_000_000
"""Files lie in an archive as they are. One that somebody packed again is smaller, but not by much."""
_KEY = re.compile(r"[^\W_][\w-]{0,99}(/[\w-]{1,100}){0,4}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class StepAbout:
    """``made_of``: the digest of all that the answer depends on but who gave it: it is used for nothing else."""

    kind: str = field(metadata=bounds(max_length=100))
    made_of: str = field(metadata=bounds(max_length=64))


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What the header of every work says. ``results``: SHA-256 of the files that were made from this, before they were
    signed, by the slot of the work that they had."""

    format: int
    made_with: str = field(metadata=bounds(max_length=100))
    title: str = field(metadata=bounds(max_length=200))
    steps: Mapping[str, StepAbout] = field(default_factory=dict)
    edits: tuple[str, ...] = ()
    results: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookHeader(Header):
    """``words_by`` and ``pictures_by`` stand in the colophon."""

    brief: Brief
    printer: str = field(default="", metadata=bounds(max_length=40))
    is_aloud: bool = False
    words_by: str = field(default="", metadata=bounds(max_length=200))
    pictures_by: str = field(default="", metadata=bounds(max_length=200))


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmHeader(Header):
    """``board``: the storyboard as it stands; ``script``: what a person wrote to be said, if they did. ``picture``,
    ``driving`` and ``lut``: a person's own for the first scene, a clip that is followed, and a ``.cube`` file.
    ``target``: how far the film was made. ``credits``: what stands over its end."""

    product: str = FILM
    brief: FilmBrief
    board: Storyboard
    target: str = field(metadata=bounds(max_length=40))
    script: tuple[str, ...] = field(default=(), metadata=bounds(max_length=SCENES_MAX))
    picture: StoredFile | None = None
    driving: StoredFile | None = None
    lut: StoredFile | None = None
    credits: tuple[str, ...] = field(default=(), metadata=bounds(max_length=CREDITS_MAX))


def is_step_key(key: str) -> bool:
    """Whether a step may be called so."""
    return _KEY.fullmatch(key) is not None


def is_sha256(text: str) -> bool:
    return _SHA256.fullmatch(text) is not None
