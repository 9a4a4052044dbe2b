"""The audit log as people see it."""

from overprint.features.audit.web.log import Names, Permits, router

__all__ = ["Names", "Permits", "router"]
