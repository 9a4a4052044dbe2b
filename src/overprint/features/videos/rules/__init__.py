"""Pure decisions about films: which scenes there are, what is said in them, how the camera moves, how long it lasts."""

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from overprint.core.files import StoredFile
from overprint.core.film import (
    SCENE_SECONDS,
    UHD_SECONDS_MAX,
    Card,
    Definition,
    FilmBrief,
    Move,
    Storyboard,
    scenes_most,
)
from overprint.core.language import language_of
from overprint.core.problems import Invalid
from overprint.core.scene import Area, Camera, Scene, Shot
from overprint.core.story import (
    STORY_PAGES_MIN,
    Age,
    Brief,
    ChapterText,
    Character,
    CharacterRole,
    Outline,
    PageText,
    Plan,
)
from overprint.core.story_checks import sheets_wanted
from overprint.core.words import clean_text
from overprint.craft.narration import PAUSES_SECONDS, Pace, spoken_seconds, tight_seconds, told_within

RATES = (24, 25, 30, 60)
# As processor time was measured, of filming and finishing together; 2160p is filmed in 1080p and enlarged.
_UNITS = {Definition.HD: 1, Definition.FULL_HD: 2, Definition.UHD: 5}
_UNIT_FPS_MOST = 30
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
STANDING = Move(shake=0)
_LAST_MOVE = Move(vertical=-2, zoom=-4.8)
TRANSITION_SECONDS = 0.6
_ENDLESS_SECONDS, _END_SHARE = 10, 0.1
_END_SECONDS_MIN, END_SECONDS_MAX = 2.0, 3.0
_WORD = re.compile(r"\w{3,}")
_CLOSE_SHARE = 0.7  # near things pass fast enough


def check_rate(fps: int) -> None:
    if fps not in RATES:
        raise Invalid(f"A film cannot have {fps} frames a second.", "Choose 24, 25, 30 or 60.", field="fps")


def check_size(brief: FilmBrief, cards: Sequence[Card] = ()) -> None:
    """``cards``: of the storyboard, once there is one. Raises ``Invalid`` for more than can be made."""
    seconds = sum(map(least_seconds, cards)) if cards else brief.seconds
    if brief.definition is Definition.UHD and seconds > UHD_SECONDS_MAX:
        raise Invalid(
            f"A film of 2160p can last at most {UHD_SECONDS_MAX} seconds.",
            "Make it shorter, or in 1080p.",
            field="seconds",
        )


def story_brief(brief: FilmBrief, scripted: int = 0) -> Brief:
    """What the writer is told: a story of one chapter in short sentences, about as long as the film; of a script of so
    many scenes, one with a beat for each."""
    pages = STORY_PAGES_MIN if brief.seconds < _LONG_SECONDS else round(brief.seconds / _PAGE_SECONDS)
    return Brief(
        brief.premise,
        title=brief.title,
        age=AGE,
        genre=brief.genre,
        tone=brief.tone,
        chapters=1,
        pages=max(STORY_PAGES_MIN, scripted or pages),
        seed=brief.seed,
    )


def told_in(
    outline: Outline, text: ChapterText, seconds: int, scene_seconds: float = SCENE_SECONDS
) -> tuple[Outline, ChapterText]:
    """As much of the story as can be told in this time: the words of each scene, and the outline with the beat that
    each scene is from."""
    pages = [" ".join(page.paragraphs) for page in text.pages]
    pace = Pace(scenes_most(seconds, scene_seconds), scene_seconds)
    want = _hero(outline).want
    told = told_within(pages, seconds - end_seconds(seconds), pace, language_of(" ".join(pages)), want)
    beats = outline.chapters[0].beats
    chapter = replace(outline.chapters[0], beats=tuple(beats[number] for number, _ in told))
    return replace(outline, chapters=(chapter,)), ChapterText(tuple(PageText((words,)) for _, words in told))


def text_of(script: Sequence[str]) -> ChapterText:
    return ChapterText(tuple(PageText((said,)) for said in script))


def title_shown(outline: Outline, whole: ChapterText, told: ChapterText, scenes: Sequence[Scene]) -> str:
    """The story's title; but where it speaks of something in the ``whole`` text that is neither told nor seen in the
    time of the film, the name of whoever it is about."""
    seen = {actor.who for scene in scenes for actor in scene.actors}
    names = " ".join(person.name for person in outline.characters if person.id in seen)
    missing = _words_of(whole) - _words_of(told) - set(_WORD.findall(names.lower()))
    speaks_of = [word.lower() for word in _WORD.findall(clean_text(outline.title)) if not word.islower()]
    return clean_text(_hero(outline).name if missing & set(speaks_of) else outline.title)


def _hero(outline: Outline) -> Character:
    return next((who for who in outline.characters if who.role is CharacterRole.HERO), outline.characters[0])


def _words_of(text: ChapterText) -> set[str]:
    return {word for page in text.pages for said in page.paragraphs for word in _WORD.findall(said.lower())}


