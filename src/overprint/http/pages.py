"""Pages: templates inside the common shell, in the language of who asks."""

from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from overprint.http.assets import assets, font, icon, module, script, stylesheet
from overprint.http.branding import brand_now
from overprint.http.catalogues import LANGUAGES, catalogue
from overprint.http.compiled import CompiledTemplates
from overprint.http.frame import frame_now

_TEMPLATES = Path(__file__).parent / "templates"


class Pages:
    """Renders templates, a room's or our own, inside the common shell. An undefined name in one is an error.

    In templates ``_("…")``, ``ngettext`` and ``{% trans %}`` say something in the language of who asks, and trust its
    words; ``worded`` does so for a value, which stays escaped; ``retold`` for the sentences of problems; ``number``,
    ``money``, ``day`` and ``moment`` write as that language does; ``initials`` are a name's; ``frame`` is who they
    are, ``brand`` whose house it is.
    """

    def __init__(self, templates: Path = _TEMPLATES) -> None:
        self._templates = templates

    def render(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        frame = frame_now()
        found = _environment(self._templates, frame.language).get_template(template)
        page = found.render(frame=frame, brand=brand_now(), **values)
        headers = {"Cache-Control": "private, no-cache", "Content-Language": frame.language}
        return HTMLResponse(page, status_code=status, headers=headers)


def _initials(name: str) -> str:
    """Of somebody's name, to be known by at a glance: of the first and the last word of it."""
    words = name.split()
    return "".join(word[0] for word in dict.fromkeys((words[0], words[-1]))).upper() if words else "?"


# What templates are compiled to depends on the environment below, too.
_compiled = CompiledTemplates(f"{jinja2.__version__} {Path(__file__).read_text('utf-8')}")


@cache
def _environment(templates: Path, language: str) -> Environment:
    environment = Environment(
        bytecode_cache=_compiled,
        loader=FileSystemLoader([templates, _TEMPLATES]),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    said = catalogue(language)
    environment.install_gettext_translations(said.translations, newstyle=True)  # type: ignore[attr-defined]  # i18n adds it
    environment.filters |= {
        "worded": said.translations.gettext,
        "retold": said.retold,
        "number": said.number,
        "day": said.day,
        "moment": said.moment,
        "money": said.money,
        "initials": _initials,
    }
    environment.globals |= {
        "static": lambda name: assets()[name].url,
        "font": font,
        "stylesheet": stylesheet,
        "module": module,
        "script": script,
        "icon": icon,
        "catalogue": said,
        "languages": LANGUAGES,
    }
    return environment
