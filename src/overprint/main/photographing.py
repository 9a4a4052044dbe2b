"""Photos on the command line: somebody of a book drawn after one, and a picture made from one.

Nothing of such a photo is kept: it is read in a child process of this command, and what a person confirms goes into
the book. That it was read, and what was agreed to, is in the audit log.
"""

import hashlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

import typer

from overprint.core.codec import decode
from overprint.core.looks import check_names
from overprint.core.problems import Conflict, Invalid, Unavailable
from overprint.core.scene import PEOPLE, Accessory, Garment, Hair
from overprint.core.story import LOOKS_MAX, Look
from overprint.features.photos import (
    PHOTO_MAX_BYTES,
    SWATCHES,
    Confirmed,
    Consent,
    PersonReading,
    PhotoStyle,
    Reader,
    confirmed,
    proposed,
)
from overprint.main.home import claim, read_settings
from overprint.ports.compute import ComputePort
from overprint.wiring import House
from overprint.wiring.ports import credentials_of, open_compute

_PARTS = {
    "skin": "body",
    "hair": "hair",
    "hair colour": "hair_colour",
    "clothes": "outfit",
    "second colour": "accent",
}
_CALLED = {"halftone": "pop", "paper-cut": "papercut"}
_GARMENTS = [str(each) for each in Garment if each is not Garment.NONE]


@dataclass(frozen=True, slots=True)
class NamedPhoto:
    """A photo of somebody whom the premise names."""

    name: str
    path: Path
    data: bytes = field(repr=False)


class Questions(Protocol):
    """Asks whoever sits in front of the command. ``ask`` answers one of ``choices``, or anything if there are none."""

    def tell(self, line: str) -> None: ...

    def ask(self, question: str, choices: Sequence[str] = (), default: str | None = None) -> str: ...


def named_photos(given: Sequence[str], premise: str) -> tuple[NamedPhoto, ...]:
    """The photos of ``--photo "Mia=mia.jpg"``. Raises ``Invalid`` unless all are files of people in the premise."""
    if len(given) > LOOKS_MAX:
        raise Invalid(f"At most {LOOKS_MAX} characters of a book can come from photos.", "Leave some out.")
    photos = []
    for option in given:
        name, equals, path = (part.strip() for part in option.partition("="))
        if not (name and equals and path):
            raise Invalid(f"--photo {option!r} does not say whose photo it is.", 'Write it so: --photo "Mia=mia.jpg".')
        photos.append(NamedPhoto(name, Path(path), read_file(Path(path))))
    check_names([each.name for each in photos], premise)
    return tuple(photos)


def read_file(path: Path) -> bytes:
    """At most one byte more than a photo may have. Raises ``Invalid`` for what is no readable file."""
    try:
        with path.open("rb") as file:
            return file.read(PHOTO_MAX_BYTES + 1)
    except OSError as error:
        raise Invalid(f"{path} cannot be read ({error.strerror}).", "Check its name.") from None


async def looks_of(photos: Sequence[NamedPhoto], questions: Questions | None) -> tuple[Look, ...]:
    """How everybody looks, as they say who are asked; without anybody to ask, as it was read.

    Then the story says who it is and what they wear: that is not guessed from a photo.
    """
    async with open_compute() as compute:
        return tuple([await _look_of(photo, compute, questions) for photo in photos])


async def _look_of(photo: NamedPhoto, compute: ComputePort, questions: Questions | None) -> Look:
    reader = Reader(compute)
    data = await reader.clean(photo.data)
    reading = await reader.read(data)
    if questions is None:
        _to_people(f"{photo.path}: {_in_words(reading)}")
        return replace(proposed(reading), name=photo.name)
    faces = len(reading.faces)
    if faces > 1:
        numbers = [str(n) for n in range(1, faces + 1)]
        chosen = questions.ask(f"There are {faces} faces. Which is {photo.name}, 1 being the largest?", numbers, "1")
        reading = await reader.read(data, int(chosen) - 1)
    for line in (f"{photo.path}: {_in_words(reading)}", *reading.notes):
        questions.tell(line)
    return _confirmed(proposed(reading), photo.name, questions)


