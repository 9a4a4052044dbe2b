"""What people's browsers do in a chaos run: submit jobs over HTTP, and read their events, through every outage."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field

import httpx

from tests.support.chaos_web import HOST, JOB_KIND

AGAIN_SECONDS = 0.1
TIMEOUT_SECONDS = 20.0


def client(port: int) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    return httpx.AsyncClient(base_url=f"http://{HOST}:{port}", timeout=TIMEOUT_SECONDS, limits=limits, trust_env=False)


async def submit(http: httpx.AsyncClient, name: str, width: int) -> None:
    """Until it is accepted. The same name is the same job, however often its answer got lost."""
    while True:
        try:
            answer = await http.post(
                "/api/jobs",
                json={"kind": JOB_KIND, "request": {"name": name, "width": width}},
                headers={"Idempotency-Key": name},
            )
            if answer.status_code == httpx.codes.ACCEPTED:
                return
            assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE, answer.text
        except httpx.TransportError:
            pass
        await asyncio.sleep(AGAIN_SECONDS)


@dataclass
class Reader:
    """Follows every job's events.

    ``seen`` are their sequences as they came, ``ended`` the jobs whose end was told, ``reconnects`` how often a
    stream broke.
    """

    port: int
    jobs: int
    seen: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    ended: set[str] = field(default_factory=set)
    reconnects: int = 0

    async def run(self) -> None:
        """Until all jobs have told their end. Raises ``AssertionError`` where a stream is refused for good."""
        async with client(self.port) as http, asyncio.TaskGroup() as following:
            known: set[str] = set()
            while len(known) < self.jobs:
                for job_id in await self._listed(http) - known:
                    known.add(job_id)
                    following.create_task(self._follow(http, job_id))
                await asyncio.sleep(AGAIN_SECONDS)

    async def _listed(self, http: httpx.AsyncClient) -> set[str]:
        try:
            answer = await http.get("/api/jobs", params={"limit": 200})
            return {job["id"] for job in answer.json()["items"]} if answer.is_success else set()
        except httpx.TransportError:
            return set()

    async def _follow(self, http: httpx.AsyncClient, job_id: str) -> None:
        seen = self.seen[job_id]
        while True:
            try:
                if await self._read(http, job_id, seen):
                    self.ended.add(job_id)
                    return
            except httpx.TransportError:
                pass
            self.reconnects += 1
            await asyncio.sleep(AGAIN_SECONDS)

    async def _read(self, http: httpx.AsyncClient, job_id: str, seen: list[int]) -> bool:
        """Read on behind what was seen last; whether the job's end was told."""
        headers = {"Last-Event-ID": str(seen[-1])} if seen else {}
        async with http.stream("GET", f"/api/jobs/{job_id}/events", headers=headers) as answer:
            assert not answer.is_client_error, f"the events of {job_id} were answered with {answer.status_code}"
            if not answer.is_success:
                return False
            seq = 0
            async for line in answer.aiter_lines():
                name, _, value = line.partition(": ")
                if name == "id":
                    seq = int(value)
                elif name == "event":
                    ends = value in ("job.completed", "job.failed", "job.cancelled")
                elif name == "data":  # an event counts when all of it has come
                    seen.append(seq)
                    if ends:
                        return True
        return False
