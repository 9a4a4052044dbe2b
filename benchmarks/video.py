"""The embedded films: frames a second of one scene beside encoding the same prepared frames with the same settings, and
beside MoviePy with the same layers.

Everything in one process with one thread, in CPU seconds; ratios are what counts. ``laid`` is frames laid and encoded,
``encoder`` the encoding of the very same frames, ready in the encoder's own form, with the same settings. Both are
under way at once and take turns of a few frames (``TURN``), so what else the machine does meets both; the first frames
of both do not count (``LEAD_IN``). Each round answers a ratio; the median is judged, the least and the most are shown.
``clip`` is the step: layers drawn, frames laid, the quick encode between steps; ``film`` is that and the step that
letters and encodes it for good.

Memory is that of the film path alone: those two steps in a child process as a worker has them, at its peak.

MoviePy wants an older Pillow than Overprint has, so it runs in an environment of its own, and is left out without one:
``python -m venv FOLDER && FOLDER/bin/pip install moviepy==2.2.1``, then ``--moviepy FOLDER/bin/python``.
Run: ``./overprint bench video [--rounds 5] [--seconds 2] [--size 1920x1080] [--moviepy PYTHON]``, or with ``--long``
for long and large films, made whole by the command line.
"""

import argparse
import asyncio
import hashlib
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
from av.video.frame import VideoFrame

from benchmarks import long_films
from benchmarks.metering import memory_mb
from overprint.adapters.compute.processes import PoolRules, ProcessCompute
from overprint.core.film import Move
from overprint.core.scene import Actor, Place, Pose, PropKind, Scene, Setting, Sheet, Species, Weather
from overprint.core.story import Style
from overprint.craft.drawing.buffers import Pixels
from overprint.craft.drawing.styles.paper import vignette
from overprint.craft.editing import (
    CLIP,
    EDIT_MEMORY_BYTES,
    Caption,
    FinishOrder,
    finish_clip,
    finish_order,
    finish_timeout_seconds,
)
from overprint.craft.motion import CLIP_MEMORY_BYTES, ClipOrder, clip_order, clip_timeout_seconds, film_clip
from overprint.craft.motion.drops import ACROSS, COS, HALF, SIN, TINT, X, Y
from overprint.craft.motion.encoder import FINISHED, FilmWriter, film_writer
from overprint.craft.motion.falling import Falling
from overprint.craft.motion.frames import CORNERS, frames_of, laid_on, matrix_of
from overprint.craft.motion.idle import REST
from overprint.craft.motion.moves import path_for, placed
from overprint.craft.motion.staging import staged

FPS = 30
LEAD_IN = 20
"""Frames before the clock starts: by then layers are drawn, and the encoder is full and has its memory, which costs up
to 0.2 s where other work took what it had before."""
TURN = 10
"""Frames that one of two does before it is the other's turn."""
MEMORY_GOAL_MB, MOVIEPY_GOAL = 1024, 10.0
MOVIEPY_FRAMES, MOVIEPY_TIMEOUT_SECONDS = 10, 600
MOVES = {"pan": (Move(pan=8), 0.85), "zoom and parallax": (Move(horizontal=6, zoom=7), 0.75)}
"""And what share of the encoder's frames is wanted."""
SHEETS = {
    "fox": Sheet(Species.FOX, "#e8793a", "#fff1de", "#4f86b8", "#2f8f83"),
    "woman": Sheet(Species.WOMAN, "#9c6644", "#fff1de", "#3aa6a0", "#e8a33c", height=1.4),
}
SCENE = Scene(
    Setting.FOREST,
    "a forest",
    "Two friends in a forest.",
    weather=Weather.RAIN,
    actors=(Actor("fox", Pose.HOLD, place=Place.LEFT, holding=PropKind.LANTERN), Actor("woman", place=Place.RIGHT)),
)
CAPTIONS = (Caption("Two friends walk into the forest", 0.0, 60.0),)
COLUMNS = "encoder", "laid", "laid ÷ encoder: median (least to most)", "clip", "film", "MoviePy", "ours ÷ MoviePy"
HEAD = f"| | {' | '.join(COLUMNS)} | the same again | film path at its peak |\n" + "|---" * (len(COLUMNS) + 3) + "|"


