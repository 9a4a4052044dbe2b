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
_PATH_OPERATORS = frozenset({"re", "m", "l", "c", "v", "y"})
_FILLS = frozenset({"f", "F", "f*", "B", "B*", "b", "b*", "sh"})
_ENDS_OF_PATHS = frozenset({"n", "f", "F", "f*", "S", "s", "B", "B*", "b", "b*"})
Sides = tuple[float, float, float, float]
_EVERYWHERE: Sides = (-1e9, -1e9, 1e9, 1e9)


@dataclass(frozen=True, slots=True)
class PlacedPicture:
    """Sides in points from the lower left corner of the page, of what its frame lets be seen. ``ppi`` is the lower of
    the two directions."""

    left_pt: float
    bottom_pt: float
    right_pt: float
    top_pt: float
    ppi: float
    image: Stream


@dataclass(slots=True)
class Placements:
    """``words`` are the points where words begin, ornaments left out; ``inks`` all sets of four asked for, 0 to 1;
    ``shapes`` how many are filled, of which the paper is one."""

    pictures: list[PlacedPicture] = field(default_factory=list)
    words: list[tuple[float, float]] = field(default_factory=list)
    inks: set[tuple[float, ...]] = field(default_factory=set)
    shapes: int = 0
    rgb: bool = False


def placements(page: pikepdf.Page) -> Placements:
    """What stands on one page, forms within forms included."""
    found = Placements()
    _walk(page, page.obj.get("/Resources", Dictionary()), _STILL, found, 0)
    return found


@dataclass(slots=True)
class _Frame:
    """What cuts off whatever is drawn: the box round the clipping paths so far. ``path`` is being drawn."""

    seen: Sides = _EVERYWHERE
    path: list[tuple[str, Any, Matrix]] = field(default_factory=list)
    will_cut: bool = False

    def draw(self, operator: str, operands: Any, matrix: Matrix) -> None:
        if operator in _PATH_OPERATORS:
            self.path.append((operator, operands, matrix))
        elif operator in ("W", "W*"):
            self.will_cut = True
        elif operator in _ENDS_OF_PATHS:
            if self.will_cut and self.path:
                self.seen = _common(self.seen, _round([point for part in self.path for point in _points(*part)]))
            self.path, self.will_cut = [], False


def _points(operator: str, operands: Any, matrix: Matrix) -> Iterator[tuple[float, float]]:
    values = [float(value) for value in operands]
    if operator == "re":
        x, y, wide, tall = values
        values = [x, y, x + wide, y, x, y + tall, x + wide, y + tall]
    yield from (_at(matrix, *point) for point in zip(values[::2], values[1::2], strict=True))


def _walk(
    stream: Any, resources: Any, matrix: Matrix, found: Placements, depth: int, seen: Sides = _EVERYWHERE
) -> None:
    if depth > _DEPTH_MAX:
        return
    kept: list[tuple[Matrix, Sides]] = []
    marked: list[bool] = []
    frame = _Frame(seen)
    for instruction in pikepdf.parse_content_stream(stream):
        operator, operands = str(instruction.operator), instruction.operands
        if operator == "q":
            kept.append((matrix, frame.seen))
        elif operator == "Q" and kept:
            matrix, frame.seen = kept.pop()
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
            _drawn(resources.get("/XObject", Dictionary()).get(str(operands[0])), matrix, found, depth, frame.seen)
        else:
            found.shapes += operator in _FILLS
            frame.draw(operator, operands, matrix)


def _drawn(drawn: Any, matrix: Matrix, found: Placements, depth: int, seen: Sides) -> None:
    if not isinstance(drawn, Stream):
        return
    if drawn.get("/Subtype") == "/Form":
        inner = _times(_six(drawn.get("/Matrix", _STILL)), matrix)
        _walk(drawn, drawn.get("/Resources", Dictionary()), inner, found, depth + 1, seen)
    elif drawn.get("/Subtype") == "/Image":
        found.pictures.append(_placed(drawn, matrix, seen))
        found.rgb |= channels(drawn.get("/ColorSpace")) == 3


def _placed(image: Stream, matrix: Matrix, seen: Sides) -> PlacedPicture:
    a, b, c, d, _, _ = matrix
    wide_pt, tall_pt = (a * a + b * b) ** 0.5, (c * c + d * d) ** 0.5
    whole = _round([_at(matrix, *corner) for corner in ((0, 0), (1, 0), (0, 1), (1, 1))])
    ppi = min(int(image.Width) / max(wide_pt, 0.01), int(image.Height) / max(tall_pt, 0.01)) * 72
    return PlacedPicture(*_common(whole, seen), ppi, image)


def _at(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _round(points: list[tuple[float, float]]) -> Sides:
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _common(one: Sides, other: Sides) -> Sides:
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


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
