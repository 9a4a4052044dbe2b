"""The main job: one sentence to a finished book, from a fresh data folder, with nothing configured.

Seconds and peak memory of the whole command and of its largest process, beside making the same book again (every step
reused) and after one colour changed. Run: ``./overprint bench book [--style watercolour] [--dpi 300]``.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen

HOME = Path(__file__).parents[1]
PREMISE = "Mira, a girl who collects echoes, is not a witch, but her cat Soot might be one"
SAMPLE_SECONDS = 0.05
ROUNDS = 3


def _descendants(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        try:
            children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        except OSError:
            continue
        found += [int(child) for child in children]
    return found


def _resident_mb(pid: int) -> float:
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    except OSError:
        return 0.0
    return 0.0


class _Memory(threading.Thread):
    """Samples the resident memory of a process and of all it started."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self.largest_mb = self.total_mb = 0.0

    def run(self) -> None:
        while Path(f"/proc/{self._pid}").exists():
            sizes = [_resident_mb(pid) for pid in _descendants(self._pid)]
            self.largest_mb = max(self.largest_mb, *sizes, 0.0)
            self.total_mb = max(self.total_mb, sum(sizes))
            time.sleep(SAMPLE_SECONDS)


def _make(data: Path, out: Path, arguments: list[str]) -> tuple[float, float, float, int]:
    """Seconds, peak MB of one process and of all, steps run."""
    command = [sys.executable, "-P", "-s", "-m", "overprint", "make", "book", PREMISE, "--json"]
    command += ["--data", str(data), "--out", str(out), *arguments]
    began = time.perf_counter()
    process = Popen(command, stdout=PIPE, stderr=DEVNULL, cwd=HOME, env={**os.environ})
    memory = _Memory(process.pid)
    memory.start()
    said, _ = process.communicate(timeout=1200)
    seconds = time.perf_counter() - began
    if process.returncode != 0:
        raise SystemExit(f"make book ended with {process.returncode}")
    lines = [json.loads(line) for line in said.splitlines()]
    started = sum(1 for line in lines if line["type"] == "step.started")
    return seconds, memory.largest_mb, memory.total_mb, started


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--style", default="storybook")
    parser.add_argument("--dpi", default="200")
    given = parser.parse_args()
    arguments = ["--style", given.style, "--dpi", given.dpi]
    first: list[tuple[float, float, float, int]] = []
    again: list[tuple[float, float, float, int]] = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory(prefix="overprint-bench-") as folder:
            data, out = Path(folder) / "data", Path(folder) / "book"
            first.append(_make(data, out, arguments))
            again.append(_make(data, out, arguments))
    print(f"12 story pages, {given.style}, {given.dpi} dpi; medians of {ROUNDS}\n")
    print("| run | seconds | ÷ first | largest process, MB | all processes, MB |\n|---|---|---|---|---|")
    base = statistics.median(run[0] for run in first)
    for name, runs in (("first, new data folder", first), ("again, everything reused", again)):
        seconds, largest, total = (statistics.median(run[n] for run in runs) for n in range(3))
        print(f"| {name} | {seconds:.1f} | {seconds / base:.2f} | {largest:.0f} | {total:.0f} |")


if __name__ == "__main__":
    main()
