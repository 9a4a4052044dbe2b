"""A book as it arrives. Whoever made the file may lie, so every answer in it has to be one that its step could give.

That it is the answer which that step did give, nobody can prove. So what arrives is kept with this one book, beside a
person's edits, and is never taken for an answer of a provider here (``engine.store.Edit``).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, BinaryIO
from uuid import UUID

from overprint.core.codec import Json, decode, encode
from overprint.core.files import FileKind, StoredFile, files_in
from overprint.core.pixels import picture_size
from overprint.core.problems import Invalid, LimitReached
from overprint.core.scene import Area, Sheet
from overprint.core.story import ChapterText, Outline, Plan, TouchedScenes
from overprint.core.story_checks import check_plan, check_scenes, check_text
from overprint.core.words import clean_text
from overprint.craft.portable import Header, Portable, open_portable
from overprint.craft.typesetting.vectors import is_plain_svg
from overprint.engine.pipeline import Registry
from overprint.engine.store import Edit
from overprint.features.books import rules
from overprint.features.books.pipeline import pipeline
from overprint.features.books.portable.contents import EDITED_KINDS, FILES, kind_of, moved
from overprint.features.books.service import cleaned
from overprint.features.books.steps import COVER_SCENE, PLAN, IllustrateOut

TITLE_MAX_CHARACTERS = 200
NAME_MAX_CHARACTERS = 300
SIDE_MAX_PX, PICTURE_MAX_PX = 8192, 50_000_000
_SVG = "image/svg+xml"
_FORMS = {
    "image/png": ("png", FileKind.IMAGE),
    "image/jpeg": ("jpg", FileKind.IMAGE),
    "image/webp": ("webp", FileKind.IMAGE),
    _SVG: ("svg", FileKind.OTHER),
    "audio/mp4": ("m4a", FileKind.AUDIO),
    "audio/wav": ("wav", FileKind.AUDIO),
}
# What would run in a browser. All else that is no plain shape, ``is_plain_svg`` refuses.
_HANDLER = re.compile(rb"\son\w+\s*=", re.IGNORECASE)
_REGISTRY = Registry.of(pipeline)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A book that was looked at from end to end. ``edits`` are by step; ``files`` are those that steps made, each with
    the step's key; ``stored`` says by SHA-256 under which key, and as what, bytes are to be kept."""

    header: Header
    book_id: UUID
    edits: Mapping[str, Edit]
    files: tuple[tuple[str, StoredFile], ...]
    stored: Mapping[str, tuple[str, str]]
    portable: Portable

    @property
    def size_bytes(self) -> int:
        return sum(file.size_bytes + file.thumbnail_size_bytes for _, file in self.files)


def unpack(file: BinaryIO, team_id: UUID, book_id: UUID) -> Arrival:
    """Look at a portable book that is to become ``book_id``. Takes a while for a long one, and keeps ``file`` in use.

    Raises ``Invalid`` or ``LimitReached``; nothing is stored yet.
    """
    portable = open_portable(file)
    said = portable.header
    header = replace(said, brief=cleaned(said.brief), title=_title(said.title))
    rules.check_printer(header.printer, header.brief.trim)
    place = _Place(portable, f"teams/{team_id}/books/{book_id}/imported")
    edits: dict[str, Edit] = {}
    answers: dict[str, Any] = {}
    for key, about in header.steps.items():
        if about.kind != kind_of(key):
            raise _unusable(f"{key[:60]!r} is of a kind that this version does not know")
        answers[key] = _answer(about.kind, key, place.in_place(key, portable.step(key)))
        edits[key] = Edit(encode(answers[key]), about.made_of)
    for key in header.edits:
        kind = kind_of(key, EDITED_KINDS)
        if kind is None:
            raise _unusable(f"nobody can edit {key[:60]!r}")
        answers[key] = _answer(kind, key, place.in_place(key, portable.edit(key)))
        edits[key] = Edit(encode(answers[key]))
    _check_story(answers, header)
    files = tuple((key, made) for key, answer in answers.items() for made in files_in(answer))
    if portable.file_hashes != place.stored.keys():
        raise _unusable("it holds files that are no part of the book")
    return Arrival(header, book_id, edits, files, place.stored, portable)


