"""A book as it arrives. Whoever made the file may lie, so every answer in it has to be one that its step could give.

That it is the answer which that step did give, nobody can prove. So what arrives is kept with this one book, beside a
person's edits, and is never taken for an answer of a provider here (``engine.store.Edit``).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from overprint.core.codec import encode
from overprint.core.files import FileKind, StoredFile, files_in
from overprint.core.pixels import Bytes
from overprint.core.problems import Invalid
from overprint.core.scene import Area, Sheet
from overprint.core.story import ChapterText, Outline, Plan, TouchedScenes
from overprint.core.story_checks import check_plan, check_scenes, check_text
from overprint.core.words import clean_text
from overprint.craft.typesetting.vectors import is_plain_svg
from overprint.engine.pipeline import Registry
from overprint.engine.store import Edit
from overprint.features.books import rules
from overprint.features.books.pipeline import pipeline
from overprint.features.books.portable.contents import EDITED_KINDS, kind_of
from overprint.features.books.service import cleaned
from overprint.features.books.steps import COVER_SCENE, PLAN, IllustrateOut
from overprint.features.jobs import ArrivingFiles, BookHeader, FileForm, Portable, arriving_answer, file_form, unusable

TITLE_MAX_CHARACTERS, DRAWING_MAX_BYTES = 200, 64_000_000
_DRAWING = FileForm("image/svg+xml", "svg", FileKind.OTHER)
# What would run in a browser. All else that is no plain shape, ``is_plain_svg`` refuses.
_HANDLER = re.compile(rb"\son\w+\s*=", re.IGNORECASE)
_REGISTRY = Registry.of(pipeline)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A book that was looked at from end to end. ``edits`` are by step; ``files`` are those that steps made, each with
    the step's key; ``stored`` says by SHA-256 under which key, and as what, bytes are to be kept; until then all files
    lie in ``folder`` by their SHA-256."""

    header: BookHeader
    book_id: UUID
    edits: Mapping[str, Edit]
    files: tuple[tuple[str, StoredFile], ...]
    stored: Mapping[str, tuple[str, str]]
    folder: Path

    @property
    def size_bytes(self) -> int:
        return sum(file.size_bytes + file.thumbnail_size_bytes for _, file in self.files)


def unpack(opened: Portable, folder: Path, team_id: UUID, book_id: UUID) -> Arrival:
    """Look at a portable book that is to become ``book_id``, with its files in ``folder``. It takes its time.

    Raises ``Invalid`` or ``LimitReached``, and ``OSError`` of the disk; nothing is stored yet.
    """
    said = opened.header_as(BookHeader)
    header = replace(said, brief=cleaned(said.brief), title=_title(said.title))
    rules.check_printer(header.printer, header.brief.trim)
    arriving = ArrivingFiles(opened, folder, _recognise, f"teams/{team_id}/books/{book_id}/imported")
    edits: dict[str, Edit] = {}
    answers: dict[str, Any] = {}
    for key, about in header.steps.items():
        if about.kind != kind_of(key):
            raise unusable(f"{key[:60]!r} is of a kind that this version does not know")
        answers[key] = arriving_answer(_REGISTRY, about.kind, key, arriving.in_place(key, opened.step(key)))
        edits[key] = Edit(encode(answers[key]), about.made_of)
    for key in header.edits:
        kind = kind_of(key, EDITED_KINDS)
        if kind is None:
            raise unusable(f"nobody can edit {key[:60]!r}")
        answers[key] = arriving_answer(_REGISTRY, kind, key, arriving.in_place(key, opened.edit(key)))
        edits[key] = Edit(encode(answers[key]))
    _check_story(answers, header)
    files = tuple((key, made) for key, answer in answers.items() for made in files_in(answer))
    if opened.file_hashes != arriving.hashes:
        raise unusable("it holds files that are no part of the book")
    return Arrival(header, book_id, edits, files, arriving.stored, folder)


def _recognise(data: Bytes, said: str) -> FileForm:
    """What a file of a book is by its own bytes."""
    if data[:5] == b"<svg ":
        if len(data) > DRAWING_MAX_BYTES or not is_plain_svg(data[:]) or _HANDLER.search(data):
            raise unusable("it holds a drawing that does more than show shapes")
        return _DRAWING
    form = file_form(data)
    if form is None:
        raise unusable("it holds a file that is neither a picture nor a sound")
    return form


def _check_story(answers: Mapping[str, Any], header: BookHeader) -> None:
    """The checks that a provider's answers are held to."""
    plan = answers.get(PLAN)
    if not isinstance(plan, Plan):
        raise unusable("it has no plan")
    try:
        check_plan(plan, header.brief)
        for key, answer in answers.items():
            _check_answer(key, answer, plan.outline, answers)
    except Invalid as problem:
        raise unusable(problem.message) from None


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
