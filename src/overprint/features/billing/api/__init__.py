"""JSON API of billing: /api/billing for a team, /api/admin for those who run the installation."""

from overprint.features.billing.api.admin import admin_router
from overprint.features.billing.api.payments import payments_router
from overprint.features.billing.api.spending import router

__all__ = ["admin_router", "payments_router", "router"]
