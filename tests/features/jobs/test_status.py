"""How a job stands, the short way: the same as the long one tells, and the database itself keeps teams apart."""

from uuid import UUID

import httpx

from overprint.core.ids import new_id
from overprint.features.jobs import store
from overprint.features.jobs.api.shapes import JobDetail, StepOut
from tests.features.jobs.tiny import KIND
from tests.support.studio import Studio


async def _begun(client: httpx.AsyncClient) -> UUID:
    answer = await client.post("/api/jobs", json={"kind": KIND, "request": {"name": "a"}})
    return UUID(answer.json()["id"])


async def test_the_short_way_tells_what_the_tables_hold(client: httpx.AsyncClient, studio: Studio) -> None:
    job_id = await _begun(client)
    await studio.finish(job_id)
    told = JobDetail.model_validate((await client.get(f"/api/jobs/{job_id}")).json())
    async with studio.transaction() as transaction:
        job = await studio.jobs.get(transaction, job_id)
        steps = await studio.jobs.list_steps(transaction, job_id)
    assert told == JobDetail.model_validate({**job, "waiting": None, "steps": steps})
    assert told.steps == [StepOut.model_validate(step) for step in steps] != []
    assert told.ended_at is not None and told.ended_at.utcoffset() is not None


async def test_policies_hold_the_short_way_to_the_team_that_it_names(client: httpx.AsyncClient, studio: Studio) -> None:
    job_id = await _begun(client)
    quick = studio.engine.database.quick
    assert await store.find_status(quick, studio.engine.team_id, job_id) is not None
    assert await store.find_status(quick, new_id(), job_id) is None
    assert await quick.fetchval("SELECT count(*) FROM jobs") == 0, "the team is set for one question, and no longer"
    assert (await client.get(f"/api/jobs/{new_id()}")).status_code == 404
    assert (await client.get("/api/jobs/none")).status_code == 422


async def test_who_knows_the_answer_already_is_told_only_that(client: httpx.AsyncClient, studio: Studio) -> None:
    job_id = await _begun(client)
    await studio.finish(job_id)
    tag = (await client.get(f"/api/jobs/{job_id}")).headers["etag"]
    again = await client.get(f"/api/jobs/{job_id}", headers={"If-None-Match": f'"other", W/{tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert (await client.get(f"/api/jobs/{job_id}", headers={"If-None-Match": '"other"'})).status_code == 200