@dataclass(frozen=True, slots=True)
class Round:
    """CPU seconds for as many frames as a clip has."""

    encoder: float
    laid: float
    clip: float
    film: float

    @property
    def ratio(self) -> float:
        return self.encoder / self.laid


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--size", default="1920x1080")
    parser.add_argument("--moviepy", metavar="PYTHON", help="a Python that has MoviePy")
    parser.add_argument("--long", action="store_true", help="long and large films instead, made whole")
    parser.add_argument("--only", default="", help="with --long: only films whose name has this in it")
    asked = parser.parse_args()
    if asked.long:
        return long_films.main(asked.only)
    width, height = map(int, asked.size.split("x"))
    print(f"Frames a CPU second at {width} × {height}, and their ratio to the encoder's.\n\n{HEAD}")
    is_met = True
    for name, (move, goal) in MOVES.items():
        order = ClipOrder(SCENE, SHEETS, Style.STORYBOOK, move, width, height, FPS, FPS * asked.seconds, 1)
        is_met &= _compare(name, goal, order, asked.rounds, asked.moviepy)
    return 0 if is_met else 1


def _compare(name: str, goal: float, order: ClipOrder, rounds: int, moviepy: str | None) -> bool:
    """Prints a line of the table; answers whether all goals are met."""
    is_same, peak_mb = _hash(order) == _hash(order), asyncio.run(_peak_mb(order))
    taken = _rounds(order, rounds)
    encoder, laid, clip, film = (
        order.frames / statistics.median(getattr(each, what) for each in taken)
        for what in ("encoder", "laid", "clip", "film")
    )
    ratios = sorted(each.ratio for each in taken)
    ratio = statistics.median(ratios)
    judged = [(ratio >= goal, f"{ratio:.3f} ({ratios[0]:.3f} to {ratios[-1]:.3f}), goal ≥ {goal}")]
    beside = ["–", "–"]
    if moviepy:
        peer = _moviepy_rate(order, moviepy)
        judged.append((laid / peer >= MOVIEPY_GOAL, f"{laid / peer:.0f}, goal ≥ {MOVIEPY_GOAL:.0f}"))
        beside = [f"{peer:.2f}", _told(*judged[-1])]
    judged += [(is_same, "the same frames"), (peak_mb <= MEMORY_GOAL_MB, f"{peak_mb:.0f} MB, goal ≤ {MEMORY_GOAL_MB}")]
    rates = [
        f"{encoder:.1f}",
        f"{laid:.1f}",
        _told(*judged[0]),
        *(f"{n:.1f} ({n / encoder:.2f})" for n in (clip, film)),
    ]
    print(f"| {name} | {' | '.join([*rates, *beside, *(_told(*each) for each in judged[-2:])])} |", flush=True)
    return all(is_met for is_met, _ in judged)


def _told(is_met: bool, words: str) -> str:
    return f"{words}: {'met' if is_met else 'missed'}"


def _rounds(order: ClipOrder, rounds: int) -> list[Round]:
    longer = replace(order, frames=LEAD_IN + order.frames)
    prepared = [VideoFrame.from_ndarray(frame, format="yuv420p") for frame in frames_of(longer)]
    return [Round(*_in_turns(longer, prepared), *_made(order)) for _ in range(rounds)]


def _in_turns(longer: ClipOrder, prepared: Sequence[VideoFrame]) -> tuple[float, float]:
    """Of encoding, and of laying and encoding: as many frames go into both encoders as come out."""
    with (
        tempfile.TemporaryDirectory() as here,
        tempfile.TemporaryDirectory() as there,
        _writer(longer, Path(here)) as ready,
        _writer(longer, Path(there)) as fresh,
    ):
        encoded: Iterator[None] = (ready.add(frame) for frame in prepared)
        laid: Iterator[None] = (fresh.add_canvas() for _ in laid_on(fresh.canvas, longer))
        both, spent = [encoded, laid], [0.0, 0.0]
        for first in range(0, longer.frames, TURN):
            for which in random.sample(range(2), 2):
                seconds = _seconds(islice(both[which], TURN))
                spent[which] += seconds if first >= LEAD_IN else 0
        return spent[0], spent[1]


def _made(order: ClipOrder) -> tuple[float, float]:
    """Of the clip, and of the film."""
    with tempfile.TemporaryDirectory() as folder:
        clip = _seconds(film_clip(clip_order(order, b""), Path(folder)))
        return clip, clip + _seconds(finish_clip(finish_order(_finish(order)), Path(folder)))


def _finish(order: ClipOrder) -> FinishOrder:
    return FinishOrder(CAPTIONS, order.frames, FPS, True, True)


def _seconds(work: Iterable[object]) -> float:
    """Of all that is yet to do."""
    began = time.process_time()
    for _ in work:
        pass
    return time.process_time() - began


