"""A book to be printed, from the pictures that typesetting's tests paint."""

import pytest

from overprint.core.book import BookDoc, Page, PageKind
from overprint.core.story import Trim
from tests.craft.typesetting.conftest import IDENTIFIER, PAINTERS, SENTENCE, Sample, paint, story

BLURB = "A small fox lights a paper lantern every evening, until the night the morning goes missing."


def picture_book(trim: Trim = Trim.SQUARE, story_pages: int = 5, *, dedication: str = "") -> Sample:
    """Cover, title, perhaps a dedication, ``story_pages`` pages with pictures, colophon."""
    painted = [paint(look, trim) for look in PAINTERS]
    told = [
        story(painted[n % len(painted)][0], SENTENCE, "“Who is there?”", heading="One Night" if n == 0 else "")
        for n in range(story_pages)
    ]
    pages = (
        Page(PageKind.COVER, picture=painted[0][0]),
        Page(PageKind.TITLE),
        *((Page(PageKind.DEDICATION, (dedication,)),) if dedication else ()),
        *told,
        Page(PageKind.COLOPHON, ("Made with Overprint.",)),
    )
    doc = BookDoc(IDENTIFIER, "The Lantern Fox", "Ada Machine", "en", trim, BLURB, pages)
    return Sample(doc, {picture.content_hash: data for picture, data in painted})


@pytest.fixture(scope="session")
def sample() -> Sample:
    return picture_book()
