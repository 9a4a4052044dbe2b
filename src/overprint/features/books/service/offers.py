"""What a book would cost, and whether it could be begun now: what people know before they decide."""

from dataclasses import dataclass

from overprint.core.codec import encode
from overprint.core.story import Brief
from overprint.db.database import Transaction
from overprint.features.books.pipeline import MAKE
from overprint.features.books.service.books import Books
from overprint.features.books.steps import MakeBook


@dataclass(frozen=True, slots=True)
class Offer:
    """``credits`` is the most it can cost. ``seconds``: how long it takes, by what such steps took lately; None where
    nobody can tell. ``works_left``: how many works the team may begin today."""

    pages: int
    chapters: int
    is_aloud: bool
    credits: int
    is_own: bool
    works_left: int
    daily_works: int
    seconds: float | None


async def offer_of(books: Books, transaction: Transaction, brief: Brief, *, is_aloud: bool) -> Offer:
    """Of a book that nobody began: what its job would be quoted, and nothing is begun."""
    jobs, plans = books.jobs, books.jobs.plans
    plan = await plans.of_team(transaction)
    request = encode(MakeBook(brief, is_aloud=is_aloud))
    quote = await jobs.quotes.quote(transaction, MAKE, request)
    return Offer(
        pages=brief.pages,
        chapters=brief.chapters,
        is_aloud=is_aloud,
        credits=quote.credits,
        is_own=plan.is_own,
        works_left=await plans.jobs_left(transaction, plan),
        daily_works=plan.daily_jobs,
        seconds=await jobs.expected_seconds(transaction, MAKE, request),
    )
