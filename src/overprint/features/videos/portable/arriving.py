"""A film as it arrives. Whoever made the file may lie, so everything in it has to be what a film can have.

As with books, what arrives is kept with this one film (``engine.store.Edit``). What a person brought to it is judged as
an upload is, and becomes a file of the new team's own.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from overprint.core.codec import Json, decode, encode
from overprint.core.files import FileKind, StoredFile, files_in
from overprint.core.film import SECONDS_MAX, WORDS_MAX
from overprint.core.motion import Curves, check_curves
from overprint.core.pixels import Bytes
from overprint.core.problems import Problem
from overprint.core.words import clean_text
from overprint.engine.pipeline import Registry
from overprint.engine.store import Edit
from overprint.features.jobs import (
    ArrivingFiles,
    FileForm,
    FilmHeader,
    Portable,
    arriving_answer,
    file_form,
    open_portable,
    unusable,
)
from overprint.features.videos import rules
from overprint.features.videos.pipeline import pipeline
from overprint.features.videos.portable.contents import OWN, held_kinds, kinds_of, own_files, refuse_large_own
from overprint.features.videos.rules import boards, sources
from overprint.features.videos.service import cleaned
from overprint.features.videos.steps import ClipOut, MotionOut, NarrateOut, PictureOut, Target

UNTITLED = "Untitled"
ALT_MAX_CHARACTERS, CREDIT_MAX_CHARACTERS, CURVES_MAX_BYTES = 2000, 160, 1_000_000
_FILM, _CURVES = "video/mp4", "application/json"
_SLACK_SECONDS = 1.0
_REGISTRY = Registry.of(pipeline)
_KIND_OF = {PictureOut: FileKind.IMAGE, NarrateOut: FileKind.AUDIO, ClipOut: FileKind.VIDEO, MotionOut: FileKind.OTHER}


@dataclass(frozen=True, slots=True)
class Arrival:
    """A film that was looked at as far as it can be without opening pictures and films (``Portables.judged``).

    ``header`` names ``own`` files, which a person brought, as the archive does. ``edits`` are by step; ``files`` are
    those that steps made, each with the step's key; ``stored`` says by SHA-256 under which key, and as what, these are
    to be kept; until then all files lie in ``folder`` by their SHA-256.
    """

    header: FilmHeader
    target: Target
    video_id: UUID
    edits: Mapping[str, Edit]
    files: tuple[tuple[str, StoredFile], ...]
    stored: Mapping[str, tuple[str, str]]
    own: tuple[StoredFile, ...]
    folder: Path

    @property
    def size_bytes(self) -> int:
        made = sum(file.size_bytes + file.thumbnail_size_bytes for _, file in self.files)
        return made + sum(file.size_bytes for file in self.own)

    @property
    def clips(self) -> tuple[StoredFile, ...]:
        return tuple(file for _, file in self.files if file.kind is FileKind.VIDEO)


def holds_film(file: BinaryIO) -> bool:
    """Whether an archive is of a film, and not of a book. Raises as ``unpack``."""
    return isinstance(open_portable(file).header, FilmHeader)


def unpack(opened: Portable, folder: Path, team_id: UUID, video_id: UUID) -> Arrival:
    """Look at a portable film that is to become ``video_id``, with its files in ``folder``.

    Raises ``Invalid`` or ``LimitReached``, and ``OSError`` of the disk; nothing is stored yet.
    """
    header = _checked(opened.header_as(FilmHeader))
    arriving = ArrivingFiles(opened, folder, _recognise, f"teams/{team_id}/videos/{video_id}/imported")
    kinds, held = kinds_of(header.board), held_kinds(header.board)
    edits: dict[str, Edit] = {}
    answers: dict[str, Any] = {}
    for key, about in header.steps.items():
        if about.kind != kinds.get(key):
            raise unusable(f"{key[:60]!r} is of a kind that this version does not know, or of no scene")
        answers[key] = _answer(about.kind, key, arriving.in_place(key, opened.step(key)))
        edits[key] = Edit(encode(answers[key]), about.made_of)
    for key in header.edits:
        if key not in held or key in answers:
            raise unusable(f"nothing of {key[:60]!r} can stand for good")
        answers[key] = _answer(held[key], key, arriving.in_place(key, opened.edit(key)))
        edits[key] = Edit(encode(answers[key]))
    refuse_large_own(header)
    own = own_files(header)
    for mine in own:
        arriving.bring(mine)
    if opened.file_hashes != arriving.hashes:
        raise unusable("it holds files that are no part of the film")
    files = tuple((key, made) for key, answer in answers.items() for made in files_in(answer))
    return Arrival(header, Target(header.target), video_id, edits, files, arriving.stored, own, folder)


def placed(header: FilmHeader, own: Mapping[StoredFile, StoredFile]) -> FilmHeader:
    """The header with the files of a person's own as they are kept here."""

    def here(file: StoredFile | None) -> StoredFile | None:
        return own[file] if file is not None else None

    cards = tuple(replace(card, picture=here(card.picture)) for card in header.board.cards)
    named: dict[str, Any] = {name: here(getattr(header, name)) for name in OWN}
    return replace(header, board=replace(header.board, cards=cards), **named)


