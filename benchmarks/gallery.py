"""Forty-two books of every style, size and kind of creature: made, measured, and laid out on contact sheets to look at.

Run: ``./overprint bench gallery --out gallery [--only 5 | --numbers 3,17] [--pages 8] [--parallel 1]``; two books at a
time unless told. Exit status 1 if a promise is broken. The sheets are PNG files, one a book and ``covers.png``.
"""

import argparse
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2  # type: ignore[import-untyped]
from PIL import Image
from tests.support.command_line import the_ebook

from overprint.craft.typesetting.inspect import inspect_pdf

HOME = Path(__file__).parents[1]
PARALLEL, MAKING_SECONDS = 2, 600
CONTRAST_LEAST, PAGE_PX, COLUMNS = 4.5, 300, 6
_SCALE = 4  # pixels a point when words are looked at
_LARGE_PT, _LARGE_LEAST = 18, 3.0
_SENTENCE = re.compile(r"[^.!?]+[.!?]+")
_PARAGRAPH = re.compile(r"<p\b[^>]*>(.*?)</p>", re.DOTALL)
_PLACEHOLDER = re.compile(r"[{}\[\]]|\bTODO\b|\bundefined\b|[Ll]orem ipsum")


@dataclass(frozen=True, slots=True)
class Wish:
    number: int
    style: str
    trim: str
    age: str
    premise: str


def wishes() -> list[Wish]:
    lines = (HOME / "benchmarks" / "gallery_premises.txt").read_text().splitlines()
    return [Wish(n, *(part.strip() for part in line.split("|"))) for n, line in enumerate(lines, 1)]


def make(wish: Wish, out: Path, data: Path, pages: int) -> str:
    """What went wrong, or nothing."""
    command = [sys.executable, "-P", "-s", "-m", "overprint", "make", "book", wish.premise, "--style", wish.style]
    command += ["--trim", wish.trim, "--age", wish.age, "--pages", str(pages), "--chapters", "1", "--dpi", "100"]
    command += ["--seed", str(wish.number), "--out", str(out), "--data", str(data)]
    made = subprocess.run(
        command, capture_output=True, text=True, cwd=HOME, env={**os.environ}, timeout=MAKING_SECONDS, check=False
    )
    return "" if made.returncode == 0 else f"was not made: {made.stderr.strip()[-200:]}"


def broken_promises(wish: Wish, folder: Path) -> list[str]:
    """Read from the files themselves."""
    document = next(path for path in sorted(folder.glob("*.pdf")) if "-print-" not in path.name)
    report = inspect_pdf(document.read_bytes())
    found = []
    if not (report.tagged and report.fonts_embedded and report.one_size and report.title):
        found.append("the PDF lacks tags, fonts, one page size or its title")
    if not report.alternatives or not all(report.alternatives):
        found.append("a picture of the PDF has no description")
    if wish.style == "flat" and report.image_count:
        found.append(f"{report.image_count} pictures are pixels that could be vectors")
    text = words_of(the_ebook(folder))
    found += said_twice(text)
    if _PLACEHOLDER.search(text):
        found.append("a placeholder is left in the words")
    weakest = weakest_contrast(document)
    if weakest < CONTRAST_LEAST:
        found.append(f"words of contrast {weakest:.1f} : 1")
    return found


def words_of(book: Path) -> str:
    """The paragraphs of an EPUB, in order. Raises ``BadZipFile`` for what is none."""
    with zipfile.ZipFile(book) as archive:
        if archive.testzip() or archive.namelist()[0] != "mimetype":
            raise zipfile.BadZipFile(book)
        pages = [archive.read(name).decode() for name in archive.namelist() if re.search(r"\.xhtml$", name)]
    return "\n".join(re.sub(r"<[^>]+>", "", part) for page in pages for part in _PARAGRAPH.findall(page))


def said_twice(text: str) -> list[str]:
    seen: set[str] = set()
    twice = []
    for sentence in (" ".join(match.split()) for match in _SENTENCE.findall(text)):
        if len(sentence.split()) > 4 and sentence in seen:
            twice.append(f"said twice: {sentence}")
        seen.add(sentence)
    return twice


