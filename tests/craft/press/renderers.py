"""Pages as two programs draw them that share no code: PDFium, which is in Chromium, and hayro, which is in Typst.

A file that one of them shows otherwise than the other has something in it that a third, at the printer's, may show in
yet another way. Both are here already: nothing more has to be installed.
"""

import io
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy
import pypdfium2  # type: ignore[import-untyped]
import typst
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[numpy.float64]
Renderer = Callable[[bytes], list[Pixels]]
_PPI, _PARTS_AN_INCH = 72, 6
_SIDE = _PPI // _PARTS_AN_INCH
_EVERY_PAGE = b"""
#set page(width: auto, height: auto, margin: 0pt)
#for number in range(1, int(sys.inputs.pages) + 1) { page(image("file.pdf", page: number)) }
"""


def by_pdfium(data: bytes) -> list[Pixels]:
    with pypdfium2.PdfDocument(data) as opened:
        return [_pixels(page.render(scale=_PPI / 72).to_pil()) for page in opened]


def by_hayro(data: bytes) -> list[Pixels]:
    with pypdfium2.PdfDocument(data) as opened:
        count = len(opened)
    with tempfile.TemporaryDirectory(prefix="overprint-drawn-") as folder:
        Path(folder, "file.pdf").write_bytes(data)
        main: Any = {"main.typ": _EVERY_PAGE}
        drawn = typst.Compiler(main, root=folder, sys_inputs={"pages": str(count)}).compile(format="png", ppi=_PPI)
    pages = drawn if isinstance(drawn, list) else [drawn]
    return [_pixels(Image.open(io.BytesIO(page))) for page in pages if page is not None]


def furthest(ones: Sequence[Pixels], others: Sequence[Pixels]) -> float:
    """How far apart two drawings are where they differ most: 0 to 255, in any colour, taken over a sixth of an inch,
    within which it does not matter how smooth the edges of letters are."""
    assert [one.shape for one in ones] == [other.shape for other in others]
    return max(float(numpy.abs(_parts(one) - _parts(other)).max()) for one, other in zip(ones, others, strict=True))


def _pixels(image: Image.Image) -> Pixels:
    return numpy.asarray(image.convert("RGB"), numpy.float64)


def _parts(page: Pixels) -> Pixels:
    tall, wide = (side // _SIDE for side in page.shape[:2])
    whole = page[: tall * _SIDE, : wide * _SIDE].reshape(tall, _SIDE, wide, _SIDE, 3)
    parts: Pixels = whole.mean(axis=(1, 3))
    return parts
