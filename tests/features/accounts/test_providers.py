"""Signing in with others: to the provider's page and back, and whose account it is then."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx
import pytest

from overprint.wiring.people import postman_of
from tests.features.accounts.conftest import PASSWORD, Opens, Town, log_in
from tests.features.accounts.test_passkeys import added, asked
from tests.features.accounts.test_races import WAITING
from tests.support.clock import SetClock
from tests.support.database import TestDatabase
from tests.support.identity_server import CLIENT_ID, CLIENT_SECRET, IdentityServer, huge, identity_server

SECOND = "four quiet swans"


@dataclass
class Street:
    """A house, and the provider next door."""

    town: Town
    server: IdentityServer

    async def go(self, client: httpx.AsyncClient, wanted: str = "/photos", name: str = "work") -> str:
        """The address of the provider's page."""
        answer = await client.get(f"/api/auth/oidc/{name}/start", params={"next": wanted})
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    async def come_back(self, client: httpx.AsyncClient, query: dict[str, str], name: str = "work") -> httpx.Response:
        return await client.get(f"/api/auth/oidc/{name}/callback", params=query)

    async def sign_in(self, client: httpx.AsyncClient, name: str = "work") -> httpx.Response:
        return await self.come_back(client, self.server.approve(await self.go(client, name=name)), name)

    async def show_again(
        self, client: httpx.AsyncClient, wanted: str = "/account", name: str = "work"
    ) -> httpx.Response:
        """Type the password there once more, whoever is signed in; at GitHub, which asks nobody to, click."""
        led = await client.get(f"/api/auth/oidc/{name}/start", params={"fresh": "true", "next": wanted})
        assert ("prompt=login" in led.headers["location"]) is (name == "work")
        return await self.come_back(client, self.server.approve(led.headers["location"]), name)

    async def count(self, table: str) -> int:
        return int(await self.town.house.database.system.fetchval(f"SELECT count(*) FROM {table}"))


def settings_for(issuer: str, *names: str) -> dict[str, str]:
    def each(value: str) -> str:
        return ",".join([value] * len(names))

    return {
        "OVERPRINT_IDENTITY_PROVIDERS": ",".join(names),
        "OVERPRINT_IDENTITY_ISSUERS": each(issuer),
        "OVERPRINT_IDENTITY_CLIENT_IDS": each(CLIENT_ID),
        "OVERPRINT_IDENTITY_CLIENT_SECRETS": each(CLIENT_SECRET),
    }


@pytest.fixture
async def server() -> AsyncIterator[IdentityServer]:
    async with identity_server(SetClock()) as opened:
        yield opened


@pytest.fixture
async def street(open_town: Opens, server: IdentityServer) -> Street:
    town: Town = await open_town(**settings_for(server.issuer, "work", "github"))
    server.clock = town.clock
    return Street(town, server)


def alert(answer: httpx.Response) -> str:
    return answer.text.partition('role="alert"')[2].partition("</p>")[0]


async def me(client: httpx.AsyncClient) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get("/api/auth/me")).json()
    return found


async def link_page(client: httpx.AsyncClient, answer: httpx.Response) -> str:
    """The token of the page that asks whose account it is."""
    found = re.fullmatch(r"/link\?token=(\S+)", answer.headers["location"])
    assert answer.status_code == 303 and found
    return found[1]


@pytest.mark.parametrize("name", ["work", "github"])
async def test_who_is_new_has_an_account_by_what_the_provider_says(street: Street, name: str) -> None:
    client = await street.town.visitor()
    entrance = (await client.get("/login?next=/photos")).text
    assert "Sign in with Work" in entrance and "Sign in with GitHub" in entrance
    street.server.person["sub"] = "m-17"
    answer = await street.sign_in(client, name)
    assert (answer.status_code, answer.headers["location"]) == (303, "/photos")
    mira = await me(client)
    assert (mira["email"], mira["name"], mira["role"]) == ("mira@example.org", "Mira Okafor", "owner")
    elsewhere = await street.town.visitor()
    assert (await street.sign_in(elsewhere, name)).headers["location"] == "/photos"
    assert (await me(elsewhere))["id"] == mira["id"] and await street.count("people WHERE email IS NOT NULL") == 1 + 1
    (identity,) = (await client.get("/api/auth/identities")).json()["items"]
    assert (identity["provider"], identity["email"]) == (name, "mira@example.org")
    assert [each for each in await street.town.audited() if "person" in each] == [
        *("person.registered", "person.logged_in", "person.logged_in")
    ]


