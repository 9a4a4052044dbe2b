"""Pages: templates inside the common shell."""

from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from overprint.http.assets import assets, font, icon, module, stylesheet

_TEMPLATES = Path(__file__).parent / "templates"


class Pages:
    """Renders templates, a room's or our own, inside the common shell. An undefined name in one is an error."""

    def __init__(self, templates: Path = _TEMPLATES) -> None:
        loader = FileSystemLoader([templates, _TEMPLATES])
        self._environment = Environment(
            loader=loader,
            autoescape=select_autoescape(),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals |= {
            "static": lambda name: assets()[name].url,
            "font": font,
            "stylesheet": stylesheet,
            "module": module,
            "icon": icon,
        }

    def render(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        page = self._environment.get_template(template).render(**values)
        return HTMLResponse(page, status_code=status, headers={"Cache-Control": "private, no-cache"})
