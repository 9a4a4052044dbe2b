"""Opening an account by mail, without telling anybody who has one."""

import asyncio

import httpx
import pytest

from tests.features.accounts.conftest import PASSWORD, Opens, Town, log_in

MIRA = {"email": "mira@example.org", "password": PASSWORD, "name": "Mira Okafor"}


async def test_an_account_begins_with_a_confirmed_address(town: Town) -> None:
    client = await town.visitor()
    assert (await client.post("/api/auth/register", json=MIRA)).status_code == 202
    refused = await log_in(client)
    assert refused.status_code == 401 and "not confirmed" in refused.json()["title"]
    (mail,) = await town.mails()
    assert mail["recipient"] == "mira@example.org" and "http://127.0.0.1:8000/verify?token=" in mail["text"]
    assert (
        await client.post(
            "/api/auth/verify-email", json={"token": await town.link(MIRA["email"]), "password": PASSWORD}
        )
    ).status_code == 200
    assert (await log_in(client)).status_code == 200
    me = (await client.get("/api/auth/me")).json()
    assert (me["email"], me["name"], me["is_guest"], me["role"], me["via"]) == (
        *("mira@example.org", "Mira Okafor", False, "owner", "session"),
    )


async def test_a_link_is_good_once_and_for_a_day(town: Town) -> None:
    client = await town.visitor()
    await client.post("/api/auth/register", json=MIRA)
    token = await town.link(MIRA["email"])
    assert (
        await client.post("/api/auth/verify-email", json={"token": token + "x", "password": PASSWORD})
    ).status_code == 422
    assert (await client.post("/api/auth/verify-email", json={"token": token, "password": PASSWORD})).status_code == 200
    assert (await client.post("/api/auth/verify-email", json={"token": token, "password": PASSWORD})).status_code == 422
    await client.post("/api/auth/register", json={**MIRA, "email": "nina@example.org"})
    late = await town.link("nina@example.org")
    town.later(hours=25)
    assert (await client.post("/api/auth/verify-email", json={"token": late, "password": PASSWORD})).status_code == 422


async def test_a_stranger_s_password_opens_no_account_of_who_has_the_mailbox(town: Town) -> None:
    stranger, owner = await town.visitor(), await town.visitor()
    await stranger.post("/api/auth/register", json=MIRA)
    link = {"token": await town.link(MIRA["email"])}
    assert (await owner.post("/api/auth/verify-email", json=link)).status_code == 422
    refused = await owner.post("/api/auth/verify-email", json={**link, "password": "four quiet swans"})
    assert refused.status_code == 403 and "choose a new one" in refused.json()["detail"]
    weak = await owner.post("/api/auth/verify-email", json={**link, "password": "password123", "is_new": True})
    assert (weak.status_code, weak.json()["field"]) == (422, "password")
    own = {**link, "password": "four quiet swans", "is_new": True}
    assert (await owner.post("/api/auth/verify-email", json=own)).status_code == 200
    assert (await log_in(stranger)).status_code == 401
    assert (await log_in(owner, password="four quiet swans")).status_code == 200


async def test_the_password_of_a_link_is_tried_only_so_often(town: Town) -> None:
    client = await town.visitor()
    await client.post("/api/auth/register", json=MIRA)
    link = {"token": await town.link(MIRA["email"]), "password": "not it at all"}
    tries = [(await client.post("/api/auth/verify-email", json=link)).status_code for _ in range(6)]
    assert tries == [403] * 5 + [429]
    town.later(minutes=1)
    assert (await client.post("/api/auth/verify-email", json={**link, "password": PASSWORD})).status_code == 200


