"""A job tells which request asked for it."""

from pathlib import Path

from tests.support.database import TestDatabase
from tests.support.house import client_of, house_on

TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
ASKED = {"kind": "books.make@1", "request": {"brief": {"premise": "A fox finds a lantern.", "pages": 6}}}


async def test_a_job_tells_the_request_and_the_trace_it_belongs_to(database_urls: TestDatabase, tmp_path: Path) -> None:
    async with house_on(database_urls, tmp_path / "data", works=False) as house, client_of(house) as client:
        headers = {"X-Request-Id": "asked-by-me", "traceparent": TRACEPARENT}
        job = (await client.post("/api/jobs", json=ASKED, headers=headers)).json()
        told = (await client.get(f"/api/jobs/{job['id']}")).json()
        assert (told["request_id"], told["traceparent"]) == ("asked-by-me", TRACEPARENT)
        answer = await client.post("/api/jobs", json=ASKED, headers={"traceparent": "nonsense"})
        told = (await client.get(f"/api/jobs/{answer.json()['id']}")).json()
        assert (told["request_id"], told["traceparent"]) == (answer.headers["x-request-id"], None)
