"""Reading what was made: leaves to turn, and for each person the place where they stopped and what they marked."""

from overprint.features.reading.service import Reading

__all__ = ["Reading"]
