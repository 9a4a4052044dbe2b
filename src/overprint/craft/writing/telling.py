"""Tells an outline: chooses lines for every beat, so that nothing is said twice and running details come back.

A book is told from its first page to the page asked for, each time alike; so every chapter can be written
on its own and still knows what the others have said. All chapters of a book must be given the same seed.
"""

import re
from dataclasses import replace

from overprint.core.story import Age, Beat, ChapterTask, ChapterText, Character, PageText
from overprint.craft.writing.beat_lines import in_own_words, told_lines
from overprint.craft.writing.book import Book
from overprint.craft.writing.composing import Told, chosen, paragraphs_of, richer_first, verse_of
from overprint.craft.writing.extra_lines import extra_lines
from overprint.craft.writing.language import sentences, word_count
from overprint.craft.writing.plot import Role, roles_of
from overprint.craft.writing.slots import about
from overprint.craft.writing.story_data import episodes
from overprint.craft.writing.templates import Line, realise

# On a page for people who read well: how many remarks are told with how they were said, and how long these may be.
_TAILS_A_PAGE, _TAILED_WORDS_MAX = 1, 24
# Who cries out or pants says it in no other way.
_SAID_EVENLY = "(?:said|asked|remarked|observed|announced|declared|enquired|wondered)"
_IN_EARNEST = {Role.LOW, Role.TURN, Role.ECHO}
# How long a sentence may be that need not be there.
_SENTENCE_WORDS_MAX = {Age.EARLY: 10, Age.YOUNG: 20, Age.MIDDLE: 60, Age.ALL: 32}


def write(task: ChapterTask, seed: int) -> ChapterText:
    """The words of chapter ``task.index``, a page for each of its beats."""
    book = Book(task.outline, task.age, task.tone, task.genre, seed)
    pages = [[_page(book, beat) for beat in chapter.beats] for chapter in task.outline.chapters[: task.index + 1]]
    return ChapterText(tuple(pages[task.index]))


def _page(book: Book, beat: Beat) -> PageText:
    roles = roles_of(beat.purpose)
    episode = next((e for e in episodes() if e.place == beat.place), None)
    helper = _helper(book, beat)
    values = book.values | about("helper", helper) | {"place": beat.place, "place_up": beat.place}
    lines = in_own_words(book, told_lines(book, beat, roles, episode, helper), roles)
    lines += [] if book.spine.plot.is_verse else extra_lines(book, beat, roles, episode)
    told = _told(book, sorted(lines, key=lambda line: line.paragraph), values)
    told = [line for line in told if line.weight <= 1 or _is_readable(book, line.text)]
    told = richer_first(told) if book.age is Age.MIDDLE else told
    in_verse = book.spine.plot.is_verse
    wanted = book.debt + round(book.words_a_part * len(roles))
    kept = told if in_verse else chosen(told, book.age, wanted)
    is_tailed = book.age is Age.MIDDLE and not in_verse and not _IN_EARNEST & set(roles)
    kept = _with_tails(book, kept) if is_tailed else kept
    book.debt = wanted - sum(line.words for line in kept)
    for line in kept:
        book.used.update(sentences(line.text))
    book.put_back({line.source for line in kept})
    book.is_paid = book.is_paid or any(line.source and line.source.paragraph == 19 for line in kept)
    book.stated.update(
        book.intros[line.source.template] for line in kept if line.source and line.source.template in book.intros
    )
    if Role.MEET in roles and episode is not None and episode not in book.met:
        book.met.append(episode)
    told_in_prose = tuple(" ".join(map(book.flowing, runs)) for runs in paragraphs_of(kept)) if not in_verse else ()
    return PageText((verse_of(kept) if in_verse else told_in_prose) or (realise("{hero} went on.", values, book.rng),))


def _with_tails(book: Book, kept: list[Told]) -> list[Told]:
    """Some of the page's remarks, told with how they were said."""
    names = [c.name for c in (book.spine.hero, book.spine.companion) if c is not None]
    ending = re.compile(rf"([,?])” {_SAID_EVENLY} (?:{'|'.join(map(re.escape, names))})(?=\.(?:$| ))")
    left, found = _TAILS_A_PAGE, list(kept)
    for n in sorted(range(len(kept)), key=lambda n: (n % 2, n)):
        said = [m for m in ending.finditer(kept[n].text) if _has_room(kept[n].text, m.end())]
        tail = book.tail(is_asked=said[-1][1] == "?") if said and left else None
        if tail is not None:
            text, end = kept[n].text, said[-1].end()
            found[n] = replace(kept[n], text=f"{text[:end]}, {tail}{text[end:]}")
            left -= 1
    return found


def _has_room(text: str, end: int) -> bool:
    """Whether the sentence that ends here is short enough to say how it was said."""
    before = next((s for s in reversed(sentences(text[: end + 1]))), "")
    return word_count(before) <= _TAILED_WORDS_MAX


def _is_readable(book: Book, text: str) -> bool:
    return max(word_count(sentence) for sentence in sentences(text)) <= _SENTENCE_WORDS_MAX[book.age]


def _helper(book: Book, beat: Beat) -> Character | None:
    own = {book.spine.hero.id, book.spine.companion.id if book.spine.companion else ""} | {
        c.id for c in book.spine.others
    }
    return next((c for c in book.outline.characters if c.id in beat.cast and c.id not in own), None)


def _told(book: Book, lines: list[Line], values: dict[str, str]) -> list[Told]:
    told: list[Told] = []
    fresh: set[str] = set()
    for line in lines:
        for _ in range(3):
            text = book.flowing(realise(book.worded(line.template), values, book.rng))
            parts = sentences(text)
            if not (set(parts) & (book.used | fresh)) and len(parts) == len(set(parts)):
                fresh.update(parts)
                told.append(Told(line.weight, line.paragraph, text, line))
                break
    return told
