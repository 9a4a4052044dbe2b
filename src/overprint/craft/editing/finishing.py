"""Post-processing of one clip: noise and trembling taken out, how it begins after the scene before it, its colours,
captions, credits, fades, final encode. The same clip and words give the same bytes."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

import av
import numpy as np

from overprint.core.cube import read_cube
from overprint.core.film import CaptionStyle, Look, Transition
from overprint.core.problems import Invalid
from overprint.craft.editing.captions import Caption
from overprint.craft.editing.child import FinishOrder
from overprint.craft.editing.colouring import Colouring
from overprint.craft.editing.crediting import APPEAR_SECONDS, credited, set_back
from overprint.craft.editing.grading import Grader
from overprint.craft.editing.lettering import lettered
from overprint.craft.editing.opening import opened
from overprint.craft.editing.overlay import Plane, Veil, enlarged, fade, lay, veil_of
from overprint.craft.editing.repairing import denoise
from overprint.craft.editing.steadying import REACH_SECONDS, Tremble, Values, steady
from overprint.craft.editing.transitions import between
from overprint.craft.motion.encoder import FINISHED, film_writer

FADE_SECONDS = 0.5
PLAIN = Look()
_APPEAR_SECONDS = 0.14
_TOLD_EVERY = 10
_LOOKING_SHARE = 0.3  # of the work on a frame


def finish(
    clip: Path, before: Path, finished: Path, order: FinishOrder, lut: bytes = b""
) -> Generator[int, None, None]:
    """Writes the first ``order.frames`` of the clip as they will be in the film; yields how many are done, of which
    those that were only looked at are a share. ``before``: the clip of the scene before, which it follows without a
    gap, if it is ordered to overlap; ``lut``: a ``.cube`` file, or nothing. Raises ``Invalid``, of a clip that is
    shorter than ordered too: captions and sound would come at the wrong time."""
    cube = read_cube(lut) if lut else None
    with ExitStack() as held:
        source = held.enter_context(opened(clip, "Render the scene again."))
        stream = source.streams.video[0]
        if stream.frames < order.frames:
            raise Invalid(f"This clip has {stream.frames} frames instead of {order.frames}.", "Render the scene again.")
        filmed_px = stream.width, stream.height
        width_px, height_px = order.width_px or stream.width, order.height_px or stream.height
        grader = Grader(order.look, width_px, height_px, order.seed)
        colouring = Colouring(cube, height_px) if cube else None
        words = _Words(order.captions, order.caption_style, width_px, height_px)
        credit = _Credits(order, width_px, height_px)
        overlaps = order.transition is not Transition.CUT and order.overlap > 0
        leaving_source = _leaving_source(held, before, filmed_px) if overlaps else None
        looked = round(_LOOKING_SHARE * order.frames) if order.is_steadied else 0
        held_still = yield from _looked_at(clip, 0, order, looked)
        leaving: Iterator[Plane] = iter(())
        if leaving_source is not None:
            ways = yield from _looked_at(before, order.before_frames, order, 0)
            leaving = islice(_repaired(leaving_source, order.before_frames, order, ways), order.overlap)
        writer = held.enter_context(film_writer(finished, width_px, height_px, order.fps, FINISHED))
        for number, planes in enumerate(islice(_repaired(source, 0, order, held_still), order.frames)):
            shown = _begun(planes, next(leaving, None), order, number, filmed_px[1])
            if (width_px, height_px) != filmed_px:
                shown = enlarged(shown, filmed_px, (width_px, height_px))
            if colouring is not None:
                colouring.apply(shown)
            if order.look != PLAIN:
                grader.apply(shown, number)
            credit.lay(shown, height_px, number)
            words.lay(shown, height_px, number / order.fps)
            light = _light(number, order)
            if light < 1:
                fade(shown, height_px, light)
            writer.add_planes(shown)
            if writer.count % _TOLD_EVERY == 0:
                yield looked + writer.count * (order.frames - looked) // order.frames
        if writer.count != order.frames:
            raise Invalid("This clip ends before its time.", "Render the scene again.")
        writer.close()


def _leaving_source(held: ExitStack, before: Path, filmed_px: tuple[int, int]) -> av.container.InputContainer:
    """The scene before, whose last frames are still seen when this one has begun."""
    source = held.enter_context(opened(before, "Render the scene before again."))
    if (source.streams.video[0].width, source.streams.video[0].height) != filmed_px:
        raise Invalid("These clips are of different sizes.", "Render the film again.")
    return source


def _begun(planes: Plane, leaving: Plane | None, order: FinishOrder, number: int, height_px: int) -> Plane:
    if leaving is None:
        return planes
    return between(order.transition, leaving, planes, height_px, (number + 1) / (order.overlap + 1))


def _light(number: int, order: FinishOrder) -> float:
    """The first frame is not quite black: players show it before anything plays."""
    whole = FADE_SECONDS * order.fps
    coming = (number + 3) / whole if order.opens else 1.0
    going = (order.frames - number) / whole if order.ends else 1.0
    return min(1.0, coming, going)


class _Words:
    """The captions of a clip. A veil is made when it is first needed, and kept while it is shown."""

    def __init__(self, captions: Sequence[Caption], style: CaptionStyle, width_px: int, height_px: int) -> None:
        self._captions, self._style, self._size = captions, style, (width_px, height_px)
        self._key: tuple[int, int | None] | None = None
        self._veil: Veil | None = None

    def lay(self, planes: Plane, height_px: int, seconds: float) -> None:
        for number, caption in enumerate(self._captions):
            if caption.start_seconds <= seconds < caption.end_seconds:
                veil = self._made(number, _said(caption, seconds) if self._style is CaptionStyle.SPOKEN else None)
                if veil is not None:
                    lay(planes, height_px, veil, min(1.0, (seconds - caption.start_seconds) / _APPEAR_SECONDS + 0.3))

    def _made(self, number: int, lit: int | None) -> Veil | None:
        if self._key != (number, lit):
            self._key = (number, lit)
            lettering = lettered(self._captions[number].words, *self._size, self._style, lit)
            self._veil = veil_of(lettering) if lettering else None
        return self._veil


def _said(caption: Caption, seconds: float) -> int | None:
    """Which word is being said, from 0."""
    begun = [number for number, word in enumerate(caption.spoken) if word.start_seconds <= seconds]
    return begun[-1] if begun else None


class _Credits:
    """Laid over the last frames of the film."""

    def __init__(self, order: FinishOrder, width_px: int, height_px: int) -> None:
        self._begins = order.frames - order.credit_frames
        self._whole = APPEAR_SECONDS * order.fps
        made = credited(order.title, order.credits, width_px, height_px) if order.credit_frames else None
        self._veil = veil_of(made) if made else None

    def lay(self, planes: Plane, height_px: int, number: int) -> None:
        if self._veil is None or number < self._begins:
            return
        share = min(1.0, (number - self._begins + 1) / self._whole)
        set_back(planes, height_px, share)
        lay(planes, height_px, self._veil, share)


def _repaired(
    source: av.container.InputContainer, first: int, order: FinishOrder, ways: Sequence[Values]
) -> Iterator[Plane]:
    """As ``_planes``, without what is to be taken out. ``ways``: where to each frame is moved, if it is."""
    for number, planes in enumerate(_planes(source, first)):
        height_px = planes.shape[0] * 2 // 3
        shown = steady(planes, height_px, ways[number]) if ways else planes
        denoise(shown, height_px, order.denoise)
        yield shown


def _looked_at(clip: Path, first: int, order: FinishOrder, share: int) -> Generator[int, None, Sequence[Values]]:
    """How each frame from ``first`` on is moved to hold the clip steady, for which it is looked at as a whole, or as
    far back as that can tell; nothing if nobody asked. Yields up to ``share``."""
    if not order.is_steadied:
        return ()
    from_frame, tremble = max(0, first - round(REACH_SECONDS * order.fps)), Tremble()
    with opened(clip, "Render the scene again.") as source:
        frames = max(1, source.streams.video[0].frames)
        for number, planes in enumerate(_planes(source, from_frame), 1):
            tremble.see(planes[: planes.shape[0] * 2 // 3])
            if share and number % _TOLD_EVERY == 0:
                yield share * min(number, frames) // frames
    return tremble.corrections(order.fps)[first - from_frame :]


def _planes(source: av.container.InputContainer, first: int) -> Iterator[Plane]:
    """From frame ``first`` on. Those before it, back to a keyframe, are decoded and dropped."""
    stream = source.streams.video[0]
    stream.codec_context.thread_count = 1
    rate, base = stream.average_rate, stream.time_base
    if rate is None or base is None:
        raise Invalid("This clip does not say how fast it runs.", "Render the scene again.")
    if first:
        source.seek(int(first / rate / base), stream=stream)
    for frame in source.decode(video=0):
        if frame.pts is not None and round(frame.pts * base * rate) >= first:
            yield np.ascontiguousarray(frame.to_ndarray(), np.uint8)
