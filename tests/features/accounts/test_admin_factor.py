"""Whoever runs the house shows two things, and is led to set the second one up without being locked out."""

import httpx
import pytest

from tests.features.accounts.conftest import PASSWORD, Opens, Town, log_in
from tests.features.accounts.test_passkeys import added, asked, show
from tests.features.accounts.test_second_factor import code_of, set_up, ticket_of

PAGE = {"Accept": "text/html"}
MAIL = "/admin/mail"


@pytest.fixture
async def strict(open_town: Opens) -> Town:
    """A house as it is when nobody sets anything: Mira runs it."""
    town: Town = await open_town(OVERPRINT_ADMIN_SECOND_FACTOR="true")
    return town


async def admin(town: Town) -> httpx.AsyncClient:
    mira = await town.person()
    await town.house.database.system.execute("UPDATE people SET is_site_admin = true")
    return mira


async def led_to(client: httpx.AsyncClient, path: str) -> str:
    answer = await client.get(path, headers=PAGE)
    return str(answer.headers.get("location", answer.status_code))


async def test_a_password_alone_opens_nothing_of_the_house(strict: Town) -> None:
    mira = await admin(strict)
    refused = await mira.get("/api/admin/mail")
    assert refused.json()["code"] == "not_confirmed" and "/confirm" in refused.json()["detail"]
    assert (await mira.post("/api/auth/confirm", json={"password": PASSWORD})).status_code == 204
    assert (await mira.get("/api/admin/mail")).json()["code"] == "not_confirmed"
    assert (await mira.get("/api/jobs")).status_code == 200, "the work is theirs as anybody's"


async def test_a_fresh_house_leads_its_first_admin_to_a_second_factor_and_on(strict: Town) -> None:
    mira = await admin(strict)
    strict.later(minutes=11)
    assert await led_to(mira, MAIL) == "/confirm?next=/admin/mail"
    shown = await mira.post("/confirm", data={"password": PASSWORD, "next": MAIL})
    assert shown.headers["location"] == "/confirm?next=%2Fadmin%2Fmail"
    page = (await mira.get(shown.headers["location"])).text
    assert "set up an app" in page and 'href="/account#second-factor"' in page
    await set_up(strict, mira)
    assert await led_to(mira, MAIL) == "200"


async def test_who_has_one_shows_it_at_signing_in_and_once_more(strict: Town) -> None:
    mira = await admin(strict)
    secret, codes = await set_up(strict, mira)
    other = await strict.visitor()
    body = {"ticket": await ticket_of(other), "code": codes[0]}
    assert (await other.post("/api/auth/second-factor/login", json=body)).status_code == 200
    assert (await other.get("/api/admin/mail")).status_code == 200
    strict.later(minutes=11)
    assert await led_to(other, MAIL) == "/confirm?next=/admin/mail"
    form = {"password": PASSWORD, "code": code_of(strict, secret), "next": MAIL}
    assert (await other.post("/confirm", data=form)).headers["location"] == MAIL
    assert await led_to(other, MAIL) == "200"


async def test_with_a_passkey_the_password_does_not_do_and_no_factor_is_slipped_in(strict: Town) -> None:
    mira = await admin(strict)
    own, thief = await added(mira), await strict.visitor()
    assert (await log_in(thief)).status_code == 200
    assert (await thief.get("/api/admin/mail")).json()["code"] == "not_confirmed"
    refused = await thief.post("/api/auth/confirm", json={"password": PASSWORD})
    assert refused.status_code == 403 and "passkey" in refused.json()["detail"]
    assert (await thief.post("/api/auth/second-factor")).json()["code"] == "not_confirmed"
    assert (await thief.post("/api/auth/passkeys/options")).json()["code"] == "not_confirmed"
    assert (await show(thief, own.show(await asked(thief, "/login")))).status_code == 200
    assert (await thief.get("/api/admin/mail")).status_code == 200


async def test_a_house_may_ask_for_less(open_town: Opens) -> None:
    town: Town = await open_town(OVERPRINT_ADMIN_SECOND_FACTOR="false")
    mira = await admin(town)
    assert (await mira.get("/api/admin/mail")).status_code == 200
