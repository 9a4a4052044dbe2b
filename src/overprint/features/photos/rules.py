"""Pure decisions about photos: what is asked before one is read, what is a person's to say, what went wrong."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from overprint.core.credentials import Source, Statement
from overprint.core.editions import edition_of
from overprint.core.problems import Conflict, Invalid, LimitReached, Problem, Unavailable
from overprint.core.scene import (
    PEOPLE,
    Accessory,
    Actor,
    Expression,
    Garment,
    Hair,
    Pose,
    Scene,
    Setting,
    Sheet,
    Species,
)
from overprint.core.story import NAME_MAX_CHARACTERS, Look
from overprint.craft.photos import CLOTHES, HAIRS, PHOTO_MAX_BYTES, SKINS, PersonReading, PhotoStyle, blush
from overprint.ports.compute import ComputeFailed, ComputeLimit

_AGREED = (
    "I may use this photo: it shows me, or the person in it agrees, or I am their parent or guardian. Overprint may "
    "read the colours of hair, skin and clothes from it. Nobody is recognised."
)

PHOTOS_MAX = 50
SWATCHES: Mapping[str, Mapping[str, str]] = {
    "body": SKINS,
    "hair_colour": HAIRS,
    "outfit": CLOTHES,
    "accent": CLOTHES,
}
"""Colours that can be drawn well, by name, for the parts of a look."""
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_DAMAGED = "This photo cannot be opened."
_SAVE_AGAIN = "Save it once more, as JPEG, and send it again."


@dataclass(frozen=True, slots=True)
class Handling:
    """Where a photo and what is confirmed of it go in this house.

    ``kept_in`` names a store elsewhere that has the copy; empty: this server has it; None: there is none. ``told`` are
    the providers elsewhere that are told the look of a character; nobody is sent a photo.
    """

    kept_in: str | None = ""
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person agrees to, in the words that they saw. Their version and language are kept with each photo."""

    text: str
    language: str = "en"

    @property
    def version(self) -> str:
        """SHA-256 of the very words: another one for every other text, and in every other language."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def consent_to(handling: Handling) -> Consent:
    """What is to be agreed to where photos are handled so."""
    if handling.kept_in is None:
        kept = "It is read on this computer, and no copy of it is kept."
    elif handling.kept_in:
        kept = (
            "It is read on this server; a smaller copy without place, time or camera is sent to "
            f"{handling.kept_in} and kept there until it is deleted. The file that I upload is not kept."
        )
    else:
        kept = (
            "It is read on this server, which keeps a smaller copy without place, time or camera until it is deleted, "
            "and not the file that I upload."
        )
    sent = "It is sent to nobody else" if handling.kept_in else "It is sent to nobody"
    told = f"{sent}, and nobody is told what was read from it."
    if handling.told:
        told = f"{sent}. For a book, how I say that somebody looks is told in words to {' and '.join(handling.told)}."
    return Consent(f"{_AGREED} {kept} {told}")


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a person says of somebody on a photo.

    Who it is, what they wear and what they need to get about nobody guesses. Of the rest None leaves what was read.
    """

    name: str
    species: Species
    garment: Garment
    accessories: tuple[Accessory, ...]
    hair: Hair | None = None
    body: str | None = None
    hair_colour: str | None = None
    outfit: str | None = None
    accent: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """That a photo was deleted. ``uploaded_sha256`` is of the file that was sent, ``kept_sha256`` of the copy of it.

    ``reason`` is expired or asked; ``asked_by`` who asked.
    """

    uploaded_sha256: str
    kept_sha256: str
    size_bytes: int
    reason: str
    asked_by: str | None
    deleted_at: datetime
    consent_version: str
    consent_language: str
    consented_by: str
    consented_at: datetime


def agreed_to(version: str, wordings: Sequence[Consent]) -> Consent:
    """The words that the person agreed to. Raises ``Invalid`` unless they are what is shown now, in some language."""
    for consent in wordings:
        if consent.version == version:
            return consent
    raise Invalid(
        "Nobody has agreed to the use of this photo.",
        f"Read the text at /api/photos/consent and send its version, {wordings[0].version}.",
        field="consent",
    )


def check_size(data: bytes) -> None:
    """Raises ``LimitReached`` before anything of a file that is too large is looked at."""
    if len(data) > PHOTO_MAX_BYTES:
        raise LimitReached(
            f"This photo is larger than {PHOTO_MAX_BYTES // 1_000_000} MB.", "Save it smaller and send it again."
        )


def refuse_too_many(kept: int) -> None:
    if kept >= PHOTOS_MAX:
        raise LimitReached(f"This team keeps {kept} photos already.", "Delete those that are not needed any more.")


def is_kept(photo: Mapping[str, Any], now: datetime) -> bool:
    """Whether the picture may still be used: an expired one may not, though its bytes may be there for minutes."""
    return photo["ending"] is None and now < photo["expires_at"]


