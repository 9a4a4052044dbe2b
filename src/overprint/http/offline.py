"""What a browser needs to show the studio without a network: the worker that keeps things, a page that says so, and
the manifest of an app on somebody's screen."""

import hashlib
import json

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from overprint.http.assets import FOLDER, assets
from overprint.http.pages import Pages

_KEPT = ("studio.css", "reader.css", "js/reader.js", "fonts/bricolage-latin.woff2", "fonts/newsreader-latin.woff2")
_PAGE = "/offline"


def offline_router() -> APIRouter:
    """Serves them."""
    router = APIRouter(include_in_schema=False)
    pages = Pages()
    worker = _worker(pages.render("offline.html").body)

    @router.get("/offline-worker.js")
    async def offline_worker() -> Response:
        return Response(worker, media_type="text/javascript", headers={"Cache-Control": "no-cache"})

    @router.get(_PAGE)
    async def offline() -> Response:
        return pages.render("offline.html")

    @router.get("/app.webmanifest")
    async def manifest() -> Response:
        icon = {"src": assets()["mark.svg"].url, "type": "image/svg+xml", "sizes": "any", "purpose": "any"}
        described = {
            "name": "Overprint",
            "short_name": "Overprint",
            "description": "Describe something, and have it made.",
            "start_url": "/make",
            "display": "standalone",
            "background_color": "#e9eff3",
            "theme_color": "#e9eff3",
            "icons": [icon],
        }
        return JSONResponse(described, media_type="application/manifest+json", headers={"Cache-Control": "no-cache"})

    return router


def _worker(page: bytes | memoryview) -> str:
    """The worker, told what to keep. A new style sheet, script or page makes it a new one."""
    kept = [_PAGE, *(assets()[name].url for name in _KEPT)]
    version = hashlib.sha256(b"".join([bytes(page), *(url.encode() for url in kept)])).hexdigest()[:12]
    told = f"const VERSION = {json.dumps(version)}, SHELL = {json.dumps(kept)};\n"
    return told + (FOLDER / "worker" / "offline.js").read_text("utf-8")
