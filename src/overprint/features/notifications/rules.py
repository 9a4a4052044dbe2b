"""What is worth telling somebody, and what of it by mail. Pure."""

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum

from overprint.core.problems import Invalid
from overprint.engine.job import JobState

PAGE = 50
KEPT = timedelta(days=90)
# Who waited no longer is still looking at the page.
WAITED_LONG = timedelta(minutes=10)
# About what three small books cost.
LOW_CREDITS = 100
LOW_AGAIN_AFTER = timedelta(days=7)
MAILS_PER_TURN = 100


class Notice(StrEnum):
    """What somebody is told of. Receipts and changes of a plan are told by who takes the payment, always."""

    FINISHED = "work_finished"
    FAILED = "work_failed"
    LOW = "credits_low"


def notice_of(state: JobState) -> Notice | None:
    """None for what whoever began it did themselves."""
    return {JobState.COMPLETED: Notice.FINISHED, JobState.FAILED: Notice.FAILED}.get(state)


def checked_wishes(names: Iterable[str]) -> list[str]:
    """In their order, each once. Raises ``Invalid`` for what nobody is told of."""
    given = set(names)
    unknown = sorted(given - set(Notice))
    if unknown:
        raise Invalid(f"No mail is called {unknown[0][:40]!r}.", f"There are {', '.join(Notice)}.", field="mails")
    return [notice.value for notice in Notice if notice in given]
