"""The shelf: all works and files of a team in one place, whatever product they are of, and the trash below it."""

from overprint.features.shelf.service import Shelf

__all__ = ["Shelf"]
