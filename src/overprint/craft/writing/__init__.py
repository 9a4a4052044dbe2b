"""The embedded writer: plans a book from a premise, tells it, and says what each page shows.

Everything here is pure and the same for the same input and seed. It knows English only.
"""

from overprint.craft.writing.planning import plan
from overprint.craft.writing.staging import scenes
from overprint.craft.writing.telling import write

__all__ = ["plan", "scenes", "write"]
