"""Setting pages: a picture book of 32 pages and a novel of 300, beside WeasyPrint and Pandoc with Typst.

The same words and pictures for all, each in a process of its own with the environment of those that make books: the
whole of it when it starts cold, then the same book again after one paragraph changed, in the same process. Interleaved,
medians; ratios and goals are of CPU time, which other work on the machine stretches least. Then how even our lines are,
and how long everything that belongs to a picture book takes. Run: ``./overprint bench layout [--rounds 3] [--only
overprint]``.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.craft.typesetting.lines import evenness

from benchmarks.peers import layout_books, layout_package
from benchmarks.peers.layout_package import SideBySide

HOME = Path(__file__).parents[1]
TIMEOUT_SECONDS = 600
EDITS, SLOW_SECONDS = 3, 25
PAGE_GOAL_MS, NOVEL_PAGE_GOAL_MS, EDIT_GOAL_MS, PACKAGE_GOAL_SECONDS = 10, 6, 150, 2
HEAD = (
    "| | pages | new process, s | CPU s | ÷ ours | CPU ms a page, cold | all words new, process warm "
    "| one paragraph edited, ms | CPU ms | ÷ ours |"
)
GOALS_HEAD = "| at most | measured | |\n|---|---|---|---|"
# Each is imported in its own process, so that its start counts.
SETTERS = {
    "overprint": "benchmarks.peers.layout_overprint",
    "weasyprint": "benchmarks.peers.layout_weasyprint",
    "pandoc-typst": "benchmarks.peers.layout_pandoc",
}


def child(name: str, folder: Path) -> None:
    """Set the book in ``folder``, change a paragraph, set it again; says how long each took as JSON."""
    book: dict[str, Any] = json.loads((folder / "book.json").read_text())
    used = _cpu_seconds()
    set_book = import_module(SETTERS[name]).set_book
    first = set_book(book, folder)
    cold_cpu = _cpu_seconds() - used
    edits, edits_cpu = [], []
    for turn in range(EDITS):
        pages = book["chapters"][-1 - turn % len(book["chapters"])]["pages"]
        pages[len(pages) // 2]["paragraphs"][-1] += " And that was all."
        began, used = time.perf_counter(), _cpu_seconds()
        set_book(book, folder)
        edits.append(time.perf_counter() - began)
        edits_cpu.append(_cpu_seconds() - used)
        if sum(edits) > SLOW_SECONDS:
            break
    (folder / f"{name}.pdf").write_bytes(first)
    for page in (page for chapter in book["chapters"] for page in chapter["pages"]):
        page["paragraphs"] = [words + " So it was." for words in page["paragraphs"]]
    began, used = time.perf_counter(), _cpu_seconds()
    set_book(book, folder)
    times = {"cold_cpu": cold_cpu, "warm_cpu": _cpu_seconds() - used}
    times["beside"] = sum(edits) + time.perf_counter() - began
    times |= {"edit": statistics.median(edits), "edit_cpu": statistics.median(edits_cpu)}
    print(json.dumps(times))


def _cpu_seconds() -> float:
    """Of this process and of programs that it ran."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _run(name: str, folder: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.layout", "--child", name, str(folder)]
    began = time.perf_counter()
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        cwd=HOME,
        env=layout_package.environment(),
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "it stopped")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return {**found, "process": time.perf_counter() - began - found["beside"]}


