"""A book or a film in one file that another installation can go on with. See ``layout`` for its form."""

from overprint.features.jobs.portable.archive.layout import (
    ARCHIVE_FORMAT,
    BookHeader,
    FilmHeader,
    Header,
    StepAbout,
    is_sha256,
    is_step_key,
)
from overprint.features.jobs.portable.archive.reading import Portable, open_portable
from overprint.features.jobs.portable.archive.writing import PortableStream

__all__ = [
    "ARCHIVE_FORMAT",
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
