"""``GET /api/jobs/{id}``: how a job stands. Asked more often than anything else, so it goes a short way.

One question to find out who asks, one for the job with its steps; only a job that waits costs more.
"""

from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter, Request, Response

from overprint.core.principal import Principal
from overprint.db.database import Database
from overprint.features.jobs.api.shapes import JobDetail
from overprint.features.jobs.service import Jobs
from overprint.features.teams import Action, permit
from overprint.http.quick import quick_route, tagged
from overprint.http.recent import Recent
from overprint.http.room import Teller
from overprint.http.scope import Who
from overprint.http.streams import step_type


def status_router(jobs: Jobs, tellers: Mapping[str, Teller]) -> APIRouter:
    """One route; it asks by itself for the right to see the team's work. ``tellers`` know what jobs came to."""

    recent = Recent()

    async def find(request: Request, principal: Principal, job_id: UUID) -> Response:
        permit(principal, Action.SEE_WORK)
        database: Database = request.app.state.database
        job = await jobs.find_status(database, principal.team_id, job_id)
        running = next((step["queue"] for step in job["steps"] if step["state"] == "running"), None)
        job["currentStep"] = step_type(running) if running else None
        if job["kind"] in tellers:
            async with database.transaction(principal.team_id) as transaction:
                came_to = await tellers[job["kind"]](transaction, job["lineage"])
            job |= {"imageUrl": came_to.image_url, "videoUrl": came_to.video_url}
            job |= {"thumbnailUrl": came_to.thumbnail_url}
        return tagged(request, JobDetail.model_validate(job).model_dump_json().encode())

    async def quickly(request: Request) -> Response | None:
        try:
            job_id = UUID(request.path_params["job_id"])
        except ValueError:
            return None  # the framework says what is wrong with it
        return await find(request, await recent.principal_of(request), job_id)

    api = APIRouter(prefix="/api", tags=["jobs"], route_class=quick_route(quickly))

    @api.get("/jobs/{job_id}", response_model=JobDetail)
    async def get_job(request: Request, who: Who, job_id: UUID) -> Response:
        """With `If-None-Match` and the `ETag` of an earlier answer: 304 where nothing has changed since."""
        return await find(request, who, job_id)

    return api
