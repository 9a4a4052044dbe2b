"""Serving stored files by signed link, whole or in part."""

from collections.abc import Callable
from typing import NamedTuple, Protocol
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from overprint.core.problems import NotFound
from overprint.http.ranges import content_range, parse_range
from overprint.http.routes import Router
from overprint.ports.storage import StoragePort


class LinkTarget(Protocol):
    """What a link that was found good asks for."""

    @property
    def key(self) -> str: ...

    @property
    def file_name(self) -> str | None: ...


VerifyLink = Callable[[str, str], LinkTarget]

# Only these are shown inside the browser; everything else downloads, whatever it claims to be.
SHOWN = frozenset({"image/png", "image/jpeg", "image/webp", "application/pdf"})


class _Part(NamedTuple):
    status: int
    headers: dict[str, str]


def files_router(storage: StoragePort, verify: VerifyLink) -> APIRouter:
    """``verify(path, query)`` raises ``Denied`` unless the link was signed by us and is still good."""
    router = Router(include_in_schema=False)

    @router.api_route("/files/{key:path}", methods=["GET", "HEAD"])
    async def serve(request: Request, key: str) -> Response:
        path = request.scope.get("raw_path", request.url.path.encode()).decode("ascii", "replace").partition("?")[0]
        target = verify(path, request.url.query)
        return await sent(request, storage, target)

    return router


async def sent(
    request: Request, storage: StoragePort, target: LinkTarget, kept: str = "private, max-age=3600, immutable"
) -> Response:
    """A stored file, whole or the part that is asked for. ``kept``: how long whoever asks may keep it. Who may have it
    was decided by the caller."""
    info = await storage.find(target.key)
    if info is None:
        raise NotFound("This file is not there any more.", "Make it again.")
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": f'"{info.content_hash}"',
        "Cache-Control": kept,
        "Content-Disposition": _disposition(info.media_type, target.file_name),
    }
    if _is_known(headers["ETag"], request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    # A part of another version would not fit to what the caller has: they get the whole file.
    is_same = request.headers.get("if-range", headers["ETag"]) == headers["ETag"]
    span = parse_range(request.headers.get("range", "") if is_same else "", info.size_bytes)
    length = info.size_bytes if span is None else span.last - span.first + 1
    part = _Part(200, {}) if span is None else _Part(206, {"Content-Range": content_range(span, info.size_bytes)})
    headers = {**headers, **part.headers, "Content-Length": str(length)}
    if request.method == "HEAD":
        return Response(status_code=part.status, media_type=info.media_type, headers=headers)
    body = storage.stream(target.key, span)
    return StreamingResponse(body, status_code=part.status, media_type=info.media_type, headers=headers)


def _is_known(etag: str, if_none_match: str) -> bool:
    """Whether the caller has this version already (RFC 9110, section 13.1.2: a list, compared weakly)."""
    known = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return etag in known or "*" in known


def _disposition(media_type: str, file_name: str | None) -> str:
    kind = "inline" if media_type in SHOWN and file_name is None else "attachment"
    return kind if file_name is None else f"{kind}; filename*=UTF-8''{quote(file_name, safe='')}"
