"""Pictures of very many frames in very few bytes: one frame, written once, that the file holds again and again."""

import io
import struct

from PIL import Image

from overprint.adapters.image.fake import png_chunk

FRAMES = 400
SIDE_PX = 2000


def gif_bomb() -> bytes:
    data = _saved(_blank(), "GIF")
    at = data.index(b"\x2c\x00\x00\x00\x00")  # an image at the upper left corner
    return data[:at] + data[at:-1] * FRAMES + b"\x3b"


def png_bomb() -> bytes:
    """An APNG: every frame after the first has a control chunk and a data chunk, numbered on."""
    data = _saved(_blank(), "PNG")
    first, end = data.index(b"IDAT") - 4, data.index(b"IEND") - 4
    (length,) = struct.unpack_from(">I", data, first)
    pixels = data[first + 8 : first + 8 + length]
    control = struct.pack(">IIIIHHBB", SIDE_PX, SIDE_PX, 0, 0, 1, 100, 0, 0)
    frames = [
        png_chunk(b"fcTL", struct.pack(">I", 2 * n - 1) + control)
        + png_chunk(b"fdAT", struct.pack(">I", 2 * n) + pixels)
        for n in range(1, FRAMES)
    ]
    opening = png_chunk(b"acTL", struct.pack(">II", FRAMES, 0)) + png_chunk(b"fcTL", struct.pack(">I", 0) + control)
    return data[:first] + opening + data[first:end] + b"".join(frames) + data[end:]


def webp_bomb() -> bytes:
    other = _blank()
    other.putpixel((0, 0), 255)
    how = {"lossless": True, "quality": 0, "method": 0, "save_all": True, "append_images": [other]}
    data = _saved(_blank(), "WEBP", **how)
    last = data.rindex(b"ANMF")
    many = data + data[last:] * FRAMES
    return many[:4] + struct.pack("<I", len(many) - 8) + many[8:]


BOMBS = {"GIF": gif_bomb, "PNG": png_bomb, "WEBP": webp_bomb}


def _numbered(kind: bytes, number: int, data: bytes) -> bytes:
    return png_chunk(kind, struct.pack(">I", number) + data)


def _blank() -> Image.Image:
    return Image.new("L", (SIDE_PX, SIDE_PX))


def _saved(picture: Image.Image, form: str, **how: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **how)  # type: ignore[arg-type]
    return out.getvalue()
