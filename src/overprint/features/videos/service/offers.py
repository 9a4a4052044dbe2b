"""What a film would cost, and whether it could be begun now: what people know before they decide."""

import math
from dataclasses import dataclass, replace

from overprint.core.codec import encode
from overprint.core.film import FilmBrief
from overprint.db.database import Transaction
from overprint.features.videos import rules
from overprint.features.videos.pipeline import MAKE
from overprint.features.videos.service.videos import NOTHING_MORE, Source, Videos
from overprint.features.videos.steps import Target


@dataclass(frozen=True, slots=True)
class Offer:
    """``credits`` is the most it can cost, ``board_credits`` the most of its storyboard alone. ``expected_seconds``:
    how long it takes, by what such steps took lately; None where nobody can tell. ``works_left``: how many works the
    team may begin today."""

    scenes: int
    seconds: int
    credits: int
    board_credits: int
    is_own: bool
    works_left: int
    daily_works: int
    expected_seconds: float | None


async def offer_of(videos: Videos, transaction: Transaction, brief: FilmBrief, source: Source = NOTHING_MORE) -> Offer:
    """Of a film that nobody began: what its job would be quoted, and nothing is begun. A script, or a book, lasts as
    long as it does. Raises as ``Videos.start`` does."""
    jobs, plans = videos.jobs, videos.jobs.plans
    plan = await plans.of_team(transaction)
    whole = await videos.asked(transaction, brief, source)
    quote = await jobs.quotes.quote(transaction, MAKE, encode(whole))
    board = await jobs.quotes.quote(transaction, MAKE, encode(replace(whole, target=Target.STORYBOARD)))
    return Offer(
        scenes=whole.scenes_most,
        seconds=math.ceil(rules.lasts_seconds(whole.board)) if whole.board else whole.brief.seconds,
        credits=quote.credits,
        board_credits=board.credits,
        is_own=plan.is_own,
        works_left=await plans.jobs_left(transaction, plan),
        daily_works=plan.daily_jobs,
        expected_seconds=await jobs.expected_seconds(transaction, MAKE, encode(whole)),
    )
