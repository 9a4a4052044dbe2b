"""Use cases of billing."""

from overprint.features.billing.service.closing import Closings
from overprint.features.billing.service.credits import Credits
from overprint.features.billing.service.news import News
from overprint.features.billing.service.payments import Payments
from overprint.features.billing.service.plans import Plans
from overprint.features.billing.service.quotes import Quotes
from overprint.features.billing.service.trials import Trials

__all__ = ["Closings", "Credits", "News", "Payments", "Plans", "Quotes", "Trials"]
