"""A house that knows people, with a clock that tests move, and visitors who come with a browser's manners."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from overprint.wiring import House
from overprint.wiring.web import web_app
from tests.support.clock import SetClock
from tests.support.database import TestDatabase
from tests.support.house import CHEAP_PASSWORDS, house_on

SITE = "http://127.0.0.1:8000"
PASSWORD = "three loud geese"


@dataclass
class Town:
    """The house, its application, and everything that is needed to visit it."""

    house: House
    app: FastAPI
    clock: SetClock
    stack: AsyncExitStack
    visitors: int = field(default=0)

    async def visitor(self, address: str | None = None) -> httpx.AsyncClient:
        """Somebody with a browser of their own, at an address of their own."""
        self.visitors += 1
        transport = httpx.ASGITransport(self.app, client=(address or f"10.0.0.{self.visitors}", 5000))
        manners = {"Origin": SITE, "User-Agent": "Browser of a test"}
        client = httpx.AsyncClient(transport=transport, base_url=SITE, headers=manners, timeout=60)
        return await self.stack.enter_async_context(client)

    def later(self, **time: float) -> None:
        self.clock.ahead += timedelta(**time)

    async def mails(self, recipient: str | None = None) -> list[dict[str, Any]]:
        """What waits to be delivered, or was kept, the newest last."""
        rows = await self.house.database.system.fetch(
            "SELECT id, recipient, subject, text, html FROM outgoing_mail"
            " UNION SELECT id, recipient, subject, text, html FROM kept_mail ORDER BY id"
        )
        return [dict(row) for row in rows if recipient in (None, row["recipient"])]

    async def link(self, recipient: str) -> str:
        """The token of the newest link that was sent there."""
        text = (await self.mails(recipient))[-1]["text"]
        found = re.search(r"token=(\S+)", text)
        assert found, text
        return found[1]

    async def person(self, email: str = "mira@example.org", name: str = "Mira Okafor") -> httpx.AsyncClient:
        """Somebody who has registered, confirmed their address and signed in."""
        client = await self.visitor()
        asked = await client.post("/api/auth/register", json={"email": email, "password": PASSWORD, "name": name})
        assert asked.status_code == 202, asked.text
        verified = await client.post(
            "/api/auth/verify-email", json={"token": await self.link(email), "password": PASSWORD}
        )
        assert verified.status_code == 200, verified.text
        assert (await log_in(client, email)).status_code == 200
        return client

    async def audited(self) -> list[str]:
        """What the audit log says was done, in its order."""
        rows = await self.house.database.system.fetch("SELECT action FROM audit_log ORDER BY at, id")
        return [row["action"] for row in rows]


async def log_in(
    client: httpx.AsyncClient, email: str = "mira@example.org", password: str = PASSWORD
) -> httpx.Response:
    return await client.post("/api/auth/login", json={"email": email, "password": password})


Opens = Callable[..., Any]


@pytest.fixture
async def open_town(database_urls: TestDatabase, tmp_path: Path) -> AsyncIterator[Opens]:
    async with AsyncExitStack() as stack:

        async def open_one(mode: str = "open", **variables: str) -> Town:
            given = {"OVERPRINT_ACCOUNTS": mode, "OVERPRINT_ADMIN_SECOND_FACTOR": "false", **variables}
            opening = house_on(database_urls, tmp_path / "data", works=False, **given)
            house = await stack.enter_async_context(opening)
            clock = SetClock()
            return Town(house, web_app(house, clock, CHEAP_PASSWORDS), clock, stack)

        yield open_one


@pytest.fixture
async def town(open_town: Opens) -> Town:
    """A house in which anybody may register."""
    opened: Town = await open_town()
    return opened