def _contest(title: str, folder: Path, names: list[str], rounds: int) -> dict[str, float]:
    """Prints the table; answers the times of ours, with ``page_cold`` and ``page_warm`` for one page."""
    runs: dict[str, list[dict[str, float]]] = defaultdict(list)
    failed: dict[str, str] = {}
    for turn in range(rounds):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            # A second round of who is that slow would tell nothing new.
            if name in failed or any(run["process"] > SLOW_SECONDS for run in runs[name]):
                continue
            try:
                runs[name].append(_run(name, folder))
            except (RuntimeError, subprocess.TimeoutExpired) as reason:
                failed[name] = str(reason)[:200]
    middle = {
        name: {key: statistics.median(run[key] for run in done) for key in done[0]}
        for name, done in runs.items()
        if done
    }
    if "overprint" not in middle:
        raise SystemExit(f"Overprint did not set its book: {failed['overprint']}")
    ours = middle["overprint"]
    print(f"\n### {title}\n\n{HEAD}\n{'|---' * HEAD.count('| ')}|")
    for name, one in middle.items():
        pages = evenness((folder / f"{name}.pdf").read_bytes()).pages
        one |= {"page_cold": one["cold_cpu"] / pages, "page_warm": one["warm_cpu"] / pages}
        cold = f"{one['process']:.2f} | {one['cold_cpu']:.2f} | {one['cold_cpu'] / ours['cold_cpu']:.1f}"
        edit = f"{one['edit'] * 1000:.0f} | {one['edit_cpu'] * 1000:.0f} | {one['edit_cpu'] / ours['edit_cpu']:.1f}"
        print(f"| {name} | {pages} | {cold} | {one['page_cold'] * 1000:.1f} | {one['page_warm'] * 1000:.1f} | {edit} |")
    for name, why in failed.items():
        print(f"\n{name} was left out: {why}")
    return ours


def _evenness(folder: Path) -> None:
    found = evenness((folder / "overprint.pdf").read_bytes())
    print(
        f"\nOur novel: {found.lines} lines; loose {100 * found.loose_share:.2f} %, widows {len(found.widows)}, orphans "
        f"{len(found.orphans)}, runts {len(found.runts)}, three hyphens in a row {len(found.hyphen_runs)}."
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default=",".join(SETTERS))
    parser.add_argument("--child", nargs=2, metavar=("NAME", "FOLDER"))
    given = parser.parse_args()
    if given.child:
        child(given.child[0], Path(given.child[1]))
        return
    names = given.only.split(",")
    with tempfile.TemporaryDirectory(prefix="overprint-layout-") as top:
        picture_book, novel = Path(top, "pictures"), Path(top, "novel")
        layout_books.write_picture_book(picture_book)
        layout_books.write_novel(novel)
        drawn = _contest("Picture book", picture_book, names, given.rounds)
        told = _contest("Novel", novel, names, given.rounds)
        _evenness(novel)
        _goals(drawn, told)
        _package(
            [layout_package.in_a_row(picture_book) for _ in range(given.rounds)],
            [layout_package.side_by_side(picture_book) for _ in range(given.rounds)],
        )


def _goals(drawn: dict[str, float], told: dict[str, float]) -> None:
    print(f"\n| goal, in CPU time {GOALS_HEAD}")
    for what, most, unit, found in (
        ("picture book, a page, process warm, all words new", PAGE_GOAL_MS, "ms", drawn["page_warm"] * 1000),
        ("novel, a page, cold", NOVEL_PAGE_GOAL_MS, "ms", told["page_cold"] * 1000),
        ("picture book, one paragraph edited", EDIT_GOAL_MS, "ms", drawn["edit_cpu"] * 1000),
    ):
        _goal(what, most, unit, found)


def _package(row: list[dict[str, float]], job: list[SideBySide]) -> None:
    """The whole package; its parts, of which the start is none."""
    parts = {name: statistics.median(run[name] for run in row) for name in row[0]}
    start = parts.pop("start")
    print(f"\n| whole package of the picture book {GOALS_HEAD}")
    told = ", ".join(f"{name} {seconds:.2f}" for name, seconds in parts.items())
    for what, found in (
        (f"CPU time, one part after another in a process of its own: {told}", sum(parts.values())),
        (f"the same with {start:.2f} s to load what sets and prints", start + sum(parts.values())),
        ("by the clock, as a job makes it: two new processes side by side, preflight too", _middle(job, "new")),
        ("the same, processes warm", _middle(job, "warm")),
    ):
        _goal(what, PACKAGE_GOAL_SECONDS, "s", found)
    print(f"\nAs a job makes it, it takes {_middle(job, 'cpu'):.2f} s of CPU time.")


def _middle(job: list[SideBySide], name: str) -> float:
    return float(statistics.median(getattr(run, name) for run in job))


def _goal(what: str, most: float, unit: str, found: float) -> None:
    print(f"| {what} | {most} {unit} | {found:.4g} {unit} | {'met' if found <= most else '**missed**'} |")


if __name__ == "__main__":
    main()
