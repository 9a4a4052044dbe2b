"""Paths and plane transforms. y grows downwards; angles are degrees, clockwise on the page."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from overprint.craft.drawing.rng import Dice

Point = tuple[float, float]
Segment = tuple[str, tuple[float, ...]]
Matrix = tuple[float, float, float, float, float, float]
"""``(a, b, c, d, e, f)``: x' = a·x + c·y + e, y' = b·x + d·y + f."""

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_ROUND = 0.5522847  # control length of a quarter circle


@dataclass(frozen=True, slots=True)
class Rect:
    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def centre(self) -> Point:
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    def union(self, other: "Rect") -> "Rect":
        return Rect(min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1))

    def clipped(self, other: "Rect") -> "Rect":
        """The common part; empty parts collapse to a line, never turn inside out."""
        x0, y0 = max(self.x0, other.x0), max(self.y0, other.y0)
        return Rect(x0, y0, max(x0, min(self.x1, other.x1)), max(y0, min(self.y1, other.y1)))

    def grown(self, by: float) -> "Rect":
        return Rect(self.x0 - by, self.y0 - by, self.x1 + by, self.y1 + by)

    def overlaps(self, other: "Rect") -> bool:
        return self.x0 < other.x1 and other.x0 < self.x1 and self.y0 < other.y1 and other.y0 < self.y1


@dataclass(slots=True)
class Path:
    """A drawing of lines and curves, built by chaining: ``Path().move(0, 0).line(1, 1)``."""

    segments: list[Segment] = field(default_factory=list)

    def move(self, x: float, y: float) -> "Path":
        self.segments.append(("M", (x, y)))
        return self

    def line(self, x: float, y: float) -> "Path":
        self.segments.append(("L", (x, y)))
        return self

    def quad(self, cx: float, cy: float, x: float, y: float) -> "Path":
        self.segments.append(("Q", (cx, cy, x, y)))
        return self

    def cubic(self, ax: float, ay: float, bx: float, by: float, x: float, y: float) -> "Path":
        self.segments.append(("C", (ax, ay, bx, by, x, y)))
        return self

    def close(self) -> "Path":
        self.segments.append(("Z", ()))
        return self

    def join(self, other: "Path") -> "Path":
        """Adds ``other`` to this path: many small marks in one path draw much faster than one by one."""
        self.segments.extend(other.segments)
        return self

    def moved(self, dx: float, dy: float) -> "Path":
        return self.placed((1.0, 0.0, 0.0, 1.0, dx, dy))

    def placed(self, matrix: Matrix) -> "Path":
        a, b, c, d, e, f = matrix
        placed: list[Segment] = []
        for op, values in self.segments:
            moved: list[float] = []
            for i in range(0, len(values), 2):
                x, y = values[i], values[i + 1]
                moved += (a * x + c * y + e, b * x + d * y + f)
            placed.append((op, tuple(moved)))
        return Path(placed)

    def extent(self) -> Rect | None:
        """A rectangle around all control points (so never too small); ``None`` for an empty path."""
        values = [value for _, points in self.segments for value in points]
        if not values:
            return None
        return Rect(min(values[::2]), min(values[1::2]), max(values[::2]), max(values[1::2]))


def multiply(first: Matrix, second: Matrix) -> Matrix:
    """The transform that does ``second``, then ``first``."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * m + e, b * k + d * m + f)


def turned(degrees: float, cx: float = 0.0, cy: float = 0.0) -> Matrix:
    """Rotation around a point."""
    angle = math.radians(degrees)
    cos, sin = math.cos(angle), math.sin(angle)
    return (cos, sin, -sin, cos, cx - cos * cx + sin * cy, cy - sin * cx - cos * cy)


def at(x: float, y: float, scale: float = 1.0, *, flip: bool = False, turn: float = 0.0) -> Matrix:
    """Places a drawing made around the origin: scaled, mirrored left to right if ``flip``, turned, then moved."""
    angle = math.radians(turn)
    cos, sin = math.cos(angle) * scale, math.sin(angle) * scale
    side = -1.0 if flip else 1.0
    return (cos * side, sin * side, -sin, cos, x, y)


def apply(matrix: Matrix, point: Point) -> Point:
    a, b, c, d, e, f = matrix
    x, y = point
    return a * x + c * y + e, b * x + d * y + f


def inverse(matrix: Matrix) -> Matrix:
    """Undoes ``matrix``, which must not flatten the plane."""
    a, b, c, d, e, f = matrix
    whole = a * d - b * c
    return d / whole, -b / whole, -c / whole, a / whole, (c * f - d * e) / whole, (b * e - a * f) / whole


