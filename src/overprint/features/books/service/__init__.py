"""Use cases of books, and of what new ones begin with."""

from overprint.features.books.service.books import (
    CHAPTER_TITLE_MAX_CHARACTERS,
    PAGE_MAX,
    Books,
    cleaned,
    shortened,
)

__all__ = ["CHAPTER_TITLE_MAX_CHARACTERS", "PAGE_MAX", "Books", "cleaned", "shortened"]
