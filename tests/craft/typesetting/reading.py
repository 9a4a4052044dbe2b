"""A second pair of eyes: what PDFium, which had no part in making the file, sees in it."""

from dataclasses import dataclass

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw  # type: ignore[import-untyped]
from PIL import Image

from overprint.craft.typesetting.contrast import Colour


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


def _scale(text: pypdfium2.PdfTextPage, index: int) -> float:
    matrix = pypdfium2.raw.FS_MATRIX()
    pypdfium2.raw.FPDFText_GetMatrix(text, index, matrix)
    return abs(matrix.d) or 1.0


def _baseline(text: pypdfium2.PdfTextPage, index: int) -> float:
    x, y = pypdfium2.raw.c_double(), pypdfium2.raw.c_double()
    pypdfium2.raw.FPDFText_GetCharOrigin(text, index, x, y)
    return float(y.value)
