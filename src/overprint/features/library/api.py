"""JSON API of the library: /api/projects and /api/assets."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Response, UploadFile
from pydantic import Field

from overprint.features.library import rules
from overprint.features.library.rules import NAME_MAX_CHARACTERS, UPLOAD_MAX_BYTES
from overprint.features.library.service import PAGE_MAX, Library
from overprint.features.library.store import Row
from overprint.http.once import Once
from overprint.http.responses import (
    ForGood,
    IfMatch,
    In,
    Out,
    etag_of,
    example,
    next_cursor,
    read_cursor,
    refuse_outdated,
)
from overprint.http.routes import Router
from overprint.http.scope import InScope, InScopes

Limit = Annotated[int, Query(ge=1, le=PAGE_MAX)]
WithUnsigned = Annotated[
    bool, Query(description="Also list files as they were before they were signed, which every rebuild has.")
]


class ProjectIn(In):
    model_config = example(name="Harbour tales")

    name: str = Field(min_length=1, max_length=NAME_MAX_CHARACTERS)


class ProjectOut(Out):
    id: UUID
    name: str
    created_at: datetime
    updated_at: datetime


class ProjectPage(Out):
    items: list[ProjectOut]
    next_cursor: str | None


class AssetOut(Out):
    """``url`` is signed and good for an hour; ``recipe`` says what made it. ``is_signed``: it carries Content
    Credentials of ours."""

    id: UUID
    name: str
    kind: str
    media_type: str
    size_bytes: int
    width_px: int | None
    height_px: int | None
    duration_seconds: float | None
    content_hash: str
    recipe: str | None
    project_id: UUID | None
    job_id: UUID | None
    created_at: datetime
    url: str
    thumbnail_url: str | None
    is_signed: bool


class Made(Out):
    id: UUID


class AssetPage(Out):
    items: list[AssetOut]
    next_cursor: str | None


def router(library: Library) -> APIRouter:
    """Routes over ``library``."""
    api = Router(prefix="/api", tags=["library"])

    def shown(asset: Row) -> AssetOut:
        links = library.links(asset["storage_key"], asset["thumbnail_key"])
        return AssetOut.model_validate({**asset, **links, "is_signed": rules.is_signed(asset)})

    @api.get("/projects")
    async def list_projects(scope: InScope, limit: Limit = 50, cursor: str | None = None) -> ProjectPage:
        rows = await library.list_projects(scope.transaction, limit=limit, before=read_cursor(cursor))
        return ProjectPage(items=[ProjectOut.model_validate(row) for row in rows], next_cursor=next_cursor(rows, limit))

    @api.post("/projects", status_code=201)
    async def make_project(scope: InScope, once: Once, project: ProjectIn) -> ProjectOut:
        async def make() -> ProjectOut:
            made = await library.make_project(scope.transaction, scope.principal, project.name)
            return ProjectOut.model_validate(made)

        return await once.answer(scope.transaction, ProjectOut, project.name, make)

    @api.get("/projects/{project_id}")
    async def get_project(scope: InScope, response: Response, project_id: UUID) -> ProjectOut:
        project = await library.get_project(scope.transaction, project_id)
        response.headers.update(etag_of(project["updated_at"].isoformat()))
        return ProjectOut.model_validate(project)

    @api.patch("/projects/{project_id}")
    async def rename_project(
        scope: InScope, response: Response, project_id: UUID, project: ProjectIn, if_match: IfMatch = None
    ) -> ProjectOut:
        before = await library.get_project(scope.transaction, project_id, holds=True)
        refuse_outdated(if_match, before["updated_at"].isoformat())
        renamed = await library.rename_project(scope.transaction, scope.principal, project_id, project.name)
        response.headers.update(etag_of(renamed["updated_at"].isoformat()))
        return ProjectOut.model_validate(renamed)

    @api.delete("/projects/{project_id}", status_code=204)
    async def delete_project(scope: InScope, project_id: UUID) -> Response:
        await library.delete_project(scope.transaction, scope.principal, project_id)
        return Response(status_code=204)

    @api.get("/assets")
    async def list_assets(
        scope: InScope,
        limit: Limit = 50,
        cursor: str | None = None,
        project_id: UUID | None = None,
        with_unsigned: WithUnsigned = False,
    ) -> AssetPage:
        """The newest first; of each file the copy to take, which is the signed one where there is one."""
        rows = await library.list_assets(
            scope.transaction,
            limit=limit,
            before=read_cursor(cursor),
            project_id=project_id,
            with_unsigned=with_unsigned,
        )
        return AssetPage(items=[shown(row) for row in rows], next_cursor=next_cursor(rows, limit))

    @api.post("/assets", status_code=201)
    @api.post("/assets/upload", status_code=201)
    async def upload(
        scopes: InScopes, once: Once, file: UploadFile, project_id: Annotated[UUID | None, Form()] = None
    ) -> AssetOut:
        data, name = await file.read(UPLOAD_MAX_BYTES + 1), file.filename or ""
        expected = await library.read_upload(scopes.principal, data, name, project_id)
        async with scopes.transaction() as transaction:
            await library.expect_upload(transaction, expected)
        stored_at = await library.store_upload(expected)
        async with scopes.transaction() as transaction:

            async def keep() -> Made:
                return Made.model_validate(
                    await library.keep_upload(transaction, scopes.principal, expected, stored_at)
                )

            # A link is good for an hour, a key for longer: only the id is kept, and the link made anew.
            of = [expected.content_hash, name, str(project_id)]
            made = await once.answer(transaction, Made, of, keep)
            return shown(await library.get_asset(transaction, made.id))

    @api.get("/assets/{asset_id}")
    async def get_asset(scope: InScope, asset_id: UUID) -> AssetOut:
        return shown(await library.get_asset(scope.transaction, asset_id))

    @api.delete("/assets/{asset_id}", status_code=204)
    async def delete_asset(scope: InScope, asset_id: UUID, for_good: ForGood = False) -> Response:
        if for_good:
            await library.delete_asset(scope.transaction, scope.principal, asset_id)
        else:
            await library.discard_asset(scope.transaction, scope.principal, asset_id)
        return Response(status_code=204)

    return api
