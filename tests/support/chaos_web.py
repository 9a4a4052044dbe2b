"""The web process of a chaos run: the jobs room over HTTP, with a way to begin the chaos pipeline."""

from typing import Any
from uuid import UUID

import uvicorn
from fastapi import FastAPI

from overprint.core.codec import Json
from overprint.core.ids import new_id
from overprint.core.principal import Principal, Role
from overprint.db.database import Database, Transaction
from overprint.engine.events import Hub
from overprint.features.jobs import Jobs
from overprint.features.jobs.api import router
from overprint.features.jobs.api.watching import watching_router
from overprint.http.problems import answer_problems
from overprint.http.scope import always

HOST = "127.0.0.1"
JOB_KIND = "chaos.make@1"


async def serve(database: Database, jobs: Jobs, hub: Hub, team_id: UUID, port: int) -> None:
    """Until killed."""
    config = uvicorn.Config(_app(database, jobs, hub, team_id), host=HOST, port=port, log_level="warning")
    await uvicorn.Server(config).serve()


def _app(database: Database, jobs: Jobs, hub: Hub, team_id: UUID) -> FastAPI:
    async def begin(
        transaction: Transaction,
        principal: Principal,
        request: Json,
        project_id: UUID | None,
        idempotency_key: str | None,
    ) -> dict[str, Any]:
        return await jobs.submit(
            transaction, principal, JOB_KIND, request, project_id=project_id, idempotency_key=idempotency_key
        )

    app = FastAPI()
    app.state.identify = always(Principal(new_id(), team_id, Role.OWNER))
    app.state.database = database
    answer_problems(app)
    app.include_router(watching_router(jobs, lambda: hub))
    app.include_router(router(jobs, lambda: hub, lambda: {JOB_KIND: begin}, {}, str))
    return app