async def _peak_mb(order: ClipOrder) -> float:
    """Of a child that films and finishes, with the bounds that a worker sets it."""
    compute, finish = ProcessCompute(PoolRules(children=1, keep_bytes=EDIT_MEMORY_BYTES)), _finish(order)
    with tempfile.TemporaryDirectory() as folder:
        try:
            await compute.run(
                film_clip,
                clip_order(order, b""),
                timeout_seconds=clip_timeout_seconds(order),
                memory_bytes=CLIP_MEMORY_BYTES,
                folder=Path(folder),
            )
            await compute.run(
                finish_clip,
                finish_order(finish),
                timeout_seconds=finish_timeout_seconds(finish),
                memory_bytes=EDIT_MEMORY_BYTES,
                folder=Path(folder),
            )
            return memory_mb(*compute.pids(), "VmHWM:")
        finally:
            await compute.aclose()


def _writer(order: ClipOrder, folder: Path) -> AbstractContextManager[FilmWriter]:
    return film_writer(folder / CLIP, order.width_px, order.height_px, FPS, FINISHED)


def _moviepy_rate(order: ClipOrder, python: str) -> float:
    """Frames a CPU second. It is given the layers drawn, the rain of every frame and the dark of the corners: only what
    it does with them counts."""
    scale = min(order.width_px, order.height_px) / 1000
    path = path_for(order.move, order.width_px / scale, order.height_px / scale, order.seed)
    view, sprites = staged(order, b"", path)
    falling = Falling(order.scene.weather, view, order.seed)
    given: dict[str, object] = {"size": (order.width_px, order.height_px, FPS)}
    depth = -1.0
    for number, sprite in enumerate(sprites):
        if sprite.depth > depth:
            rain = [_rain(falling, frame / FPS, (depth, sprite.depth), order) for frame in range(MOVIEPY_FRAMES)]
            if rain[0].any():
                given[f"layer-{number:02}-before"] = np.stack(rain)
                given[f"place-{number:02}-before"] = np.array([(0, 0, 1)] * MOVIEPY_FRAMES)
            depth = sprite.depth
        matrices = [
            matrix_of(view, sprite, placed(path.steady(frame / (order.frames - 1)), sprite.depth), REST)
            for frame in range(MOVIEPY_FRAMES)
        ]
        given[f"layer-{number:02}"] = _straight(sprite.pixels)
        given[f"place-{number:02}"] = np.array([(matrix[4], matrix[5], matrix[0]) for matrix in matrices])
    dark = np.zeros((order.height_px, order.width_px, 4), np.uint8)
    dark[:, :, 3] = np.rint(255 - 255 * vignette(order.height_px, order.width_px, CORNERS)[: order.height_px])
    given["layer-99"], given["place-99"] = dark, np.array([(0, 0, 1)] * MOVIEPY_FRAMES)
    with tempfile.TemporaryDirectory() as folder:
        np.savez(Path(folder) / "layers.npz", **given)  # type: ignore[arg-type]
        command = [python, str(Path(__file__).parent / "peers" / "video_moviepy.py"), folder]
        done = subprocess.run(command, capture_output=True, text=True, timeout=MOVIEPY_TIMEOUT_SECONDS, check=True)
    return MOVIEPY_FRAMES / float(done.stdout.split()[-1])


def _rain(falling: Falling, seconds: float, depths: tuple[float, float], order: ClipOrder) -> Pixels:
    """What falls between two depths, drawn as lines."""
    sheet = np.zeros((order.height_px, order.width_px, 4), np.uint8)
    for curtain in falling.place(seconds, *depths, (0.0, 0.0)):
        for drop in falling.drops[slice(*falling.curtains[curtain])]:
            ends = [
                tuple(round(16 * float(drop[at] + way * drop[HALF] * drop[turn])) for at, turn in ((X, COS), (Y, SIN)))
                for way in (-1, 1)
            ]
            white = (255, 255, 255, int(falling.tints[int(drop[TINT]), 3]) >> 8)
            cv2.line(sheet, *ends, white, max(1, round(2 * float(drop[ACROSS]))), cv2.LINE_AA, 4)
    return sheet


def _straight(pixels: Pixels) -> Pixels:
    """Red, green, blue and cover, of which no one is multiplied by the other."""
    cover = pixels[:, :, 3:].astype(np.float32)
    colours = np.minimum(255, pixels[:, :, 2::-1] * (255 / np.maximum(cover, 1)))
    return np.concatenate([colours, cover], axis=2).astype(np.uint8)


def _hash(order: ClipOrder) -> str:
    digest = hashlib.sha256()
    for frame in frames_of(order):
        digest.update(frame.tobytes())
    return digest.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
