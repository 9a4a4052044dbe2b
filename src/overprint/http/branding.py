"""Whose house it is: the name, the logo and the colour that pages, mails and the app on somebody's screen wear.

It is the same for a whole process, and every request is answered with it; in between nothing has to hand it on.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from markupsafe import Markup

from overprint.core.accents import Accent
from overprint.http.assets import Asset, assets, made_asset, tag_of

NAME = "Overprint"
GROUND = "#ebf1f4"
_SUFFIXES = {"image/svg+xml": "svg", "image/png": "png"}


@dataclass(frozen=True, slots=True)
class Brand:
    """``logo`` and ``sheet`` are None where the house wears ours; ``colour`` is what an app's frame has."""

    name: str = NAME
    logo: Asset | None = None
    sheet: Asset | None = None
    colour: str = GROUND

    @property
    def is_ours(self) -> bool:
        return self.name == NAME and self.logo is None

    @property
    def mark(self) -> Asset:
        """The small picture of the house: in a browser's tab, on a screen."""
        return self.logo or assets()["mark.svg"]

    @property
    def card(self) -> Asset:
        """The picture that others show beside a link to us, 1200 × 630 pixels."""
        return assets()["pictures/card.png" if self.is_ours else "pictures/card-plain.png"]

    @property
    def style(self) -> Markup:
        """The tag of its style sheet, if it has one."""
        return tag_of(self.sheet) if self.sheet else Markup("")

    def assets(self) -> list[Asset]:
        """What is served of it, beside our own."""
        return [asset for asset in (self.logo, self.sheet) if asset]


def brand(name: str, logo: tuple[bytes, str] | None, accent: Accent | None) -> Brand:
    """``logo``: its bytes and media type, checked."""
    drawn = made_asset(f"logo.{_SUFFIXES[logo[1]]}", logo[0]) if logo else None
    sheet = made_asset("brand.css", _sheet(accent).encode()) if accent else None
    return Brand(name, drawn, sheet, accent.light if accent else GROUND)


_NOW: ContextVar[Brand] = ContextVar("brand")
OURS = Brand()


def brand_now() -> Brand:
    """Of the request that is being answered."""
    return _NOW.get(OURS)


@contextmanager
def worn(brand: Brand) -> Iterator[None]:
    """Whatever is rendered while the block runs wears it."""
    token = _NOW.set(brand)
    try:
        yield
    finally:
        _NOW.reset(token)


def _sheet(accent: Accent) -> str:
    pair = f"light-dark({accent.light}, {accent.dark})"
    return f"@layer tokens{{:root{{--accent:{pair};--here:{pair}}}}}\n"
