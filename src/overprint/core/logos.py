"""A logo that a house may wear: an SVG that can do nothing but be looked at, or a PNG. Bounded and checked."""

import re
from pyexpat import ParserCreate, XMLParserType
from xml.parsers.expat import ExpatError

from overprint.core.pixels import picture_size

LOGO_MAX_BYTES = 200_000
_SIDE_MIN_PX, _SIDE_MAX_PX = 16, 4096
_ELEMENTS_MAX, _DEPTH_MAX = 5000, 100
_SHAPES = ("svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan")
_PAINT = (
    "symbol",
    "use",
    "defs",
    "clipPath",
    "mask",
    "pattern",
    "linearGradient",
    "radialGradient",
    "stop",
    "style",
    "filter",
)
_EFFECTS = (
    "feGaussianBlur",
    "feOffset",
    "feBlend",
    "feColorMatrix",
    "feComposite",
    "feFlood",
    "feMerge",
    "feMergeNode",
)
_DRAWN = frozenset({*_SHAPES, *_PAINT, *_EFFECTS, "title", "desc", "metadata"})
_SVG = "http://www.w3.org/2000/svg"
# What drawing programs note down for themselves. Nothing in these is shown or run.
_NOTES = (
    "http://www.inkscape.org/",
    "http://sodipodi.sourceforge.net/",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://creativecommons.org/ns#",
    "http://purl.org/dc/",
)
# What would fetch something, or run: addresses that are no place in the file itself, and rules that bring others.
_REACHES = re.compile(
    r"@import|expression\s*\(|javascript:|url\s*+\(\s*+['\"]?+\s*+(?!#)|image-set|\b(?:image|src)\s*\(|\\",
    re.IGNORECASE,
)
_LINKS = frozenset({"href", "src"})


def check_logo(data: bytes) -> str:
    """Its media type. Raises ``ValueError`` for what is neither, too large, or could do more than be looked at."""
    if len(data) > LOGO_MAX_BYTES:
        raise ValueError(f"a logo has at most {LOGO_MAX_BYTES // 1000} kB")
    if data.startswith(b"\x89PNG"):
        size = picture_size(data)
        if size is None or not all(_SIDE_MIN_PX <= side <= _SIDE_MAX_PX for side in size) or b"IEND" not in data[-16:]:
            raise ValueError(f"a PNG as logo is whole, and {_SIDE_MIN_PX} to {_SIDE_MAX_PX} pixels wide and high")
        return "image/png"
    _Svg().read(data)
    return "image/svg+xml"


class _Svg:
    """Reads a file and raises ``ValueError`` at the first thing that is not on the list of what may be in it."""

    def __init__(self) -> None:
        self._depth = self._elements = 0
        self._text: list[str] = []

    def read(self, data: bytes) -> None:
        parser: XMLParserType = ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.EntityDeclHandler = self._refuse_doctype
        parser.ProcessingInstructionHandler = self._refuse_instruction
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        try:
            parser.Parse(data, True)
        except ExpatError:
            raise ValueError("a logo is a PNG or a well-formed SVG file") from None
        self._check_text("".join(self._text))  # whole: references and comments part what belongs together

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        self._depth += 1
        self._elements += 1
        if self._elements > _ELEMENTS_MAX or self._depth > _DEPTH_MAX:
            raise ValueError("this SVG has more in it than a logo needs; simplify it")
        if self._elements == 1 and (local, space) != ("svg", _SVG):
            raise ValueError("a logo is a PNG or an SVG file, which begins with <svg>")
        if local not in _DRAWN if space == _SVG else not space.startswith(_NOTES):
            raise ValueError(f"an SVG as logo cannot have <{local[:40]}>; export it as plain shapes")
        for attribute, value in attributes.items():
            self._check(attribute.rpartition(" ")[2].lower(), value)

    def _check(self, attribute: str, value: str) -> None:
        if attribute.startswith("on"):
            raise ValueError(f"an SVG as logo cannot run anything, as {attribute[:40]} would")
        if attribute in _LINKS and not value.strip().startswith("#"):
            raise ValueError("an SVG as logo cannot refer to anything outside itself")
        self._check_text(value)

    def _end(self, name: str) -> None:
        self._depth -= 1

    def _check_text(self, text: str) -> None:
        if _REACHES.search(text):
            raise ValueError("an SVG as logo cannot refer to anything outside itself")

    def _refuse_doctype(self, *declared: object) -> None:
        raise ValueError("an SVG as logo has no DOCTYPE and declares no entities; export it as plain SVG")

    def _refuse_instruction(self, target: str, data: str) -> None:
        raise ValueError("an SVG as logo has no processing instructions, such as a style sheet of its own")
