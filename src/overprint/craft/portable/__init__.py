"""A book or a film in one file that another installation can go on with. See ``layout`` for its form."""

from overprint.craft.portable.layout import (
    FORMAT,
    BookHeader,
    FilmHeader,
    Header,
    StepAbout,
    is_sha256,
    is_step_key,
)
from overprint.craft.portable.reading import Portable, open_portable
from overprint.craft.portable.writing import PortableStream

__all__ = [
    "FORMAT",
    "BookHeader",
    "FilmHeader",
    "Header",
    "Portable",
    "PortableStream",
    "StepAbout",
    "is_sha256",
    "is_step_key",
    "open_portable",
]
