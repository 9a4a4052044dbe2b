"""The one way to submit work: checks, job, steps, audit line and queue entries in one transaction. And what works of
all products have in common where they are changed, thrown away or travel."""

from overprint.features.jobs.portable import (
    ArrivingFiles,
    FileForm,
    Parcel,
    arriving_answer,
    file_form,
    packed_answer,
    send_parcel,
    store_arrived,
    unusable,
)
from overprint.features.jobs.rules import KINDS, Sums
from overprint.features.jobs.service import PAGE_MAX, Jobs, Renewal, WorkKind, Works, is_going

__all__ = [
    "KINDS",
    "PAGE_MAX",
    "ArrivingFiles",
    "FileForm",
    "Jobs",
    "Parcel",
    "Renewal",
    "Sums",
    "WorkKind",
    "Works",
    "arriving_answer",
    "file_form",
    "is_going",
    "packed_answer",
    "send_parcel",
    "store_arrived",
    "unusable",
]
