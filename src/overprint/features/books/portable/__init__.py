"""Books that travel: out as one file (``sending``), and in from one that anybody may have made (``arriving``)."""

from overprint.features.books.portable.arriving import Arrival
from overprint.features.books.portable.travelling import Portables

__all__ = ["Arrival", "Portables"]
