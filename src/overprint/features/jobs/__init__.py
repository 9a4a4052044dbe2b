"""The one way to submit work: checks, job, steps, audit line and queue entries in one transaction."""

from overprint.features.jobs.rules import KINDS, Sums
from overprint.features.jobs.service import PAGE_MAX, Jobs, Renewal, WorkKind, Works, is_going

__all__ = ["KINDS", "PAGE_MAX", "Jobs", "Renewal", "Sums", "WorkKind", "Works", "is_going"]
