"""What a book plants early, it takes up at the end: a running joke, a habit, a thing of the hero's own, a gift."""

import re
from collections import Counter
from collections.abc import Iterator

from tests.craft.writing.measuring import PREMISES, Told, tell

from overprint.core.story import Age, Brief, Genre
from overprint.craft.writing.plot import Role, roles_of
from overprint.craft.writing.spine import spine_of_outline
from overprint.craft.writing.story_data import Episode, episodes, people
from overprint.craft.writing.wording import own_thing

_BLANK = re.compile(r"\{[^{}]*\}|\[[^\[\]]*\]|[*]|[.?!,;:]? ?[“”]")
_GIFTS_TOLD = 3
_WITH_THINGS = (
    "A boy wants to reach the clouds with his red kite",
    "An owl wants to see the end of the world through her telescope",
    "A mouse wants to become queen with a wooden wand",
)


def _page_with(told: Told, *templates: str) -> int | None:
    """The first page with one of these lines, told by the longest part of it that is the same in every book."""
    parts = [max(_BLANK.split(template), key=len).strip() for template in templates]
    assert all(len(part) > 8 for part in parts), parts
    return next(
        (n for n, page in enumerate(told.pages) if any(part in page.replace("\n", " ") for part in parts)), None
    )


def _met(told: Told) -> list[Episode]:
    beats = [beat for chapter in told.plan.outline.chapters for beat in chapter.beats]
    places = [beat.place for beat in beats if Role.MEET in roles_of(beat.purpose)]
    return [next(episode for episode in episodes() if episode.place == place) for place in places]


def _planted(told: Told) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """What may be planted, by which lines, and which lines answer them."""
    spine = spine_of_outline(told.plan.outline, told.brief.genre)
    if spine.gag is not None:
        yield "joke, in the dark", spine.gag.setup, (spine.gag.payoff,)
        yield "joke, at home", spine.gag.setup, spine.gag.coda
    for habit in spine.flaw.habit:
        yield "habit", (habit.before,), (habit.after,)
    if own := own_thing(spine.hero.want):
        yield "own thing", people().props[own[0].value], people().props["prop_payoff"]
    for episode in _met(told)[:_GIFTS_TOLD]:
        yield "gift", (episode.give.split("\n")[1].partition(" ")[2],), (episode.payoff,)


def _books() -> Iterator[Told]:
    for n, premise in enumerate((*PREMISES[::2], *_WITH_THINGS)):
        genre, age = [genre for genre in Genre if genre is not Genre.RHYME][n % 11], (Age.YOUNG, Age.ALL)[n % 2]
        yield tell(Brief(premise, age=age, genre=genre, pages=(8, 12, 24)[n % 3], chapters=1, seed=n), n)


def test_what_is_planted_early_is_taken_up_at_the_end() -> None:
    planted: Counter[str] = Counter()
    left: list[tuple[str, str, tuple[str, ...]]] = []
    for told in _books():
        for what, before, after in _planted(told):
            first, last = _page_with(told, *before), _page_with(told, *after)
            planted[what] += first is not None
            if first is not None and (last is None or last <= first):
                left.append((told.brief.premise, what, before))
    assert left == []
    assert min(planted[what] for what in ("joke, in the dark", "habit", "own thing", "gift")) >= 5, planted


def test_nothing_is_planted_whose_answer_these_people_could_not_give() -> None:
    premise = "A hasty girl who uses a wheelchair wants to sing to the moon. There is no {thing}."
    for seed in range(6):
        told = tell(Brief(premise.format(thing="snail" if seed % 2 else "hat"), pages=8, chapters=1, seed=seed), seed)
        text = "\n".join(told.pages)
        assert "walked the whole way back" not in text
        assert not re.search(r"\bsnail\b" if seed % 2 else r"\bhats?\b", text)
