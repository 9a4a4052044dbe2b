"""Who is told of what, once; what of it comes by mail; and the page that shows it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from overprint.core.clock import SystemClock
from overprint.core.ids import new_id
from overprint.core.principal import Principal, Role, Via
from overprint.db.database import Transaction
from overprint.engine.job import JobState
from overprint.engine.participants import JobInfo
from overprint.engine.schedule import ScheduleContext
from overprint.features.accounts.room import writing
from overprint.features.notifications import Notifications, NotificationsProjection
from overprint.features.notifications.room import LETTERS, room
from overprint.http.problems import answer_problems
from overprint.http.scope import always
from tests.support.studio import Studio

CLOCK = SystemClock()


@dataclass
class Village:
    """A team in which Mira makes books, and what it can spend."""

    studio: Studio
    notifications: Notifications
    mira: Principal
    credits: int | None = None

    async def left(self, transaction: Transaction) -> int | None:
        return self.credits

    async def join(self, person_id: UUID, email: str, role: Role) -> Principal:
        pool = self.studio.engine.database.system
        await pool.execute(
            "INSERT INTO people (id, email, name, verified_at) VALUES ($1, $2, 'Mira <b>', now())", person_id, email
        )
        await pool.execute(
            "INSERT INTO memberships (team_id, person_id, role) VALUES ($1, $2, $3)",
            self.studio.engine.team_id,
            person_id,
            role.value,
        )
        return replace(self.studio.owner, person_id=person_id, role=role, via=Via.SESSION, session_id=new_id())

    async def end(
        self,
        state: JobState = JobState.COMPLETED,
        *,
        by: Principal | None = None,
        minutes: int = 0,
        times: int = 1,
        title: str = "",
    ) -> UUID:
        """A job of this person ends after so long, with a story of that title, and the engine says so so often."""
        book_id, job_id = await self.studio.start()
        async with self.studio.transaction() as transaction:
            await transaction.driver.execute("UPDATE books SET title = $2 WHERE id = $1", book_id, title)
        await self.studio.engine.database.system.execute(
            "UPDATE jobs SET created_at = now() - $2::interval WHERE id = $1", job_id, timedelta(minutes=minutes)
        )
        who, team_id = (by or self.mira).person_id, self.studio.engine.team_id
        job = JobInfo(job_id, team_id, "books.make@1", book_id, None, {}, who)
        projection = NotificationsProjection(CLOCK, self.left, frozenset({"books.sample@1"}))
        for _ in range(times):
            async with self.studio.transaction() as transaction:
                await projection.ended(transaction, job, state)
                await projection.ended(transaction, replace(job, kind="books.sample@1"), state)
        return job_id

    async def told(self, who: Principal) -> list[tuple[str, UUID]]:
        async with self.studio.transaction() as transaction:
            rows = await self.notifications.list_mine(transaction, who)
        return [(row["kind"], row["job_id"]) for row in rows]

    async def mails(self) -> list[tuple[str, str]]:
        await self.notifications.write_mails()
        rows = await self.notifications.database.system.fetch("SELECT kind, recipient FROM outgoing_mail ORDER BY id")
        return [(row["kind"], row["recipient"]) for row in rows]


@pytest.fixture
async def village(studio: Studio) -> Village:
    database = studio.engine.database
    notifications = Notifications(database, CLOCK, writing(CLOCK, "https://books.example.org", LETTERS, "Overprint"))
    found = Village(studio, notifications, studio.owner)
    found.mira = await found.join(studio.owner.person_id, "mira@example.org", Role.OWNER)
    return found


@pytest.fixture
async def client(village: Village) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    answer_problems(app)
    app.state.identify, app.state.database = always(village.mira), village.studio.engine.database
    made = room(village.notifications)
    for router in (*made.routers, *made.pages):
        app.include_router(router)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as opened:
        yield opened


async def test_whoever_began_a_work_is_told_of_its_end_once_and_nobody_else(village: Village) -> None:
    tom = await village.join(new_id(), "tom@example.org", Role.MEMBER)
    done = await village.end(times=2, title="The Night Mole")
    failed = await village.end(JobState.FAILED, by=tom)
    await village.end(JobState.CANCELLED)
    assert await village.told(village.mira) == [("work_finished", done)]
    assert await village.told(tom) == [("work_failed", failed)]
    async with village.studio.transaction() as transaction:
        (told,) = await village.notifications.list_mine(transaction, village.mira)
    assert told["title"] == "The Night Mole", "the story's own, not what was asked for"


async def test_a_mail_is_written_once_for_a_long_wait_and_for_a_failure(village: Village) -> None:
    await village.end(minutes=1)
    assert await village.mails() == []
    await village.end(minutes=20)
    await village.end(JobState.FAILED)
    both = [("work_finished", "mira@example.org"), ("work_failed", "mira@example.org")]
    assert await village.mails() == both == await village.mails()


async def test_a_mail_that_cannot_be_written_keeps_no_other_from_being_sent(village: Village) -> None:
    write, torn = village.notifications.post, await village.end(JobState.FAILED)
    await village.end(JobState.FAILED)

    async def post(connection: asyncpg.Connection, kind: str, recipient: str, **told: Any) -> None:
        if told["link"] == f"/jobs/{torn}":
            raise ValueError("torn")
        await write(connection, kind, recipient, **told)

    village.notifications = replace(village.notifications, post=post)
    assert await village.mails() == [("work_failed", "mira@example.org")]
    village.notifications = replace(village.notifications, post=write)
    assert await village.mails() == [("work_failed", "mira@example.org")] * 2


async def test_who_wants_no_mail_or_has_left_gets_none_but_the_list_has_it(village: Village) -> None:
    assert await village.notifications.wish(village.mira, ["credits_low"]) == ["credits_low"]
    failed = await village.end(JobState.FAILED)
    tom = await village.join(new_id(), "tom@example.org", Role.MEMBER)
    await village.end(JobState.FAILED, by=tom)
    pool = village.notifications.database.system
    await pool.execute("DELETE FROM memberships WHERE person_id = $1", tom.person_id)
    assert await village.mails() == []
    assert await village.told(village.mira) == [("work_failed", failed)]


async def test_who_may_buy_credits_is_told_that_few_are_left_once_a_week(village: Village) -> None:
    tom = await village.join(new_id(), "tom@example.org", Role.MEMBER)
    village.credits = 100
    await village.end(by=tom)
    village.credits = 99
    await village.end(by=tom)
    await village.end(by=tom)
    assert [kind for kind, _ in await village.told(village.mira)] == ["credits_low"]
    assert "credits_low" not in [kind for kind, _ in await village.told(tom)]
    assert await village.mails() == [("credits_low", "mira@example.org")]
    await village.notifications.database.system.execute("UPDATE notifications SET made_at = now() - interval '8 days'")
    await village.end(by=tom)
    assert len(await village.told(village.mira)) == 2


async def test_the_page_and_the_api_show_what_is_new_until_it_is_read(
    village: Village, client: httpx.AsyncClient
) -> None:
    assert "Nothing yet" in (await client.get("/notifications")).text
    job_id = await village.end(JobState.FAILED)
    page = (await client.get("/notifications")).text
    assert f'href="/jobs/{job_id}"' in page and "could not be made" in page and "Mark all as read" in page
    told = (await client.get("/api/notifications")).json()
    assert (told["unread"], [one["kind"] for one in told["items"]]) == (1, ["work_failed"])
    assert (await client.post("/notifications/read")).headers["location"] == "/notifications"
    assert (await client.get("/api/notifications")).json()["unread"] == 0
    assert "Mark all as read" not in (await client.get("/notifications")).text
    await village.end()
    assert (await client.post("/api/notifications/read")).status_code == 204
    assert (await client.get("/api/notifications", params={"limit": 1})).json()["next_cursor"]


async def test_which_mails_come_is_chosen_on_the_page_and_by_the_api(client: httpx.AsyncClient) -> None:
    assert (await client.get("/notifications")).text.count(" checked") == 3
    chosen = await client.post("/notifications/mails", data={"mails": ["work_failed"]})
    assert chosen.headers["location"] == "/notifications#mails"
    assert (await client.get("/api/notifications/mails")).json() == {"mails": ["work_failed"]}
    assert (await client.get("/notifications")).text.count(" checked") == 1
    assert (await client.put("/api/notifications/mails", json={"mails": ["receipts"]})).status_code == 422
    assert (await client.post("/notifications/mails", data={"mails": ["<script>"]})).status_code == 422
    assert (await client.put("/api/notifications/mails", json={"mails": []})).json() == {"mails": []}


async def test_old_ones_are_forgotten(village: Village) -> None:
    kept = await village.end()
    gone = await village.end()
    database = village.notifications.database
    await database.system.execute(
        "UPDATE notifications SET made_at = now() - interval '91 days' WHERE job_id = $1", gone
    )
    await village.notifications.forget(ScheduleContext(database, CLOCK, 60.0))
    assert await village.told(village.mira) == [("work_finished", kept)]
