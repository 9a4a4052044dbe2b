"""Mails, written from templates: one a kind, shown as text and as HTML by a layout each."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from overprint.core.ids import new_id
from overprint.ports.mail import Mail

TEMPLATES = Path(__file__).parent.parent / "templates" / "mail"
SUBJECT_MAX_CHARACTERS = 150


class Letters:
    """Writes what the templates ``<kind>.jinja`` say. Other rooms bring folders of their own. ``site``: our address."""

    def __init__(self, site: str, folders: Sequence[Path] = ()) -> None:
        loader = FileSystemLoader([TEMPLATES, *folders])
        options: dict[str, Any] = {"loader": loader, "undefined": StrictUndefined, "trim_blocks": True}
        self.site = site
        self._text = Environment(autoescape=False, **options)
        self._html = Environment(autoescape=True, **options)
        self._html.filters["paragraphs"] = _paragraphs
        for environment, layout in ((self._text, "letter.txt"), (self._html, "letter.html")):
            environment.globals.update(layout=layout, site=site)

    def write(self, kind: str, recipient: str, *, link: str = "", **values: Any) -> Mail:
        """``link`` is a path of ours, which becomes the one button of the mail."""
        values["link"] = f"{self.site}{link}" if link else ""
        template = self._text.get_template(f"{kind}.jinja")
        subject = " ".join("".join(template.blocks["subject"](template.new_context(values))).split())
        return Mail(
            id=new_id(),
            recipient=recipient,
            subject=subject[:SUBJECT_MAX_CHARACTERS],
            text=template.render(values).strip() + "\n",
            html=self._html.get_template(f"{kind}.jinja").render(subject=subject, **values),
        )


def _paragraphs(text: str) -> Markup:
    """Blank lines part paragraphs; ``text`` was escaped already."""
    parts = [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]
    return Markup("\n").join(Markup("<p>{}</p>").format(Markup(part)) for part in parts)
