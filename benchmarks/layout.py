"""Setting pages: a picture book of 32 pages and a novel of 300, beside WeasyPrint and Pandoc with Typst.

The same words and pictures for all, each in a process of its own: the whole of it when it starts cold, then the same
book again after one paragraph changed, in the same process. Interleaved, medians. Then how even our lines are, and how
long everything that belongs to a picture book takes. Run: ``./overprint bench layout [--rounds 3] [--only overprint]``.
"""

import argparse
import json
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

from benchmarks.peers import layout_books

HOME = Path(__file__).parents[1]
TIMEOUT_SECONDS = 600
# Each is imported in its own process, so that its start counts.
SETTERS = {
    "overprint": "benchmarks.peers.layout_overprint",
    "weasyprint": "benchmarks.peers.layout_weasyprint",
    "pandoc-typst": "benchmarks.peers.layout_pandoc",
}


def child(name: str, folder: Path) -> None:
    """Set the book in ``folder``, change a paragraph, set it again; says how long each took as JSON."""
    began = time.perf_counter()
    book: dict[str, Any] = json.loads((folder / "book.json").read_text())
    set_book = import_module(SETTERS[name]).set_book
    first = set_book(book, folder)
    cold = time.perf_counter() - began
    book["chapters"][-1]["pages"][-1]["paragraphs"][-1] += " And that was all."
    began = time.perf_counter()
    set_book(book, folder)
    edit = time.perf_counter() - began
    (folder / f"{name}.pdf").write_bytes(first)
    print(json.dumps({"cold": cold, "edit": edit}))


def _run(name: str, folder: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.layout", "--child", name, str(folder)]
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, cwd=HOME, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "it stopped")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return {**found, "process": time.perf_counter() - began - found["edit"]}


def _contest(title: str, folder: Path, names: list[str], rounds: int) -> None:
    runs: dict[str, list[dict[str, float]]] = defaultdict(list)
    failed: dict[str, str] = {}
    for turn in range(rounds):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            if name in failed:
                continue
            try:
                made = _run(name, folder)
                runs[name].append(made)
            except (RuntimeError, subprocess.TimeoutExpired) as reason:
                failed[name] = str(reason)[:200]
    middle = {
        name: {key: statistics.median(run[key] for run in done) for key in done[0]} for name, done in runs.items()
    }
    if "overprint" not in middle:
        raise SystemExit(f"Overprint did not set its book: {failed['overprint']}")
    ours = middle["overprint"]
    print(f"\n### {title}\n\n| | pages | new process, s | ÷ ours | ms a page | one paragraph edited, ms | ÷ ours |")
    print("|---|---|---|---|---|---|---|")
    for name, one in middle.items():
        pages = evenness((folder / f"{name}.pdf").read_bytes()).pages
        times = f"{one['process']:.2f} | {one['process'] / ours['process']:.1f} | {one['cold'] / pages * 1000:.1f}"
        print(f"| {name} | {pages} | {times} | {one['edit'] * 1000:.0f} | {one['edit'] / ours['edit']:.1f} |")
    for name, why in failed.items():
        print(f"\n{name} was left out: {why}")


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
        _contest("Picture book", picture_book, names, given.rounds)
        _contest("Novel", novel, names, given.rounds)
        _evenness(novel)
        seconds = [layout_books.package_seconds(picture_book) for _ in range(given.rounds)]
        print(f"\nWhole package of the picture book, warm: {statistics.median(seconds):.2f} s (goal 2 s).")


if __name__ == "__main__":
    main()
