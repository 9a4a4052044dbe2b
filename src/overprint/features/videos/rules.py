"""Pure decisions about films: which scenes there are, what is said in them, how the camera moves, how long it lasts."""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from overprint.core.film import SCENE_SECONDS, SCENES_MAX, Card, FilmBrief, Move, Storyboard
from overprint.core.problems import Invalid
from overprint.core.scene import Area, Camera, Scene, Shot
from overprint.core.story import STORY_PAGES_MAX, STORY_PAGES_MIN, Beat, Brief, ChapterText, Outline, PageText, Plan
from overprint.core.story_checks import sheets_wanted
from overprint.core.words import clean_text
from overprint.craft.narration import sentences

RATES = (24, 25, 30, 60)
_LETTERS_A_SECOND = 15.0  # as slow as our slowest voice
_PAUSES_SECONDS = 1.2  # before and after what is said
_SENTENCES_MAX = 2
_WORDS_MAX_LETTERS = 380

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
    """What the planner is told: a story of one chapter with a beat for every scene there may be."""
    beats = max(STORY_PAGES_MIN, min(STORY_PAGES_MAX, scenes_most(brief.seconds, brief.scene_seconds)))
    return Brief(
        brief.premise,
        title=brief.title,
        genre=brief.genre,
        tone=brief.tone,
        chapters=1,
        pages=beats,
        seed=brief.seed,
    )


def scenes_most(seconds: int, scene_seconds: float = SCENE_SECONDS) -> int:
    return max(1, min(SCENES_MAX, round(seconds / scene_seconds)))


def told_in(outline: Outline, seconds: int, scene_seconds: float = SCENE_SECONDS) -> tuple[Outline, ChapterText]:
    """As much of the story as can be told in this time: the outline with the beats that become scenes, and what is
    said in each. More beats come before more words."""
    beats = [beat for chapter in outline.chapters for beat in chapter.beats]
    count = min(len(beats), scenes_most(seconds, scene_seconds))
    while count > 1 and _spoken_seconds(_first_words(_spread(beats, count))) > seconds:
        count -= 1
    chosen = _spread(beats, count)
    words = _lengthened(_first_words(chosen), chosen, seconds)
    chapter = replace(outline.chapters[0], beats=tuple(chosen))
    return replace(outline, chapters=(chapter,)), ChapterText(tuple(PageText((said,)) for said in words))


def _spread(beats: Sequence[Beat], count: int) -> list[Beat]:
    """``count`` of them, evenly, the first and the last always among them."""
    if count == 1:
        return [beats[0]]
    return [beats[round(n * (len(beats) - 1) / (count - 1))] for n in range(count)]


def _first_words(beats: Sequence[Beat]) -> list[str]:
    return [_sentences_of(beat)[0] for beat in beats]


def _sentences_of(beat: Beat) -> list[str]:
    summary = clean_text(beat.summary)[:_WORDS_MAX_LETTERS]
    return [summary[first:last] for first, last in sentences(summary)] or [summary or "…"]


def _lengthened(words: list[str], beats: Sequence[Beat], seconds: int) -> list[str]:
    """With the next sentence of each beat, as long as there is time. What was said once is not said again."""
    said = set(words)
    for number, beat in enumerate(beats):
        for sentence in _sentences_of(beat)[1:_SENTENCES_MAX]:
            longer = [*words[:number], f"{words[number]} {sentence}", *words[number + 1 :]]
            if sentence not in said and _spoken_seconds(longer) <= seconds:
                words = longer
                said.add(sentence)
    return words


def _spoken_seconds(words: Sequence[str]) -> float:
    return sum(_seconds_of(said) for said in words)


def _seconds_of(words: str) -> float:
    return len(words) / _LETTERS_A_SECOND + _PAUSES_SECONDS


def storyboard(
    plan: Plan, title: str, text: ChapterText, scenes: Sequence[Scene], seconds: int, camera: Sequence[Move] = ()
) -> Storyboard:
    """A card for every scene; together they last ``seconds``, each in proportion to what is said in it."""
    words = [page.paragraphs[0] for page in text.pages]
    least = [_seconds_of(said) for said in words]
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
