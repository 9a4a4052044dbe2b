"""The embedded illustrator: seconds and memory of one page in every style, beside the plainest one.

Each style is drawn in a fresh process, as the product does it. Goals are held against CPU seconds, which other work on
the machine does not stretch; on a quiet machine with two cores a page takes no longer.
Run: ``./overprint bench pictures [--side 2550]``.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time

from overprint.core.scene import Actor, Camera, Depth, Place, Pose, PropKind, Scene, Setting, Sheet, Shot, Species, Time
from overprint.core.story import Style
from overprint.craft.drawing.drawing import draw

GOALS_SECONDS = {Style.STORYBOOK: 1.0, Style.WATERCOLOUR: 4.0}
MEMORY_GOAL_MB = 1024
SETTINGS = (Setting.FOREST, Setting.LIBRARY, Setting.VILLAGE)
SHEETS = {
    "fox": Sheet(Species.FOX, "#e8793a", "#fff1de", "#4f86b8", "#2f8f83"),
    "octopus": Sheet(Species.OCTOPUS, "#c9628f", "#f6cdd8", "#4f86b8", "#e0b03a"),
    "woman": Sheet(Species.WOMAN, "#9c6644", "#fff1de", "#3aa6a0", "#e8a33c", height=1.4),
}


def _scene(setting: Setting) -> Scene:
    actors = (
        Actor("fox", Pose.HOLD, place=Place.LEFT, holding=PropKind.LANTERN),
        Actor("octopus", Pose.WAVE, place=Place.RIGHT),
        Actor("woman", Pose.POINT, depth=Depth.MIDDLE),
    )
    return Scene(setting, "a place", "Three friends.", time=Time.DUSK, camera=Camera(Shot.MEDIUM), actors=actors)


def _one(style: Style, side: int) -> None:
    """In the child: a warm-up that opens the libraries, then each setting; prints medians as JSON."""
    draw(_scene(Setting.MEADOW), SHEETS, style=style, width_px=200, height_px=200, seed=1).raster()
    composing, painting, vectors, cpu = [], [], [], []
    for seed, setting in enumerate(SETTINGS):
        began, used = time.perf_counter(), time.process_time()
        picture = draw(_scene(setting), SHEETS, style=style, width_px=side, height_px=side, seed=seed)
        composed = time.perf_counter()
        picture.raster()
        painted = time.perf_counter()
        cpu.append(time.process_time() - used)
        picture.svg()
        composing.append(composed - began)
        painting.append(painted - composed)
        vectors.append(time.perf_counter() - painted)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([*(statistics.median(each) for each in (composing, painting, vectors, cpu)), peak_mb]))


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--side", type=int, default=2550)
    parser.add_argument("--style", type=Style, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.style:
        _one(given.style, given.side)
        return 0
    print(f"One page of {given.side} × {given.side} pixels; medians of {len(SETTINGS)} places\n")
    print("| style | compose, s | paint and encode, s | both, CPU s | ÷ flat | as SVG, s | peak, MB | goal |")
    print("|---|---|---|---|---|---|---|---|")
    flat, missed = 0.0, 0
    for style in sorted(Style, key=lambda style: style is not Style.FLAT):
        command = [sys.executable, "-m", "benchmarks.pictures", "--side", str(given.side), "--style", style]
        said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout
        composing, painting, vector, cpu, peak_mb = json.loads(said)
        flat = flat or cpu
        limit = GOALS_SECONDS.get(style)
        is_met = peak_mb <= MEMORY_GOAL_MB and (limit is None or cpu <= limit)
        missed += not is_met
        goal = f"{'≤ ' + str(limit) + ' s, ' if limit else ''}{'met' if is_met else '**missed**'}"
        times = f"{composing:.2f} | {painting:.2f} | {cpu:.2f} | {cpu / flat:.1f} | {vector:.2f}"
        print(f"| {style} | {times} | {peak_mb:.0f} | {goal} |", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