def storyboard(
    plan: Plan,
    title: str,
    text: ChapterText,
    scenes: Sequence[Scene],
    seconds: int,
    camera: Sequence[Move] = (),
    picture: StoredFile | None = None,
) -> Storyboard:
    """A card for every scene; together they are meant to last ``seconds``, each in proportion to what is said in it,
    and by whole halves of a second. Words that take longer make their scene last longer. ``picture`` is a person's
    own, for the first one."""
    words = [page.paragraphs[0] for page in text.pages]
    lengths = lengths_for(words, seconds, end_seconds(seconds))
    cards = tuple(
        Card(
            words=said,
            scene=framed(scene),
            move=move_for(number, len(words), scene.camera.shot, camera),
            seconds=long,
            sheets={who: plan.sheets[who] for who in sheets_wanted(scene)},
            id=number + 1,
            picture=None if number else picture,
        )
        for number, (said, scene, long) in enumerate(zip(words, scenes, lengths, strict=True))
    )
    return Storyboard(title, cards, plan.outline.characters)


def lengths_for(words: Sequence[str], seconds: int, end: float = 0.0) -> list[float]:
    """How long scenes are meant to last in which these words are said: ``seconds`` together, the last one with ``end``
    seconds after its words. In proportion to what is said; if there is hardly time for it, as tightly as it fits."""
    least = [*map(spoken_seconds, words)]
    least[-1] += end
    *tight, last = tight_seconds(words, seconds - end) or (0.0,)
    return [*tight, last + end] if tight and sum(least) > seconds else shared(seconds, least)


def shared(seconds: float, weights: Sequence[float]) -> list[float]:
    """``seconds`` divided by these weights, in halves of a second: those are whole frames at 24, 30 and 60 a second."""
    whole = sum(weights)
    edges = [round(2 * seconds * sum(weights[:n]) / whole) for n in range(len(weights) + 1)]
    lengths = [max(2, after - before) / 2 for before, after in pairwise(edges)]
    while sum(lengths) > seconds and max(lengths) > 1:
        lengths[lengths.index(max(lengths))] -= 0.5
    return lengths


def driven(brief: FilmBrief) -> FilmBrief:
    """Where a clip is followed, scenes begin without a camera of their own; what people give them goes besides. What it
    would have been is kept for a clip that cannot be followed."""
    return replace(brief, camera=(STANDING,), undriven=brief.camera)


def move_undriven(brief: FilmBrief, card: Card) -> Move:
    """What the camera does in a scene that stands for a clip which cannot be followed. It knows nothing of the scene's
    place."""
    return move_for(card.id - 1, 0, card.scene.camera.shot, brief.undriven)


def framed(scene: Scene) -> Scene:
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


def end_seconds(seconds: int) -> float:
    """How long the last scene of a film goes on after its words, with or without credits over it. The shortest films
    have no time for that."""
    if seconds < _ENDLESS_SECONDS:
        return 0.0
    return min(END_SECONDS_MAX, max(_END_SECONDS_MIN, seconds * _END_SHARE))


def filmed(frames: Sequence[int], fps: int) -> tuple[int, ...]:
    """How many frames are filmed of each scene: with its handle, wherever it stands."""
    return tuple(count + overlap_frames(fps) for count in frames)


def overlap_frames(fps: int) -> int:
    """How long a transition takes."""
    return round(TRANSITION_SECONDS * fps)


def frames_for(
    meant_seconds: Sequence[float], spoken_seconds: Sequence[float], fps: int, end: float = 0.0
) -> tuple[int, ...]:
    """As meant, each to its own nearest frame, so that no scene's length moves another's; longer only where what is
    said takes longer, in the last scene with ``end`` seconds after it. Then it is longer by whole halves of a second,
    so that a word more or less seldom has a scene filmed anew."""
    least = [*spoken_seconds[:-1], spoken_seconds[-1] + end]
    both = zip(meant_seconds, least, strict=True)
    lengths = [meant if said <= meant else math.ceil(2 * said) / 2 for meant, said in both]
    return tuple(max(1, round(long * fps), math.ceil(said * fps)) for long, said in zip(lengths, least, strict=True))


def starts_seconds(frames: Sequence[int], fps: int) -> tuple[float, ...]:
    """When each scene begins."""
    return tuple(sum(frames[:n]) / fps for n in range(len(frames)))


def least_seconds(card: Card) -> float:
    """How long a scene lasts at the very least: as it is meant to, or as its words take without a pause. So whoever
    writes more into a short scene pays for what is filmed of it."""
    return max(card.seconds, spoken_seconds(card.words) - PAUSES_SECONDS)


def lasts_seconds(board: Storyboard) -> float:
    """How long a film is about to be: each scene as long as it is meant to be, or as its words take."""
    return round(sum(max(card.seconds, spoken_seconds(card.words)) for card in board.cards), 1)


def film_units(brief: FilmBrief, seconds: float) -> int:
    """What so many seconds of this film's pictures cost, in seconds of 720p at up to 30 frames a second."""
    return max(1, int(seconds)) * _UNITS[brief.definition] * (2 if brief.fps > _UNIT_FPS_MOST else 1)


def scene_seed(brief: FilmBrief, card: Card) -> int:
    """The seed of all that is seen in a scene: wherever it stands the same, and another one each time it is redone."""
    return (brief.seed * 100_003 + card.id + card.take * 7_919) % 2**31