async def test_who_has_no_password_may_choose_one_by_mail(street: Street) -> None:
    client = await street.town.visitor()
    await street.sign_in(client)
    assert (await log_in(await street.town.visitor(), password="")).status_code == 422
    await client.post("/api/auth/forgot-password", json={"email": "mira@example.org"})
    reset = {"token": await street.town.link("mira@example.org"), "password": SECOND}
    assert (await client.post("/api/auth/reset-password", json=reset)).status_code == 200
    assert (await log_in(client, password=SECOND)).status_code == 200


async def test_a_guest_stays_who_they_are(street: Street) -> None:
    client = await street.town.visitor()
    await client.post("/api/auth/guest")
    guest = await me(client)
    project = (await client.post("/api/projects", json={"name": "Made as a guest"})).json()
    assert (await street.sign_in(client)).status_code == 303
    now = await me(client)
    assert (now["id"], now["team_id"], now["is_guest"]) == (guest["id"], guest["team_id"], False)
    assert (await client.get("/api/projects")).json()["items"][0]["id"] == project["id"]


async def test_an_account_of_the_same_address_is_not_taken_but_asked_for(street: Street) -> None:
    await street.town.person()
    client = await street.town.visitor()
    answer = await street.sign_in(client)
    token = await link_page(client, answer)
    assert (await client.get("/api/auth/me")).status_code == 401 and await street.count("identities") == 0
    asked = await client.get(answer.headers["location"])
    assert "already" in asked.text and "mira@example.org" in asked.text and "Link it" not in asked.text
    assert (await client.post("/link", data={"token": token})).status_code == 401
    form = {"email": "mira@example.org", "password": PASSWORD, "next": f"/link?token={token}"}
    led = await client.post("/login", data=form)
    assert "Link it with my account" in (await client.get(led.headers["location"])).text
    linked = await client.post("/link", data={"token": token})
    assert (linked.status_code, linked.headers["location"]) == (303, "/photos")
    assert "sign in with Work" in (await street.town.mails("mira@example.org"))[-1]["subject"]
    assert (await street.town.audited())[-1] == "identity.linked"
    elsewhere = await street.town.visitor()
    assert (await street.sign_in(elsewhere)).headers["location"] == "/photos"
    assert (await me(elsewhere))["id"] == (await me(client))["id"]


async def test_the_question_is_answered_in_the_browser_that_came_back_once_and_soon(street: Street) -> None:
    owner = await street.town.person()
    stranger = await street.town.visitor()
    token = await link_page(stranger, await street.sign_in(stranger))
    assert "another browser" in alert(await owner.post("/link", data={"token": token}))
    await log_in(stranger)
    street.town.later(minutes=11)
    assert (await stranger.post("/api/auth/identities", json={"token": token})).status_code == 403
    token = await link_page(owner, await street.sign_in(owner))
    assert (await owner.post("/link", data={"token": token})).headers["location"].startswith("/confirm?next=/link")
    await owner.post("/api/auth/confirm", json={"password": PASSWORD})
    assert (await owner.post("/api/auth/identities", json={"token": token})).status_code == 204
    assert (await owner.post("/api/auth/identities", json={"token": token})).status_code == 403
    assert await street.count("identities") == 1


async def test_who_is_signed_in_links_what_has_another_address_or_none(street: Street) -> None:
    client = await street.town.person()
    street.server.person |= {"email": "private@example.net", "email_verified": False}
    token = await link_page(client, await street.sign_in(client))
    assert "Link it with my account" in (await client.get(f"/link?token={token}")).text
    await client.post("/link", data={"token": token})
    assert "Unlink" in (await client.get("/account")).text
    nina = await street.town.person("nina@example.org", "Nina")
    assert "has another account" in alert(await street.sign_in(nina))
    assert (await me(nina))["name"] == "Nina"


