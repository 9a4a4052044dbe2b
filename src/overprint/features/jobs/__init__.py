"""The one way to submit work: checks, job, steps, audit line and queue entries in one transaction. And what works of
all products have in common where they are changed, thrown away or travel."""

from overprint.features.jobs.portable import (
    SORTS,
    ArrivingFiles,
    FileForm,
    FirstLook,
    Parcel,
    arriving_answer,
    brought_archive,
    file_form,
    first_look,
    let_wait,
    opened_archive,
    packed_answer,
    refuse_dearer,
    send_parcel,
    store_arrived,
    unpacked,
    unusable,
)
from overprint.features.jobs.rules import KINDS, Sums
from overprint.features.jobs.service import PAGE_MAX, Jobs, Renewal, WorkKind, Works, is_going

__all__ = [
    "KINDS",
    "PAGE_MAX",
    "SORTS",
    "ArrivingFiles",
    "FileForm",
    "FirstLook",
    "Jobs",
    "Parcel",
    "Renewal",
    "Sums",
    "WorkKind",
    "Works",
    "arriving_answer",
    "brought_archive",
    "file_form",
    "first_look",
    "is_going",
    "let_wait",
    "opened_archive",
    "packed_answer",
    "refuse_dearer",
    "send_parcel",
    "store_arrived",
    "unpacked",
    "unusable",
]
