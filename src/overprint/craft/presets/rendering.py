"""The film that shows a preset: two scenes, one after the other as it says. The same preset gives the same bytes."""

import tempfile
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from random import Random

import cv2
import numpy as np
from av.video.frame import VideoFrame

from overprint.core.film import CaptionStyle, Look, Transition
from overprint.core.scene import Actor, Camera, Prop, Scene, Sheet, Shot, Species
from overprint.core.story import Style
from overprint.craft.editing.captions import Caption, SpokenWord
from overprint.craft.editing.child import FinishOrder
from overprint.craft.editing.finishing import finish
from overprint.craft.editing.opening import opened
from overprint.craft.editing.overlay import Plane
from overprint.craft.editing.transitions import between
from overprint.craft.motion import CLIP, ClipOrder, clip_order, film_clip
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
_NOTHING = Path()


def film(order: SampleOrder) -> Generator[int, None, bytes]:
    overlap = 0 if order.config.transition is Transition.CUT else _OVERLAP
    with _place() as place:
        clips = [_clip(place, order, number, _SCENE_FRAMES + overlap * (number == 0)) for number in (0, 1)]
        whole, finished = place / "whole.mp4", place / "finished.mp4"
        _splice(clips, whole, order.config.transition, overlap)
        yield from finish(whole, _NOTHING, finished, _finish(order, 2 * _SCENE_FRAMES, FPS))
        return finished.read_bytes()


def picture(order: SampleOrder) -> bytes:
    """As WebP."""
    with _place() as place:
        finished = place / "finished.mp4"
        _done(finish(_clip(place, order, 0, 3, fps=1), _NOTHING, finished, _finish(order, 3, 1)))
        middle = next(islice(_frames(finished), 1, None))
    shown = cv2.cvtColor(middle, cv2.COLOR_YUV2BGR_I420)
    _, data = cv2.imencode(".webp", shown, [cv2.IMWRITE_WEBP_QUALITY, _WEBP_QUALITY])
    return data.tobytes()


@contextmanager
def _place() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def _clip(place: Path, order: SampleOrder, number: int, frames: int, fps: int = FPS) -> Path:
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
    _done(film_clip(clip_order(clip, b""), place))
    return (place / CLIP).rename(place / f"clip-{number}.mp4")


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


def _splice(clips: list[Path], whole: Path, transition: Transition, overlap: int) -> None:
    """Both clips as one; for ``overlap`` frames each is seen."""
    first = list(_frames(clips[0]))
    with film_writer(whole, WIDTH_PX, HEIGHT_PX, FPS, BETWEEN_STEPS) as writer:
        for planes in first[: len(first) - overlap]:
            writer.add(VideoFrame.from_ndarray(planes, format="yuv420p"))
        leaving = iter(first[len(first) - overlap :])
        for number, planes in enumerate(_frames(clips[1])):
            old = next(leaving, None)
            share = (number + 1) / (overlap + 1)
            mixed = planes if old is None else between(transition, old, planes, HEIGHT_PX, share)
            writer.add(VideoFrame.from_ndarray(mixed, format="yuv420p"))
        writer.close()


def _frames(clip: Path) -> Iterator[Plane]:
    with opened(clip, "Make the sample again.") as source:
        for frame in source.decode(video=0):
            yield np.ascontiguousarray(frame.to_ndarray(), np.uint8)


def _done(making: Iterable[int]) -> None:
    """To its end, whatever it tells on the way."""
    for _ in making:
        pass
