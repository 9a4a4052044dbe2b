"""Where pictures, words and colours stand on the pages of a PDF file: read from the file, for the report."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name, Stream

from overprint.craft.press.inking import channels

Matrix = tuple[float, float, float, float, float, float]
_STILL: Matrix = (1, 0, 0, 1, 0, 0)
_DEPTH_MAX = 12
_RGB_OPERATORS = frozenset({"rg", "RG"})
_INK_OPERATORS = frozenset({"k", "K"})


@dataclass(frozen=True, slots=True)
class PlacedPicture:
    """Sides in points from the lower left corner of the page. ``ppi`` is the lower of the two directions."""

    left_pt: float
    bottom_pt: float
    right_pt: float
    top_pt: float
    ppi: float
    image: Stream


@dataclass(slots=True)
class Placements:
    """``words`` are the points where words begin, ornaments left out; ``inks`` all sets of four asked for, 0 to 1."""

    pictures: list[PlacedPicture] = field(default_factory=list)
    words: list[tuple[float, float]] = field(default_factory=list)
    inks: set[tuple[float, ...]] = field(default_factory=set)
    rgb: bool = False


def placements(page: pikepdf.Page) -> Placements:
    """What stands on one page, forms within forms included."""
    found = Placements()
    _walk(page, page.obj.get("/Resources", Dictionary()), _STILL, found, 0)
    return found


def _walk(stream: Any, resources: Any, matrix: Matrix, found: Placements, depth: int) -> None:
    if depth > _DEPTH_MAX:
        return
    kept: list[Matrix] = []
    marked: list[bool] = []
    for instruction in pikepdf.parse_content_stream(stream):
        operator, operands = str(instruction.operator), instruction.operands
        if operator == "q":
            kept.append(matrix)
        elif operator == "Q" and kept:
            matrix = kept.pop()
        elif operator == "cm":
            matrix = _times(_six(operands), matrix)
        elif operator in ("BMC", "BDC"):
            marked.append(str(operands[0]) == "/Artifact")
        elif operator == "EMC" and marked:
            marked.pop()
        elif operator == "Tm" and not any(marked):
            left, bottom = _times(_six(operands), matrix)[4:]
            found.words.append((left, bottom))
        elif operator in _INK_OPERATORS:
            found.inks.add(tuple(float(value) for value in operands))
        elif operator in _RGB_OPERATORS or (operator in ("cs", "CS") and _is_rgb(operands[0], resources)):
            found.rgb = True
        elif operator == "Do":
            _drawn(resources.get("/XObject", Dictionary()).get(str(operands[0])), matrix, found, depth)


def _drawn(drawn: Any, matrix: Matrix, found: Placements, depth: int) -> None:
    if not isinstance(drawn, Stream):
        return
    if drawn.get("/Subtype") == "/Form":
        inner = _times(_six(drawn.get("/Matrix", _STILL)), matrix)
        _walk(drawn, drawn.get("/Resources", Dictionary()), inner, found, depth + 1)
    elif drawn.get("/Subtype") == "/Image":
        found.pictures.append(_placed(drawn, matrix))
        found.rgb |= channels(drawn.get("/ColorSpace")) == 3


def _placed(image: Stream, matrix: Matrix) -> PlacedPicture:
    a, b, c, d, e, f = matrix
    wide_pt, tall_pt = (a * a + b * b) ** 0.5, (c * c + d * d) ** 0.5
    xs, ys = [e, e + a, e + c, e + a + c], [f, f + b, f + d, f + b + d]
    ppi = min(int(image.Width) / max(wide_pt, 0.01), int(image.Height) / max(tall_pt, 0.01)) * 72
    return PlacedPicture(min(xs), min(ys), max(xs), max(ys), ppi, image)


def _is_rgb(name: Any, resources: Any) -> bool:
    if isinstance(name, Name) and str(name) == "/DeviceRGB":
        return True
    return channels(resources.get("/ColorSpace", Dictionary()).get(str(name))) == 3


def rgb_shadings(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Shadings and transparency groups that are still in RGB."""
    for found in pdf.objects:
        if isinstance(found, (Dictionary, Stream)):
            group = found.get("/Group")
            spaces = [found.get("/ColorSpace")] if "/ShadingType" in found else []
            spaces += [group.get("/CS")] if isinstance(group, Dictionary) else []
            if any(channels(space) == 3 for space in spaces):
                yield found


def _six(values: Any) -> Matrix:
    a, b, c, d, e, f = (float(value) for value in values)
    return a, b, c, d, e, f


def _times(one: Matrix, other: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m
