"""How evenly a PDF file is set, measured on the file: spaces, hyphens, and lines that stand alone.

A line is loose when its spaces are wider than 0.42 em on average; a
widow is the last line of a paragraph at the top of a page, an orphan the first one at the foot; a runt is a last line
of hardly more than a syllable.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import pypdfium2  # type: ignore[import-untyped]

from tests.craft.typesetting.reading import Letter, letters_of

_LOOSE_EM, _RUNT_EM, _INDENT_EM = 0.42, 1.6, 0.6
_SPACE_MIN_EM = 0.11
_FULL_PT = 2.5
_HUNG_PT = 4.0  # as far as a full stop hangs in the margin
_HYPHENS = "-\u2010\u00ad\ufffe\x02"
_LINES_LEAST = 4


@dataclass(frozen=True)
class Line:
    text: str
    left_pt: float
    right_pt: float
    bottom_pt: float
    size_pt: float
    spaces_em: tuple[float, ...]


@dataclass
class Evenness:
    """Counts over a whole file; the lists name the lines, for whoever has to look."""

    pages: int = 0
    lines: int = 0
    justified: int = 0
    loose: list[str] = field(default_factory=list)
    widows: list[str] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)
    runts: list[str] = field(default_factory=list)
    hyphen_runs: list[str] = field(default_factory=list)

    @property
    def loose_share(self) -> float:
        return len(self.loose) / max(1, self.justified)


def evenness(data: bytes) -> Evenness:
    found = Evenness()
    with pypdfium2.PdfDocument(data) as pdf:
        pages = [lines_of(page) for page in pdf]
    sizes = Counter(round(line.size_pt, 1) for lines in pages for line in lines)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    before: _Page | None = None
    for lines in pages:
        found.pages += 1
        own = [line for line in lines if abs(line.size_pt - body) < 0.2]
        opens = any(line.size_pt > body + 1 and line.bottom_pt < own[0].bottom_pt for line in lines) if own else True
        page = _Page(own, opens)
        if len(own) >= _LINES_LEAST:
            _judge(page, found)
            if before and not opens:
                _judge_turn(before, page, found)
        before = page if len(own) >= _LINES_LEAST else None
    return found


class _Page:
    """Lines of the text's own size. ``opens``: there is a heading above them."""

    def __init__(self, lines: Sequence[Line], opens: bool) -> None:
        self.lines = lines
        self.opens = opens
        self.left, self.right = _column(lines) if lines else (0.0, 0.0)
        full = sum(not _is_short(line, self.right) for line in lines)
        beyond = any(line.right_pt > self.right + _HUNG_PT for line in lines)
        self.justified = full >= 0.4 * len(lines) and not beyond

    def indented(self, line: Line) -> bool:
        return line.left_pt > self.left + _INDENT_EM * line.size_pt

    def paragraphs(self) -> Iterator[list[Line]]:
        """A paragraph begins with an indented line or after a short one; in ragged text, after a wider space."""
        gaps = [after.bottom_pt - line.bottom_pt for line, after in pairwise(self.lines)]
        usual = min(gaps, default=0.0)
        paragraph = [self.lines[0]]
        for before, line, gap in zip(self.lines, self.lines[1:], gaps, strict=False):
            new = self.indented(line) or _is_short(before, self.right) if self.justified else gap > 1.1 * usual
            if new:
                yield paragraph
                paragraph = []
            paragraph.append(line)
        yield paragraph


def lines_of(page: pypdfium2.PdfPage) -> list[Line]:
    """Lines from top to bottom, each from left to right; large initials are not of the line that they begin."""
    rows: dict[tuple[int, float], list[Letter]] = {}
    for letter in letters_of(page):
        key = next(
            (at for at in rows if abs(at[0] - letter.baseline_pt) < 2 and abs(at[1] - letter.size_pt) < 0.3), None
        )
        rows.setdefault(key or (round(letter.baseline_pt), letter.size_pt), []).append(letter)
    return [_line(rows[at]) for at in sorted(rows)]


def _line(letters: Sequence[Letter]) -> Line:
    ordered = sorted(letters, key=lambda letter: letter.left_pt)
    size = ordered[0].size_pt
    gaps = [(after.left_pt - before.right_pt) / size for before, after in pairwise(ordered)]
    text = ordered[0].text
    for gap, letter in zip(gaps, ordered[1:], strict=True):
        text += (" " if gap > _SPACE_MIN_EM else "") + letter.text
    spaces = tuple(gap for gap in gaps if gap > _SPACE_MIN_EM)
    return Line(text, ordered[0].left_pt, ordered[-1].right_pt, ordered[0].baseline_pt, size, spaces)


def _judge(page: _Page, found: Evenness) -> None:
    found.lines += len(page.lines)
    for lines in page.paragraphs():
        if page.justified:
            _judge_spaces(lines, page.right, found)
        last = lines[-1]
        if len(lines) > 1 and last.right_pt - last.left_pt < _RUNT_EM * last.size_pt:
            found.runts.append(last.text)


def _judge_turn(before: _Page, page: _Page, found: Evenness) -> None:
    """A paragraph that goes on over the page leaves more than one line on either side."""
    first, last = next(page.paragraphs()), list(before.paragraphs())[-1]
    if page.indented(first[0]) or _is_short(last[-1], before.right) or not page.justified:
        return
    if len(first) == 1:
        found.widows.append(first[0].text)
    if len(last) == 1 and before.indented(last[0]):
        found.orphans.append(last[0].text)


def _judge_spaces(lines: Sequence[Line], right: float, found: Evenness) -> None:
    hyphens = 0
    for line in lines:
        full = not _is_short(line, right)
        found.justified += full
        if full and line.spaces_em and sum(line.spaces_em) / len(line.spaces_em) > _LOOSE_EM:
            found.loose.append(line.text)
        hyphens = hyphens + 1 if full and line.text[-1] in _HYPHENS else 0
        if hyphens == 3:
            found.hyphen_runs.append(line.text)


def _is_short(line: Line, right: float) -> bool:
    return line.right_pt < right - _FULL_PT


def _column(lines: Sequence[Line]) -> tuple[float, float]:
    """Where lines begin and end: the leftmost beginning, and the end that most lines share."""
    ends = Counter(round(line.right_pt) for line in lines)
    return min(line.left_pt for line in lines), float(max(ends, key=lambda end: (ends[end] + ends[end + 1], end)))
