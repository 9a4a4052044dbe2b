"""Long and large films, made whole by the command line: what comes out, how long it takes, what it needs at its peak.

Run by ``bench video --long``.
"""

import json
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

from benchmarks.metering import Meter, room_mb

HOME = Path(__file__).parents[1]
PREMISE = "A lighthouse keeper befriends a storm"
MEMORY_GOAL_MB, SYNC_GOAL_SECONDS, LOUDNESS_GOAL_LUFS = 1024, 0.04, -16.0
FILMS = {
    "three minutes of 1080p at 60": ("--seconds", "180", "--fps", "60", "--definition", "1080p"),
    "twenty seconds of 2160p at 30": ("--seconds", "20", "--fps", "30", "--definition", "2160p"),
}
_ROLES = ("command", "works")
HEAD = (
    "| film | seconds | CPU s | largest command, largest work, MB | all, MB | film, MB | kept, MB "
    "| frames | sync, s | LUFS | dBTP | faststart | goal |\n" + "|---" * 13 + "|"
)


@dataclass(frozen=True)
class Made:
    seconds: float
    meter: Meter
    film_mb: float
    kept_mb: float
    checks: dict[str, Any]
    step_seconds: dict[str, float]


def main(only: str = "", style: str = "flat") -> int:
    print(HEAD)
    is_met = True
    for name, asked in FILMS.items():
        if only in name:
            is_met &= _row(name, _make(asked, style))
    return 0 if is_met else 1


def _make(asked: tuple[str, ...], style: str) -> Made:
    with tempfile.TemporaryDirectory(prefix="overprint-bench-") as folder:
        data, out = Path(folder) / "data", Path(folder) / "film"
        command = [sys.executable, "-P", "-s", "-m", "overprint", "make", "video", PREMISE, "--json", "--style", style]
        began = time.perf_counter()
        process = Popen([*command, *asked, "--data", str(data), "--out", str(out)], stdout=PIPE, cwd=HOME, text=True)
        meter = Meter(process.pid, every_seconds=0.25)
        meter.start()
        assert process.stdout is not None
        steps = _timed(process.stdout)
        if process.wait():
            raise SystemExit(f"make video ended with {process.returncode}")
        seconds = time.perf_counter() - began
        film = next(out.glob("*.mp4"))
        checks = json.loads((out / "film.json").read_text())["checks"]
        return Made(seconds, meter, film.stat().st_size / 1e6, room_mb(data / "objects"), checks, steps)


def _timed(lines: Any) -> dict[str, float]:
    """How many seconds the steps of each kind took, of which some go side by side."""
    begun: dict[str, float] = {}
    taken: Counter[str] = Counter()
    for line in lines:
        said = json.loads(line)
        if said.get("type") == "step.started":
            begun[said["key"]] = time.perf_counter()
        elif said.get("type") == "step.completed" and said["key"] in begun:
            taken[said["key"].partition("/")[0]] += time.perf_counter() - begun[said["key"]]
    return dict(taken)


def _row(name: str, made: Made) -> bool:
    checks, peaks = made.checks, made.meter.peak_mb_of
    is_met = (
        made.meter.largest_mb <= MEMORY_GOAL_MB
        and checks["sync_seconds"] <= SYNC_GOAL_SECONDS
        and abs(checks["loudness_lufs"] - LOUDNESS_GOAL_LUFS) <= 1
        and checks["is_faststart"]
        and not checks["problems"]
    )
    print(
        f"| {name} | {made.seconds:.0f} | {made.meter.cpu_seconds:.0f} "
        f"| {', '.join(f'{peaks.get(role, 0):.0f}' for role in _ROLES)} | {made.meter.total_mb:.0f} "
        f"| {made.film_mb:.0f} | {made.kept_mb:.0f} | {checks['frames']} at {checks['fps']:g} "
        f"| {checks['sync_seconds']:.3f} | {checks['loudness_lufs']:.1f} | {checks['peak_dbtp']:.1f} "
        f"| {'yes' if checks['is_faststart'] else 'NO'} | {'met' if is_met else '**missed**'} |"
    )
    print(f"  steps, s: {', '.join(f'{kind} {taken:.0f}' for kind, taken in sorted(made.step_seconds.items()))}")
    return is_met
