"""The form of a portable book: an ordinary zip that any program can open.

=====================  ==========================================================================================
``overprint.json``     the header: what was asked for, by whom it was made, and what else is in the archive
``steps/<key>.json``   what a step of the book answered: ``plan``, ``text/1``, ``scenes/1``, ``picture/1/2``, …
``edits/<key>.json``   what a person wrote in place of a step's answer
``files/<sha256>``     pictures, previews, portraits and sounds, named by what is in them
=====================  ==========================================================================================

PDF and e-books are not in it: they are set again from these, byte by byte the same by the same version of Overprint;
the header says what they came to. The names of members are looked up, never used as paths. A reader of format 1 refuses
every other format, and every field that it does not know.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from overprint.core.codec import bounds
from overprint.core.story import Brief

FORMAT = 1
HEADER = "overprint.json"
STEPS, EDITS, FILES = "steps/", "edits/", "files/"
MEMBERS_MAX = 5_000
DIRECTORY_MAX_BYTES = 2_000_000
JSON_MAX_BYTES = 4_000_000
JSON_TOGETHER_MAX_BYTES = 64_000_000
JSON_DEPTH_MAX = 50
FILE_MAX_BYTES = 100_000_000
UNPACKED_MAX_BYTES = 2_000_000_000
_KEY = re.compile(r"[^\W_][\w-]{0,99}(/[\w-]{1,100}){0,4}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class StepAbout:
    """``made_of``: the digest of all that the answer depends on but who gave it: it is used for nothing else."""

    kind: str = field(metadata=bounds(max_length=100))
    made_of: str = field(metadata=bounds(max_length=64))


@dataclass(frozen=True, slots=True)
class Header:
    """``words_by`` and ``pictures_by`` stand in the colophon. ``results``: SHA-256 of the files that were set from
    this, before they were signed, by the slot of the book that they had."""

    format: int
    made_with: str = field(metadata=bounds(max_length=100))
    title: str = field(metadata=bounds(max_length=200))
    brief: Brief
    printer: str = field(default="", metadata=bounds(max_length=40))
    is_aloud: bool = False
    words_by: str = field(default="", metadata=bounds(max_length=200))
    pictures_by: str = field(default="", metadata=bounds(max_length=200))
    steps: Mapping[str, StepAbout] = field(default_factory=dict)
    edits: tuple[str, ...] = ()
    results: Mapping[str, str] = field(default_factory=dict)


def is_book_key(key: str) -> bool:
    """Whether a step may be called so."""
    return _KEY.fullmatch(key) is not None


def is_sha256(text: str) -> bool:
    return _SHA256.fullmatch(text) is not None
