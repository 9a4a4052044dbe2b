"""A second pair of eyes: what PDFium, which had no part in making the file, sees in it."""

from dataclasses import dataclass

import numpy
import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw  # type: ignore[import-untyped]
from numpy.typing import NDArray
from PIL import Image

from overprint.craft.typesetting.contrast import Colour, ratio

Pixels = NDArray[numpy.uint32]
_ORNAMENT = "\u2767"
_GROUND_SCALE = 2


@dataclass(frozen=True)
class Letter:
    text: str
    ink: Colour
    size_pt: float
    left_pt: float
    top_pt: float
    right_pt: float
    bottom_pt: float
    baseline_pt: float


def text_of(data: bytes) -> str:
    """All words in the order they are drawn. Places where a long word may break are not part of the text."""
    with pypdfium2.PdfDocument(data) as pdf:
        return "\n".join(page.get_textpage().get_text_range() for page in pdf).replace("\u200b", "").replace("\r", "")


def letters_of(page: pypdfium2.PdfPage) -> list[Letter]:
    """Visible characters; distances from the top left corner, in points."""
    text = page.get_textpage()
    tall = page.get_height()
    found = []
    for index in range(text.count_chars()):
        character = text.get_text_range(index, 1)
        if not character.strip() or character == "\u200b":
            continue
        left, bottom, right, top = text.get_charbox(index)
        red, green, blue, alpha = (pypdfium2.raw.c_uint() for _ in range(4))
        pypdfium2.raw.FPDFText_GetFillColor(text, index, red, green, blue, alpha)
        ink = (red.value, green.value, blue.value)
        size = pypdfium2.raw.FPDFText_GetFontSize(text, index) * _scale(text, index)
        found.append(
            Letter(character, ink, size, left, tall - top, right, tall - bottom, tall - _baseline(text, index))
        )
    return found


def ground_of(page: pypdfium2.PdfPage, scale: float) -> Image.Image:
    """The page as it looks without its words."""
    words = list(page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT]))
    for item in words:
        page.remove_obj(item)
    picture: Image.Image = page.render(scale=scale).to_pil()
    return picture.convert("RGB")


def lowest_contrast(data: bytes) -> float:
    """Of any letter with any pixel behind it or within a point of it. Ornaments say nothing and do not count."""
    behind: dict[Colour, list[Pixels]] = {}
    with pypdfium2.PdfDocument(data) as pdf:
        for page in pdf:
            letters = [letter for letter in letters_of(page) if letter.text != _ORNAMENT]
            red, green, blue = numpy.moveaxis(numpy.asarray(ground_of(page, _GROUND_SCALE), numpy.uint32), 2, 0)
            ground = red << 16 | green << 8 | blue
            for letter in letters:
                left, right = (round(side * _GROUND_SCALE) for side in (letter.left_pt - 1, letter.right_pt + 1))
                top, bottom = (round(side * _GROUND_SCALE) for side in (letter.top_pt - 1, letter.bottom_pt + 1))
                behind.setdefault(letter.ink, []).append(ground[max(0, top) : bottom, max(0, left) : right].ravel())
    assert sum(map(len, behind.values())) > 10
    seen = ((ink, int(colour)) for ink, parts in behind.items() for colour in numpy.unique(numpy.concatenate(parts)))
    return min(ratio(ink, (colour >> 16, colour >> 8 & 255, colour & 255)) for ink, colour in seen)


def _scale(text: pypdfium2.PdfTextPage, index: int) -> float:
    matrix = pypdfium2.raw.FS_MATRIX()
    pypdfium2.raw.FPDFText_GetMatrix(text, index, matrix)
    return abs(matrix.d) or 1.0


def _baseline(text: pypdfium2.PdfTextPage, index: int) -> float:
    x, y = pypdfium2.raw.c_double(), pypdfium2.raw.c_double()
    pypdfium2.raw.FPDFText_GetCharOrigin(text, index, x, y)
    return float(y.value)
