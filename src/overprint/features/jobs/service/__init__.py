"""Use cases of jobs, and of the works that jobs make."""

from overprint.features.jobs.service.jobs import PAGE_MAX, PAUSED, PAUSED_MAX, Jobs, Renewal, is_going
from overprint.features.jobs.service.works import WorkKind, Works

__all__ = ["PAGE_MAX", "PAUSED", "PAUSED_MAX", "Jobs", "Renewal", "WorkKind", "Works", "is_going"]
