"""The published JSON Schemas of what travels between words, pictures and pages."""

from typing import Any

from fastapi import APIRouter

from overprint.core.book import BookDoc
from overprint.core.codec import schema_of
from overprint.core.problems import NotFound
from overprint.core.scene import Scene, Sheet
from overprint.core.story import Brief, ChapterScenes, ChapterText, Plan
from overprint.http.routes import Router

KINDS: dict[str, type[Any]] = {
    "scene": Scene,
    "sheet": Sheet,
    "brief": Brief,
    "plan": Plan,
    "chapter-text": ChapterText,
    "chapter-scenes": ChapterScenes,
    "book": BookDoc,
}


def schema_router() -> APIRouter:
    """``/api/schemas/scene`` and its like."""
    router = Router(prefix="/api/schemas", tags=["schemas"])

    @router.get("")
    async def list_schemas() -> list[str]:
        return sorted(KINDS)

    @router.get("/{name}")
    async def get_schema(name: str) -> dict[str, Any]:
        if name not in KINDS:
            raise NotFound(f"There is no schema called {name[:80]!r}.", f"There are {', '.join(sorted(KINDS))}.")
        return {"$id": f"/api/schemas/{name}", "title": name, **schema_of(KINDS[name])}

    return router
