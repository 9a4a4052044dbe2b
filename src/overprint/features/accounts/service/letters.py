"""Mails, written from templates in the language of who reads them: one a kind, as text and as HTML by a layout each."""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from textwrap import fill
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from overprint.core.ids import new_id
from overprint.http.catalogues import LANGUAGES, catalogue
from overprint.ports.mail import Mail

TEMPLATES = Path(__file__).parent.parent / "templates" / "mail"
SUBJECT_MAX_CHARACTERS = 150
_WIDTH_CHARACTERS = 76
_BLANK_LINES = re.compile(r"\n\s*\n")


class Letters:
    """Writes what the templates ``<kind>.jinja`` say. Other rooms bring folders of their own. ``site``: our address;
    ``brand``: what the house is called."""

    def __init__(self, site: str, folders: Sequence[Path] = (), brand: str = "Overprint") -> None:
        self.site, self.brand = site, brand
        self._folders = (TEMPLATES, *folders)

    def write(self, kind: str, recipient: str, *, language: str = "en", link: str = "", **values: Any) -> Mail:
        """``link`` is a path of ours, which becomes the one button of the mail; a ``language`` that we do not have is
        taken as English."""
        values |= {"link": f"{self.site}{link}" if link else "", "site": self.site, "brand": self.brand}
        language = language if language in LANGUAGES else "en"
        text, html = (_environment(self._folders, language, layout) for layout in ("letter.txt", "letter.html"))
        template = text.get_template(f"{kind}.jinja")
        subject = " ".join("".join(template.blocks["subject"](template.new_context(values))).split())
        return Mail(
            id=new_id(),
            recipient=recipient,
            subject=subject[:SUBJECT_MAX_CHARACTERS],
            text=template.render(values).strip() + "\n",
            html=html.get_template(f"{kind}.jinja").render(subject=subject, **values),
        )


@cache
def _environment(folders: Sequence[Path], language: str, layout: str) -> Environment:
    environment = Environment(
        autoescape=layout.endswith(".html"),
        loader=FileSystemLoader(folders),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    said = catalogue(language)
    environment.install_gettext_translations(said.translations, newstyle=True)  # type: ignore[attr-defined]  # i18n adds it
    environment.filters["paragraphs"] = _html_paragraphs if environment.autoescape else _text_paragraphs
    environment.globals.update(layout=layout, catalogue=said)
    return environment


def _html_paragraphs(text: str) -> Markup:
    """``text`` was escaped already."""
    return Markup("\n").join(Markup("<p>{}</p>").format(Markup(part)) for part in _paragraphs(text))


def _text_paragraphs(text: str) -> str:
    parts = (
        fill(part, _WIDTH_CHARACTERS, break_long_words=False, break_on_hyphens=False) for part in _paragraphs(text)
    )
    return "\n\n".join(parts)


def _paragraphs(text: str) -> list[str]:
    """Blank lines part them."""
    return [" ".join(part.split()) for part in _BLANK_LINES.split(text) if part.strip()]
