"""Making, naming and deleting projects from the library's pages."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from overprint.features.shelf.service import Shelf
from overprint.features.shelf.web.asked import Asked, with_told
from overprint.http.routes import Router
from overprint.http.scope import InScope

Name = Annotated[str, Form(max_length=1000)]


def project_pages(shelf: Shelf) -> APIRouter:
    """Routes over the library of ``shelf``."""
    web = Router(include_in_schema=False)
    library = shelf.library

    @web.post("/library/projects")
    async def make(scope: InScope, name: Name) -> Response:
        made = await library.make_project(scope.transaction, scope.principal, name)
        return RedirectResponse(Asked(project=made["id"]).at(), status_code=303)

    @web.post("/library/projects/{project_id}")
    async def rename(scope: InScope, project_id: UUID, name: Name) -> Response:
        await library.rename_project(scope.transaction, scope.principal, project_id, name)
        return RedirectResponse(with_told(Asked(project=project_id).at(), did="named"), status_code=303)

    @web.post("/library/projects/{project_id}/delete")
    async def delete(scope: InScope, project_id: UUID) -> Response:
        await library.delete_project(scope.transaction, scope.principal, project_id)
        return RedirectResponse(Asked().at(), status_code=303)

    return web
