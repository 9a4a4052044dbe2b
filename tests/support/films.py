"""Small films for tests, honest and not."""

import io
import struct
from collections.abc import Iterable
from fractions import Fraction

import av
import numpy as np

FORMATS = {"mp4": "libx264", "webm": "libvpx"}


def film(
    width_px: int = 160,
    height_px: int = 90,
    *,
    frames: int = 50,
    fps: int = 25,
    form: str = "mp4",
    times: Iterable[int] | None = None,
    turn: int = 0,
) -> bytes:
    """A bar that goes from left to right on grey, brighter to the right. ``times``: when each frame is shown, in
    frames."""
    out = io.BytesIO()
    with av.open(out, "w", format=form) as container:
        stream = container.add_stream(FORMATS[form], rate=fps, options={"preset": "ultrafast"} if form == "mp4" else {})
        stream.width, stream.height, stream.pix_fmt = width_px, height_px, "yuv420p"
        stream.codec_context.time_base = Fraction(1, fps)
        for number, at in enumerate(times if times is not None else range(frames)):
            frame = av.VideoFrame.from_ndarray(_picture(width_px, height_px, number / max(1, frames)), format="rgb24")
            frame = frame.reformat(format="yuv420p")
            frame.pts, frame.time_base = at, Fraction(1, fps)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return out.getvalue() if not turn else _turned(out.getvalue())


def _picture(width_px: int, height_px: int, share: float) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    pixels = np.full((height_px, width_px, 3), 60, np.uint8)
    pixels[:, :, 0] = np.linspace(40, 220, width_px).astype(np.uint8)
    left = int(share * (width_px - width_px // 10))
    pixels[:, left : left + width_px // 10] = 255
    return pixels


def _turned(data: bytes) -> bytes:
    """As a phone that was held upright says: a quarter turn, in the matrix of the track's header."""
    plain = struct.pack(">9i", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    quarter = struct.pack(">9i", 0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000)
    at = data.index(plain, data.index(b"tkhd"))
    return data[:at] + quarter + data[at + len(plain) :]


def claiming(data: bytes, seconds: int) -> bytes:
    """The same MP4 file, saying in its headers that it is so short."""
    for name, at in ((b"mvhd", 12), (b"mdhd", 12)):
        place = data.index(name) + 4
        (scale,) = struct.unpack_from(">I", data, place + at)
        data = data[: place + at + 4] + struct.pack(">I", scale * seconds) + data[place + at + 8 :]
    return data
