"""Pure decisions about films: which scenes there are, what is said in them, how the camera moves, how long it lasts."""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from overprint.core.film import SCENE_SECONDS, SCENES_MAX, Card, FilmBrief, Move, Storyboard
from overprint.core.language import language_of
from overprint.core.problems import Invalid
from overprint.core.scene import Area, Camera, Scene, Shot
from overprint.core.story import STORY_PAGES_MIN, Age, Brief, ChapterText, Outline, PageText, Plan
from overprint.core.story_checks import sheets_wanted
from overprint.core.words import clean_text
from overprint.craft.narration import Pace, spoken_seconds, told_within

RATES = (24, 25, 30, 60)
AGE = Age.EARLY
"""Films are told in short sentences, whoever watches them."""
# The shortest story of all, six pages of about 25 words, is told in about a minute; other pages take longer.
_LONG_SECONDS, _PAGE_SECONDS = 100, 14.5

# What the camera does in one scene after the other; what ends a story is seen from farther away.
_MOVES = (
    Move(horizontal=3.5, zoom=2.7),
    Move(horizontal=-5.5, vertical=-1.5, zoom=1),
    Move(vertical=-5, zoom=2.2),
    Move(horizontal=5, zoom=-2.2),
    Move(horizontal=-2, pan=-2, zoom=3.8),
    Move(vertical=3.5, zoom=-3.2),
)
_LAST_MOVE = Move(vertical=-2, zoom=-4.8)
_CLOSE_SHARE = 0.7  # near things pass fast enough


def check_rate(fps: int) -> None:
    if fps not in RATES:
        raise Invalid(f"A film cannot have {fps} frames a second.", "Choose 24, 25, 30 or 60.", field="fps")


def story_brief(brief: FilmBrief) -> Brief:
    """What the writer is told: a story of one chapter in short sentences, about as long as the film."""
    return Brief(
        brief.premise,
        title=brief.title,
        age=AGE,
        genre=brief.genre,
        tone=brief.tone,
        chapters=1,
        pages=STORY_PAGES_MIN if brief.seconds < _LONG_SECONDS else round(brief.seconds / _PAGE_SECONDS),
        seed=brief.seed,
    )


def scenes_most(seconds: int, scene_seconds: float = SCENE_SECONDS) -> int:
    return max(1, min(SCENES_MAX, round(seconds / scene_seconds)))


def told_in(
    outline: Outline, text: ChapterText, seconds: int, scene_seconds: float = SCENE_SECONDS
) -> tuple[Outline, ChapterText]:
    """As much of the story as can be told in this time: the words of each scene, and the outline with the beat that
    each scene is from."""
    pages = [" ".join(page.paragraphs) for page in text.pages]
    pace = Pace(scenes_most(seconds, scene_seconds), scene_seconds)
    told = told_within(pages, seconds, pace, language_of(" ".join(pages)))
    beats = outline.chapters[0].beats
    chapter = replace(outline.chapters[0], beats=tuple(beats[number] for number, _ in told))
    return replace(outline, chapters=(chapter,)), ChapterText(tuple(PageText((words,)) for _, words in told))


def storyboard(
    plan: Plan, title: str, text: ChapterText, scenes: Sequence[Scene], seconds: int, camera: Sequence[Move] = ()
) -> Storyboard:
    """A card for every scene; each lasts in proportion to what is said in it, together ``seconds``, or longer where
    the words are."""
    words = [page.paragraphs[0] for page in text.pages]
    least = [spoken_seconds(said) for said in words]
    share = max(1.0, seconds / sum(least))
    cards = tuple(
        Card(
            words=said,
            scene=_framed(scene),
            move=move_for(number, len(words), scene.camera.shot, camera),
            seconds=round(long * share, 3),
            sheets={who: plan.sheets[who] for who in sheets_wanted(scene)},
        )
        for number, (said, scene, long) in enumerate(zip(words, scenes, least, strict=True))
    )
    return Storyboard(title or clean_text(plan.outline.title), cards)


def _framed(scene: Scene) -> Scene:
    """No part of a film is kept empty for text: captions bring their own ground."""
    return replace(scene, camera=Camera(scene.camera.shot, Area.NONE))


def move_for(number: int, count: int, shot: Shot, camera: Sequence[Move] = ()) -> Move:
    """What the camera does in scene ``number`` (from 0) of ``count``: what was asked for in turn, or what suits films.
    Neighbours never move alike."""
    if camera:
        return _in_turn(camera, number)
    move = _LAST_MOVE if count > 1 and number == count - 1 else _MOVES[number % len(_MOVES)]
    if shot is not Shot.CLOSE:
        return move
    return replace(move, horizontal=move.horizontal * _CLOSE_SHARE, vertical=move.vertical * _CLOSE_SHARE)


def _in_turn(camera: Sequence[Move], number: int) -> Move:
    """One after the other; the only one is seen in a mirror every second time, or backwards where that changes
    nothing."""
    move = camera[number % len(camera)]
    if len(camera) > 1 or number % 2 == 0:
        return move
    if move.horizontal or move.pan or move.roll:
        return replace(move, horizontal=-move.horizontal, pan=-move.pan, roll=-move.roll)
    return replace(move, vertical=-move.vertical, tilt=-move.tilt, zoom=-move.zoom, lens=-move.lens)


def frames_for(meant_seconds: Sequence[float], spoken_seconds: Sequence[float], fps: int) -> tuple[int, ...]:
    """As meant, to the frame over the whole film; longer only where what is said takes longer."""
    edges = [round(sum(meant_seconds[:n]) * fps) for n in range(len(meant_seconds) + 1)]
    meant = [after - before for before, after in pairwise(edges)]
    return tuple(max(1, long, math.ceil(said * fps)) for long, said in zip(meant, spoken_seconds, strict=True))


def starts_seconds(frames: Sequence[int], fps: int) -> tuple[float, ...]:
    """When each scene begins."""
    return tuple(sum(frames[:n]) / fps for n in range(len(frames)))


def picture_seed(brief: FilmBrief, number: int) -> int:
    return (brief.seed * 100_003 + number) % 2**31
