"""Who resets a password shuts out whatever was on its way with the old one."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest

from overprint.features.accounts.service.passwords import Passwords
from tests.features.accounts.conftest import PASSWORD, Town, log_in
from tests.support.house import CHEAP_PASSWORDS

MIRA, NEW = "mira@example.org", "four quiet swans"

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"

VERIFY = Passwords.verify


class Slow(Passwords):
    """Says yes to a password, and goes on only when it is let."""

    def __init__(self) -> None:
        super().__init__(CHEAP_PASSWORDS)
        self.proven, self.go_on = asyncio.Event(), asyncio.Event()

    async def verify(self, password: str, password_hash: str | None) -> bool:
        is_right = await VERIFY(self, password, password_hash)
        self.proven.set()
        await self.go_on.wait()
        return is_right


def _change_password(thief: httpx.AsyncClient) -> Awaitable[httpx.Response]:
    return thief.post("/api/auth/change-password", json={"old": PASSWORD, "new": "seven sly foxes"})


def _change_email(thief: httpx.AsyncClient) -> Awaitable[httpx.Response]:
    return thief.post("/api/auth/change-email", json={"email": "thief@example.org", "password": PASSWORD})


def _close(thief: httpx.AsyncClient) -> Awaitable[httpx.Response]:
    return thief.request("DELETE", "/api/auth/me", json={"password": PASSWORD})


@pytest.mark.parametrize("deed", [log_in, _change_password, _change_email, _close])
async def test_nothing_is_done_with_a_password_that_was_reset_while_it_was_looked_at(
    town: Town, monkeypatch: pytest.MonkeyPatch, deed: Callable[[httpx.AsyncClient], Awaitable[httpx.Response]]
) -> None:
    thief, owner = await town.person(), await town.visitor()
    await owner.post("/api/auth/forgot-password", json={"email": MIRA})
    reset = {"token": await town.link(MIRA), "password": NEW}
    slow = Slow()
    with monkeypatch.context() as patched:
        patched.setattr(Passwords, "verify", lambda _, *shown: Slow.verify(slow, *shown))
        deeds = asyncio.ensure_future(deed(thief))
        await asyncio.wait_for(slow.proven.wait(), 20)
        assert (await owner.post("/api/auth/reset-password", json=reset)).status_code == 200
        slow.go_on.set()
        answer = await deeds
    assert answer.status_code in (401, 403), answer.text
    alive = await town.house.database.system.fetchval("SELECT count(*) FROM sessions WHERE ended_at IS NULL")
    assert alive == 0 and await town.mails("thief@example.org") == []
    assert (await log_in(await town.visitor(), MIRA, NEW)).status_code == 200


async def test_the_password_alone_confirms_nothing_once_a_second_factor_counts(town: Town) -> None:
    client = await town.person()
    town.later(minutes=11)
    pool = town.house.database.system
    async with town.house.database.system_transaction() as connection:
        await connection.execute("SELECT FROM people WHERE email = $1 FOR UPDATE", MIRA)
        confirming = asyncio.ensure_future(client.post("/api/auth/confirm", json={"password": PASSWORD}))
        async with asyncio.timeout(20):
            while await pool.fetchval(WAITING) < 1:
                await asyncio.sleep(0.01)
        await connection.execute(
            "INSERT INTO second_factors (person_id, sealed_secret, key_id, made_at, confirmed_at)"
            " SELECT id, '', '', now(), now() FROM people WHERE email = $1",
            MIRA,
        )
    assert (await confirming).status_code == 403


async def test_two_links_of_one_person_that_are_opened_at_once_end_with_one_answer_each(town: Town) -> None:
    await town.person()
    clients = [await town.visitor() for _ in range(2)]
    resets = []
    for client in clients:
        await client.post("/api/auth/forgot-password", json={"email": MIRA})
        resets.append({"token": await town.link(MIRA), "password": NEW})
    pool = town.house.database.system
    async with town.house.database.system_transaction() as connection:
        await connection.execute("SELECT FROM people WHERE email = $1 FOR UPDATE", MIRA)
        opened = asyncio.gather(
            *(
                client.post("/api/auth/reset-password", json=reset)
                for client, reset in zip(clients, resets, strict=True)
            )
        )
        async with asyncio.timeout(20):
            while await pool.fetchval(WAITING) < 2:
                await asyncio.sleep(0.01)
    assert sorted(answer.status_code for answer in await opened) == [200, 422]
