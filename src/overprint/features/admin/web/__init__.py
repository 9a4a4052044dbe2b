"""The house, as pages for whoever looks after it."""

from overprint.features.admin.web.house import router
from overprint.features.admin.web.house_jobs import router as jobs_router
from overprint.features.admin.web.house_plans import router as plans_router
from overprint.features.admin.web.workings import router as workings_router

__all__ = ["jobs_router", "plans_router", "router", "workings_router"]
