"""Pages of the shelf. They work without JavaScript."""

from overprint.features.shelf.web.files import file_pages
from overprint.features.shelf.web.listing import library_pages
from overprint.features.shelf.web.projects import project_pages
from overprint.features.shelf.web.trash import trash_pages

__all__ = ["file_pages", "library_pages", "project_pages", "trash_pages"]
