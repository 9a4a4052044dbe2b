"""Whether the pages read well: words that are whole and said once, that stand out, off faces, in even lines."""

import hashlib
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
from tests.craft.typesetting.lines import evenness
from tests.craft.typesetting.reading import Letter, letters_of, lowest_contrast

from benchmarks.proofs.made import Drawn, Made
from overprint.craft.typesetting.contrast import PROMISE
from overprint.craft.typesetting.epub_leaves import PX_PER_PT

_SENTENCE = re.compile(r"[^.!?]+[.!?]+")
_PARAGRAPH = re.compile(r"<p\b[^>]*>(.*?)</p>", re.DOTALL)
_PLACEHOLDER = re.compile(r"[{}\[\]]|\bTODO\b|\bundefined\b|[Ll]orem ipsum")
_LENGTHS = r"left:([-\d.]+)px;top:([-\d.]+)px;width:([\d.]+)px;height:([\d.]+)px"
_PLACED = re.compile(
    rf'<div class="picture" style="{_LENGTHS}[^>]*><img src="\.\./(pictures/[^"]+)"[^>]* style="{_LENGTHS}'
)
LOOSE_MOST = 0.002
# A picture book has few justified lines: one that is loose is no habit.
_LOOSE_LINES_FORGIVEN = 1


@dataclass(frozen=True)
class _Rectangle:
    """From the top left corner of the page, in points."""

    left_pt: float
    top_pt: float
    right_pt: float
    bottom_pt: float

    def meets(self, letter: Letter) -> bool:
        across = letter.left_pt < self.right_pt and letter.right_pt > self.left_pt
        return across and letter.top_pt < self.bottom_pt and letter.bottom_pt > self.top_pt


def words(made: Made) -> list[str]:
    text = text_of_ebook(made.flowing)
    found = said_twice(text)
    if _PLACEHOLDER.search(text):
        found.append("a placeholder is left in the words")
    return found


def text_of_ebook(book: Path) -> str:
    """The paragraphs of an EPUB, in order."""
    with zipfile.ZipFile(book) as archive:
        pages = [archive.read(name).decode() for name in archive.namelist() if name.endswith(".xhtml")]
    return "\n".join(re.sub(r"<[^>]+>", "", part) for page in pages for part in _PARAGRAPH.findall(page))


def said_twice(text: str) -> list[str]:
    seen: set[str] = set()
    twice = []
    for sentence in (" ".join(match.split()) for match in _SENTENCE.findall(text)):
        if len(sentence.split()) > 4 and sentence in seen:
            twice.append(f"said twice: {sentence}")
        seen.add(sentence)
    return twice


def contrast(made: Made) -> tuple[str, list[str]]:
    weakest = lowest_contrast(made.screen.read_bytes())
    return f"{weakest:.1f}", [] if weakest >= PROMISE else [f"words of contrast {weakest:.2f} : 1"]


def lines(made: Made) -> tuple[str, list[str]]:
    """Of the screen edition and of what is printed."""
    found: list[str] = []
    loose, justified = 0, 0
    for path in (made.screen, *made.folder.glob("*-print-inside.pdf"), *made.folder.glob("*-print-whole.pdf")):
        even = evenness(path.read_bytes())
        kinds = {"widow": even.widows, "orphan": even.orphans, "runt": even.runts, "third hyphen": even.hyphen_runs}
        found += [f"{path.name}: {kind}: {line}" for kind, lines in kinds.items() for line in lines]
        if len(even.loose) > max(_LOOSE_LINES_FORGIVEN, LOOSE_MOST * even.justified):
            found += [f"{path.name}: loose: {line}" for line in even.loose]
        loose, justified = loose + len(even.loose), justified + even.justified
    return f"{loose}/{justified}", found


def faces(made: Made) -> tuple[str, list[str]]:
    """Letters of the screen PDF, against the faces in the pictures where the e-book of the same pages puts them."""
    drawn = {picture.key: picture for picture in made.pictures}
    seen, found = 0, []
    with zipfile.ZipFile(made.fixed) as archive, pypdfium2.PdfDocument(made.screen) as pdf:
        leaves = sorted(name for name in archive.namelist() if re.search(r"/text/\d+-", name))
        if len(leaves) != len(pdf):
            return "", ["the PDF and the e-book of fixed pages differ in pages"]
        for number, (name, page) in enumerate(zip(leaves, pdf, strict=True), 1):
            spots = list(_faces_on(archive, archive.read(name).decode(), made, drawn))
            letters = letters_of(page)
            seen += len(spots)
            hidden = "".join(letter.text for letter in letters if any(spot.meets(letter) for spot in spots))
            if hidden:
                found.append(f"page {number}: “{hidden[:20]}” stands on a face")
    return f"{seen}", found


def _faces_on(archive: zipfile.ZipFile, leaf: str, made: Made, drawn: dict[str, Drawn]) -> Iterator[_Rectangle]:
    """As far as they are seen: a picture is cut by its frame."""
    for placed in _PLACED.finditer(leaf):
        lengths = [float(length) / PX_PER_PT for n, length in enumerate(placed.groups(), 1) if n != 5]
        left, top, width, height, inner_left, inner_top, wide, tall = lengths
        key = made.key_of_signed.get(hashlib.sha256(archive.read(f"EPUB/{placed.group(5)}")).hexdigest(), "")
        for face in drawn[key].faces if key in drawn else ():
            x, y = left + inner_left + face["x"] * wide, top + inner_top + face["y"] * tall
            spot = _Rectangle(
                max(x, left),
                max(y, top),
                min(x + face["width"] * wide, left + width),
                min(y + face["height"] * tall, top + height),
            )
            if spot.left_pt < spot.right_pt and spot.top_pt < spot.bottom_pt:
                yield spot
