"""Puts realised lines together to one page: within its number of words, two to four short paragraphs."""

from dataclasses import dataclass, replace
from itertools import pairwise

from overprint.core.story import Age
from overprint.craft.writing.language import sentences, word_count
from overprint.craft.writing.plot import shape
from overprint.craft.writing.templates import Line

PARAGRAPHS_MAX = 4
WORDS = {Age.EARLY: (18, 60), Age.YOUNG: (40, 92), Age.MIDDLE: (62, 130), Age.ALL: (45, 110)}


@dataclass(frozen=True, slots=True)
class Told:
    """A realised line. Lines of one page are in reading order; ``weight`` says how soon one is left out."""

    weight: float
    paragraph: int
    text: str
    source: Line | None = None

    @property
    def words(self) -> int:
        return word_count(self.text)

    def leads_on_to(self, other: "Told") -> bool:
        """Whether both are lines of a script, which have whole weights in the data, or both small true things."""
        one, next_one = (line.source.weight if line.source else 0.5 for line in (self, other))
        is_near = self.paragraph == other.paragraph
        return is_near and (one % 1 == next_one % 1 == 0 or min(one, next_one) > _SMALL_THINGS)


# What a page may hold when everything on it has to be told.
CORE_WORDS_MAX = {Age.EARLY: 90, Age.YOUNG: 160, Age.MIDDLE: 190, Age.ALL: 160}
# Words on a page, taken over a whole book.
WORDS_A_PAGE = {Age.EARLY: 40, Age.YOUNG: 70, Age.MIDDLE: 98, Age.ALL: 76}


WORDS_A_VERSE_PAGE = 41
WORDS_A_BRIEF_PAGE = 25
# For people who read well: how long a sentence is about, and the weight from which a line may give way to a richer one.
_SENTENCE_WORDS, _MAY_WAIT = 14, 1.4
_SOONER = 0.95
# The weight from which lines tell of the place, the weather and the world at large.
_SMALL_THINGS = 3
# Words by which a line is wanted as much sooner as a whole weight.
_MANY = 1000


def words_asked(pages: int, age: Age, told_in_verse: bool = False, is_brief: bool = False) -> int:
    """How long a book of so many story pages is: 150 words to 5880.

    The last pages of a short book tell two parts of the story each, and count as two.
    """
    if is_brief:
        return pages * WORDS_A_BRIEF_PAGE
    if told_in_verse:
        return pages * WORDS_A_VERSE_PAGE
    return WORDS_A_PAGE[age] * sum(len(page.roles) for page in shape(pages))


def chosen(lines: list[Told], age: Age, wanted: int) -> list[Told]:
    """The lines that make the page: every one of weight 1, and as many others as bring it into its range.

    ``wanted``: how many words would bring the book to its length.
    """
    low, high = WORDS[age]
    high = max(high, min(CORE_WORDS_MAX[age], wanted))
    kept = [line for line in lines if line.weight <= 1]
    while sum(line.words for line in kept) > CORE_WORDS_MAX[age] and len(kept) > 1:
        kept.remove(_least_needed(kept))
    target = min(high - 4, max(low + 2, wanted))
    total = sum(line.words for line in kept)
    for line in sorted((line for line in lines if line not in kept and line.weight > 1), key=lambda line: line.weight):
        if total < target - line.words / 2 and total + line.words <= high:
            kept.append(line)
            total += line.words
    spare = [line for line in lines if line not in kept and line.weight > 1 and total + line.words <= high]
    while total < low and spare:
        kept.append(spare.pop(0))
        total += kept[-1].words
        spare = [line for line in spare if total + line.words <= high]
    return [line for line in lines if line in kept]


def richer_first(lines: list[Told]) -> list[Told]:
    """The same lines, things in passing of long sentences wanted sooner than those of short ones, for people who read
    well. The lines of a script, whose weights are whole numbers, lead on to one another and stay as they are."""
    return [line if line.weight < _MAY_WAIT or line.weight % 1 == 0 else _by_length(line) for line in _sooner(lines)]


def _sooner(lines: list[Told]) -> list[Told]:
    """The same lines, those written for people who read well wanted sooner, and of these the longest first."""
    return [
        replace(line, weight=line.weight - _SOONER - line.words / _MANY) if _is_for_them(line) else line
        for line in lines
    ]


def _is_for_them(line: Told) -> bool:
    return line.source is not None and line.source.reader == "m"


def _by_length(line: Told) -> Told:
    longer = line.words / len(sentences(line.text)) - _SENTENCE_WORDS
    return replace(line, weight=max(_MAY_WAIT, line.weight - min(2.0, max(-2.0, longer * 0.2))))


def _least_needed(kept: list[Told]) -> Told:
    """From the fullest paragraph the last line, so that every part of the page keeps its beginning."""
    counts = {line.paragraph: sum(1 for other in kept if other.paragraph == line.paragraph) for line in kept}
    fullest = max(counts, key=lambda paragraph: (counts[paragraph], -paragraph))
    if counts[fullest] == 1:
        return max(kept, key=lambda line: (line.weight, line.paragraph))
    return [line for line in kept if line.paragraph == fullest][-1]


def verse_of(lines: list[Told]) -> tuple[str, ...]:
    """A line of verse is a paragraph of its own; the last of a stanza that was cut short ends it."""
    told = [line.text for line in lines]
    if told and told[-1].endswith((",", ";", ":")):
        told[-1] = f"{told[-1][:-1]}."
    return tuple(told)


def paragraphs_of(lines: list[Told]) -> tuple[tuple[str, ...], ...]:
    """Two to four paragraphs, each in runs: what leads on from sentence to sentence. What is told in passing between
    lines of a script has nothing to do with either, and is a run of its own."""
    if len({line.paragraph for line in lines}) == 1:
        lines = [replace(line, paragraph=2 * n >= len(lines)) for n, line in enumerate(lines)]
    paragraphs: list[list[Told]] = []
    for line in lines:
        before = paragraphs[-1] if paragraphs else []
        is_speech = line.text.startswith("“") or (bool(before) and before[0].text.startswith("“"))
        if before and before[-1].paragraph == line.paragraph and not is_speech:
            before.append(line)
        else:
            paragraphs.append([line])
    while len(paragraphs) > PARAGRAPHS_MAX:
        sizes = [sum(line.words for line in paragraph) for paragraph in paragraphs]
        n = min(range(len(sizes) - 1), key=lambda n: sizes[n] + sizes[n + 1])
        paragraphs[n : n + 2] = [paragraphs[n] + paragraphs[n + 1]]
    if len(paragraphs) > 1:
        return tuple(map(_runs, paragraphs))
    parts = sentences(" ".join(line.text for line in lines))
    middle = (len(parts) + 1) // 2
    return tuple((" ".join(part),) for part in (parts[:middle], parts[middle:]) if part)


def _runs(paragraph: list[Told]) -> tuple[str, ...]:
    runs = [paragraph[0].text]
    for before, line in pairwise(paragraph):
        if before.leads_on_to(line):
            runs[-1] += f" {line.text}"
        else:
            runs.append(line.text)
    return tuple(runs)