async def test_who_has_an_address_is_told_in_the_mail_alone(town: Town) -> None:
    await town.person()
    stranger = await town.visitor()
    answers = [
        await stranger.post("/api/auth/register", json={**MIRA, "email": email, "password": "another good one"})
        for email in ("mira@example.org", "nobody@example.org")
    ]
    assert answers[0].status_code == answers[1].status_code and answers[0].json() == answers[1].json()
    assert "have an account already" in (await town.mails("mira@example.org"))[-1]["subject"]
    failed = [await log_in(stranger, email, "another good one") for email in ("mira@example.org", "nobody@example.org")]
    told = [{**answer.json(), "request_id": ""} for answer in failed]
    assert told[0] == told[1] and failed[0].status_code == failed[1].status_code == 401
    forgot = [
        await stranger.post("/api/auth/forgot-password", json={"email": f"{n}@example.org"}) for n in ("mira", "no")
    ]
    assert forgot[0].json() == forgot[1].json() and forgot[0].status_code == forgot[1].status_code == 202


async def test_two_who_confirm_one_address_at_once_make_one_account(town: Town) -> None:
    first, second = await town.visitor(), await town.visitor()
    tokens = []
    for client in (first, second):
        await client.post("/api/auth/register", json=MIRA)
        tokens.append(await town.link(MIRA["email"]))
    answers = await asyncio.gather(
        *(
            client.post("/api/auth/verify-email", json={"token": token, "password": PASSWORD})
            for client, token in zip((first, second), tokens, strict=True)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert (
        await town.house.database.system.fetchval("SELECT count(*) FROM people WHERE email = 'mira@example.org'") == 1
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "no address"}, "email"),
        ({"email": "a@b.c" * 99}, "email"),
        ({"password": "short"}, "password"),
        ({"password": "x" * 300}, "password"),
        ({"name": "\x00"}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"admin": True}, "admin"),
    ],
)
async def test_what_cannot_be_used_is_named_and_the_password_is_not_repeated(
    town: Town, change: dict[str, object], field: str
) -> None:
    client = await town.visitor()
    answer = await client.post("/api/auth/register", json={**MIRA, **change})
    assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text
    assert await town.mails() == [] and PASSWORD not in answer.text


async def test_names_are_kept_as_they_are_written_and_only_ever_escaped(town: Town) -> None:
    name = "'; DROP TABLE people; -- <script>alert(1)</script> 美咲"
    client = await town.person(name=name)
    assert (await client.get("/api/auth/me")).json()["name"] == name
    await client.post("/api/auth/forgot-password", json={"email": MIRA["email"]})
    html = (await town.mails())[-1]["html"]
    assert "<script>" not in html and "&lt;script&gt;" in html


async def test_no_stranger_s_words_are_mailed_to_an_address_that_is_not_confirmed(town: Town) -> None:
    name = "You won! See evil.example"
    client = await town.person(name=name)
    await client.post("/api/auth/change-email", json={"email": "new@example.org", "password": PASSWORD})
    (first, second) = [mail for mail in await town.mails() if "Confirm" in mail["subject"]]
    assert second["recipient"] == "new@example.org"
    assert not any("evil" in mail[part] for mail in (first, second) for part in ("subject", "text", "html"))


async def test_an_address_is_asked_only_so_often(town: Town) -> None:
    client = await town.visitor()
    answers = [await client.post("/api/auth/register", json=MIRA) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [202, 202, 202, 429]
    assert answers[-1].json()["code"] == "too_often" and int(answers[-1].headers["retry-after"]) > 0
    town.later(hours=1)
    assert (await client.post("/api/auth/register", json=MIRA)).status_code == 202


async def test_in_a_house_for_the_invited_a_stranger_gets_no_mail_and_no_other_answer(open_town: Opens) -> None:
    town: Town = await open_town("invited")
    client = await town.visitor()
    assert (await client.post("/api/auth/register", json=MIRA)).status_code == 202
    assert await town.mails() == []
    assert (await client.post("/api/auth/guest")).status_code == 403


async def test_a_house_without_accounts_says_so(open_town: Opens) -> None:
    town: Town = await open_town("local")
    client = await town.visitor()
    assert (await client.get("/api/auth/me")).json()["email"] == "owner@localhost"
    for path, body in (("register", MIRA), ("login", {"email": "a@b.org", "password": "x"}), ("guest", None)):
        answer: httpx.Response = await client.post(f"/api/auth/{path}", json=body)
        assert answer.status_code == 403 and "no accounts" in answer.json()["title"]
