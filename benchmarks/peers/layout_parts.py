"""All that belongs to a picture book of ``benchmarks.layout``, one part after another in a process that starts cold:
screen PDF, print file, its cover, both e-books. Prints the CPU seconds of each, and of ``start``, which is loading.

Run by ``layout_package``: ``python -m benchmarks.peers.layout_parts FOLDER``.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.peers.layout_overprint import document
from overprint.craft.press import get_printer
from overprint.craft.press.press_file import interior_pdf
from overprint.craft.press.wrap import wrap_pdf
from overprint.craft.typesetting.epub_file import epub
from overprint.craft.typesetting.epub_fixed import epub_fixed
from overprint.craft.typesetting.pdf_file import pdf

PRINTER, PAGES = "lulu-paperback", 60


def main() -> None:
    spent = {"start": time.process_time()}
    folder = Path(sys.argv[1])
    doc, pictures = document(json.loads((folder / "book.json").read_text()), folder)
    printer = get_printer(PRINTER)
    parts: dict[str, Callable[[], object]] = {
        "screen PDF": lambda: pdf(doc, pictures),
        "print file": lambda: interior_pdf(doc, pictures, printer),
        "cover": lambda: wrap_pdf(doc, pictures, printer, PAGES),
        "e-book": lambda: epub(doc, pictures),
        "e-book of fixed pages": lambda: epub_fixed(doc, pictures),
    }
    for name, make in parts.items():
        used = time.process_time()
        make()
        spent[name] = time.process_time() - used
    print(json.dumps(spent))


if __name__ == "__main__":
    main()
