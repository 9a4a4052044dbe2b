"""What is read aloud of a book, page by page: its parts, their sentences, and who says each piece of them."""

from collections.abc import Sequence

from overprint.core.book import BookDoc, PageKind
from overprint.core.narration import NARRATOR, Line, Mark, Utterance
from overprint.core.problems import LimitReached
from overprint.core.story import Character
from overprint.craft.narration.dialogue import Quotation, quotations
from overprint.craft.narration.sentences import sentences
from overprint.craft.typesetting.reading import parts_read

LINES_A_PAGE_MAX = 2_000
_UNSPOKEN = str.maketrans(dict.fromkeys("*_#~|<>^=\\", " "))  # a voice would read their names out


def page_lines(doc: BookDoc, number: int, people: Sequence[Character] = ()) -> tuple[Line, ...]:
    """Every sentence of page ``number`` (from 1), none for a page that is not read aloud. Raises ``LimitReached``."""
    page = doc.pages[number - 1]
    lines: list[Line] = []
    for place, text in enumerate(parts_read(doc, page)):
        said = quotations(text, people) if page.kind is PageKind.STORY and place > 0 else ()
        lines += text_lines(text, doc.language, said, place=place)
    if len(lines) > LINES_A_PAGE_MAX:
        raise LimitReached(f"A page may have at most {LINES_A_PAGE_MAX} sentences to be read aloud.", "Split the page.")
    return tuple(lines)


def text_lines(text: str, language: str, said: Sequence[Quotation] = (), *, place: int = 0) -> tuple[Line, ...]:
    """Every sentence of ``text``; ``said``: what in it others say than who tells it."""
    voices = [NARRATOR] * len(text)
    for quote in said:
        voices[quote.first : quote.last] = [quote.who] * (quote.last - quote.first)
    spans = sentences(text, language)
    return tuple(Line(place, first, last, _utterances(text, voices, first, last)) for first, last in spans)


Heard = Sequence[Sequence[Sequence[tuple[int, float]]]]
"""For each utterance of each line: where in its text a word begins, and when that is heard."""


def marks_of(text: str, lines: Sequence[Line], heard: Heard) -> tuple[Mark, ...]:
    """When words of ``text``, whose ``lines`` these are, are heard. Times never run backwards."""
    plain = text.translate(_UNSPOKEN)
    found: list[Mark] = []
    for line, spoken in zip(lines, heard, strict=True):
        at = line.first
        for utterance, words in zip(line.utterances, spoken, strict=True):
            at = plain.find(utterance.text, at, line.last)
            if at < 0:
                break
            for first, seconds in words:
                if not found or (at + first > found[-1].first and seconds >= found[-1].start_seconds):
                    found.append(Mark(at + first, round(seconds, 3)))
            at += len(utterance.text)
    return tuple(found)


def _utterances(text: str, voices: Sequence[str], first: int, last: int) -> tuple[Utterance, ...]:
    """Stretches of one voice. One that has nothing to say, such as a dash, stays with the stretch before it."""
    pieces: list[tuple[str, str]] = []
    begin = first
    for at in range(first + 1, last + 1):
        if at < last and voices[at] == voices[begin]:
            continue
        piece = text[begin:at]
        if pieces and (pieces[-1][0] == voices[begin] or not any(map(str.isalnum, piece))):
            pieces[-1] = (pieces[-1][0], pieces[-1][1] + piece)
        else:
            pieces.append((voices[begin], piece))
        begin = at
    spoken = ((who, said.translate(_UNSPOKEN).strip()) for who, said in pieces)
    return tuple(Utterance(who, said) for who, said in spoken if any(map(str.isalnum, said)))
