"""A book of ``benchmarks.layout`` as HTML with style rules for print."""

import html
from typing import Any

from overprint.core.book import trim_size_mm
from overprint.core.story import Trim


def as_html(book: dict[str, Any]) -> str:
    width, height = trim_size_mm(Trim(book["trim"]))
    body = [f"<h1>{html.escape(book['title'])}</h1>"]
    for chapter in book["chapters"]:
        body.append(f"<h2>{html.escape(chapter['title'])}</h2>")
        body += map(_page, chapter["pages"])
    return f"""<html lang="en"><head><title>{html.escape(book["title"])}</title><style>
@page {{ size: {width}mm {height}mm; margin: 18mm }}
body {{ font: 11.5pt/1.35 serif; text-align: justify; hyphens: auto; orphans: 2; widows: 2 }}
h2 {{ break-before: page }} p {{ margin: 0; text-indent: 1.3em }}
section {{ break-before: page }} img {{ width: 100% }}
</style></head><body>{"".join(body)}</body></html>"""


def _page(page: dict[str, Any]) -> str:
    words = "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in page["paragraphs"])
    if not page["picture"]:
        return words
    return f'<section><img src="{page["picture"]}" alt="{html.escape(page["alt"])}"/>{words}</section>'
