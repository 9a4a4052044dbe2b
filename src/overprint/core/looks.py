"""Looks that people have confirmed, and a plan that honours them. The same for every writer."""

import re
from collections.abc import Sequence
from dataclasses import replace

from overprint.core.problems import Invalid
from overprint.core.scene import PEOPLE, Accessory, Sheet, Species
from overprint.core.story import Brief, Character, Look, Plan

_COLOURS = ("body", "marking", "outfit", "accent", "hair_colour")
_THEIR_OWN = (Accessory.GLASSES, Accessory.HIJAB, Accessory.WHEELCHAIR)
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def check_looks(looks: Sequence[Look], premise: str) -> None:
    """Raises ``Invalid`` unless the premise names everybody whose look is given, each once, and colours are colours."""
    check_names([look.name for look in looks], premise)
    for look in looks:
        odd = next((name for name in _COLOURS if not _COLOUR.fullmatch(getattr(look, name))), None)
        if odd:
            raise Invalid(f"The {odd} of {look.name} is not a colour.", "Write it as #3344aa.", field="looks")


def check_names(names: Sequence[str], premise: str) -> None:
    """Raises ``Invalid`` unless the premise names everybody, and nobody is there twice."""
    for n, name in enumerate(names):
        if name.casefold() in (other.casefold() for other in names[:n]):
            raise Invalid(f"There are two looks for {name}.", "Give one.", field="looks")
        if not is_named(name, premise):
            raise Invalid(
                f"{name} is not in the premise, so nobody in the book would look like that.",
                f"Say in the premise who {name} is: “{name} and a small dragon look for the sea”.",
                field="premise",
            )


def is_named(name: str, premise: str) -> bool:
    """Whether the premise has this name as words of its own, where its script puts spaces between words."""
    found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", premise, re.IGNORECASE)
    return found is not None or (not name.isascii() and name.casefold() in premise.casefold())


def check_cast(plan: Plan, looks: Sequence[Look]) -> None:
    """Raises ``Invalid`` unless everybody whose look is given is a person of the plan."""
    for look in looks:
        character = find_character(plan.outline.characters, look.name)
        if character is None:
            raise Invalid(
                f"The plan has nobody called {look.name}.", f"Say in the premise what {look.name} wants, or does."
            )
        species = plan.sheets[character.id].species
        if species not in PEOPLE:
            raise Invalid(
                f"In this story {look.name} is a {species}; only people can look like a person on a photo.",
                f"Say in the premise that {look.name} is a child or a grown-up, or leave the photo out.",
            )


def dressed(plan: Plan, brief: Brief) -> Plan:
    """The plan with the brief's looks on its sheets. ``check_cast`` has been asked before."""
    sheets = dict(plan.sheets)
    for look in brief.looks:
        character = find_character(plan.outline.characters, look.name)
        if character is not None:
            sheets[character.id] = _worn(sheets[character.id], look, brief.premise.casefold())
    return replace(plan, sheets=sheets)


def find_character(characters: Sequence[Character], name: str) -> Character | None:
    """Who is called so: by the whole name, or by a word of it, as in “Captain Mia”."""
    wanted = name.casefold()
    exact = (each for each in characters if each.name.casefold() == wanted)
    partly = (each for each in characters if is_named(name, each.name) or is_named(each.name, name))
    return next(exact, None) or next(partly, None)


def _worn(sheet: Sheet, look: Look, premise: str) -> Sheet:
    """Where nobody has said what they wear, the plan's, but nothing that a writer makes up of a real person."""
    species = look.species or sheet.species
    told = tuple(each for each in sheet.accessories if each not in _THEIR_OWN or each in premise)
    is_other_size = (species is Species.CHILD) != (sheet.species is Species.CHILD)
    return replace(
        sheet,
        species=species,
        body=look.body,
        marking=look.marking,
        outfit=look.outfit,
        accent=look.accent,
        hair_colour=look.hair_colour,
        hair=look.hair,
        garment=look.garment or sheet.garment,
        accessories=told if look.accessories is None else look.accessories,
        height=(1.0 if species is Species.CHILD else 1.4) if is_other_size else sheet.height,
    )
