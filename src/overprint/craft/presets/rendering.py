"""The film that shows a preset: two scenes, one after the other as it says. The same preset gives the same bytes."""

from collections.abc import Generator, Iterator
from dataclasses import replace
from itertools import islice
from random import Random

import cv2
import numpy as np
from av.video.frame import VideoFrame

from overprint.core.film import CaptionStyle, Look, Transition
from overprint.core.scene import Actor, Camera, Prop, Scene, Sheet, Shot, Species
from overprint.core.story import Style
from overprint.craft.editing.captions import Caption, SpokenWord
from overprint.craft.editing.child import FinishOrder
from overprint.craft.editing.finishing import finished
from overprint.craft.editing.opening import opened
from overprint.craft.editing.overlay import Plane
from overprint.craft.editing.transitions import between
from overprint.craft.motion import ClipOrder, clip_bytes, clip_order
from overprint.craft.motion.encoder import BETWEEN_STEPS, film_writer
from overprint.craft.presets.child import SampleOrder
from overprint.craft.presets.shipped import Shown
from overprint.craft.writing.casting import Wardrobe
from overprint.craft.writing.premise_clothes import NO_CLOTHES
from overprint.craft.writing.vocabulary import Being

WIDTH_PX, HEIGHT_PX, FPS = 384, 216, 24
SECONDS = 3
_SCENE_FRAMES = FPS * SECONDS // 2
_OVERLAP = 10
_WEBP_QUALITY = 82
_SEED = 7
_NOTHING = memoryview(b"")


def film(order: SampleOrder) -> Generator[int, None, bytes]:
    overlap = 0 if order.config.transition is Transition.CUT else _OVERLAP
    clips = [_clip(order, number, _SCENE_FRAMES + overlap * (number == 0)) for number in (0, 1)]
    whole = _spliced(clips, order.config.transition, overlap)
    return (yield from finished(memoryview(whole), _NOTHING, _finish(order, 2 * _SCENE_FRAMES, FPS)))


def picture(order: SampleOrder) -> bytes:
    """As WebP."""
    making = finished(memoryview(_clip(order, 0, 3, fps=1)), _NOTHING, _finish(order, 3, 1))
    middle = next(islice(_frames(_through(making)), 1, None))
    shown = cv2.cvtColor(middle, cv2.COLOR_YUV2BGR_I420)
    _, data = cv2.imencode(".webp", shown, [cv2.IMWRITE_WEBP_QUALITY, _WEBP_QUALITY])
    return data.tobytes()


def _clip(order: SampleOrder, number: int, frames: int, fps: int = FPS) -> bytes:
    """A scene of the sample, as the camera sees it. The second one is seen from nearer."""
    moves, shown = order.config.camera, order.shown
    shot = shown.shot if number == 0 else Shot.CLOSE if shown.shot is not Shot.CLOSE else Shot.MEDIUM
    scene = _scene(replace(shown, shot=shot))
    clip = ClipOrder(
        scene=scene,
        sheets=_sheets(shown.who),
        style=Style.STORYBOOK,
        move=moves[number % len(moves)],
        width_px=WIDTH_PX,
        height_px=HEIGHT_PX,
        fps=fps,
        frames=frames,
        seed=_SEED + number,
        liveliness=order.config.motion,
        curves=order.config.curves,
    )
    return _through(clip_bytes(clip_order(clip, b"")))


def _scene(shown: Shown) -> Scene:
    actors = [Actor("who", shown.pose, shown.expression, holding=shown.holding)] if shown.who else []
    props = [Prop(shown.prop)] if shown.prop else []
    return Scene(
        shown.setting,
        shown.setting.value,
        shown.words,
        time=shown.time,
        weather=shown.weather,
        camera=Camera(shown.shot),
        actors=tuple(actors),
        props=tuple(props),
    )


def _sheets(who: Species | None) -> dict[str, Sheet]:
    if who is None:
        return {}

    return {"who": Wardrobe(Random(who.value)).sheet(Being(who), NO_CLOTHES)}


def _finish(order: SampleOrder, frames: int, fps: int) -> FinishOrder:
    """Its words are all there from the first frame on, and said one after the other."""
    config, words, seconds = order.config, order.shown.words, frames / fps
    starts = [at for at, letter in enumerate(words) if letter != " " and (at == 0 or words[at - 1] == " ")]
    ends = [words.find(" ", at) if " " in words[at:] else len(words) for at in starts]
    spoken = tuple(
        SpokenWord(first, last, round(seconds * n / len(starts), 3))
        for n, (first, last) in enumerate(zip(starts, ends, strict=True))
    )
    return FinishOrder(
        captions=(Caption(words, -1.0, seconds + 1, spoken),) if config.captions else (),
        frames=frames,
        fps=fps,
        opens=False,
        ends=False,
        caption_style=config.captions or CaptionStyle.BAR,
        look=Look(config.grade, config.grain, config.vignette),
        seed=_SEED,
    )


def _spliced(clips: list[bytes], transition: Transition, overlap: int) -> bytes:
    """Both clips as one; for ``overlap`` frames each is seen."""
    first = list(_frames(clips[0]))
    with film_writer(WIDTH_PX, HEIGHT_PX, FPS, BETWEEN_STEPS) as writer:
        for planes in first[: len(first) - overlap]:
            writer.add(VideoFrame.from_ndarray(planes, format="yuv420p"))
        leaving = iter(first[len(first) - overlap :])
        for number, planes in enumerate(_frames(clips[1])):
            old = next(leaving, None)
            share = (number + 1) / (overlap + 1)
            mixed = planes if old is None else between(transition, old, planes, HEIGHT_PX, share)
            writer.add(VideoFrame.from_ndarray(mixed, format="yuv420p"))
        return writer.finished()


def _frames(clip: bytes) -> Iterator[Plane]:
    with opened(clip, "Make the sample again.") as source:
        for frame in source.decode(video=0):
            yield np.ascontiguousarray(frame.to_ndarray(), np.uint8)


def _through(making: Generator[int, None, bytes]) -> bytes:
    """What it answers at its end."""
    while True:
        try:
            next(making)
        except StopIteration as end:
            return bytes(end.value)
