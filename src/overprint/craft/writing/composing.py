"""Puts realised lines together to one page: within its number of words, two to four short paragraphs."""

from dataclasses import dataclass
from random import Random

from overprint.core.story import Age
from overprint.craft.writing.language import sentences, word_count
from overprint.craft.writing.templates import Line

PARAGRAPHS_MAX = 4
WORDS = {Age.EARLY: (25, 45), Age.YOUNG: (45, 80), Age.MIDDLE: (70, 120), Age.ALL: (50, 100)}


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


def chosen(lines: list[Told], age: Age, rng: Random) -> list[Told]:
    """The lines that make the page: every one of weight 1, and as many others as bring it into its range.

    One other at least, if any fits: the lines of weight 1 may be the same in another book.
    """
    low, high = WORDS[age]
    kept = [line for line in lines if line.weight <= 1]
    while sum(line.words for line in kept) > high and len(kept) > 1:
        kept.remove(_least_needed(kept))
    target = rng.uniform(low + (high - low) * 0.3, low + (high - low) * 0.75)
    total = sum(line.words for line in kept)
    for line in sorted((line for line in lines if line not in kept and line.weight > 1), key=lambda line: line.weight):
        is_wanted = total < target if line.weight < 4 else total < low
        if is_wanted and total + line.words <= high:
            kept.append(line)
            total += line.words
    spare = [line for line in lines if line not in kept and line.weight > 1 and total + line.words <= high]
    if spare and all(line.weight <= 1 for line in kept):
        kept.append(min(spare, key=lambda line: line.words))
    return [line for line in lines if line in kept]


def _least_needed(kept: list[Told]) -> Told:
    """From the fullest paragraph the last line, so that every part of the page keeps its beginning."""
    counts = {line.paragraph: sum(1 for other in kept if other.paragraph == line.paragraph) for line in kept}
    fullest = max(counts, key=lambda paragraph: (counts[paragraph], -paragraph))
    if counts[fullest] == 1:
        return max(kept, key=lambda line: (line.weight, line.paragraph))
    return [line for line in kept if line.paragraph == fullest][-1]


def paragraphs_of(lines: list[Told]) -> tuple[str, ...]:
    """The text of each paragraph, two to four of them."""
    by_number: dict[int, list[str]] = {}
    for line in lines:
        by_number.setdefault(line.paragraph, []).append(line.text)
    paragraphs = [" ".join(texts) for _, texts in sorted(by_number.items())]
    while len(paragraphs) > PARAGRAPHS_MAX:
        n = min(range(len(paragraphs) - 1), key=lambda n: word_count(paragraphs[n]) + word_count(paragraphs[n + 1]))
        paragraphs[n : n + 2] = [f"{paragraphs[n]} {paragraphs[n + 1]}"]
    if len(paragraphs) == 1:
        parts = sentences(paragraphs[0])
        middle = (len(parts) + 1) // 2
        paragraphs = [" ".join(part) for part in (parts[:middle], parts[middle:]) if part]
    return tuple(paragraphs)
