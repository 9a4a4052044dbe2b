"""What a team keeps: projects and assets, each with its recipe. Bytes lie in storage, metadata in the database."""

from overprint.features.library.projection import LibraryProjection
from overprint.features.library.service import Library

__all__ = ["Library", "LibraryProjection"]
