"""Guests: they try it without an account, and keep what they made when they open one."""

import asyncio

from tests.features.accounts.conftest import PASSWORD, Town, log_in

MIRA = {"email": "mira@example.org", "password": PASSWORD, "name": "Mira Okafor"}


async def test_a_guest_has_a_team_of_their_own_and_keeps_it_by_registering(town: Town) -> None:
    guest = await town.visitor()
    assert (await guest.post("/api/auth/guest")).status_code == 200
    before = (await guest.get("/api/auth/me")).json()
    assert (before["is_guest"], before["via"], before["email"]) == (True, "guest", None)
    project = (await guest.post("/api/projects", json={"name": "The fox"})).json()["id"]
    await guest.post("/api/auth/register", json=MIRA)
    assert (await guest.get("/api/auth/me")).json()["is_guest"], "until the address is confirmed"
    assert (
        await guest.post("/api/auth/verify-email", json={"token": await town.link(MIRA["email"]), "password": PASSWORD})
    ).status_code == 200
    client = await town.visitor()
    assert (await log_in(client)).status_code == 200
    after = (await client.get("/api/auth/me")).json()
    assert (after["id"], after["team_id"]) == (before["id"], before["team_id"]) and not after["is_guest"]
    assert [item["id"] for item in (await client.get("/api/projects")).json()["items"]] == [project]


async def test_who_asked_for_an_account_with_another_s_mailbox_does_not_get_in(town: Town) -> None:
    stranger, owner = await town.visitor(), await town.visitor()
    await stranger.post("/api/auth/guest")
    guest = (await stranger.get("/api/auth/me")).json()
    await stranger.post("/api/auth/register", json=MIRA)
    new = {"token": await town.link(MIRA["email"]), "password": "four quiet swans", "is_new": True}
    assert (await owner.post("/api/auth/verify-email", json=new)).status_code == 200
    assert (await log_in(owner, password="four quiet swans")).status_code == 200
    mine = (await owner.get("/api/auth/me")).json()
    assert mine["id"] != guest["id"] and mine["team_id"] != guest["team_id"]
    assert (await stranger.get("/api/auth/me")).json() == guest, "they stay the guest that they were"
    assert (await log_in(stranger)).status_code == 401


async def test_a_guest_who_forgot_the_password_meanwhile_keeps_what_they_made_in_the_same_browser(town: Town) -> None:
    guest, elsewhere = await town.visitor(), await town.visitor()
    await guest.post("/api/auth/guest")
    before = (await guest.get("/api/auth/me")).json()
    await guest.post("/api/auth/register", json=MIRA)
    new = {"token": await town.link(MIRA["email"]), "password": "four quiet swans", "is_new": True}
    assert (await guest.post("/api/auth/verify-email", json=new)).status_code == 200
    assert (await log_in(elsewhere, password="four quiet swans")).status_code == 200
    after = [(await client.get("/api/auth/me")).json() for client in (guest, elsewhere)]
    assert {(me["id"], me["team_id"], me["is_guest"]) for me in after} == {(before["id"], before["team_id"], False)}


async def test_a_guest_who_registers_twice_becomes_one_person(town: Town) -> None:
    guest = await town.visitor()
    await guest.post("/api/auth/guest")
    tokens = []
    for email in ("mira@example.org", "nina@example.org"):
        await guest.post("/api/auth/register", json={**MIRA, "email": email})
        tokens.append(await town.link(email))
    answers = await asyncio.gather(
        *(guest.post("/api/auth/verify-email", json={"token": token, "password": PASSWORD}) for token in tokens)
    )
    assert [answer.status_code for answer in answers] == [200, 200]
    teams = await town.house.database.system.fetch(
        "SELECT m.team_id FROM people p JOIN memberships m ON m.person_id = p.id WHERE p.email LIKE '%example.org'"
    )
    assert len(teams) == 2 == len({row["team_id"] for row in teams}), "one kept the guest's team, the other has its own"


async def test_from_one_address_only_a_few_guests_come(town: Town) -> None:
    answers = []
    for _ in range(4):
        answers.append((await (await town.visitor("10.9.9.9")).post("/api/auth/guest")).status_code)
    assert answers == [200, 200, 200, 429]
    assert (await (await town.visitor("10.9.9.8")).post("/api/auth/guest")).status_code == 200


async def test_who_is_here_already_is_no_guest(town: Town) -> None:
    client = await town.person()
    assert (await client.post("/api/auth/guest")).status_code == 403
    assert (await client.post("/guest")).headers["location"] == "/"
    assert not (await client.get("/api/auth/me")).json()["is_guest"]


async def test_a_guest_has_no_password_to_change_and_no_account_to_close(town: Town) -> None:
    guest = await town.visitor()
    await guest.post("/api/auth/guest")
    for method, path, body in (
        ("POST", "change-password", {"old": "x", "new": "four quiet swans"}),
        ("POST", "change-email", {"email": "a@example.org", "password": "x"}),
        ("POST", "confirm", {"password": "x"}),
        ("DELETE", "me", {"password": "x"}),
    ):
        answer = await guest.request(method, f"/api/auth/{path}", json=body)
        assert answer.status_code == 403, path
    assert await town.mails() == []


async def test_the_entrance_offers_to_try_it_and_the_page_lets_a_guest_in(town: Town) -> None:
    client = await town.visitor()
    assert 'action="/guest"' in (await client.get("/login")).text
    assert (await client.post("/guest")).headers["location"] == "/"
    assert (await client.get("/make", headers={"Accept": "text/html"})).status_code == 200
    account = (await client.get("/account")).text
    assert "You are here as a guest" in account and "/account/password" not in account
    assert 'action="/login"' in (await client.get("/login")).text, "a guest may sign in"


async def test_a_guest_makes_one_book_a_day_and_more_after_registering(town: Town) -> None:
    guest = await town.visitor()
    await guest.post("/api/auth/guest")
    book = {"premise": "A fox wants a boat", "pages": 6, "chapters": 1}
    answers = [await guest.post("/api/books", json={**book, "seed": seed}) for seed in (1, 2)]
    assert answers[0].status_code == 202 and answers[1].status_code >= 400, answers[1].text
    await guest.post("/api/auth/register", json=MIRA)
    await guest.post("/api/auth/verify-email", json={"token": await town.link(MIRA["email"]), "password": PASSWORD})
    assert (await guest.post("/api/books", json={**book, "seed": 2})).status_code == 202
    plans = await town.house.database.system.fetch("SELECT plan FROM purses WHERE plan <> 'own'")
    assert [row["plan"] for row in plans] == ["free"]


async def test_one_connection_s_many_addresses_count_as_one(town: Town) -> None:
    answers = []
    for number in range(4):
        answers.append((await (await town.visitor(f"2001:db8:7:7::{number}")).post("/api/auth/guest")).status_code)
    assert answers == [200, 200, 200, 429]
    assert (await (await town.visitor("2001:db8:7:8::1")).post("/api/auth/guest")).status_code == 200


async def test_of_guests_who_confirm_one_address_at_once_one_gets_it_and_the_others_are_told(town: Town) -> None:
    links = []
    for _ in range(6):
        guest = await town.visitor()
        await guest.post("/api/auth/guest")
        town.later(minutes=21)  # one address gets few mails at once
        assert (await guest.post("/api/auth/register", json=MIRA)).status_code == 202
        links.append((guest, {"token": await town.link(MIRA["email"]), "password": PASSWORD}))
    answers = await asyncio.gather(*(guest.post("/api/auth/verify-email", json=token) for guest, token in links))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409, 409]
