"""Credits, plans and payments. Whatever runs is quoted, held for, captured where it was delivered, and released."""

from overprint.features.billing.projection import BillingProjection, pricing
from overprint.features.billing.rules.features import Feature
from overprint.features.billing.rules.plans import FREE, GUEST, OWN, UNLIMITED, Plan
from overprint.features.billing.rules.prices import Prices, Quote, Terms, shipped_prices, terms_of
from overprint.features.billing.service import Closings, Credits, Payments, Plans, Quotes

__all__ = [
    "FREE",
    "GUEST",
    "OWN",
    "UNLIMITED",
    "BillingProjection",
    "Closings",
    "Credits",
    "Feature",
    "Payments",
    "Plan",
    "Plans",
    "Prices",
    "Quote",
    "Quotes",
    "Terms",
    "pricing",
    "shipped_prices",
    "terms_of",
]
