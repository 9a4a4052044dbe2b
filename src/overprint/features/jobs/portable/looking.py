"""A first look at a work that comes in: what it brings, what would be made, and for how much, before it is kept.

Whoever made the file may have left things out of it, or may ask for more than was ever made. What would be made in
their place is paid by who takes it in; so it is told first, and begun only where they agree.
"""

from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass
from uuid import UUID

from overprint.core.codec import Json
from overprint.core.problems import Conflict
from overprint.core.words import counted
from overprint.db.database import Transaction
from overprint.engine.spec import Queue
from overprint.engine.store import Edit
from overprint.features.jobs.service import Jobs
from overprint.http.wording import N_

SORTS: Mapping[Queue, str] = {
    Queue.TEXT: N_("Texts"),
    Queue.IMAGE: N_("Pictures"),
    Queue.SPEECH: N_("Voices"),
    Queue.MOTION: N_("Motions"),
    Queue.VIDEO: N_("Clips"),
}
"""What travels, by where the steps wait that make it."""


@dataclass(frozen=True, slots=True)
class FirstLook:
    """``brought``: how many texts, pictures and so on it brings that are of use; ``anew``: how many of such there are
    that it does not bring, so that they would be made; both by ``SORTS``. ``runs``: the keys of all steps that would be
    made, as far as they are known; ``credits``: the most that they cost. ``is_own``: nobody pays on this machine.
    ``left_out``: what it has and the team's plan does not, in a sentence each."""

    title: str
    brought: Mapping[Queue, int]
    anew: Mapping[Queue, int]
    runs: tuple[str, ...]
    credits: int
    is_own: bool
    left_out: tuple[str, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether somebody has to agree: it costs something, or something is made that could have come along."""
        return bool(self.anew) or (self.credits > 0 and not self.is_own)

    def is_agreed(self, most_credits: int | None) -> bool:
        """Whether it asks for no more than ``most_credits``, or for nothing at all."""
        return not self.asks or (most_credits is not None and self.credits <= most_credits)

    def agreed(self, most_credits: int | None) -> None:
        """Raises ``Conflict`` where that is not so."""
        if not self.is_agreed(most_credits):
            raise Conflict(
                f"Taking this in may cost {self.credits} credits, and nobody agreed to that.",
                f"Look at what would be made for it; then send it again with most_credits={self.credits}.",
            )

    @property
    def listed(self) -> tuple[dict[str, int], dict[str, int]]:
        """What it brings, and what would be made instead, by the sentences of ``SORTS``."""
        brought, anew = ({SORTS[sort]: count for sort, count in of.items()} for of in (self.brought, self.anew))
        return brought, anew

    @property
    def counted(self) -> tuple[dict[str, int], dict[str, int]]:
        """The same by plain names: "pictures"."""
        brought, anew = ({sort.lower(): count for sort, count in of.items()} for of in self.listed)
        return brought, anew

    @property
    def told_anew(self) -> str:
        """What is made, in English: "3 pictures, 1 text"."""
        return ", ".join(counted(count, name.removesuffix("s")) for name, count in self.counted[1].items())


async def first_look(
    jobs: Jobs,
    transaction: Transaction,
    kind: str,
    request: Json,
    lineage: UUID,
    edits: Mapping[str, Edit],
    travels: Set[str],
    title: str,
    left_out: tuple[str, ...] = (),
) -> FirstLook:
    """What a job of this ``kind`` would do for the work ``lineage``, which is to be and brings ``edits``. ``travels``:
    the kinds of steps whose answers could have come along."""
    found, quote = await jobs.forecast_brought(transaction, kind, request, lineage, edits)
    made = Counter(found.kinds[key] for key in found.runs)
    # Steps that nobody knows before others have run are in the quote alone; there by seconds, where they are billed so.
    unknown = {line.kind: line.count for line in quote.lines if line.kind not in made and line.count}
    plan = await jobs.plans.of_team(transaction)

    def by_sort(kinds: Mapping[str, int]) -> dict[Queue, int]:
        sorts = Counter[Queue]()
        for name, count in kinds.items():
            sort = jobs.rules.registry.get_kind(name).queue
            if name in travels and sort in SORTS:
                sorts[sort] += count
        return {sort: sorts[sort] for sort in SORTS if sorts[sort]}

    return FirstLook(
        title,
        by_sort(Counter(found.kinds[key] for key in found.reused if key in edits)),
        by_sort({**made, **unknown}),
        found.runs,
        quote.credits,
        plan.is_own,
        left_out,
    )


def refuse_dearer(look: FirstLook, quote_credits: int) -> None:
    """Raises ``Conflict`` where the job that was begun may cost more than was said before."""
    if quote_credits > look.credits:
        raise Conflict("It costs more than it did a moment ago.", "Nothing was imported. Look at the price again.")
