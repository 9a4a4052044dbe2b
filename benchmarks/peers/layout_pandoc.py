"""``benchmarks.layout``, set by Pandoc with Typst: the same words and pictures, from HTML by way of Pandoc's markup."""

from pathlib import Path
from typing import Any

import pypandoc  # type: ignore[import-not-found]
import typst

from benchmarks.peers.layout_html import as_html
from overprint.core.book import trim_size_mm
from overprint.core.story import Trim


def set_book(book: dict[str, Any], folder: Path) -> bytes:
    source = pypandoc.convert_text(as_html(book), "typst", format="html")
    (folder / "pandoc.typ").write_text(_head(book) + source)
    made = typst.compile(str(folder / "pandoc.typ"), root=str(folder))
    return made if isinstance(made, bytes) else b"".join(made)


def _head(book: dict[str, Any]) -> str:
    width, height = trim_size_mm(Trim(book["trim"]))
    return (
        f"#set page(width: {width}mm, height: {height}mm, margin: 18mm)\n"
        '#set text(size: 11.5pt, lang: "en")\n'
        "#set par(justify: true, first-line-indent: 1.3em)\n"
        "#show heading.where(level: 2): it => { pagebreak(weak: true); it }\n"
        "#set image(width: 100%)\n"
    )
