"""Whoever comes along besides the hero and the companion: how they are told of, one or all together."""

from overprint.core.story import Age, Beat, Character
from overprint.craft.writing.book import Book
from overprint.craft.writing.language import joined, plural
from overprint.craft.writing.plot import Role
from overprint.craft.writing.slots import about, named_with_kind
from overprint.craft.writing.story_data import people
from overprint.craft.writing.subjects import subject_slots
from overprint.craft.writing.templates import Line
from overprint.craft.writing.wording import bind

_AT_LAST = (Role.SUCCESS, Role.HOME, Role.ECHO)
# How soon a page that is full does without them.
_IN_PASSING = 1.25


def company_lines(book: Book, beat: Beat, role: Role) -> list[Line]:
    """What the page says of them: who is new, all of them at the end, and one in passing on the way."""
    here = [c for c in book.spine.others if c.id in beat.cast]
    of_the_plot = [c for c in here if _is_told_by_the_plot(book, c)]
    spoken_of = [c for c in here if c not in of_the_plot and c.id in book.introduced]
    new = [c for c in here if c not in of_the_plot and c.id not in book.introduced]
    found: list[Line] = []
    if role in (Role.WANT, Role.ECHO):
        found += [line for c in of_the_plot for line in _one(book, c, _key_of_the_plot(book, c, role))]
    if role in _AT_LAST:
        found += [line for c in new for line in _one(book, c, "met")]
    else:
        found += _all(book, new, "intro")
    if role is Role.ECHO:
        found += _all(book, spoken_of, "end")
    elif spoken_of:
        turn = spoken_of[book.rng.randrange(len(spoken_of))]
        found += _one(book, turn, "at_home" if book.spine.plot.is_at_home else "again", _IN_PASSING)
    book.introduced.update(c.id for c in (*new, *(of_the_plot if found else ())))
    return found


def _key_of_the_plot(book: Book, character: Character, role: Role) -> str:
    if character.id in book.introduced:
        return "end" if role is Role.ECHO else "again"
    return "met" if role is Role.ECHO else "called"


def _all(book: Book, characters: list[Character], key: str) -> list[Line]:
    """``Thistle and Wick the elephants came too``: everybody in one line."""
    if len(characters) < 2:
        return [line for c in characters for line in _one(book, c, key)]
    names, nouns = joined([c.name for c in characters]), {c.noun for c in characters}
    told = f"{names} the {plural(nouns.pop())}" if len(nouns) == 1 else joined([named_with_kind(c) for c in characters])
    return _line(book, f"{key}_all", {"who_all": told, "names": names}, 1)


def _one(book: Book, character: Character, key: str, weight: float = 1) -> list[Line]:
    return _line(book, key, about("who", character), weight)


def _line(book: Book, key: str, values: dict[str, str], weight: float) -> list[Line]:
    lines = people().others
    key = f"early_{key}" if book.age is Age.EARLY and f"early_{key}" in lines else key
    line = book.deal(f"other-{key}", lines[key])
    return [] if line is None else [Line(weight, 12, bind(line, values), line)]


def _is_told_by_the_plot(book: Book, character: Character) -> bool:
    """Whether the plot speaks of them by its own slot: ``the queen``, who is to be made to laugh."""
    named = " ".join(book.values[slot] for slot in book.spine.plot.needs if slot in subject_slots()).split()
    return character.noun.split()[-1] in named or character.name in named