class _Place:
    """Where the files of a book are going to lie; each is looked at once."""

    def __init__(self, portable: Portable, folder: str) -> None:
        self._portable = portable
        self._folder = folder
        self.stored: dict[str, tuple[str, str]] = {}
        self._sizes: dict[str, tuple[int, tuple[int, int] | None]] = {}

    def in_place(self, key: str, answer: Json) -> Json:
        return moved(answer, lambda file: self._moved(key, file))

    def _moved(self, key: str, said: Mapping[str, Json]) -> Json:
        named = decode(StoredFile, dict(said), at=key)
        file = replace(named, key=self._keep(named.key, named.content_hash))
        media_type = self.stored[file.content_hash][1]
        size_bytes, pixels = self._sizes[file.content_hash]
        kind = _FORMS[media_type][1]
        is_told_well = (file.media_type, file.size_bytes, file.kind) == (media_type, size_bytes, kind)
        is_sized_well = _is_sized(file) if pixels is None else pixels == (file.width_px, file.height_px)
        if not (is_told_well and is_sized_well and _is_name(file.name)):
            raise _unusable(f"it does not say well what the file of {key[:60]!r} is")
        if named.thumbnail_key is None:
            return encode(replace(file, thumbnail_size_bytes=0))
        preview = named.thumbnail_key.removeprefix(FILES)
        return encode(
            replace(
                file,
                thumbnail_key=self._keep(named.thumbnail_key, preview),
                thumbnail_size_bytes=self._sizes[preview][0],
            )
        )

    def _keep(self, named: str, content_hash: str) -> str:
        """The key in storage of the file that an answer calls ``named``."""
        if named != FILES + content_hash:
            raise _unusable("it names a file that is not in it")
        if content_hash not in self.stored:
            data = self._portable.file(content_hash)
            media_type, pixels = _recognise(data)
            self.stored[content_hash] = f"{self._folder}/{content_hash}.{_FORMS[media_type][0]}", media_type
            self._sizes[content_hash] = len(data), pixels
        return self.stored[content_hash][0]


def _recognise(data: bytes) -> tuple[str, tuple[int, int] | None]:
    """What a file is by its own bytes, and how large a picture."""
    if data[4:8] == b"ftyp":
        return "audio/mp4", None
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return "audio/wav", None
    if data.startswith(b"<svg "):
        if not is_plain_svg(data) or _HANDLER.search(data):
            raise _unusable("it holds a drawing that does more than show shapes")
        return _SVG, None
    pixels = picture_size(data)
    if pixels is None:
        raise _unusable("it holds a file that is neither a picture nor a sound")
    if max(pixels) > SIDE_MAX_PX or pixels[0] * pixels[1] > PICTURE_MAX_PX:
        raise LimitReached(f"A picture in it has {pixels[0]} × {pixels[1]} pixels.", "Nothing was imported.")
    if data.startswith(b"RIFF"):
        return "image/webp", pixels
    return ("image/png" if data.startswith(b"\x89PNG") else "image/jpeg"), pixels


def _answer(kind: str, key: str, answer: Json) -> Any:
    """The answer as its step would give it."""
    try:
        return decode(_REGISTRY.get_kind(kind).output, answer, at=key)
    except Invalid as problem:
        raise _unusable(problem.message) from None


def _check_story(answers: Mapping[str, Any], header: Header) -> None:
    """The checks that a provider's answers are held to."""
    plan = answers.get(PLAN)
    if not isinstance(plan, Plan):
        raise _unusable("it has no plan")
    try:
        check_plan(plan, header.brief)
        for key, answer in answers.items():
            _check_answer(key, answer, plan.outline, answers)
    except Invalid as problem:
        raise _unusable(problem.message) from None


def _check_answer(key: str, answer: Any, outline: Outline, answers: Mapping[str, Any]) -> None:
    number = key.partition("/")[2]
    if isinstance(answer, ChapterText):
        check_text(answer, outline, _chapter(number, outline))
    elif isinstance(answer, TouchedScenes) and key == COVER_SCENE:
        rules.check_cover(answer, outline)
    elif isinstance(answer, TouchedScenes):
        text = answers.get(f"text/{number}")
        if not isinstance(text, ChapterText):
            raise Invalid(f"Chapter {number[:10]} has scenes and no words.")
        check_scenes(answer, outline, text, _chapter(number, outline))
    elif isinstance(answer, Sheet):
        rules.check_look(answer)
    elif isinstance(answer, IllustrateOut) and answer.quiet not in list(Area):
        raise Invalid(f"{answer.quiet[:40]!r} is no part of a picture.")


def _chapter(number: str, outline: Outline) -> int:
    if number not in map(str, range(1, len(outline.chapters) + 1)):
        raise Invalid(f"The plan has no chapter {number[:10]!r}.")
    return int(number) - 1


def _title(title: str) -> str:
    return clean_text(title)[:TITLE_MAX_CHARACTERS] or "Untitled"


def _is_sized(file: StoredFile) -> bool:
    """Whether a drawing or a sound claims no more pixels than a picture may have."""
    return all(side is None or 0 < side <= SIDE_MAX_PX for side in (file.width_px, file.height_px))


def _is_name(name: str) -> bool:
    return 0 < len(name) <= NAME_MAX_CHARACTERS and name.isprintable()


def _unusable(reason: str) -> Invalid:
    return Invalid(f"This book cannot be used: {reason.rstrip('.')}.", "Nothing was imported. Export it again.")
