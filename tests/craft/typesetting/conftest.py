"""Books to be set: small pictures made here, so that every test says what it looks at."""

import hashlib
import io
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import pytest
from PIL import Image

from overprint.core.book import BookDoc, Page, PageKind, Picture, picture_size_px
from overprint.core.scene import Area
from overprint.core.story import Trim

IDENTIFIER = "0192f0c1-2b7e-7cc0-9d7e-000000000001"
SENTENCE = "The little fox lit her paper lantern and looked up at the moon."
PAINTERS = ("dark", "bright", "noisy", "split", "starry")


@dataclass(frozen=True)
class Sample:
    doc: BookDoc
    pictures: dict[str, bytes]

    def with_pages(self, *pages: Page) -> "Sample":
        return replace(self, doc=replace(self.doc, pages=pages))


def _colour_at(look: str, rng: random.Random, x: int, y: int) -> tuple[int, int, int]:
    if look == "bright":
        return (250, 250, 244 - y % 20)
    if look == "noisy":
        return (rng.randrange(256), rng.randrange(256), rng.randrange(256))
    if look == "split":
        return (0, 0, 0) if x % 200 < 100 else (255, 255, 255)
    if look == "starry" and rng.random() < 0.004:
        return (255, 255, 255)
    return (12, 16, 40)


@cache  # a pixel at a time is slow, and pictures do not change
def paint(look: str, trim: Trim, quiet: Area = Area.TOP) -> tuple[Picture, bytes]:
    """A full-bleed picture at 50 dpi, drawn at random but always the same."""
    width, height = picture_size_px(trim, 50)
    rng = random.Random(f"{look}{trim}")
    image = Image.new("RGB", (width, height))
    image.putdata([_colour_at(look, rng, x, y) for y in range(height) for x in range(width)])
    kept = io.BytesIO()
    image.save(kept, "PNG")
    content_hash = hashlib.sha256(kept.getvalue()).hexdigest()
    picture = Picture(content_hash, "image/png", width, height, f"A {look} picture & a fox", quiet)
    return picture, kept.getvalue()


def story(picture: Picture | None, *paragraphs: str, heading: str = "", chapter: int = 1) -> Page:
    return Page(PageKind.STORY, paragraphs, heading, picture, chapter)


@pytest.fixture(scope="session")
def book() -> Callable[..., Sample]:
    """A small whole book: cover, title page, dedication, an opening, pages of every look, a colophon."""

    def make(trim: Trim = Trim.SQUARE) -> Sample:
        painted = {look: paint(look, trim) for look in PAINTERS}
        pages = (
            Page(PageKind.COVER, picture=painted["starry"][0]),
            Page(PageKind.TITLE),
            Page(PageKind.DEDICATION, ("for everyone who ever lit a lantern",)),
            story(painted["dark"][0], *[SENTENCE] * 5, heading="The Lantern"),
            *(story(picture, SENTENCE, "“Who is there?”") for picture, _ in painted.values()),
            story(None, SENTENCE, chapter=2),
            Page(PageKind.COLOPHON, ("Set in EB Garamond and Fraunces.",)),
        )
        doc = BookDoc(IDENTIFIER, "The Lantern Fox", "Ada Machine & Friends", "en", trim, "A picture book.", pages)
        return Sample(doc, {picture.content_hash: data for picture, data in painted.values()})

    return make
