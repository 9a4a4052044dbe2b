"""What the page of a film says of its making: its four steps, each scene, how far it is, what it cost. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from overprint.core.film import Card
from overprint.engine.job import STEP_DELIVERED, JobState
from overprint.features.videos.steps import (
    CLIP,
    FILM,
    FINISHED,
    MOTION,
    PICTURE,
    PLAN,
    SPOKEN,
    STORYBOARD,
    TEXT,
    scene_key,
)
from overprint.http.wording import N_

Row = Mapping[str, Any]
OFF, NOW, ON, BAD = "", "now", "on", "bad"

QUEUED = N_("In the queue.")
PLANNING = N_("Thinking up the story.")
DRAWING = N_("Drawing the scenes and speaking the words.")
MOVING = N_("Setting the pictures in motion.")
JOINING = N_("Joining the film.")
PAUSING = N_("Paused. What was begun is being finished.")
PAUSED = N_("Paused. Nothing more is made until you go on.")
STOPPING = N_("Stopping. What is made already is kept.")


@dataclass(frozen=True, slots=True)
class Stage:
    """One of the four steps of a film. ``ink`` is off, now, on or bad; ``again``: the step that makes it anew, empty
    where scenes are made anew one by one."""

    name: str
    ink: str
    done: int
    count: int
    again: str


@dataclass(frozen=True, slots=True)
class MadeScene:
    """A card of the storyboard, and what there is of it."""

    number: int
    card: Card
    inks: tuple[str, ...]
    picture: Row | None
    narration: Row | None


@dataclass(frozen=True, slots=True)
class Chapter:
    """A scene of the finished film, as it is in there, whatever its storyboard says by now."""

    at_seconds: float
    words: str


def stages_of(steps: Sequence[Row], has_board: bool) -> list[Stage]:
    """Storyboard, pictures, motion and sound, film: as the newest job has them."""
    states = {step["key"]: step["state"] for step in steps}

    def stage(name: str, keys: Sequence[str], again: str = "") -> Stage:
        inks = [ink_of(states, key) for key in keys]
        found = BAD if BAD in inks else ON if inks and set(inks) == {ON} else NOW if {NOW, ON} & set(inks) else OFF
        return Stage(name, found, inks.count(ON), len(inks), again if found in (ON, BAD) else "")

    def of(*parts: str) -> list[str]:
        return [key for key in states if key.startswith(parts)]

    board = stage(N_("Storyboard"), [key for key in (PLAN, TEXT, STORYBOARD) if key in states], STORYBOARD)
    if has_board and not board.count:
        board = Stage(board.name, ON, 1, 1, "")
    return [
        board,
        stage(N_("Pictures"), of(PICTURE)),
        stage(N_("Motion and sound"), of(SPOKEN, MOTION, CLIP, FINISHED)),
        stage(N_("Film"), [key for key in (FILM,) if key in states], FILM),
    ]


def ink_of(states: Mapping[str, str], key: str) -> str:
    """What became of one step."""
    state = states.get(key, "")
    if state in STEP_DELIVERED:
        return ON
    return {"running": NOW, "failed": BAD, "skipped": BAD}.get(state, OFF)


def scenes_of(cards: Iterable[Card], steps: Iterable[Row], files: Mapping[str, Row]) -> list[MadeScene]:
    """Every scene of the storyboard in its order."""
    states = {step["key"]: step["state"] for step in steps}
    made = []
    for number, card in enumerate(cards, 1):
        keys = [scene_key(part, card.id) for part in (SPOKEN, PICTURE, CLIP, FINISHED)]
        narration, picture = files.get(keys[0]), files.get(keys[1])
        inks = tuple(ink_of(states, key) for key in keys)
        made.append(MadeScene(number, card, inks, picture, narration))
    return made


def chapters_of(words: Sequence[str], frames: Sequence[int], fps: int) -> list[Chapter]:
    """Scenes of so many frames, in which these words are said."""
    return [Chapter(round(sum(frames[:n]) / fps, 2), said) for n, said in enumerate(words)]


def stage_now(job: Row, stages: Sequence[Stage]) -> str:
    """What is being done now, in words to be said in the language of who looks."""
    if job["cancel_requested_at"]:
        return STOPPING
    if job["paused_at"]:
        return PAUSING if any(stage.ink == NOW for stage in stages) else PAUSED
    if job["state"] == JobState.QUEUED:
        return QUEUED
    board, pictures, motion, film = stages
    if board.ink != ON:
        return PLANNING
    if film.ink == NOW or motion.ink == ON:
        return JOINING
    return MOVING if pictures.ink == ON else DRAWING
