"""Every colour of a PDF file turned into inks, in place: words stay words, shapes stay shapes."""

import io
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import pikepdf
from pikepdf import Array, ContentStreamInstruction, Dictionary, Name, Operator, Stream
from PIL import Image

from overprint.craft.press.separation import Cmyk, Rgb, Separation

# A straight way between two colours is another way between their inks: more stops keep to it.
_STOPS = 8
# Two, because print takes longest of all that belongs to a book and at last has the other children's cores to itself;
# four, because a picture of a whole page has some 30 MB when it is read.
_THREADS, _PICTURES_AT_ONCE = 2, 4
_PAINTS = frozenset({"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "Do", "BT"})


def ink(pdf: pikepdf.Pdf, separation: Separation) -> None:
    """Separate pages, forms, patterns, shadings and pictures of ``pdf``; nothing in RGB is left."""
    for page in pdf.pages:
        page.contents_coalesce()
        _ink_stream(page.obj.Contents, page.obj.get("/Resources"), separation)
        page.obj.Group = Dictionary(Type=Name.Group, S=Name.Transparency, CS=Name.DeviceCMYK)
    pictures = []
    for found in list(pdf.objects):
        if isinstance(found, Stream):
            if found.get("/Subtype") == "/Form" or found.get("/PatternType") == 1:
                _ink_stream(found, found.get("/Resources"), separation)
            elif found.get("/Subtype") == "/Image" and channels(found.get("/ColorSpace")) == 3:
                pictures.append(found)
        if isinstance(found, (Dictionary, Stream)):
            _ink_dictionary(found, separation)
    _ink_pictures(pictures, separation)


def _ink_pictures(pictures: Sequence[Stream], separation: Separation) -> None:
    """Only what has no part of the file is done in threads, which always have another picture to go on with."""
    begun: deque[tuple[Stream, Future[bytes]]] = deque()
    with ThreadPoolExecutor(_THREADS) as threads:
        for picture in pictures:
            begun.append((picture, threads.submit(separation.picture, _read(picture))))
            if len(begun) == _PICTURES_AT_ONCE:
                _exchange(*begun.popleft())
        for picture, inked in begun:
            _exchange(picture, inked)


def _exchange(picture: Stream, inked: Future[bytes]) -> None:
    picture.write(inked.result(), filter=Name.DCTDecode)
    picture.ColorSpace = Name.DeviceCMYK
    picture.BitsPerComponent = 8
    picture.Decode = Array([1, 0] * 4)
    if "/DecodeParms" in picture:
        del picture.DecodeParms


def _read(picture: Stream) -> Image.Image:
    """A plain JPEG is opened as it lies there: whatever pikepdf would look up about it, the file says itself."""
    if picture.get("/Filter") == "/DCTDecode" and "/Decode" not in picture and "/DecodeParms" not in picture:
        return Image.open(io.BytesIO(picture.read_raw_bytes()), formats=("JPEG",))
    return pikepdf.PdfImage(picture).as_pil_image()


def _ink_dictionary(found: Dictionary | Stream, separation: Separation) -> None:
    if "/ShadingType" in found and channels(found.get("/ColorSpace")) == 3:
        found.Function = _ink_function(found.Function, separation)
        found.ColorSpace = Name.DeviceCMYK
    group = found.get("/Group")
    if isinstance(group, Dictionary) and channels(group.get("/CS")) == 3:
        group.CS = Name.DeviceCMYK


def channels(space: Any) -> int:
    """How many channels a colour space has that says it with a name or a profile; 0 for others."""
    if isinstance(space, Name):
        return {"/DeviceRGB": 3, "/DeviceGray": 1, "/DeviceCMYK": 4}.get(str(space), 0)
    if isinstance(space, Array) and len(space) and space[0] == "/ICCBased":
        return int(space[1].N)
    return {"/CalRGB": 3, "/CalGray": 1}.get(str(space[0]), 0) if isinstance(space, Array) and len(space) else 0


def _ink_stream(stream: Any, resources: Any, separation: Separation) -> None:
    spaces = resources.get("/ColorSpace", Dictionary()) if resources is not None else Dictionary()
    done = list(_inked(list(pikepdf.parse_content_stream(stream)), spaces, separation))
    stream.write(pikepdf.unparse_content_stream(done))


def _inked(instructions: Sequence[Any], spaces: Dictionary, separation: Separation) -> Iterator[Any]:
    current = {"fill": 0, "stroke": 0}
    for place, instruction in enumerate(instructions):
        operator = str(instruction.operator)
        side = "stroke" if operator.isupper() else "fill"
        if operator in ("cs", "CS"):
            name = instruction.operands[0]
            current[side] = channels(name) or channels(spaces.get(str(name)))
            if current[side] in (1, 3):
                continue  # the colour itself follows, and says its space
        if operator in ("rg", "RG", "g", "G"):
            current[side] = 3 if operator in ("rg", "RG") else 1
        if operator in ("sc", "scn", "SC", "SCN", "rg", "RG", "g", "G") and current[side] in (1, 3):
            is_text = side == "fill" and _paints_text(instructions, place)
            yield _set_inks(_inks(instruction.operands, is_text, separation), side)
            continue
        yield instruction


def _paints_text(instructions: Sequence[Any], place: int) -> bool:
    """Whether what is painted next is words."""
    for instruction in instructions[place + 1 :]:
        operator = str(instruction.operator)
        if operator in _PAINTS:
            return operator == "BT"
    return False


def _inks(operands: Any, is_text: bool, separation: Separation) -> Cmyk:
    values = [float(value) for value in operands]
    if len(values) == 1:
        return (0.0, 0.0, 0.0, round(1 - values[0], 4))
    red, green, blue = values
    return separation.colour((red, green, blue), is_text=is_text)


def _set_inks(inks: Cmyk, side: str) -> Any:
    return ContentStreamInstruction(list(inks), Operator("K" if side == "stroke" else "k"))


def _ink_function(function: Any, separation: Separation) -> Any:
    """A function to RGB as one to inks. Raises ``ValueError`` for a kind that Typst does not write."""
    kind = int(function.FunctionType)
    if kind == 3:
        function.Functions = Array([_ink_function(part, separation) for part in function.Functions])
        function.Range = Array([0, 1] * 4)
        return function
    if kind != 2:
        raise ValueError(f"shading functions of type {kind} cannot be separated")
    from_rgb = _three(function.get("/C0", [0.0, 0.0, 0.0]))
    to_rgb = _three(function.get("/C1", [1.0, 1.0, 1.0]))
    if from_rgb == to_rgb:
        return _straight(separation.colour(from_rgb), separation.colour(to_rgb))
    return _stitched(lambda share: separation.colour(_between(from_rgb, to_rgb, share)))


def _stitched(inks_at: Callable[[float], Cmyk]) -> Dictionary:
    inks = [inks_at(stop / _STOPS) for stop in range(_STOPS + 1)]
    return Dictionary(
        FunctionType=3,
        Domain=Array([0, 1]),
        Range=Array([0, 1] * 4),
        Functions=Array([_straight(one, other) for one, other in pairwise(inks)]),
        Bounds=Array([stop / _STOPS for stop in range(1, _STOPS)]),
        Encode=Array([0, 1] * _STOPS),
    )


def _straight(one: Cmyk, other: Cmyk) -> Dictionary:
    return Dictionary(
        FunctionType=2, Domain=Array([0, 1]), Range=Array([0, 1] * 4), C0=Array(list(one)), C1=Array(list(other)), N=1
    )


def _three(values: Any) -> Rgb:
    red, green, blue = (float(value) for value in values)
    return red, green, blue


def _between(one: Rgb, other: Rgb, share: float) -> Rgb:
    red, green, blue = (round(a + (b - a) * share, 4) for a, b in zip(one, other, strict=True))
    return red, green, blue
