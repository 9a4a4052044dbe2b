"""Making a step again: what would be done and its price first, then that, and from then on the new output counts."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from overprint.core.ids import new_id
from overprint.core.problems import Conflict, Denied, NotFound
from tests.features.jobs.tiny import KIND
from tests.support.studio import Studio


async def _made(studio: Studio) -> dict[str, Any]:
    async with studio.transaction() as transaction:
        job = await studio.jobs.submit(transaction, studio.owner, KIND, {"name": "a"}, title="Tiny")
    await studio.finish(job["id"])
    return job


async def _states(studio: Studio, job_id: UUID) -> dict[str, str]:
    async with studio.transaction() as transaction:
        return {step["key"]: step["state"] for step in await studio.jobs.list_steps(transaction, job_id)}


async def test_a_forecast_names_what_is_made_and_changes_nothing(studio: Studio) -> None:
    job = await _made(studio)
    async with studio.transaction() as transaction:
        whole = await studio.jobs.get(transaction, job["id"])
        from_start, _ = await studio.jobs.forecast_again(transaction, whole, "picture")
        from_word, _ = await studio.jobs.forecast_again(transaction, whole, "word")
        nothing, quote = await studio.jobs.forecast_again(transaction, whole, None)
        asked_twice = [(await studio.jobs.forecast_again(transaction, whole, key))[0] for key in ("word", None)]
    assert asked_twice[0] is from_word and asked_twice[1] is nothing, "what is known already is not walked again"
    assert set(from_start.runs) == {"picture", "word"}
    assert (from_word.reused, from_word.runs) == (("picture",), ("word",))
    assert (set(nothing.reused), nothing.runs, quote.credits) == ({"picture", "word"}, (), 0)


async def test_a_step_is_made_again_and_what_comes_out_the_same_is_kept(studio: Studio) -> None:
    job = await _made(studio)
    async with studio.transaction() as transaction:
        again = await studio.jobs.rerun_from(transaction, studio.owner, job["id"], "picture")
    await studio.finish(again["id"])
    assert await _states(studio, again["id"]) == {"picture": "completed", "word": "reused"}
    async with studio.transaction() as transaction:
        third = await studio.jobs.rerun(transaction, studio.owner, again["id"])
    assert await _states(studio, third["id"]) == {"picture": "reused", "word": "reused"}, "the new output counts"


async def test_what_was_never_made_or_is_not_there_is_not_made_again(studio: Studio) -> None:
    job = await _made(studio)
    async with studio.transaction() as transaction:
        with pytest.raises(Conflict, match="cannot be made again"):
            await studio.jobs.rerun_from(transaction, studio.owner, job["id"], "nothing")
        with pytest.raises(NotFound):
            await studio.jobs.rerun_from(transaction, studio.owner, new_id(), "picture")
        with pytest.raises(Denied):
            await studio.jobs.rerun_from(transaction, studio.viewer, job["id"], "picture")


async def test_a_job_that_goes_on_forgets_nothing(studio: Studio) -> None:
    job = await _made(studio)
    async with studio.transaction() as transaction:
        await studio.jobs.rerun_from(transaction, studio.owner, job["id"], "picture")
    with pytest.raises(Conflict, match="being made right now"):
        async with studio.transaction() as transaction:
            await studio.jobs.rerun_from(transaction, studio.owner, job["id"], "word")
    assert await studio.count("steps WHERE key = 'word' AND recipe IS NOT NULL") == 1


async def test_programs_ask_what_would_be_made_again_and_have_it_made(
    client: httpx.AsyncClient, studio: Studio
) -> None:
    job = await _made(studio)
    told = await client.get(f"/api/jobs/{job['id']}/forecast", params={"step": "word"})
    assert (told.status_code, told.json()) == (
        200,
        {"will_run": ["word"], "will_reuse": ["picture"], "quote_credits": told.json()["quote_credits"]},
    )
    key = {"Idempotency-Key": "once"}
    again = await client.post(f"/api/jobs/{job['id']}/rerun", params={"step": "word"}, headers=key)
    said_twice = await client.post(f"/api/jobs/{job['id']}/rerun", params={"step": "word"}, headers=key)
    assert said_twice.json() == again.json()
    assert (again.status_code, again.json()["rerun_of"]) == (202, str(job["id"]))
    assert (await client.get(f"/api/jobs/{job['id']}/forecast", params={"step": "nothing"})).status_code == 409