def _confirmed(look: Look, name: str, questions: Questions) -> Look:
    """What nobody can read off a photo is asked, and then whether the rest is right."""
    said: dict[str, object] = {
        "name": name,
        "species": questions.ask(f"Who is {name}?", [str(each) for each in PEOPLE]),
        "garment": questions.ask(f"What does {name} wear?", _GARMENTS),
        "accessories": _accessories(name, questions),
    }
    while part := questions.ask("What is wrong? Press Enter if all is right.", ["", *_PARTS], ""):
        swatches = {str(each): str(each) for each in Hair} if part == "hair" else SWATCHES[_PARTS[part]]
        wanted = questions.ask(f"{part}: {', '.join(swatches)}" + (", or #rrggbb" if part != "hair" else ""))
        said[_PARTS[part]] = swatches.get(wanted.strip().lower(), wanted)
    return confirmed(look, decode(Confirmed, said, at=""))


def _accessories(name: str, questions: Questions) -> list[str]:
    known = [each.replace("_", " ") for each in Accessory]
    answer = questions.ask(
        f"What is on every page with {name}? {', '.join(known)}; several with commas, or none.", (), ""
    )
    chosen = [word.strip().lower() for word in answer.split(",")]
    odd = [word for word in chosen if word not in (*known, "", "none")]
    if odd:
        questions.tell(f"  {odd[0]} cannot be drawn, so it is left out.")
    return [word.replace(" ", "_") for word in chosen if word in known]


def _in_words(reading: PersonReading) -> str:
    """``skin golden, hair short, hair colour auburn, clothes blue, second colour red``"""
    return ", ".join(f"{part} {reading.trait(of).name}" for part, of in _PARTS.items())


class Terminal:
    """Asks on standard error, so that what is printed can still be read by a machine."""

    def tell(self, line: str) -> None:
        _to_people(line)

    def ask(self, question: str, choices: Sequence[str] = (), default: str | None = None) -> str:
        shown = f"{question} ({', '.join(each for each in choices if each)})" if choices else question
        while True:
            answer = str(typer.prompt(shown, default=default, show_default=bool(default), err=True)).strip()
            if not choices or answer.lower() in choices:
                return answer.lower() if choices else answer
            _to_people(f"  {answer[:60]} is none of these.")


def questions_for(photos: Sequence[NamedPhoto], consent: Consent, says_yes: bool) -> Questions | None:
    """Who can be asked, once they have agreed; None with ``--yes``, which agrees. Raises ``Invalid`` without either."""
    if says_yes:
        _to_people(f"With --yes you say: {consent.text}")
        return None
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise Invalid(
            "Nobody can be asked here whether the photo may be used, and whether it was read rightly.",
            "Run this in a terminal, or add --yes to agree and to take what is read.",
        )
    terminal = Terminal()
    terminal.tell(consent.text)
    names = ", ".join(photo.path.name for photo in photos)
    if terminal.ask(f"Do you agree, for {names}?", ("yes", "no"), "no") != "yes":
        raise Invalid("The photo was not opened.", "Leave --photo out, and describe the character in the premise.")
    return terminal


async def record(house: House, photos: Sequence[NamedPhoto], consent: Consent) -> None:
    """That photos were read, and what was agreed to, in the audit log."""
    async with house.database.transaction(house.owner.team_id) as transaction:
        for photo in photos:
            digest = hashlib.sha256(photo.data).hexdigest()
            await house.photos.record_unkept(transaction, house.owner, photo.name, digest, consent)


@dataclass(frozen=True, slots=True)
class MakePictureOptions:
    """What the command line said."""

    photo: Path
    style: str
    out: Path
    seed: int = 0
    data: Path | None = None


async def make_picture(options: MakePictureOptions) -> int:
    """Make a picture from a photo; answers the exit code."""
    style = decode(PhotoStyle, _CALLED.get(options.style, options.style), at="--style")
    photo = read_file(options.photo)
    if options.out.exists() and options.out.samefile(options.photo):
        raise Conflict(f"{options.out} is the photo itself, which would be lost.", "Choose another --out.")
    settings = read_settings(options.data, log_level="CRITICAL", claims=False)
    if settings.credentials.enabled:
        claim(settings)
    async with open_compute() as compute:
        signer = credentials_of(settings, compute) if settings.credentials.enabled else None
        picture = await Reader(compute, signer).restyle(photo, style, options.seed)
    draft = options.out.with_name(f".{options.out.name}.part")
    try:
        draft.write_bytes(picture)
        draft.replace(options.out)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise Unavailable(f"{options.out} could not be written ({error.strerror}).", "Choose another --out.") from error
    _to_people(f"{options.out}: {options.photo.name} in {options.style}, a JPEG of {len(picture) // 1000} kB.")
    return 0


def _to_people(line: str) -> None:
    print(line, file=sys.stderr)
