"""Forty-two books of every style, size, age, genre and kind of creature: made, printed, proved, laid out to look at.

Run: ``./overprint bench gallery --out gallery [--only 5 | --numbers 3,17] [--parallel 2] [--ace 7]``. Every file of
every book is checked, and every promise of a book is measured on its files (``proofs/``). The table goes to
``proof.md``; exit status 1 if a promise is broken. Contact sheets are PNG files, one a book and ``covers.png``.
"""

import argparse
import multiprocessing
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
from PIL import Image
from tests.support import ace

from benchmarks.proofs import files, pages, pictures
from benchmarks.proofs.made import Made, Wish

HOME = Path(__file__).parents[1]
PARALLEL, MAKING_SECONDS, ACE_EVERY, DPI = 2, 900, 7, 200
PAGE_PX, COLUMNS, WORDS_A_CHAPTER = 300, 6, 8

# What is proved, and by whom: faults alone, or a figure for the table and faults.
Proof = Callable[[Made], list[str] | tuple[str, list[str]]]
PROOFS: dict[str, Proof] = {
    "EPUB": files.ebooks,
    "PDF": files.screen,
    "print": files.printed,
    "signed": files.signed,
    "aloud": files.aloud,
    "words": pages.words,
    "contrast": pages.contrast,
    "faces": pages.faces,
    "loose": pages.lines,
    "shown": pictures.shown,
    "likeness": pictures.likeness,
}


@dataclass(frozen=True)
class Shown:
    """One book after its proofs: a figure or a tick for each, what is wrong, the page that lies in ``covers.png``."""

    wish: Wish
    figures: dict[str, str]
    faults: tuple[str, ...]
    cover: Path | None


def wishes() -> list[Wish]:
    told = (HOME / "benchmarks" / "gallery_premises.txt").read_text().splitlines()
    return [_wish(n, line) for n, line in enumerate((line for line in told if line[:1] not in ("", "#")), 1)]


def _wish(number: int, line: str) -> Wish:
    style, trim, age, genre, tone, count, printer, voice, premise = (part.strip() for part in line.split("|"))
    return Wish(number, style, trim, age, genre, tone, int(count), printer, voice == "aloud", premise)


