"""Which picture, and which words, an edit is about."""

import re
from dataclasses import dataclass

from overprint.core.problems import NotFound
from overprint.features.books.steps import picture_key, scenes_key, text_key

COVER_PLACE = "cover"
_PAGE = re.compile(r"([1-9][0-9]?)-([1-9][0-9]?)")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A page that has a picture of its own: chapter and page from 1. The cover is page 1 of chapter 0."""

    chapter: int
    page: int

    @classmethod
    def parse(cls, text: str) -> "Place":
        """What ``key`` is written as: ``cover`` or ``2-3``. Raises ``NotFound`` for anything else."""
        found = _PAGE.fullmatch(text)
        if text != COVER_PLACE and found is None:
            raise NotFound("This book has no such page.", "Pages are called cover, or by chapter and page as 2-3.")
        return cls(int(found[1]), int(found[2])) if found else COVER_PAGE

    @classmethod
    def of_picture(cls, step: str) -> "Place | None":
        """Of the step ``picture/2/3``; None of any other."""
        kind, _, rest = step.partition("/")
        text = rest.replace("/", "-")
        return cls.parse(text) if kind == "picture" and (text == COVER_PLACE or _PAGE.fullmatch(text)) else None

    @property
    def is_cover(self) -> bool:
        return self.chapter == 0

    @property
    def has_title(self) -> bool:
        """Whether a chapter begins here."""
        return self.page == 1 and not self.is_cover

    @property
    def key(self) -> str:
        return COVER_PLACE if self.is_cover else f"{self.chapter}-{self.page}"

    @property
    def text_step(self) -> str:
        return text_key(self.chapter)

    @property
    def title_step(self) -> str:
        """What names the edit of its chapter's title, which is no step of its own: pages are composed with it."""
        return f"title/{self.chapter}"

    @property
    def scenes_step(self) -> str:
        return scenes_key(self.chapter)

    @property
    def picture_step(self) -> str:
        return picture_key(self.chapter, self.page)


COVER_PAGE = Place(0, 1)
