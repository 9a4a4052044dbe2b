"""Works of any product that travel: what a book and a film have in common on their way out and in."""

from overprint.features.jobs.portable.archive import (
    ARCHIVE_FORMAT,
    BookHeader,
    FilmHeader,
    Portable,
    StepAbout,
    open_portable,
)
from overprint.features.jobs.portable.arriving import ArrivingFiles, FileForm, arriving_answer, file_form, unusable
from overprint.features.jobs.portable.looking import FirstLook, first_look, refuse_dearer
from overprint.features.jobs.portable.opening import unpacked
from overprint.features.jobs.portable.sending import Parcel, packed_answer, send_parcel
from overprint.features.jobs.portable.storing import store_arrived
from overprint.features.jobs.portable.travelling import Arriving, Portables, arriving
from overprint.features.jobs.portable.waiting import brought_archive

__all__ = [
    "ARCHIVE_FORMAT",
    "Arriving",
    "ArrivingFiles",
    "BookHeader",
    "FileForm",
    "FilmHeader",
    "FirstLook",
    "Parcel",
    "Portable",
    "Portables",
    "StepAbout",
    "arriving",
    "arriving_answer",
    "brought_archive",
    "file_form",
    "first_look",
    "open_portable",
    "packed_answer",
    "refuse_dearer",
    "send_parcel",
    "store_arrived",
    "unpacked",
    "unusable",
]
