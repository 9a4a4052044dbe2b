"""H.264 in MP4, through PyAV. Imported in compute's child processes only: PyAV's wheel bundles GPL encoders.

One thread and fixed settings: the same frames give the same bytes, on any machine. Colours are BT.709 and say so.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.codec.context import Flags
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace
from av.video.stream import VideoStream

from overprint.craft.drawing.buffers import Pixels
from overprint.craft.motion.forms import Canvas, canvas_of

BT709 = 1
# Its macroblock tree weighs frames a little differently each time: it reads past the end of short rows.
_SAME_EACH_TIME = "mbtree=0"
_LIMITED = 1


@dataclass(frozen=True, slots=True)
class Quality:
    """``level``: 0, which loses nothing, to 51. It is x264's constant rate factor, by default 23; or, where it
    ``is_fixed``, every frame's very quantizer, for which x264 looks at nothing beforehand."""

    preset: str
    level: int
    is_fixed: bool = False


BETWEEN_STEPS = Quality("superfast", 17)
"""For what is decoded once more: quick to write, and what it loses is not seen."""
FLEETING = Quality("ultrafast", 17, is_fixed=True)
"""For the same where it is short: less than half the work to write and to read, for half as many bytes again."""
FINISHED = Quality("veryfast", 20)


class FilmWriter:
    """Frames go in one after the other, until ``close``."""

    def __init__(self, container: OutputContainer, stream: VideoStream, fps: int) -> None:
        self._container, self._stream, self._fps = container, stream, fps
        self._frame = VideoFrame(stream.width, stream.height, "yuv420p")
        luma, blueness, redness = (np.asarray(plane, np.uint8) for plane in self._frame.planes)
        self.canvas: Canvas = luma, blueness, redness
        """Where the next frame may be laid, for ``add_canvas``."""
        self.count = 0

    def add_bgra(self, pixels: Pixels) -> None:
        self.add(
            VideoFrame.from_ndarray(pixels, format="bgra").reformat(
                format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
            )
        )

    def add_planes(self, planes: Pixels) -> None:
        """Rows of luma, then those of blueness and redness, each row half as long. They may change afterwards."""
        width = planes.shape[1]
        for to, plane, columns in zip(self.canvas, canvas_of(planes), (width, width // 2, width // 2), strict=True):
            rows = plane.reshape(-1, columns)
            to.reshape(len(rows), -1)[:, :columns] = rows
        self.add_canvas()

    def add_canvas(self) -> None:
        """What was laid on ``canvas``, which may change afterwards: the encoder has a copy."""
        self.add(self._frame)

    def add(self, frame: VideoFrame) -> None:
        """A frame of yuv420p; its number and time are set here."""
        frame.pts, frame.time_base = self.count, Fraction(1, self._fps)
        frame.pict_type = 0  # what it was before it was decoded is nothing to the encoder
        self.count += 1
        self._container.mux(self._stream.encode(frame))

    def close(self) -> None:
        """The film is whole, and in its file."""
        self._container.mux(self._stream.encode(None))
        self._container.close()


@contextmanager
def film_writer(path: Path, width_px: int, height_px: int, fps: int, quality: Quality) -> Iterator[FilmWriter]:
    """Writes to ``path``."""
    with film_file(path) as container:
        level = {"qp" if quality.is_fixed else "crf": str(quality.level)}
        options = {"preset": quality.preset, **level, "threads": "1", "x264-params": _SAME_EACH_TIME}
        stream = container.add_stream("libx264", rate=fps, options=options)
        stream.width, stream.height, stream.pix_fmt = width_px, height_px, "yuv420p"
        coder = stream.codec_context
        coder.gop_size = fps
        coder.time_base = Fraction(1, fps)
        coder.flags |= Flags.bitexact
        coder.color_range, coder.colorspace = _LIMITED, BT709
        coder.color_primaries, coder.color_trc = BT709, BT709
        yield FilmWriter(container, stream, fps)


@contextmanager
def film_file(path: Path) -> Iterator[OutputContainer]:
    """An MP4 file at ``path``; when it is closed, its index comes first, so that it plays before all of it is there."""
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    with av.open(str(path), "w", format="mp4", options=options) as container:
        yield container
