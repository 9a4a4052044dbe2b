"""Pictures as SVG, for PDF files: which of them are safe to hand to Typst, whoever drew them.

Typst reads an SVG in our process and to any depth, so everything is bounded before: what does not keep to this is set
from its pixels.
"""

import re
from xml.parsers import expat

_MAX_BYTES = 4_000_000
_DEPTH_MAX = 64
_ELEMENTS_MAX = 50_000
_BLURRED_MAX = 500
_SIDE_MAX = 10_000.0
_REACH_MAX_PERCENT = 200.0
_NAMESPACE = "http://www.w3.org/2000/svg"
_SHAPES = rb"svg|title|defs|g|path|clipPath|linearGradient|radialGradient|stop|filter|feGaussianBlur"
_REFERS = re.compile(rb"<(?!/?(?:" + _SHAPES + rb")\b)|href")
_NO_STYLE = "mix-blend-mode:normal"
_PERCENT = re.compile(r"-?\d{1,4}(\.\d+)?%")
_BLEND = re.compile(r"mix-blend-mode:[a-z-]{1,20}")
_NUMBER = re.compile(r"\d{1,6}(\.\d+)?")


def is_plain_svg(data: bytes) -> bool:
    """Whether it is an SVG of shapes alone, whole, and neither large nor deep nor slow to draw."""
    return svg_size(data) is not None


def svg_size(data: bytes) -> tuple[float, float] | None:
    """Width and height of a plain SVG (see ``is_plain_svg``), in its own units; ``None`` for anything else."""
    if not data.startswith(b"<svg ") or len(data) > _MAX_BYTES or _REFERS.search(data):
        return None
    look = _Look()
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = look.begins
    parser.EndElementHandler = look.ends
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, _TooMuch):
        return None
    return look.size


class _TooMuch(Exception):
    """Something in the document is beyond our bounds."""


class _Look:
    """Counts what a document has while it is read, and stops at the first thing that is too much."""

    def __init__(self) -> None:
        self.size: tuple[float, float] | None = None
        self._depth = self._elements = self._blurred = 0

    def begins(self, name: str, attributes: dict[str, str]) -> None:
        if self.size is None:
            self.size = _sides(attributes)
        self._depth += 1
        self._elements += 1
        self._blurred += "filter" in attributes
        is_too_much = self._depth > _DEPTH_MAX or self._elements > _ELEMENTS_MAX or self._blurred > _BLURRED_MAX
        is_odd = (name == "svg" and self._depth > 1) or not _BLEND.fullmatch(attributes.get("style", _NO_STYLE))
        if is_too_much or is_odd:
            raise _TooMuch
        if name == "filter" and not all(_is_near(attributes.get(side)) for side in ("x", "y", "width", "height")):
            raise _TooMuch

    def ends(self, name: str) -> None:
        self._depth -= 1


def _sides(root: dict[str, str]) -> tuple[float, float]:
    width, height = root.get("width", ""), root.get("height", "")
    if root.get("xmlns") != _NAMESPACE or not (_NUMBER.fullmatch(width) and _NUMBER.fullmatch(height)):
        raise _TooMuch
    if not (0 < float(width) <= _SIDE_MAX and 0 < float(height) <= _SIDE_MAX):
        raise _TooMuch
    return float(width), float(height)


def _is_near(reach: str | None) -> bool:
    """Whether a side of a blur's area is told in parts of what is blurred, and not far away from it."""
    return reach is None or (
        _PERCENT.fullmatch(reach) is not None and abs(float(reach.rstrip("%"))) <= _REACH_MAX_PERCENT
    )