async def test_an_identity_is_parted_from_its_account_but_not_the_last_way_in(street: Street) -> None:
    client = await street.town.visitor()
    await street.sign_in(client)
    await street.show_again(client)
    (identity,) = (await client.get("/api/auth/identities")).json()["items"]
    refused = await client.delete(f"/api/auth/identities/{identity['id']}")
    assert refused.status_code == 409 and "last way" in refused.json()["title"]
    await client.post("/api/auth/forgot-password", json={"email": "mira@example.org"})
    reset = {"token": await street.town.link("mira@example.org"), "password": SECOND}
    await client.post("/api/auth/reset-password", json=reset)
    await log_in(client, password=SECOND)
    street.town.later(minutes=11)
    assert (await client.delete(f"/api/auth/identities/{identity['id']}")).json()["code"] == "not_confirmed"
    await client.post("/api/auth/confirm", json={"password": SECOND})
    nina = await street.town.person("nina@example.org", "Nina")
    assert (await nina.delete(f"/api/auth/identities/{identity['id']}")).status_code == 404
    assert (await client.post(f"/account/identities/{identity['id']}/unlink")).status_code == 303
    assert (await client.get("/api/auth/identities")).json() == {"items": []}
    assert "no way into" in (await street.town.mails("mira@example.org"))[-1]["subject"]


async def test_who_has_no_password_shows_at_the_provider_once_more_that_it_is_them(street: Street) -> None:
    client = await street.town.visitor()
    await street.sign_in(client)
    street.town.later(minutes=11)
    change = {"email": "new@example.org", "password": "none"}
    assert (await client.post("/api/auth/change-email", json=change)).json()["code"] == "not_confirmed"
    assert "/api/auth/oidc/work/start?fresh=true&amp;next=/account" in (await client.get("/confirm")).text
    assert (await street.show_again(client)).headers["location"] == "/account"
    assert (await client.post("/api/auth/change-email", json=change)).status_code == 202
    assert await street.count("sessions WHERE ended_at IS NULL") == 1


async def test_who_the_provider_lets_in_without_a_word_has_shown_nothing_once_more(street: Street) -> None:
    client = await street.town.visitor()
    for _ in range(2):
        await street.sign_in(client)
        assert (await me(client))["confirmed_at"] is None
        assert (await client.post("/api/auth/second-factor")).json()["code"] == "not_confirmed"
    await street.show_again(client)
    assert (await client.post("/api/auth/second-factor")).status_code == 201


async def test_a_click_at_github_is_no_proof_beside_a_passkey(street: Street) -> None:
    client = await street.town.visitor()
    await street.sign_in(client, "github")
    await street.show_again(client, name="github")
    passkey = await added(client)
    street.town.later(minutes=11)
    await street.show_again(client, name="github")
    assert (await me(client))["confirmed_at"] is None
    page = (await client.get("/confirm")).text
    assert "oidc/github/start" not in page and "passkey" in page
    shown = passkey.show(await asked(client, "/confirm"))
    assert (await client.post("/api/auth/passkeys/confirm", json={"credential": shown})).status_code == 204
    assert (await me(client))["confirmed_at"] is not None


async def test_a_question_waits_while_its_person_shows_once_more_that_it_is_them(street: Street) -> None:
    client = await street.town.visitor()
    await street.sign_in(client)
    street.server.person |= {"sub": "m-2"}
    token = await link_page(client, await street.sign_in(client, "github"))
    assert (await client.post("/link", data={"token": token})).headers["location"].startswith("/confirm?next=/link")
    street.server.person |= {"sub": "m-1"}
    assert (await street.show_again(client, f"/link?token={token}")).headers["location"] == f"/link?token={token}"
    assert (await client.post("/link", data={"token": token})).headers["location"] == "/photos"
    assert await street.count("identities") == 2 and await street.count("people WHERE email = 'mira@example.org'") == 1


async def test_who_comes_back_while_their_identity_is_parted_is_told_and_nothing_waits_for_ever(street: Street) -> None:
    client = await street.town.visitor()
    await street.sign_in(client)
    query = street.server.approve(await street.go(client))
    database = street.town.house.database
    async with database.system_transaction() as connection:  # in the order of whoever parts the two
        await connection.execute("SELECT FROM people WHERE email = 'mira@example.org' FOR UPDATE")
        coming = asyncio.ensure_future(street.come_back(client, query))
        async with asyncio.timeout(20):
            while await database.system.fetchval(WAITING) < 1:
                await asyncio.sleep(0.01)
        await connection.execute("DELETE FROM identities")
    refused = await coming
    assert refused.status_code == 409 and "was parted" in alert(refused)


