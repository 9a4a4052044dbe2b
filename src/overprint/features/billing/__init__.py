"""Credits, plans and payments. Whatever runs is quoted, held for, captured where it was delivered, and released."""

from overprint.features.billing.projection import BillingProjection, pricing
from overprint.features.billing.rules.features import OFFERED, Feature
from overprint.features.billing.rules.looking import JobFilters, JobStanding
from overprint.features.billing.rules.lots import GRANT_MAX_CREDITS, REASON_MAX_CHARACTERS, check_reason
from overprint.features.billing.rules.paying import packs
from overprint.features.billing.rules.plans import (
    FREE,
    GUEST,
    OWN,
    UNLIMITED,
    FreeOnes,
    Plan,
    PlanChange,
    changes_of,
    check_plan,
    follows,
    undersold,
)
from overprint.features.billing.rules.prices import Prices, Quote, Terms, shipped_prices, terms_of
from overprint.features.billing.service import Closings, Credits, News, Payments, Plans, Quotes, Trials

__all__ = [
    "FREE",
    "GRANT_MAX_CREDITS",
    "GUEST",
    "OFFERED",
    "OWN",
    "REASON_MAX_CHARACTERS",
    "UNLIMITED",
    "BillingProjection",
    "Closings",
    "Credits",
    "Feature",
    "FreeOnes",
    "JobFilters",
    "JobStanding",
    "News",
    "Payments",
    "Plan",
    "PlanChange",
    "Plans",
    "Prices",
    "Quote",
    "Quotes",
    "Terms",
    "Trials",
    "changes_of",
    "check_plan",
    "check_reason",
    "follows",
    "packs",
    "pricing",
    "shipped_prices",
    "terms_of",
    "undersold",
]