def make(wish: Wish, made: Made, data: Path, dpi: int) -> str:
    """Make and export the book; what went wrong, or nothing."""
    asked = ["make", "book", wish.premise, "--style", wish.style, "--trim", wish.trim, "--age", wish.age]
    asked += ["--genre", wish.genre, "--tone", wish.tone, "--seed", str(wish.number), "--dpi", str(dpi)]
    asked += ["--pages", str(wish.pages), "--chapters", str(max(1, wish.pages // WORDS_A_CHAPTER))]
    asked += [] if wish.printer == "-" else ["--printer", wish.printer]
    asked += ["--aloud"] if wish.is_aloud else []
    failed = _run([*asked, "--out", str(made.folder), "--data", str(data)])
    return failed or _run(["export", str(made.folder), "--out", str(made.archive), "--data", str(data)])


def _run(asked: Sequence[str]) -> str:
    command = [sys.executable, "-P", "-s", "-m", "overprint", *asked]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=HOME, timeout=MAKING_SECONDS, check=False)
    return "" if ended.returncode == 0 else f"{' '.join(asked[:2])}: {ended.stderr.strip()[-300:]}"


def show(wish: Wish, out: Path, dpi: int, ace_every: int) -> Shown:
    """One book in a process of its own, which PDFium asks for; its data folder is that of the process."""
    made = Made(wish, out / f"{wish.number:02}", out / f"{wish.number:02}.overprint")
    for old in (made.folder, made.archive):
        shutil.rmtree(old, ignore_errors=True) if old.is_dir() else old.unlink(missing_ok=True)
    failure = make(wish, made, out / f"data-{os.getpid()}", dpi)
    if failure:
        return Shown(wish, {}, (failure,), None)
    leaves = _pages_of(made.screen)
    sheet(leaves, out / f"{wish.number:02}.png")
    cover = out / f"{wish.number:02}-cover.png"
    leaves[0].save(cover)
    proofs = PROOFS | ({"Ace": _ace} if wish.number % ace_every == 0 else {})
    figures, faults = {}, []
    for name, proof in proofs.items():
        figure, wrong = _proved(proof, made)
        figures[name] = f"**{figure}✗**" if wrong else figure or "✓"
        faults += [f"{name}: {fault}" for fault in wrong]
    return Shown(wish, figures, tuple(faults), cover)


def _proved(proof: Proof, made: Made) -> tuple[str, list[str]]:
    """A proof that breaks down is a fault too, and no end of the others."""
    try:
        found = proof(made)
    except Exception as problem:
        return "", [f"{type(problem).__name__}: {problem}"]
    return found if isinstance(found, tuple) else ("", found)


def _ace(made: Made) -> list[str]:
    return [f"{path.name}: {line}" for path in made.ebooks for line in ace.findings(path)]


def sheet(leaves: Sequence[Image.Image], out: Path) -> None:
    rows = -(-len(leaves) // COLUMNS)
    wide, tall = max(page.width for page in leaves), max(page.height for page in leaves)
    whole = Image.new("RGB", (COLUMNS * (wide + 8), rows * (tall + 8)), (96, 96, 96))
    for n, page in enumerate(leaves):
        whole.paste(page, ((n % COLUMNS) * (wide + 8) + 4, (n // COLUMNS) * (tall + 8) + 4))
    whole.save(out)


def _pages_of(document: Path) -> list[Image.Image]:
    with pypdfium2.PdfDocument(document) as pdf:
        return [page.render(scale=PAGE_PX / page.get_height()).to_pil().convert("RGB") for page in pdf]


def table(books: Sequence[Shown]) -> str:
    """Books down, proofs across; ``–`` where a proof was not asked for."""
    names = [*PROOFS, "Ace"]
    rows = [f"| {' | '.join(['book', 'style', 'trim', 'printer', *names])} |", "|---" * (len(names) + 4) + "|"]
    for book in books:
        wish = book.wish
        cells = [book.figures.get(name, "–") for name in names]
        rows.append(f"| {' | '.join([str(wish.number), wish.style, wish.trim, wish.printer, *cells])} |")
    return "\n".join(rows)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=Path("gallery"))
    parser.add_argument("--only", type=int, default=0, help="the first so many books")
    parser.add_argument("--numbers", default="", help="these books, by their place in gallery_premises.txt")
    parser.add_argument("--dpi", type=int, default=DPI)
    parser.add_argument("--parallel", type=int, default=PARALLEL)
    parser.add_argument("--ace", type=int, default=ACE_EVERY, help="Ace judges every so-manieth book")
    given = parser.parse_args()
    out = given.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    chosen = {int(number) for number in given.numbers.split(",") if number}
    wanted = [wish for wish in wishes() if wish.number in chosen or not chosen][: given.only or None]
    books = []
    with ProcessPoolExecutor(given.parallel, multiprocessing.get_context("spawn")) as pool:
        for book in pool.map(partial(show, out=out, dpi=given.dpi, ace_every=given.ace), wanted):
            books.append(book)
            print(f"{book.wish.number:02} {book.wish.premise}", *book.faults, sep="\n   - ", flush=True)
    covers = [Image.open(book.cover) for book in books if book.cover]
    if covers:
        sheet(covers, out / "covers.png")
    (out / "proof.md").write_text(table(books) + "\n")
    kept = sum(not book.faults for book in books)
    print(f"\n{table(books)}\n\n{kept} of {len(books)} books keep every promise; sheets and proof.md in {out}")
    return 0 if kept == len(books) else 1


if __name__ == "__main__":
    sys.exit(main())
