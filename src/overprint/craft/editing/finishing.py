"""Post-processing of one clip: captions, fades, final encode. The same clip and words give the same bytes."""

import io
from collections.abc import Generator, Iterator

import av
import numpy as np
from av.video.frame import VideoFrame

from overprint.core.problems import Invalid
from overprint.craft.editing.captions import Caption
from overprint.craft.editing.child import FinishOrder
from overprint.craft.editing.lettering import lettered
from overprint.craft.editing.overlay import Veil, fade, lay, veil_of
from overprint.craft.motion.encoder import FINISHED, film_writer

FADE_SECONDS = 0.5
_APPEAR_SECONDS = 0.14
_TOLD_EVERY = 10


def finished(clip: bytes, order: FinishOrder) -> Generator[int, None, bytes]:
    """The clip as it will be in the film; yields how many frames are done. ``opens`` and ``ends``: whether the film
    comes out of black with it, or goes into it. Raises ``Invalid``, of a clip of another length too: captions and sound
    would come at the wrong time."""
    with _opened(clip) as source:
        stream = source.streams.video[0]
        if stream.frames != order.frames:
            raise Invalid(f"This clip has {stream.frames} frames instead of {order.frames}.", "Render the scene again.")
        width_px, height_px = stream.width, stream.height
        shown = [(caption, _veil(caption, width_px, height_px)) for caption in order.captions]
        with film_writer(width_px, height_px, order.fps, FINISHED) as writer:
            for number, frame in enumerate(_frames(source)):
                planes = np.ascontiguousarray(frame.to_ndarray(), np.uint8)
                light = _light(number, order)
                seconds = number / order.fps
                for caption, veil in shown:
                    if veil is not None and caption.start_seconds <= seconds < caption.end_seconds:
                        lay(
                            planes, height_px, veil, min(1.0, (seconds - caption.start_seconds) / _APPEAR_SECONDS + 0.3)
                        )
                if light < 1:
                    fade(planes, height_px, light)
                writer.add(VideoFrame.from_ndarray(planes, format="yuv420p"))
                if writer.count % _TOLD_EVERY == 0:
                    yield writer.count
            return writer.finished()


def _light(number: int, order: FinishOrder) -> float:
    """The first frame is not quite black: players show it before anything plays."""
    whole = FADE_SECONDS * order.fps
    coming = (number + 3) / whole if order.opens else 1.0
    going = (order.frames - number) / whole if order.ends else 1.0
    return min(1.0, coming, going)


def _veil(caption: Caption, width_px: int, height_px: int) -> Veil | None:
    lettering = lettered(caption.words, width_px, height_px)
    return veil_of(lettering) if lettering else None


def _opened(clip: bytes) -> av.container.InputContainer:
    try:
        source = av.open(io.BytesIO(clip), "r", format="mp4")
        if source.streams.video and source.streams.video[0].pix_fmt == "yuv420p":
            return source
    except (av.FFmpegError, ValueError):
        pass
    raise Invalid("This clip cannot be read.", "Render the scene again.")


def _frames(source: av.container.InputContainer) -> Iterator[VideoFrame]:
    source.streams.video[0].codec_context.thread_count = 1
    yield from source.decode(video=0)