def edition_of_photo(photo: Mapping[str, Any]) -> str:
    """Of what people can change: which face is read, who it is said to be, and whether it is there."""
    return edition_of(photo["reading"], photo["look"], photo["ending"])


def state_of(photo: Mapping[str, Any], now: datetime) -> str:
    """kept, deleting or deleted."""
    if photo["deleted_at"] is not None:
        return "deleted"
    return "kept" if is_kept(photo, now) else "deleting"


def refuse_gone(photo: Mapping[str, Any], now: datetime) -> None:
    """Raises ``Conflict`` for a photo that is no longer kept."""
    if not is_kept(photo, now):
        raise Conflict("This photo has been deleted.", "Upload it again.")


def receipt_of(photo: Mapping[str, Any]) -> Receipt:
    """Raises ``Conflict`` while the photo is still there."""
    if photo["deleted_at"] is None:
        raise Conflict("This photo has not been deleted yet.", "Delete it: DELETE /api/photos/ID.")
    return Receipt(
        photo["uploaded_hash"],
        photo["content_hash"],
        photo["size_bytes"],
        photo["ending"],
        str(photo["ended_by"]) if photo["ended_by"] else None,
        photo["deleted_at"],
        photo["consent_version"],
        photo["consent_language"],
        str(photo["created_by"]),
        photo["created_at"],
    )


def proposed(reading: PersonReading) -> Look:
    """What was measured, before a person has said anything."""
    sheet = reading.sheet
    return Look("", sheet.body, sheet.marking, sheet.outfit, sheet.accent, sheet.hair_colour, sheet.hair)


def confirmed(look: Look, said: Confirmed) -> Look:
    """``look`` with what a person says. Raises ``Invalid`` for a colour, a name or a kind that cannot be used."""
    if said.species not in PEOPLE:
        raise Invalid("A photo shows a person.", "Choose a child, a woman, a man or a grandparent.", field="species")
    if len(said.accessories) > 4:
        raise Invalid("Nobody wears more than 4 things.", "Choose those that matter.", field="accessories")
    given = {each.name: getattr(said, each.name) for each in fields(said) if getattr(said, each.name) is not None}
    for name in SWATCHES:
        given.update({name: colour(given[name], name)} if name in given else {})
    if "body" in given:
        given["marking"] = blush(given["body"])
    return replace(look, **{**given, "name": clean_name(said.name)})


def clean_name(name: str) -> str:
    """A name on one line. Raises ``Invalid`` for none."""
    plain = " ".join("".join(letter for letter in name if letter.isprintable() or letter.isspace()).split())
    if not any(letter.isalpha() for letter in plain) or len(plain) > NAME_MAX_CHARACTERS:
        raise Invalid(f"A character needs a name of 1 to {NAME_MAX_CHARACTERS} characters.", field="name")
    return plain


def colour(text: str, name: str) -> str:
    """``#rrggbb`` in small letters. Raises ``Invalid``."""
    plain = text.strip().lower()
    if not _COLOUR.fullmatch(plain):
        raise Invalid(f"{name} is not a colour.", "Write it as #rrggbb, such as #3344aa.", field=name)
    return plain


def sheet_of(look: Look) -> Sheet:
    """The look as it is drawn by itself, without a story to say the rest."""
    species = look.species or Species.CHILD
    return Sheet(
        species=species,
        body=look.body,
        marking=look.marking,
        outfit=look.outfit,
        accent=look.accent,
        hair_colour=look.hair_colour,
        hair=look.hair,
        garment=look.garment or Garment.COAT,
        accessories=look.accessories or (),
    )


def treated(style: PhotoStyle) -> Statement:
    """What is signed of a picture that was made from a photo."""
    return Statement(f"A photo as {style}", Source.TREATED, provider="embedded", model="photo styles")


def portrait_scene(look: Look) -> Scene:
    """Somebody alone, in the open."""
    actor = Actor(look.name, Pose.WAVE, Expression.HAPPY)
    return Scene(Setting.MEADOW, "a meadow", f"{look.name}, as the illustrator draws them.", actors=(actor,))


def problem_of(failure: ComputeFailed | ComputeLimit) -> Problem:
    """What a failure of the child that opens photos means for the person who sent one."""
    if isinstance(failure, ComputeLimit):
        return LimitReached(
            "Opening this photo took too long or too much memory.", "Save it smaller, as JPEG, and send it again."
        )
    if failure.kind == Invalid.__name__:
        return Invalid(failure.message, field="file")
    if failure.kind == LimitReached.__name__:
        return LimitReached(failure.message)
    if failure.kind == "PoolClosed":
        return Unavailable("This server is just ending.", "Send the photo again in a moment.")
    return Invalid(_DAMAGED, _SAVE_AGAIN, field="file")