async def test_a_round_that_nobody_comes_back_from_is_forgotten(street: Street) -> None:
    await street.go(await street.town.visitor())
    mail = postman_of(street.town.house.settings, street.town.house.database, street.town.clock)
    await mail.tidy()
    assert await street.count("rounds") == 1
    street.town.later(minutes=11)
    await mail.tidy()
    assert await street.count("rounds") == 0


async def test_who_has_a_second_factor_is_asked_for_it_here_too(street: Street) -> None:
    client = await street.town.visitor()
    await street.sign_in(client)
    await street.town.house.database.system.execute(
        "INSERT INTO second_factors (person_id, sealed_secret, key_id, made_at, confirmed_at)"
        " SELECT id, '', '', now(), now() FROM people WHERE email = 'mira@example.org'"
    )
    elsewhere = await street.town.visitor()
    asked = await street.sign_in(elsewhere)
    assert asked.status_code == 200 and 'name="ticket"' in asked.text and 'value="/photos"' in asked.text
    assert (await elsewhere.get("/api/auth/me")).status_code == 401


async def test_a_round_comes_back_once_to_the_browser_that_began_it_within_ten_minutes(street: Street) -> None:
    client, thief = await street.town.visitor(), await street.town.visitor()
    query = street.server.approve(await street.go(client))
    await street.go(thief)
    for who, changes in (
        (thief, {}),
        (client, {"state": "x"}),
        (client, {"state": ""}),
        (client, {"state": "x" * 5000}),
    ):
        refused = await street.come_back(who, {**query, **changes})
        assert refused.status_code == 403 and "another browser" in alert(refused)
    assert (await street.come_back(client, query, "github")).status_code == 403
    assert (await street.come_back(client, query)).status_code == 303
    client.cookies.clear()
    assert (await street.come_back(client, query)).status_code == 403
    query = street.server.approve(await street.go(client))
    street.town.later(minutes=11)
    assert (await street.come_back(client, query)).status_code == 403
    assert await street.count("identities") == 1 and await street.count("sessions") == 1


UNBELIEVABLE: tuple[tuple[dict[str, Any], str], ...] = (
    ({"aud": "other"}, "for somebody else"),
    ({"nonce": "other"}, "another round"),
    ({"exp": 1}, "is over"),
    ({"email_verified": False}, "a mail address is yours"),
    ({"email": "no address"}, "a mail address is yours"),
)


async def test_what_cannot_be_believed_leaves_nothing_behind(street: Street) -> None:
    client = await street.town.visitor()
    for street.server.claims, says in UNBELIEVABLE:
        answer = await street.sign_in(client)
        assert answer.status_code == 403 and says in alert(answer)
    counts = [await street.count(table) for table in ("identities", "sessions", "rounds", "people WHERE email <> ''")]
    assert counts == [0, 0, 0, 1] and (await client.get("/api/auth/me")).status_code == 401


async def test_a_provider_in_trouble_is_told_of_in_a_sentence_and_nothing_is_kept(street: Street) -> None:
    client = await street.town.visitor()
    url = await street.go(client)
    street.server.answers["/token"] = huge
    answer = await street.come_back(client, street.server.approve(url))
    assert answer.status_code == 503 and "Work does not answer now" in alert(answer)
    street.town.later(hours=2)
    street.server.description = {"issuer": "https://evil.example"}
    answer = await client.get("/api/auth/oidc/work/start")
    assert answer.status_code == 503 and "not set up rightly" in alert(answer) and "evil" not in answer.text
    assert await street.count("rounds") == 0 and await street.count("identities") == 0


async def test_who_does_not_go_on_there_is_back_at_the_entrance(street: Street) -> None:
    client = await street.town.visitor()
    state = street.server.approve(await street.go(client))["state"]
    answer = await street.come_back(client, {"state": state, "error": "access_denied"})
    assert answer.status_code == 403 and "did not go on at Work" in alert(answer) and 'href="/login"' in answer.text


