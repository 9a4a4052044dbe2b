"""The embedded films: frames a second of one scene beside encoding the same prepared frames with the same settings, and
beside MoviePy with the same layers.

Everything in one process with one thread, in CPU seconds, in shuffled rounds; ratios are what counts. What is compared
with is the encoding of the very frames that are laid, ready in the encoder's own form. ``laid`` is frames laid and
encoded with the same settings; of both, the first do not count (``LEAD_IN``). ``clip`` is the step: layers drawn,
frames laid, the quick encode between steps; ``film`` is that and the step that letters and encodes it for good.

MoviePy wants an older Pillow than Overprint has, so it runs in an environment of its own, and is left out without one:
``python -m venv FOLDER && FOLDER/bin/pip install moviepy==2.2.1``, then ``--moviepy FOLDER/bin/python``.
Run: ``./overprint bench video [--rounds 3] [--seconds 2] [--size 1920x1080] [--moviepy PYTHON]``, or with ``--long``
for long and large films, made whole by the command line.
"""

import argparse
import hashlib
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from av.video.frame import VideoFrame

from benchmarks import long_films
from overprint.core.film import Move
from overprint.core.scene import Actor, Place, Pose, PropKind, Scene, Setting, Sheet, Species, Weather
from overprint.core.story import Style
from overprint.craft.drawing.buffers import Pixels
from overprint.craft.drawing.styles.paper import vignette
from overprint.craft.editing import CLIP, Caption, FinishOrder, finish_clip, finish_order
from overprint.craft.motion import ClipOrder, clip_order, film_clip
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
HEAD = "| | encoder | laid | clip | film | MoviePy | ours ÷ MoviePy | the same again |\n" + "|---" * 8 + "|"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
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
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nPeak memory {peak_mb:.0f} MB, prepared frames included: {_judged(peak_mb <= MEMORY_GOAL_MB)}")
    return 0 if is_met and peak_mb <= MEMORY_GOAL_MB else 1


def _compare(name: str, goal: float, order: ClipOrder, rounds: int, moviepy: str | None) -> bool:
    """Prints a line of the table; answers whether all goals are met."""
    is_same = _hash(order) == _hash(order)
    longer = replace(order, frames=LEAD_IN + order.frames)
    prepared = [VideoFrame.from_ndarray(frame, format="yuv420p") for frame in frames_of(longer)]

    def encode(folder: Path) -> float:
        with _writer(order, folder) as writer:
            return _steady(writer.add(frame) for frame in prepared)

    def laid(folder: Path) -> float:
        with _writer(order, folder) as writer:
            return _steady(writer.add_canvas() for _ in laid_on(writer.canvas, longer))

    def clip(folder: Path) -> float:
        began = time.process_time()
        _done(film_clip(clip_order(order, b""), folder))
        return time.process_time() - began

    def film(folder: Path) -> float:
        spent = clip(folder)
        began = time.process_time()
        _done(finish_clip(finish_order(FinishOrder(CAPTIONS, order.frames, FPS, True, True)), folder))
        return spent + time.process_time() - began

    works: dict[str, Callable[[Path], float]] = {"encode": encode, "laid": laid, "clip": clip, "film": film}
    spent: dict[str, list[float]] = {work: [] for work in works}
    for _ in range(rounds):
        for work in random.sample(list(works), len(works)):
            with tempfile.TemporaryDirectory() as folder:
                spent[work].append(order.frames / works[work](Path(folder)))
    rates = {work: statistics.median(each) for work, each in spent.items()}
    ratio = rates["laid"] / rates["encode"]
    prepared.clear()
    peer = _moviepy_rate(order, moviepy) if moviepy else None
    cells = [f"{rate:.1f} ({rate / rates['encode']:.2f})" for rate in rates.values()]
    cells[1] += f", goal ≥ {goal}: {_judged(ratio >= goal)}"
    times, beside = 0.0, ["–", "–"]
    if peer is not None:
        times = rates["laid"] / peer
        beside = [f"{peer:.2f}", f"{times:.0f}, goal ≥ {MOVIEPY_GOAL:.0f}: {_judged(times >= MOVIEPY_GOAL)}"]
    print(f"| {name} | {' | '.join([*cells, *beside, 'yes' if is_same else 'NO'])} |")
    return is_same and ratio >= goal and (peer is None or times >= MOVIEPY_GOAL)


def _judged(is_met: bool) -> str:
    return "met" if is_met else "missed"


def _steady(frames: Iterable[object]) -> float:
    """CPU seconds of all but those that lead in: so many go into the encoder, and as many come out."""
    began = 0.0
    for number, _ in enumerate(frames, 1):
        began = time.process_time() if number == LEAD_IN else began
    return time.process_time() - began


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


def _done(work: Iterable[int]) -> None:
    for _ in work:
        pass


if __name__ == "__main__":
    sys.exit(main())
