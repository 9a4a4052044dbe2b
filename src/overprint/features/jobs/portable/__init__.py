"""Works of any product that travel: what a book and a film have in common on their way out and in."""

from overprint.features.jobs.portable.arriving import ArrivingFiles, FileForm, arriving_answer, file_form, unusable
from overprint.features.jobs.portable.sending import Parcel, packed_answer, send_parcel
from overprint.features.jobs.portable.storing import store_arrived

__all__ = [
    "ArrivingFiles",
    "FileForm",
    "Parcel",
    "arriving_answer",
    "file_form",
    "packed_answer",
    "send_parcel",
    "store_arrived",
    "unusable",
]
