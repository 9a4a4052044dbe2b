"""Sharing finished works: a link that anybody may open who has it, until it ends or is taken back."""

from overprint.features.sharing.rules import Share, file_path, shown
from overprint.features.sharing.service import Sharing

__all__ = ["Share", "Sharing", "file_path", "shown"]