def apply_rect(matrix: Matrix, rect: Rect) -> Rect:
    """The upright rectangle around a transformed one."""
    corners = [apply(matrix, (x, y)) for x in (rect.x0, rect.x1) for y in (rect.y0, rect.y1)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return Rect(min(xs), min(ys), max(xs), max(ys))


def ellipse(cx: float, cy: float, rx: float, ry: float | None = None, turn: float = 0.0) -> Path:
    ry = rx if ry is None else ry
    kx, ky = _ROUND * rx, _ROUND * ry
    path = Path().move(cx + rx, cy)
    path.cubic(cx + rx, cy + ky, cx + kx, cy + ry, cx, cy + ry).cubic(cx - kx, cy + ry, cx - rx, cy + ky, cx - rx, cy)
    path.cubic(cx - rx, cy - ky, cx - kx, cy - ry, cx, cy - ry).cubic(cx + kx, cy - ry, cx + rx, cy - ky, cx + rx, cy)
    path.close()
    return path.placed(turned(turn, cx, cy)) if turn else path


def box(x: float, y: float, width: float, height: float, radius: float = 0.0) -> Path:
    """A rectangle from its top left corner, with rounded corners if ``radius``."""
    if radius <= 0:
        return Path().move(x, y).line(x + width, y).line(x + width, y + height).line(x, y + height).close()
    r = min(radius, width / 2, height / 2)
    k = r * (1 - _ROUND)
    x1, y1 = x + width, y + height
    path = Path().move(x + r, y).line(x1 - r, y).cubic(x1 - k, y, x1, y + k, x1, y + r)
    path.line(x1, y1 - r).cubic(x1, y1 - k, x1 - k, y1, x1 - r, y1)
    path.line(x + r, y1).cubic(x + k, y1, x, y1 - k, x, y1 - r)
    return path.line(x, y + r).cubic(x, y + k, x + k, y, x + r, y).close()


def polygon(points: Sequence[Point], *, closed: bool = True) -> Path:
    path = Path().move(*points[0])
    for point in points[1:]:
        path.line(*point)
    return path.close() if closed else path


def smooth(points: Sequence[Point], *, closed: bool = True, ease: float = 1 / 6) -> Path:
    """A soft curve through all points (Catmull-Rom); a smaller ``ease`` gives harder corners."""
    count = len(points)
    path = Path().move(*points[0])
    for i in range(count if closed else count - 1):
        before, start, end, after = (_neighbour(points, j, closed) for j in (i - 1, i, i + 1, i + 2))
        path.cubic(
            start[0] + (end[0] - before[0]) * ease,
            start[1] + (end[1] - before[1]) * ease,
            end[0] - (after[0] - start[0]) * ease,
            end[1] - (after[1] - start[1]) * ease,
            end[0],
            end[1],
        )
    return path.close() if closed else path


def _neighbour(points: Sequence[Point], index: int, closed: bool) -> Point:
    count = len(points)
    return points[index % count] if closed else points[max(0, min(count - 1, index))]


def blob(cx: float, cy: float, rx: float, ry: float, dice: Dice, *, points: int = 9, wobble: float = 0.12) -> Path:
    """A soft, uneven round shape."""
    ring: list[Point] = []
    for i in range(points):
        angle = 2 * math.pi * i / points
        x = cx + rx * (1 + dice.between(-wobble, wobble)) * math.cos(angle)
        ring.append((x, cy + ry * (1 + dice.between(-wobble, wobble)) * math.sin(angle)))
    return smooth(ring)


def star(x: float, y: float, radius: float, *, inner: float = 0.45, points: int = 5, turn: float = -90.0) -> Path:
    ring: list[Point] = []
    for i in range(2 * points):
        r = radius if i % 2 == 0 else radius * inner
        angle = math.radians(turn + i * 180 / points)
        ring.append((x + r * math.cos(angle), y + r * math.sin(angle)))
    return polygon(ring)


def sparkle(x: float, y: float, radius: float) -> Path:
    k = radius * 0.16
    path = Path().move(x, y - radius).quad(x + k, y - k, x + radius, y).quad(x + k, y + k, x, y + radius)
    return path.quad(x - k, y + k, x - radius, y).quad(x - k, y - k, x, y - radius).close()


def leaf(x: float, y: float, length: float, turn: float) -> Path:
    """A leaf that grows from ``(x, y)``."""
    outline = [(0.0, 0.0), (length * 0.36, -length * 0.2), (length, 0.0), (length * 0.36, length * 0.2)]
    return smooth(outline, ease=1 / 5).placed(at(x, y, turn=turn))
