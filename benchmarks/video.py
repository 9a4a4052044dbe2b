"""The embedded films: frames a second of one scene beside encoding the same prepared frames with the same settings.

Everything in one process with one thread, in CPU seconds, in shuffled rounds; ratios are what counts. ``laid`` is
frames laid and encoded with the settings of what they are compared with; ``clip`` is the step: layers drawn, frames
laid, the quick encode between steps; ``film`` is that and the step that letters and encodes it for good.
Run: ``./overprint bench video [--rounds 3] [--seconds 2] [--size 1080x1920]``.
"""

import argparse
import hashlib
import itertools
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable, Generator, Iterable
from dataclasses import replace

import numpy as np

from overprint.core.film import Move
from overprint.core.scene import Actor, Place, Pose, PropKind, Scene, Setting, Sheet, Species, Weather
from overprint.core.story import Style
from overprint.craft.editing import Caption, FinishOrder, finish_bytes, finish_order
from overprint.craft.motion import ClipOrder, clip_bytes, clip_order
from overprint.craft.motion.encoder import FINISHED, film_writer
from overprint.craft.motion.forms import Bytes
from overprint.craft.motion.frames import frames_of

FPS = 30
MEMORY_GOAL_MB = 1024
MOVES = {"pan": Move(pan=8), "zoom and parallax": Move(horizontal=6, zoom=7)}
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


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--size", default="1920x1080")
    asked = parser.parse_args()
    width, height = map(int, asked.size.split("x"))
    for name, move in MOVES.items():
        order = ClipOrder(SCENE, SHEETS, Style.STORYBOOK, move, width, height, FPS, FPS * asked.seconds, 1)
        _compare(name, order, asked.rounds)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak_mb:.0f} MB (goal ≤ {MEMORY_GOAL_MB}, prepared frames included)")
    return 0 if peak_mb <= MEMORY_GOAL_MB else 1


def _compare(name: str, order: ClipOrder, rounds: int) -> None:
    hashes = [_hash(order), _hash(order)]
    prepared = [np.copy(frame) for frame in frames_of(replace(order, frames=FPS // 2))]

    def encode() -> None:
        _write(order, (prepared[_to_and_fro(number, len(prepared))] for number in range(order.frames)))

    def laid() -> None:
        frames = frames_of(order)
        first = next(frames)
        drawn.append(time.process_time())
        _write(order, itertools.chain([first], frames))

    def clip() -> bytes:
        return _answer(clip_bytes(clip_order(order, b"")))

    def film() -> None:
        _answer(finish_bytes(finish_order(FinishOrder(CAPTIONS, order.frames, FPS, True, True), clip())))

    drawn: list[float] = []
    works: dict[str, Callable[[], object]] = {"encode": encode, "laid": laid, "clip": clip, "film": film}
    spent: dict[str, list[float]] = {work: [] for work in works}
    for _ in range(rounds):
        for work in random.sample(list(works), len(works)):
            began = time.process_time()
            works[work]()
            began = drawn.pop() if work == "laid" else began
            spent[work].append(order.frames / (time.process_time() - began))
    rates = {work: statistics.median(each) for work, each in spent.items()}
    told = ", ".join(f"{work} {rate:.1f} ({rate / rates['encode']:.2f})" for work, rate in rates.items())
    print(f"{name}: frames a CPU second (÷ encode): {told}; the same frames again: {hashes[0] == hashes[1]}")


def _write(order: ClipOrder, frames: Iterable[Bytes]) -> None:
    with film_writer(order.width_px, order.height_px, FPS, FINISHED) as writer:
        for frame in frames:
            writer.add_planes(frame)
        writer.finished()


def _to_and_fro(number: int, count: int) -> int:
    """So that what is encoded moves on without a jump, however few frames are kept."""
    at = number % (2 * count - 2)
    return at if at < count else 2 * count - 2 - at


def _hash(order: ClipOrder) -> str:
    digest = hashlib.sha256()
    for frame in frames_of(order):
        digest.update(frame.tobytes())
    return digest.hexdigest()


def _answer(work: Generator[int, None, bytes]) -> bytes:
    while True:
        try:
            next(work)
        except StopIteration as end:
            answer: bytes = end.value
            return answer


if __name__ == "__main__":
    sys.exit(main())
