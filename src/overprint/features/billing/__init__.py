"""Credits, plans and payments. Whatever runs is quoted, held for, captured where it was delivered, and released."""

from overprint.features.billing.projection import BillingProjection, pricing
from overprint.features.billing.rules.features import Feature
from overprint.features.billing.rules.lots import GRANT_MAX_CREDITS, REASON_MAX_CHARACTERS, check_reason
from overprint.features.billing.rules.paying import packs
from overprint.features.billing.rules.plans import FREE, GUEST, OWN, UNLIMITED, Plan
from overprint.features.billing.rules.prices import Prices, Quote, Terms, shipped_prices, terms_of
from overprint.features.billing.service import Closings, Credits, News, Payments, Plans, Quotes

__all__ = [
    "FREE",
    "GRANT_MAX_CREDITS",
    "GUEST",
    "OWN",
    "REASON_MAX_CHARACTERS",
    "UNLIMITED",
    "BillingProjection",
    "Closings",
    "Credits",
    "Feature",
    "News",
    "Payments",
    "Plan",
    "Plans",
    "Prices",
    "Quote",
    "Quotes",
    "Terms",
    "check_reason",
    "packs",
    "pricing",
    "shipped_prices",
    "terms_of",
]
