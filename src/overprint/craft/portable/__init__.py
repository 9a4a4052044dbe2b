"""A book in one file, ``book.overprint``, that another installation can go on with. See ``layout`` for its form."""

from overprint.craft.portable.layout import FORMAT, Header, StepAbout, is_book_key
from overprint.craft.portable.reading import Portable, open_portable
from overprint.craft.portable.writing import PortableStream

__all__ = ["FORMAT", "Header", "Portable", "PortableStream", "StepAbout", "is_book_key", "open_portable"]
