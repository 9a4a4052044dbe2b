"""The main job: one sentence to a finished book, from a fresh data folder, with nothing configured.

Seconds, CPU seconds and peak memory of the whole command, its children and its database, beside making the same book
again (every step reused). CPU seconds ÷ 2 is what it takes at best on two cores, whatever else they do meanwhile.
Run: ``./overprint bench book [--pages 32] [--styles storybook,flat] [--dpi 200] [--rounds 2]``.
"""

import argparse
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, Popen

from benchmarks.metering import Meter

HOME = Path(__file__).parents[1]
PREMISE = "Mira, a girl who collects echoes, is not a witch, but her cat Soot might be one"
CORES, GOAL_SECONDS, GOAL_MB = 2, 20, 1024


@dataclass(frozen=True)
class Run:
    seconds: float
    cpu_seconds: float
    largest_mb: float
    total_mb: float


def _make(data: Path, out: Path, arguments: list[str]) -> Run:
    command = [sys.executable, "-P", "-s", "-m", "overprint", "make", "book", PREMISE]
    command += ["--data", str(data), "--out", str(out), *arguments]
    began = time.perf_counter()
    process = Popen(command, stdout=DEVNULL, stderr=DEVNULL, cwd=HOME)
    meter = Meter(process.pid)
    meter.start()
    status = process.wait(timeout=1200)
    seconds = time.perf_counter() - began
    if status != 0:
        raise SystemExit(f"make book ended with {status}")
    return Run(seconds, meter.cpu_seconds, meter.largest_mb, meter.total_mb)


def _row(style: str, name: str, runs: list[Run], goal: bool) -> bool:
    """Prints a line of the table; says whether a goal was missed."""
    seconds, cpu, largest, total = (
        statistics.median(getattr(run, part) for run in runs)
        for part in ("seconds", "cpu_seconds", "largest_mb", "total_mb")
    )
    bound = cpu / CORES
    is_met = largest <= GOAL_MB and (not goal or bound <= GOAL_SECONDS)
    limits = f"≤ {GOAL_SECONDS} s, ≤ {GOAL_MB} MB: " if goal else f"≤ {GOAL_MB} MB: "
    verdict = limits + ("met" if is_met else "**missed**")
    print(f"| {style}, {name} | {seconds:.1f} | {cpu:.1f} | {bound:.1f} | {largest:.0f} | {total:.0f} | {verdict} |")
    return not is_met


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", default="32")
    parser.add_argument("--styles", default="storybook,flat")
    parser.add_argument("--dpi", default="200")
    parser.add_argument("--rounds", type=int, default=2)
    given = parser.parse_args()
    print(f"{given.pages} story pages, {given.dpi} dpi; medians of {given.rounds}\n")
    print(f"| run | seconds | CPU s | CPU s ÷ {CORES} | largest process, MB | all processes, MB | goal |")
    print("|---|---|---|---|---|---|---|")
    missed = False
    for style in given.styles.split(","):
        first: list[Run] = []
        again: list[Run] = []
        for _ in range(given.rounds):
            with tempfile.TemporaryDirectory(prefix="overprint-bench-") as folder:
                data, out = Path(folder) / "data", Path(folder) / "book"
                arguments = ["--style", style, "--dpi", given.dpi, "--pages", given.pages]
                first.append(_make(data, out, arguments))
                again.append(_make(data, out, arguments))
        missed |= _row(style, "new data folder", first, goal=True)
        missed |= _row(style, "again, everything reused", again, goal=False)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