async def test_nobody_is_led_to_another_site_in_the_end(street: Street) -> None:
    client = await street.town.visitor()
    for wanted in ("https://evil.example", "//evil.example", "/\\evil.example", "x" * 400):
        answer = await street.come_back(client, street.server.approve(await street.go(client, wanted)))
        assert answer.headers["location"] == "/"


async def test_an_identity_at_a_provider_that_is_gone_is_no_way_in(street: Street) -> None:
    client = await street.town.visitor()
    await street.sign_in(client)
    await street.show_again(client)
    (identity,) = (await client.get("/api/auth/identities")).json()["items"]
    await street.town.house.database.system.execute(
        "INSERT INTO identities (id, person_id, provider, issuer, subject, email, made_at, used_at)"
        " SELECT gen_random_uuid(), person_id, 'gone', 'https://gone.example', 'm-1', '', now(), now() FROM identities"
    )
    refused = await client.delete(f"/api/auth/identities/{identity['id']}")
    assert refused.status_code == 409 and "last way" in refused.json()["title"]


async def test_a_name_is_taken_as_far_as_it_is_one(street: Street) -> None:
    street.server.person["name"] = "x" * 200
    client = await street.town.visitor()
    await street.sign_in(client)
    assert (await me(client))["name"] == "mira"


async def test_two_who_come_back_at_once_are_one_person(street: Street) -> None:
    clients = [await street.town.visitor() for _ in range(3)]
    queries = [street.server.approve(await street.go(client)) for client in clients]
    answers = await asyncio.gather(*(street.come_back(c, q) for c, q in zip(clients, queries, strict=True)))
    assert {answer.status_code for answer in answers} <= {303, 409}
    assert await street.count("people WHERE email = 'mira@example.org'") == await street.count("identities") == 1


async def test_in_a_house_for_the_invited_the_provider_s_word_is_not_enough(
    open_town: Opens, server: IdentityServer, database_urls: TestDatabase
) -> None:
    town: Town = await open_town("invited", **settings_for(server.issuer, "work"))
    street, client = Street(town, server), await town.visitor()
    refused = await street.sign_in(client)
    assert refused.status_code == 403 and "Nobody was invited" in alert(refused)
    assert await street.count("identities") == 0
    connection = await asyncpg.connect(database_urls.superuser)
    await connection.execute(
        "INSERT INTO invitations (id, team_id, email, role, hash, invited_by, created_at, expires_at, sent_at)"
        " SELECT id, id, 'mira@example.org', 'member', '', id, now(), now() + interval '1 day', now() FROM teams"
    )
    await connection.close()
    assert (await street.sign_in(client)).status_code == 303
    assert (await me(client))["email"] == "mira@example.org"


async def test_where_there_are_no_accounts_nobody_signs_in_with_others(
    open_town: Opens, server: IdentityServer
) -> None:
    town: Town = await open_town("local", **settings_for(server.issuer, "work"))
    client = await town.visitor()
    assert (await client.get("/api/auth/oidc")).json() == {"items": []}
    assert (await client.get("/api/auth/oidc/work/start")).status_code == 404
    assert "Work" not in (await client.get("/login")).text


async def test_programs_are_told_whom_people_may_sign_in_with(street: Street) -> None:
    client = await street.town.visitor()
    assert (await client.get("/api/auth/oidc")).json()["items"] == [
        {"name": "work", "label": "Work", "start": "/api/auth/oidc/work/start"},
        {"name": "github", "label": "GitHub", "start": "/api/auth/oidc/github/start"},
    ]
    key_holder = await street.town.person()
    made = await key_holder.post("/api/keys", json={"name": "x", "scopes": ["work:read"]})
    shown = {"Authorization": f"Bearer {made.json()['key']}"}
    assert (await client.get("/api/auth/identities", headers=shown)).status_code == 403
    assert (await client.get("/api/auth/oidc/nobody/start")).status_code == 404


async def test_a_closed_account_leaves_its_identity_free(street: Street) -> None:
    client = await street.town.visitor()
    await street.sign_in(client)
    await street.show_again(client)
    first = (await me(client))["id"]
    assert (await client.request("DELETE", "/api/auth/me", json={"password": "x"})).status_code == 204
    assert await street.count("identities") == 0
    await street.sign_in(client)
    assert (await me(client))["id"] != first
