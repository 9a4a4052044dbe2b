"""What a film would cost, and whether it could be begun now: what people know before they decide."""

from dataclasses import dataclass, replace
from uuid import UUID

from overprint.core.codec import encode
from overprint.core.film import FilmBrief
from overprint.db.database import Transaction
from overprint.features.videos.pipeline import MAKE
from overprint.features.videos.rules.sources import script_seconds
from overprint.features.videos.service.videos import Videos
from overprint.features.videos.steps import MakeFilm, Target


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


async def offer_of(
    videos: Videos,
    transaction: Transaction,
    brief: FilmBrief,
    script: tuple[str, ...] = (),
    driving: UUID | None = None,
) -> Offer:
    """Of a film that nobody began: what its job would be quoted, and nothing is begun. A ``script`` lasts as long as
    it does; ``driving``: a clip that it follows."""
    if script:
        brief = replace(brief, seconds=script_seconds(script))
    jobs, plans = videos.jobs, videos.jobs.plans
    plan = await plans.of_team(transaction)
    clip = await videos.driving_clip(transaction, driving) if driving else None
    whole, board = MakeFilm(brief, script=script, driving=clip), MakeFilm(brief, Target.STORYBOARD, script)
    quote = await jobs.quotes.quote(transaction, MAKE, encode(whole))
    return Offer(
        scenes=whole.scenes_most,
        seconds=brief.seconds,
        credits=quote.credits,
        board_credits=(await jobs.quotes.quote(transaction, MAKE, encode(board))).credits,
        is_own=plan.is_own,
        works_left=await plans.jobs_left(transaction, plan),
        daily_works=plan.daily_jobs,
        expected_seconds=await jobs.expected_seconds(transaction, MAKE, encode(whole)),
    )
