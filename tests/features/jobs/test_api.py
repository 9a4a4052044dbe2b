"""Jobs through their API: once a key, stopped or deleted, made again, and where they stand in the queue."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import httpx
import pytest

from overprint.core.clock import SystemClock
from overprint.core.ids import new_id
from overprint.core.problems import Denied
from overprint.engine.job import JobState
from overprint.engine.schedule import ScheduleContext
from tests.features.jobs.tiny import KIND
from tests.support.studio import Studio


async def _submit(client: httpx.AsyncClient, name: str = "a", key: str = "", **wanted: Any) -> dict[str, Any]:
    headers = {"Idempotency-Key": key} if key else {}
    answer = await client.post("/api/jobs", json={"kind": KIND, "request": {"name": name, **wanted}}, headers=headers)
    assert answer.status_code == 202, answer.text
    job: dict[str, Any] = answer.json()
    return job


async def _job(client: httpx.AsyncClient, job_id: str) -> dict[str, Any]:
    job: dict[str, Any] = (await client.get(f"/api/jobs/{job_id}")).json()
    return job


async def _finish(studio: Studio, job: dict[str, Any]) -> JobState:
    async with studio.transaction() as transaction:
        return await studio.finish((await studio.jobs.get(transaction, job["id"]))["id"])


async def test_a_key_makes_one_job_however_often_it_is_sent(client: httpx.AsyncClient, studio: Studio) -> None:
    first = await _submit(client, key="once")
    assert (await _submit(client, key="once"))["id"] == first["id"]
    assert (await _submit(client, key="twice"))["id"] != first["id"]
    assert (await _submit(client))["id"] != (await _submit(client))["id"]
    assert await studio.count("jobs") == 4
    assert await studio.count("audit_log") == 4
    other = await client.post(
        "/api/jobs", json={"kind": KIND, "request": {"name": "b"}}, headers={"Idempotency-Key": "once"}
    )
    assert (other.status_code, other.json()["code"]) == (409, "conflict")
    assert await studio.count("jobs") == 4
    too_long = await client.post(
        "/api/jobs", json={"kind": KIND, "request": {"name": "a"}}, headers={"Idempotency-Key": "x" * 201}
    )
    assert too_long.status_code == 422


async def test_deleting_a_job_stops_it_and_destroys_nothing_however_often_it_is_sent(
    client: httpx.AsyncClient, studio: Studio
) -> None:
    job = await _submit(client)
    answers = [await client.delete(f"/api/jobs/{job['id']}") for _ in range(3)]
    assert [(answer.status_code, answer.json()["state"]) for answer in answers] == [(202, "cancelled")] * 3
    assert (await _job(client, job["id"]))["steps"] != []
    assert await studio.count("audit_log") == 2, "submitted, and cancelled once"
    assert (await client.delete(f"/api/jobs/{new_id()}")).status_code == 404


async def test_a_running_step_is_interrupted_when_its_job_is_deleted(client: httpx.AsyncClient, studio: Studio) -> None:
    job = await _submit(client, slow_seconds=600)
    async with studio.engine.worker():
        while (await _job(client, job["id"]))["state"] != "running":
            pass
        assert (await client.delete(f"/api/jobs/{job['id']}")).status_code == 202
        async with studio.transaction() as transaction:
            job_id = (await studio.jobs.get(transaction, job["id"]))["id"]
        assert [event.type async for event in studio.engine.hub.watch(job_id)][-1] == "job.cancelled"


async def test_a_paused_job_says_so_until_somebody_goes_on_and_each_is_audited_once(
    client: httpx.AsyncClient, studio: Studio
) -> None:
    job = await _submit(client)
    for _ in range(2):
        answer = await client.post(f"/api/jobs/{job['id']}/pause")
        assert answer.status_code == 202 and answer.json()["paused_at"] is not None
    waiting = (await _job(client, job["id"]))["waiting"]
    assert waiting["words"].startswith("It is paused.") and waiting["starts_in_seconds"] is None
    async with studio.transaction() as transaction:
        for act in (studio.jobs.pause, studio.jobs.resume):
            with pytest.raises(Denied):
                await act(transaction, studio.viewer, UUID(job["id"]))
    for _ in range(2):
        assert (await client.post(f"/api/jobs/{job['id']}/resume")).json()["paused_at"] is None
    assert await studio.count("audit_log") == 3, "submitted, paused and gone on with"
    assert await _finish(studio, job) is JobState.COMPLETED
    for act_name in ("pause", "resume"):
        assert (await client.post(f"/api/jobs/{job['id']}/{act_name}")).json()["state"] == "completed"
        assert (await client.post(f"/api/jobs/{new_id()}/{act_name}")).status_code == 404


async def test_cancelling_twice_or_after_the_end_changes_nothing(client: httpx.AsyncClient, studio: Studio) -> None:
    job = await _submit(client)
    assert await _finish(studio, job) is JobState.COMPLETED
    before = await _job(client, job["id"])
    for _ in range(2):
        assert (await client.post(f"/api/jobs/{job['id']}/cancel")).status_code == 202
        assert (await client.delete(f"/api/jobs/{job['id']}")).json()["state"] == "completed"
    assert await _job(client, job["id"]) == before
    assert (await client.post(f"/api/jobs/{new_id()}/cancel")).status_code == 404


async def test_a_work_is_not_made_twice_at_once_and_reuses_what_it_has(
    client: httpx.AsyncClient, studio: Studio
) -> None:
    job = await _submit(client)
    refused = await client.post(f"/api/jobs/{job['id']}/rerun")
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    await _finish(studio, job)
    again = (await client.post(f"/api/jobs/{job['id']}/rerun")).json()
    assert (again["rerun_of"], again["lineage"], again["title"]) == (job["id"], job["lineage"], "Tiny")
    shown = await _job(client, again["id"])
    assert (shown["state"], {step["state"] for step in shown["steps"]}) == ("completed", {"reused"})
    assert (await client.post(f"/api/jobs/{new_id()}/rerun")).status_code == 404


async def test_a_failed_step_says_why_and_what_needs_it_is_not_tried(client: httpx.AsyncClient, studio: Studio) -> None:
    job = await _submit(client, fails=True)
    assert await _finish(studio, job) is JobState.FAILED
    steps = {step["key"]: step for step in (await _job(client, job["id"]))["steps"]}
    assert steps["picture"]["state"] == "completed"
    assert (steps["word"]["state"], steps["word"]["error"]) == ("failed", "There is no word for it.")


async def test_a_waiting_job_knows_how_many_go_first_and_why_it_waits(
    client: httpx.AsyncClient, studio: Studio
) -> None:
    jobs = [await _submit(client, name) for name in "abc"]
    places = [(await _job(client, job["id"]))["waiting"]["steps_ahead"] for job in jobs]
    assert sorted(places) == [0, 1, 2]
    first = jobs[places.index(0)]
    await client.post(f"/api/jobs/{first['id']}/cancel")
    assert (await _job(client, first["id"]))["waiting"] is None
    left = [(await _job(client, job["id"]))["waiting"] for job in jobs if job is not first]
    assert sorted(waiting["steps_ahead"] for waiting in left) == [0, 1]
    assert {waiting["starts_in_seconds"] for waiting in left} == {None}
    assert "No worker is running." in left[0]["why"]


async def test_jobs_are_listed_newest_first_by_state_and_page(client: httpx.AsyncClient) -> None:
    ids = [(await _submit(client, name))["id"] for name in "abc"]
    await client.post(f"/api/jobs/{ids[0]}/cancel")
    page = (await client.get("/api/jobs?limit=2")).json()
    assert [job["id"] for job in page["items"]] == [ids[2], ids[1]]
    rest = (await client.get(f"/api/jobs?cursor={page['next_cursor']}")).json()
    assert ([job["id"] for job in rest["items"]], rest["next_cursor"]) == ([ids[0]], None)
    cancelled = (await client.get("/api/jobs?state=cancelled")).json()["items"]
    assert [job["id"] for job in cancelled] == [ids[0]]


async def test_a_job_that_cannot_be_understood_is_refused_with_its_field(
    client: httpx.AsyncClient, studio: Studio
) -> None:
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"kind": "volcano@1", "request": {}}, "kind"),
        ({"kind": KIND, "request": {}}, "name"),
        ({"kind": KIND, "request": {"name": 5}}, "name"),
        ({"kind": KIND, "request": {"name": "a", "surprise": 1}}, "surprise"),
        ({"kind": KIND, "request": []}, "request"),
        ({"kind": KIND}, "name"),
    ]
    for sent, field in wrong:
        answer = await client.post("/api/jobs", json=sent)
        assert answer.status_code == 422
        assert answer.json()["field"].endswith(field)
    assert await studio.count("jobs") == 0


async def test_text_that_a_database_cannot_hold_is_refused_and_breaks_nothing(client: httpx.AsyncClient) -> None:
    for body in (
        *(f'{{"kind": "{KIND}", "request": {{"name": {text}}}}}' for text in ('"\\u0000"', '"\\ud800"')),
        f'{{"kind": "{KIND}", "request": "\\ud800"}}',
        f'{{"kind": "{KIND}", "request": {{"name": "a", "\\ud800": 1}}}}',
        f'{{"kind": "{KIND}", "request": {{}}, "\\ud800": 1}}',
    ):
        answer = await client.post("/api/jobs", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 422, body
    job = await _submit(client)
    assert (await client.get(f"/api/jobs/{job['id']}/logs?step=%00")).status_code == 422
    assert (await client.get(f"/api/jobs/{job['id']}/logs?step=picture")).json() == []


async def test_a_hostile_last_event_id_is_refused(client: httpx.AsyncClient) -> None:
    job = await _submit(client)
    for seen in ("x", "-1", "1.5", "9" * 19, "²"):
        headers = {"Last-Event-ID": seen.encode("latin-1")}
        assert (await client.get(f"/api/jobs/{job['id']}/events", headers=headers)).status_code == 422, seen


async def test_viewers_and_other_teams_set_nothing_going_and_stop_nothing(studio: Studio) -> None:
    jobs, request = studio.jobs, {"name": "a"}
    async with studio.transaction() as transaction:
        job = await jobs.submit(transaction, studio.owner, KIND, request)
        for refused in (
            jobs.submit(transaction, studio.viewer, KIND, request),
            jobs.cancel(transaction, studio.viewer, job["id"]),
            jobs.rerun(transaction, studio.viewer, job["id"]),
            jobs.edit_output(transaction, studio.viewer, job["lineage"], "word", {"word": "owl"}),
        ):
            with pytest.raises(Denied):
                await refused
    stranger = replace(studio.owner, team_id=new_id())
    async with studio.engine.database.transaction(stranger.team_id) as transaction:
        assert await jobs.list_jobs(transaction) == []
        assert await jobs.find_newest(transaction, job["lineage"]) is None
    assert await studio.count("jobs") == 1


async def test_a_step_that_failed_is_not_counted_as_delivered(studio: Studio) -> None:
    async with studio.transaction() as transaction:
        job = await studio.jobs.submit(transaction, studio.owner, KIND, {"name": "a", "fails": True})
    assert await studio.finish(job["id"]) is JobState.FAILED
    async with studio.transaction() as transaction:
        ended = await studio.jobs.get(transaction, job["id"])
        assert await studio.jobs.count_delivered(transaction, [job["id"], new_id()]) == {job["id"]: 1}
    assert (ended["steps_ended"], ended["steps_total"]) == (2, 2)


async def test_what_was_paused_for_a_month_is_stopped_and_what_was_for_less_is_not(studio: Studio) -> None:
    ids = []
    for days in (29, 31):
        async with studio.transaction() as transaction:
            job = await studio.jobs.submit(transaction, studio.owner, KIND, {"name": str(days)}, title="Tiny")
            await studio.jobs.pause(transaction, studio.owner, job["id"])
            await transaction.driver.execute(
                "UPDATE jobs SET paused_at = now() - $1 * interval '1 day' WHERE id = $2", days, job["id"]
            )
            ids.append(job["id"])
    await studio.jobs.stop_long_paused(ScheduleContext(studio.engine.database, SystemClock(), 60.0))
    async with studio.transaction() as transaction:
        states = [(await studio.jobs.get(transaction, job_id))["state"] for job_id in ids]
    assert states == ["queued", "cancelled"]