def _checked(said: FilmHeader) -> FilmHeader:
    """The checks that a person's request is held to."""
    try:
        titled = replace(said.board, title=clean_text(said.board.title) or UNTITLED)
        brief, board = cleaned(said.brief), boards.arrived(titled)
        rules.check_size(brief, board.cards)
        if said.script:
            sources.check_script(said.script)
        target = decode(Target, said.target, at="target")
    except Problem as problem:
        raise unusable(problem.message) from None
    lines = tuple(clean_text(line)[:CREDIT_MAX_CHARACTERS] for line in said.credits)
    return replace(said, title=board.title, brief=brief, board=board, target=target, credits=tuple(filter(None, lines)))


def _recognise(data: Bytes, said: str) -> FileForm:
    """What a file of a film is by its own bytes. A film is opened later, in a child process."""
    if said == _FILM and data[4:8] == b"ftyp":
        return FileForm(_FILM, "mp4", FileKind.VIDEO)
    if said == _CURVES:
        _curves(data)
        return FileForm(_CURVES, "json", FileKind.OTHER)
    form = file_form(data)
    if form is None:
        raise unusable("it holds a file that is no picture, no sound and no film")
    return form


def _curves(data: Bytes) -> Curves:
    try:
        curves = decode(Curves, json.loads(data[:]) if len(data) <= CURVES_MAX_BYTES else None)
        check_curves(curves)
    except (Problem, ValueError, RecursionError):
        raise unusable("it holds a motion that cannot be followed") from None
    return curves


def _answer(kind: str, key: str, said: Json) -> Any:
    """An answer as its step would give it."""
    answer = arriving_answer(_REGISTRY, kind, key, said)
    wrong = _wrong_of(answer)
    if wrong:
        raise unusable(f"{key[:60]!r} {wrong}")
    return answer


def _wrong_of(answer: Any) -> str:
    """What no step would answer; empty where nothing is wrong."""
    if answer.file.kind is not _KIND_OF[type(answer)]:
        return "has a file of another kind"
    if isinstance(answer, PictureOut) and len(answer.alt) > ALT_MAX_CHARACTERS:
        return "is described at too great length"
    if isinstance(answer, MotionOut) and not all(0 <= n <= 1 for n in _shares(answer)):
        return "goes farther than it can"
    if isinstance(answer, (NarrateOut, MotionOut)) and not _lasts(answer.seconds, answer.file):
        return "does not say well how long it lasts"
    if isinstance(answer, NarrateOut) and not _is_heard(answer):
        return "does not say well what is heard when"
    return ""


def _shares(followed: MotionOut) -> tuple[float, ...]:
    return followed.camera_share, followed.figure_share, followed.seen_share


def _lasts(seconds: float, file: StoredFile) -> bool:
    return 0 < seconds <= SECONDS_MAX and seconds == file.duration_seconds


def _is_heard(told: NarrateOut) -> bool:
    """Whether sentences and words sound while there is a sound, and are letters that a scene can have."""
    times = [*(cue.start_seconds for cue in told.cues), *(cue.end_seconds for cue in told.cues)]
    times += [mark.start_seconds for mark in told.marks]
    letters = [*(place for cue in told.cues for place in (cue.first, cue.last)), *(mark.first for mark in told.marks)]
    is_in_time = all(0 <= at <= told.seconds + _SLACK_SECONDS for at in times)
    return is_in_time and all(0 <= n <= WORDS_MAX for n in letters) and len(letters) <= 3 * WORDS_MAX
