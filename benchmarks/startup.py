"""Start-up: how long until help is shown, and until a fresh ``up`` answers its first request.

Ratios are against the least that any Python program takes (``python -c pass``) and against the same command behind the
launcher. Medians of interleaved runs. Run: ``./overprint bench startup``.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

HOME = Path(__file__).parents[1]
ROUNDS = 9
UP_ROUNDS = 3
PORT = 18_431
FIRST_ANSWER_TIMEOUT_SECONDS = 60


def _seconds(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, cwd=HOME)
    return time.perf_counter() - began


def _first_answer(data: Path) -> float:
    """From starting ``up`` to the first answer of /readyz."""
    began = time.perf_counter()
    command = [str(HOME / "overprint"), "up", "--port", str(PORT), "--data", str(data)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=HOME)
    try:
        while time.perf_counter() - began < FIRST_ANSWER_TIMEOUT_SECONDS:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/readyz", timeout=2) as answer:
                    if answer.status == 200:
                        return time.perf_counter() - began
            except OSError:
                time.sleep(0.02)
        raise TimeoutError("up did not answer")
    finally:
        process.terminate()
        process.wait(60)


def _row(name: str, values: list[float], against: float) -> None:
    middle = statistics.median(values)
    spread = f"{min(values) * 1000:.0f}–{max(values) * 1000:.0f}"
    print(f"| {name} | {middle * 1000:.0f} ms | {spread} | {middle / against:.1f} |")


def main() -> None:
    os.environ.pop("OVERPRINT_DATA", None)
    python = [sys.executable, "-c", "pass"]
    module = [sys.executable, "-P", "-s", "-m", "overprint", "--help"]
    launcher = [str(HOME / "overprint"), "--help"]
    commands: dict[str, list[str]] = {"python -c pass": python, "help, without the launcher": module, "help": launcher}
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, command in commands.items():
            times[name].append(_seconds(command))
    base = statistics.median(times["python -c pass"])
    print("| what | median | range, ms | ÷ python |\n|---|---|---|---|")
    for name, values in times.items():
        _row(name, values, base)
    with tempfile.TemporaryDirectory(prefix="overprint-bench-") as folder:
        first = _timed(lambda n: _first_answer(Path(folder) / str(n)))
        again = _timed(lambda n: _first_answer(Path(folder) / "0"))
    _row("up to the first answer, new data folder", first, base)
    _row("up to the first answer, old data folder", again, base)


def _timed(measure: Callable[[int], float]) -> list[float]:
    return [measure(n) for n in range(UP_ROUNDS)]


if __name__ == "__main__":
    main()
