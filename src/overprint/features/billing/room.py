"""The billing room's manifest. What speaks HTTP is loaded for a web process only."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from overprint.db.database import Transaction
from overprint.engine.schedule import Daily, Every, Schedule
from overprint.features.billing.service import Closings, Credits, News, Payments, Plans, Quotes
from overprint.http.room import Room
from overprint.ports.payments import PretendPort

# The room's mails, as the accounts room writes them.
LETTERS = Path(__file__).parent / "templates" / "mail"


@dataclass(frozen=True, slots=True)
class Billing:
    """All that the room does."""

    plans: Plans
    quotes: Quotes
    credits: Credits
    payments: Payments
    news: News


def room(billing: Billing, stored_bytes: Callable[[Transaction], Awaitable[int]], otherwise_bytes: int) -> Room:
    """``stored_bytes`` tells what a team keeps, ``otherwise_bytes`` what it may where its plan sets no limit."""
    from overprint.features.billing.api import admin_router, payments_router, router
    from overprint.features.billing.web import router as pages
    from overprint.features.billing.web import till_router

    plans, credits, payments = billing.plans, billing.credits, billing.payments
    routers = [
        router(plans, billing.quotes, credits, stored_bytes, otherwise_bytes),
        payments_router(plans, payments),
        admin_router(plans, credits, payments),
    ]
    shown = [pages(plans, credits, payments)]
    if isinstance(payments.port, PretendPort):
        shown.append(till_router(payments, payments.port))
    return Room("billing", routers=tuple(routers), pages=tuple(shown))


def schedules(billing: Billing) -> tuple[Schedule, ...]:
    return (
        Schedule("billing.tidy", Every(timedelta(minutes=10)), billing.credits.tidy),
        Schedule("billing.closed", Every(timedelta(minutes=1)), Closings(billing.payments).end_paying),
        Schedule("billing.drift", Daily(3, 30), billing.credits.look_for_drift),
        Schedule("billing.payments", Every(timedelta(minutes=1)), billing.payments.work),
        Schedule("billing.news", Every(timedelta(minutes=1)), billing.news.tell),
        Schedule("billing.forget", Daily(3, 50), billing.payments.forget),
    )
