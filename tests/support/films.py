"""Small films for tests, honest and not."""

import io
import math
import struct
from collections.abc import Callable, Iterable
from fractions import Fraction

import av
import cv2
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
    flat: bool = False,
    shade: int = 90,
) -> bytes:
    """A bar that goes from left to right on grey, brighter to the right. ``times``: when each frame is shown, in
    frames. ``flat``: all of it is of one ``shade``."""
    out = io.BytesIO()
    with av.open(out, "w", format=form) as container:
        stream = container.add_stream(FORMATS[form], rate=fps, options={"preset": "ultrafast"} if form == "mp4" else {})
        stream.width, stream.height, stream.pix_fmt = width_px, height_px, "yuv420p"
        stream.codec_context.time_base = Fraction(1, fps)
        for number, at in enumerate(times if times is not None else range(frames)):
            seen = _picture(width_px, height_px, number / max(1, frames))
            frame = av.VideoFrame.from_ndarray(np.full_like(seen, shade) if flat else seen, format="rgb24")
            frame = frame.reformat(format="yuv420p")
            frame.pts, frame.time_base = at, Fraction(1, fps)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return out.getvalue() if not turn else quarter_turned(out.getvalue())


def changing(*sizes_px: tuple[int, int]) -> bytes:
    """A WebM whose frames change their size on the way, as those of recorded calls do."""
    out = io.BytesIO()
    with av.open(out, "w", format="webm") as container:
        stream, at = None, 0
        for size in sizes_px:
            with av.open(io.BytesIO(film(*size, frames=20, form="webm"))) as part:
                stream = stream or container.add_stream_from_template(part.streams.video[0])
                for packet in part.demux(video=0):
                    if packet.pts is not None:
                        packet.stream, packet.pts, packet.dts, at = stream, at, at, at + 40
                        container.mux(packet)
    return out.getvalue()


Pixels = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
Seen = tuple[float, float, float, float]
"""How far the camera is to the right and down (shares of the height), how much it leans (degrees), how near it is."""
AT_REST: Seen = (0.0, 0.0, 0.0, 1.0)


def driving(
    camera: Callable[[float], Seen] = lambda seconds: AT_REST,
    figure: Callable[[float], tuple[float, float]] | None = None,
    *,
    seconds: float = 3.0,
    fps: int = 30,
    size_px: tuple[int, int] = (400, 224),
    contrast: float = 55.0,
    noise: float = 0.0,
) -> bytes:
    """A wall full of blots, filmed by a camera that goes where it is told; before it somebody as blotted, who goes to
    the right and down by shares of the height. ``contrast`` of the blots and ``noise`` of the camera: how far values
    are from what they would be."""
    width, height = size_px
    wall, body = _blots(3 * width, 3 * height, 1, contrast), _blots(width // 5, height * 3 // 5, 2)
    grains = np.random.default_rng(3)
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=fps, options={"preset": "veryfast", "crf": "18"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number in range(round(seconds * fps)):
            shown = wall.copy()
            if figure is not None:
                right, down = figure(number / fps)
                place = np.array([[1, 0, width * 1.4 + right * height], [0, 1, height * 1.3 + down * height]])
                cv2.warpAffine(body, place, (3 * width, 3 * height), shown, borderMode=cv2.BORDER_TRANSPARENT)
            x, y, lean, zoom = camera(number / fps)
            across, down = zoom * math.cos(math.radians(lean)), zoom * math.sin(math.radians(lean))
            turn = np.array([[across, -down], [down, across]])
            middle = turn @ np.array([1.5 * width + x * height, 1.5 * height + y * height])
            way = np.column_stack([turn, np.array([width / 2, height / 2]) - middle])
            seen = cv2.warpAffine(shown, way, (width, height), flags=cv2.INTER_LINEAR)
            if noise:
                seen = np.clip(seen + grains.normal(scale=noise, size=seen.shape), 0, 255).astype(np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(seen, format="gray").reformat(format="yuv420p")))
        container.mux(stream.encode(None))
    return out.getvalue()


def blotted(width: int = 640, height: int = 360) -> bytes:
    """A picture full of blots, PNG."""
    return bytes(cv2.imencode(".png", _blots(width, height, 1))[1])


def _blots(width: int, height: int, seed: int, contrast: float = 55.0) -> Pixels:
    noise = np.random.default_rng(seed).normal(size=(height, width)).astype(np.float32)
    soft = cv2.GaussianBlur(noise, (0, 0), 4)
    return np.clip(128 + contrast * soft / soft.std(), 0, 255).astype(np.uint8)


def _picture(width_px: int, height_px: int, share: float) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    pixels = np.full((height_px, width_px, 3), 60, np.uint8)
    pixels[:, :, 0] = np.linspace(40, 220, width_px).astype(np.uint8)
    left = int(share * (width_px - width_px // 10))
    pixels[:, left : left + width_px // 10] = 255
    return pixels


def quarter_turned(data: bytes) -> bytes:
    """An MP4 file as a phone that was held upright says: a quarter turn, in the matrix of the track's header."""
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
