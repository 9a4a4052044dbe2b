"""Serves the files that pages need, apart from them: commands know the house's name and logo and serve nothing."""

from collections.abc import Sequence
from functools import cache

from fastapi import APIRouter, Request
from fastapi.responses import Response

from overprint.core.problems import NotFound
from overprint.http.assets import Asset, assets
from overprint.http.routes import Router

# A file that a page takes in loads nothing by itself; the policy of pages is half a kilobyte.
_HEADERS = {"Cache-Control": "public, max-age=31536000, immutable", "Content-Security-Policy": "default-src 'none'"}


def assets_router(made: Sequence[Asset] = ()) -> APIRouter:
    """Serves them, and those that were ``made`` at the start."""
    router = Router(include_in_schema=False)
    also = {asset.url: asset for asset in made}

    @router.api_route("/static/{digest}/{name}", methods=["GET", "HEAD"])
    async def static(request: Request, digest: str, name: str) -> Response:
        url = f"/static/{digest}/{name}"
        asset = also.get(url) or _by_url().get(url)
        if asset is None:
            raise NotFound("There is no such file.")
        headers = {**_HEADERS, "Vary": "Accept-Encoding"} if asset.packed else _HEADERS
        if asset.packed and _takes_gzip(request.headers.get("accept-encoding", "")):
            packed = {**headers, "Content-Encoding": "gzip"}
            return Response(asset.packed, media_type=asset.media_type, headers=packed)
        return Response(asset.data, media_type=asset.media_type, headers=headers)

    return router


@cache
def _by_url() -> dict[str, Asset]:
    return {asset.url: asset for asset in assets().values()}


def _takes_gzip(accepted: str) -> bool:
    """As RFC 9110 12.5.3 has it, without its finer weights: named, and not with weight nothing."""
    for part in accepted.split(","):
        coding, _, weight = part.replace(" ", "").partition(";q=")
        if coding.lower() == "gzip":
            return weight not in ("0", "0.0", "0.00", "0.000")
    return False
