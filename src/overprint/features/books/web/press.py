"""What the page of a book says of its making: the four inks of each page, how far it is, what it cost. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from overprint.core.codec import Json
from overprint.engine.job import STEP_DELIVERED, JobState, Origin
from overprint.features.books.steps import COMPOSE, COVER, PDF, PLAN, picture_key, scenes_key, text_key
from overprint.http.wording import N_

Row = Mapping[str, Any]
OFF, NOW, ON, BAD = "", "now", "on", "bad"

QUEUED = N_("In the queue.")
PLANNING = N_("Thinking up the story.")
WRITING = N_("Writing and drawing.")
SETTING = N_("Setting the pages.")
BINDING = N_("Binding the book.")
PAUSING = N_("Paused. What was begun is being finished.")
PAUSED = N_("Paused. Nothing more is made until you go on.")
STOPPING = N_("Stopping. What is made already is kept.")

STEP_STATES = {
    "pending": N_("waits for others"),
    "ready": N_("waits its turn"),
    "running": N_("runs"),
    "completed": N_("made"),
    "failed": N_("failed"),
    "cancelled": N_("stopped"),
    "reused": N_("made before"),
    "skipped": N_("left out"),
}

# What is said of a page, by what is true of its inks; the first that holds.
_SAYINGS = (
    (("words", BAD), N_("its words could not be written")),
    (("picture", BAD), N_("its picture could not be drawn")),
    (("ready", ON), N_("ready")),
    (("layout", ON), N_("laid out")),
    (("layout", NOW), N_("being laid out")),
    (("picture", ON), N_("drawn")),
    (("picture", NOW), N_("being drawn")),
    (("words", ON), N_("written")),
    (("words", NOW), N_("being written")),
)
_WAITING = N_("waiting")


@dataclass(frozen=True, slots=True)
class MadePage:
    """``key``: ``cover`` or ``<chapter>/<page>``. ``number`` counts the story's pages; of the cover it is 0.

    Each ink is off, now, on or bad. ``file`` is its picture, if there is one.
    """

    key: str
    number: int
    words: str
    picture: str
    layout: str
    ready: str
    file: Row | None

    @property
    def inks(self) -> tuple[str, ...]:
        return self.words, self.picture, self.layout, self.ready

    @property
    def is_made(self) -> bool:
        """Its words and its picture are there, so it can be read."""
        return self.words == self.picture == ON

    @property
    def says(self) -> str:
        """To be said in the language of who looks."""
        return next((words for (ink, state), words in _SAYINGS if getattr(self, ink) == state), _WAITING)


def pages_of(steps: Iterable[Row], counts: Sequence[int], files: Mapping[str, Row]) -> list[MadePage]:
    """The cover and every page that is planned. ``counts``: how many pages each chapter has, as it is planned."""
    states = {step["key"]: step["state"] for step in steps}
    layout = _ink(states, COMPOSE)
    ready = _ink(states, PDF) if PDF in states else {ON: ON}.get(layout, OFF)

    def page(key: str, number: int, words: str, scenes: str, picture: str) -> MadePage:
        drawn = _ink(states, picture)
        if picture not in states and _ink(states, scenes) == BAD:
            drawn = BAD
        found = files.get(picture)
        if not states and found:
            drawn = ON
        return MadePage(key, number, _ink(states, words), drawn, layout, ready, found if drawn == ON else None)

    made = [page("cover", 0, PLAN, PLAN, COVER)] if counts else []
    for chapter, count in enumerate(counts, 1):
        for n in range(1, count + 1):
            key = picture_key(chapter, n)
            made.append(page(f"{chapter}/{n}", len(made), text_key(chapter), scenes_key(chapter), key))
    return made


def _ink(states: Mapping[str, str], key: str) -> str:
    state = states.get(key, "")
    if state in STEP_DELIVERED:
        return ON
    return {"running": NOW, "failed": BAD, "skipped": BAD}.get(state, OFF)


def counts_of(plan: Json, chapters: Sequence[Row]) -> list[int]:
    """How many pages each chapter has, as planned; without a plan, as they are written."""
    if isinstance(plan, Mapping):
        return [len(chapter["beats"]) for chapter in plan["outline"]["chapters"]]
    return [len(chapter["pages"] or ()) for chapter in chapters]


def stage_of(job: Row, steps: Sequence[Row]) -> str:
    """What is being done now, in words to be said in the language of who looks."""
    states = {step["key"]: step["state"] for step in steps}
    if job["cancel_requested_at"]:
        return STOPPING
    if job["paused_at"]:
        return PAUSING if "running" in states.values() else PAUSED
    if job["state"] == JobState.QUEUED:
        return QUEUED
    if _ink(states, PLAN) != ON:
        return PLANNING
    if _ink(states, COMPOSE) == ON:
        return BINDING
    return SETTING if _ink(states, COMPOSE) == NOW else WRITING


@dataclass(frozen=True, slots=True)
class Bill:
    """Credits: the most that the job could cost, what was delivered of it, and what was not charged for failures.

    ``paid_microdollars``: what providers were paid.
    """

    held: int
    charged: int
    spared: int
    paid_microdollars: int


def bill_of(job: Row, steps: Iterable[Row]) -> Bill:
    """What a job cost so far. Reused steps cost nothing, and neither does what failed."""
    steps = list(steps)
    delivered = [step for step in steps if step["state"] in STEP_DELIVERED and step["origin"] == Origin.RUN]
    return Bill(
        held=job["quote_credits"],
        charged=sum(step["price_credits"] for step in delivered),
        spared=sum(step["price_credits"] for step in steps if step["state"] == "failed"),
        paid_microdollars=sum(step["cost_microdollars"] for step in steps),
    )
