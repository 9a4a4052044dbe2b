"""Pages: templates, and static files under names that carry their content's hash."""

import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from overprint.core.problems import NotFound

_HERE = Path(__file__).parent
_STATIC = _HERE / "static"
_TEMPLATES = _HERE / "templates"
_HASH_CHARACTERS = 12


@dataclass(frozen=True, slots=True)
class StaticFile:
    """``url`` never changes its content, so browsers may keep it for ever."""

    url: str
    data: bytes
    media_type: str


@cache
def static_files() -> dict[str, StaticFile]:
    """All static files by name."""
    found = {}
    for path in sorted(_STATIC.iterdir()):
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()[:_HASH_CHARACTERS]
        media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        found[path.name] = StaticFile(f"/static/{digest}/{path.name}", data, media_type)
    return found


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
        self._environment.globals["static"] = lambda name: static_files()[name].url

    def render(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        page = self._environment.get_template(template).render(**values)
        return HTMLResponse(page, status_code=status, headers={"Cache-Control": "private, no-cache"})


def static_router() -> APIRouter:
    """Serves the static files."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/static/{digest}/{name}", methods=["GET", "HEAD"])
    async def static(digest: str, name: str) -> Response:
        file = static_files().get(name)
        if file is None or file.url != f"/static/{digest}/{name}":
            raise NotFound("There is no such file.")
        headers = {"Cache-Control": "public, max-age=31536000, immutable"}
        return Response(file.data, media_type=file.media_type, headers=headers)

    return router