def weakest_contrast(document: Path) -> float:
    """The lowest contrast of a line of words with what is around it, as rendered: strongest ink to middle ground. Large
    letters may have two thirds of it, as WCAG says."""
    weakest = 21.0
    with pypdfium2.PdfDocument(document) as pdf:
        for page in pdf:
            shown = np.asarray(page.render(scale=_SCALE).to_pil().convert("RGB"), np.float32) / 255
            words, height = page.get_textpage(), page.get_height()
            for n in range(words.count_rects()):
                left, bottom, right, top = words.get_rect(n)
                part = shown[
                    int((height - top) * _SCALE) : int((height - bottom) * _SCALE) + 1,
                    int(left * _SCALE) : int(right * _SCALE) + 1,
                ]
                if min(part.shape[:2]) >= 8 and right - left > max(20, top - bottom):  # not a large initial alone
                    large = CONTRAST_LEAST / _LARGE_LEAST if top - bottom >= _LARGE_PT else 1.0
                    weakest = min(weakest, _contrast(part) * large)
    return weakest


def _contrast(part: npt.NDArray[np.floating[Any]]) -> float:
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    light = linear @ np.array([0.2126, 0.7152, 0.0722])
    low, ground, high = (float(np.percentile(light, share)) for share in (0.5, 60, 99.5))
    return max((ground + 0.05) / (low + 0.05), (high + 0.05) / (ground + 0.05))


def sheet(pages: Sequence[Image.Image], out: Path) -> None:
    rows = -(-len(pages) // COLUMNS)
    wide, tall = max(page.width for page in pages), max(page.height for page in pages)
    whole = Image.new("RGB", (COLUMNS * (wide + 8), rows * (tall + 8)), (96, 96, 96))
    for n, page in enumerate(pages):
        whole.paste(page, ((n % COLUMNS) * (wide + 8) + 4, (n // COLUMNS) * (tall + 8) + 4))
    whole.save(out)


def pages_of(document: Path) -> list[Image.Image]:
    with pypdfium2.PdfDocument(document) as pdf:
        return [page.render(scale=PAGE_PX / page.get_height()).to_pil().convert("RGB") for page in pdf]


def show(wish: Wish, out: Path, data: SimpleQueue[Path], pages: int) -> tuple[Wish, list[str], Image.Image | None]:
    """One book, made in a data folder of its own turn; its promises; its cover."""
    folder, home = out / f"{wish.number:02}", data.get()
    try:
        failure = make(wish, folder, home, pages)
    finally:
        data.put(home)
    if failure:
        return wish, [failure], None
    leaves = pages_of(next(path for path in sorted(folder.glob("*.pdf")) if "-print-" not in path.name))
    sheet(leaves, out / f"{wish.number:02}.png")
    return wish, broken_promises(wish, folder), leaves[0]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=Path("gallery"))
    parser.add_argument("--only", type=int, default=0, help="the first so many books")
    parser.add_argument("--numbers", default="", help="these books, by their line in gallery_premises.txt")
    parser.add_argument("--pages", type=int, default=8)
    parser.add_argument("--parallel", type=int, default=PARALLEL)
    given = parser.parse_args()
    out = given.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    data: SimpleQueue[Path] = SimpleQueue()
    for n in range(given.parallel):
        data.put(out / f"data-{n}")
    chosen = {int(number) for number in given.numbers.split(",") if number}
    wanted = [wish for wish in wishes() if wish.number in chosen or not chosen][: given.only or None]
    broken, covers = 0, []
    with ThreadPoolExecutor(given.parallel) as pool:
        for wish, found, cover in pool.map(lambda wish: show(wish, out, data, given.pages), wanted):
            broken += bool(found)
            covers += [cover] if cover else []
            print(f"{wish.number:02} {wish.style} {wish.trim}: {wish.premise}", *found, sep="\n   - ", flush=True)
    if covers:
        sheet(covers, out / "covers.png")
    print(f"{len(wanted) - broken} of {len(wanted)} books keep every promise; sheets in {out}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
