"""A finished story as it can be made into something else: what is said on each page, and what is seen there."""

from collections.abc import Mapping
from dataclasses import dataclass

from overprint.core.scene import Scene, Sheet
from overprint.core.story import Character, Style


@dataclass(frozen=True, slots=True)
class ToldPage:
    words: str
    scene: Scene


@dataclass(frozen=True, slots=True)
class Told:
    """``sheets``: how everybody looks who is in the scenes; ``people``: who may say something. Pages without words or
    without a scene are left out."""

    title: str
    style: Style
    pages: tuple[ToldPage, ...]
    sheets: Mapping[str, Sheet]
    people: tuple[Character, ...] = ()
