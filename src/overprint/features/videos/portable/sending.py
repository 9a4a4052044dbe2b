"""A film as it leaves: its storyboard, what its steps answered last, and where the bytes of its files lie."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from overprint import __version__
from overprint.core.codec import Json, decode, encode
from overprint.core.files import StoredFile
from overprint.core.film import FilmBrief, Storyboard
from overprint.core.problems import LimitReached
from overprint.engine.job import Origin
from overprint.engine.recipe import essence
from overprint.features.jobs import ARCHIVE_FORMAT, FilmHeader, Parcel, StepAbout, packed_answer
from overprint.features.videos.portable.contents import OWN, held_kinds, kinds_of, own_files, refuse_large_own
from overprint.features.videos.service import Film
from overprint.features.videos.steps import FILM, MOTION, Target

Row = dict[str, Any]
FilmParcel: TypeAlias = Parcel[FilmHeader]
WHOLE_MAX_BYTES = 1_900_000_000


def parcel_of(
    video: Row,
    film: Film,
    board: Storyboard,
    target: Target,
    outputs: Sequence[Row],
    edits: Mapping[str, Json],
    credits: tuple[str, ...],
) -> FilmParcel:
    """``film``: what there is of it; ``board``: as it stands now; ``outputs``: what its steps answered last; ``edits``:
    what stands in place of that. Raises ``LimitReached``."""
    origin, stored = video["origin"], dict[str, str]()
    held = {key: edits[key] for key in held_kinds(board) if key in edits}
    kinds = kinds_of(board)
    answers = {
        row["key"]: row
        for row in outputs
        # What once stood for a person is no answer to what the step was asked.
        if row["kind"] == kinds.get(row["key"]) and row["key"] not in held and row["origin"] != Origin.PERSON
    }
    if not (origin.get("driving") or video["brief"].get("curves")):
        answers.pop(MOTION, None)
    steps = {key: packed_answer(row["output"], stored) for key, row in answers.items()}
    stands = {key: packed_answer(output, stored) for key, output in held.items()}
    seen = {card.picture.content_hash for card in board.cards if card.picture}
    first = origin.get("picture")
    # What the first scene was to show means nothing any more where its card has another picture, or none.
    shown = origin if first and first["content_hash"] in seen else {**origin, "picture": None}
    picture, driving, lut = (_own(shown.get(name), stored) for name in OWN)
    header = FilmHeader(
        format=ARCHIVE_FORMAT,
        made_with=f"Overprint {__version__}",
        title=board.title,
        brief=decode(FilmBrief, video["brief"]),
        board=decode(Storyboard, packed_answer(encode(board), stored)),
        target=target,
        script=tuple(origin.get("script") or ()),
        picture=picture,
        driving=driving,
        lut=lut,
        credits=credits,
        steps={
            key: StepAbout(row["kind"], essence(row["kind"], row["resolved"], row["seed"]))
            for key, row in sorted(answers.items())
        },
        edits=tuple(sorted(held)),
        results=results_of(film) if target is Target.FILM else {},
    )
    _refuse_large(header, [answer["file"]["size_bytes"] for answer in (*steps.values(), *stands.values())])
    return Parcel(header, steps, stands, stored)


def _own(file: Json, stored: dict[str, str]) -> StoredFile | None:
    return decode(StoredFile, packed_answer(file, stored)) if file else None


def results_of(film: Film) -> dict[str, str]:
    """SHA-256 of a film, of its captions and of its other forms, as they are before the film is signed."""
    if film.film is None:
        return {}
    whole = {FILM: film.film.file.content_hash, "captions": film.film.captions.content_hash}
    return whole | {name: file.content_hash for name, file in film.packages.items()}


def _refuse_large(header: FilmHeader, made_bytes: Sequence[int]) -> None:
    """What would not be taken in is not sent."""
    refuse_large_own(header)
    if sum(made_bytes) + sum(file.size_bytes for file in own_files(header)) > WHOLE_MAX_BYTES:
        raise LimitReached(f"This film is larger than {WHOLE_MAX_BYTES // 1_000_000} MB.", "Make two films of it.")
