"""What a browser needs to show the studio without a network: the worker that keeps things, a page that says so, and
the manifest of an app on somebody's screen."""

import hashlib
import json
from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from overprint.http.assets import FOLDER, assets
from overprint.http.branding import GROUND, Brand, worn
from overprint.http.catalogues import catalogue
from overprint.http.frame import begin_frame, language_of
from overprint.http.pages import Pages
from overprint.http.routes import Router
from overprint.http.wording import N_

_KEPT = (
    *("studio.css", "entrance.css", "reader.css", "js/reader.js"),
    *("fonts/bricolage-latin.woff2", "fonts/newsreader-latin.woff2"),
)
_PAGE = "/offline"
_ABOUT = N_("Describe something, and have it made.")


def offline_router(brand: Brand) -> APIRouter:
    """Serves them, as they look in this house."""
    router = Router(include_in_schema=False)
    pages = Pages()
    with worn(brand):
        worker = _worker(pages.render("offline.html").body, [asset.url for asset in (*brand.assets(), brand.mark)])

    @router.get("/offline-worker.js")
    async def offline_worker() -> Response:
        return Response(worker, media_type="text/javascript", headers={"Cache-Control": "no-cache"})

    @router.get(_PAGE)
    async def offline(request: Request) -> Response:
        begin_frame(request)
        return pages.render("offline.html")

    @router.get("/app.webmanifest")
    async def manifest(request: Request) -> Response:
        said = catalogue(language_of(request))
        icon = {"src": brand.mark.url, "type": brand.mark.media_type, "sizes": "any", "purpose": "any"}
        described = {
            "name": brand.name,
            "short_name": brand.name,
            "description": said.translations.gettext(_ABOUT),
            "lang": said.tag,
            "dir": said.direction,
            "start_url": "/make",
            "display": "standalone",
            "background_color": GROUND,
            "theme_color": brand.colour,
            "icons": [icon],
        }
        return JSONResponse(described, media_type="application/manifest+json", headers={"Cache-Control": "no-cache"})

    return router


def _worker(page: bytes | memoryview, also: Sequence[str]) -> str:
    """The worker, told what to keep. A new style sheet, script or page makes it a new one."""
    kept = [_PAGE, *(assets()[name].url for name in _KEPT), *dict.fromkeys(also)]
    version = hashlib.sha256(b"".join([bytes(page), *(url.encode() for url in kept)])).hexdigest()[:12]
    told = f"const VERSION = {json.dumps(version)}, SHELL = {json.dumps(kept)};\n"
    return told + (FOLDER / "worker" / "offline.js").read_text("utf-8")
