"""The pages: forms that need no JavaScript, and a way back to where one wanted to go."""

import re

import httpx
import pytest

from overprint.features.accounts.rules.devices import device_of
from overprint.features.accounts.web.account import SCOPE_WORDS
from overprint.features.teams import Action
from tests.features.accounts.conftest import PASSWORD, Opens, Town, log_in

PAGE = {"Accept": "text/html"}


def alert(answer: httpx.Response) -> str:
    return answer.text.partition('role="alert"')[2].partition("</p>")[0]


async def test_who_is_not_signed_in_is_led_to_the_entrance_and_back(town: Town) -> None:
    await town.person()
    client = await town.visitor()
    led = await client.get("/photos?x=1", headers=PAGE)
    assert (led.status_code, led.headers["location"]) == (303, "/login?next=%2Fphotos%3Fx%3D1")
    entrance = await client.get(led.headers["location"])
    wanted = re.search(r'name="next" value="([^"]*)"', entrance.text)
    assert wanted and wanted[1] == "/photos?x=1"
    form = {"email": "mira@example.org", "password": PASSWORD, "next": wanted[1]}
    entered = await client.post("/login", data=form)
    assert (entered.status_code, entered.headers["location"]) == (303, "/photos?x=1")
    assert (await client.get("/photos", headers=PAGE)).status_code == 200
    assert (await client.get("/login?next=/photos")).headers["location"] == "/photos"
    assert (await client.get("/api/jobs")).status_code == 200


async def test_a_program_is_told_in_words_that_nobody_is_signed_in(town: Town) -> None:
    client = await town.visitor()
    answer = await client.get("/api/jobs", headers=PAGE)
    assert answer.status_code == 401 and answer.json()["type"] == "/problems/not_signed_in"


async def test_a_wrong_password_leaves_the_address_where_it_was(town: Town) -> None:
    client = await town.visitor()
    answer = await client.post("/login", data={"email": 'x"><script>@example.org', "password": "wrong"})
    assert answer.status_code == 401 and "is wrong" in alert(answer)
    assert "<script>" not in answer.text and 'value="x&#34;&gt;&lt;script&gt;@example.org"' in answer.text


async def test_nobody_is_led_to_another_site_after_signing_in(town: Town) -> None:
    client = await town.person()
    form = {"email": "mira@example.org", "password": PASSWORD, "next": "//evil.example"}
    assert (await client.post("/login", data=form)).headers["location"] == "/"


async def test_an_account_can_be_opened_page_by_page(town: Town) -> None:
    client = await town.visitor()
    form = {"email": "mira@example.org", "password": "short", "name": "Mira"}
    refused = await client.post("/register", data=form)
    assert refused.status_code == 422 and "10 to 200" in alert(refused) and 'value="Mira"' in refused.text
    assert "Look into your mail" in (await client.post("/register", data={**form, "password": PASSWORD})).text
    token = await town.link("mira@example.org")
    assert f'name="token" value="{token}"' in (await client.get(f"/verify?token={token}")).text
    assert await town.house.database.system.fetchval("SELECT count(*) FROM people WHERE email = $1", form["email"]) == 0
    wrong = await client.post("/verify", data={"token": token, "password": "four quiet swans"})
    assert wrong.status_code == 403 and "not the password" in alert(wrong) and wrong.text.count(token) == 2
    assert "is confirmed" in (await client.post("/verify", data={"token": token, "password": PASSWORD})).text
    over = await client.post("/verify", data={"token": token, "password": PASSWORD})
    assert "too old" in alert(over) and token not in over.text
    await log_in(client)
    assert "Mira" in (await client.get("/account")).text


async def test_who_did_not_choose_the_password_confirms_with_one_of_their_own(town: Town) -> None:
    client, new = await town.visitor(), "four quiet swans"
    form = {"email": "mira@example.org", "password": PASSWORD, "name": "Mira"}
    await client.post("/register", data=form)
    token = await town.link("mira@example.org")
    form = {"token": token, "is_new": "yes"}
    assert "among the first" in alert(await client.post("/verify", data={**form, "password": "password123"}))
    assert "is confirmed" in (await client.post("/verify", data={**form, "password": new})).text
    assert [(await log_in(client, password=each)).status_code for each in (PASSWORD, new)] == [401, 200]


async def test_the_page_of_a_changed_address_asks_for_the_account_s_password_alone(town: Town) -> None:
    client = await town.person()
    await client.post("/account/email", data={"email": "new@example.org", "password": PASSWORD})
    token = await town.link("new@example.org")
    page = (await (await town.visitor()).get(f"/verify?token={token}")).text
    assert page.count('type="password"') == 1 and "of your account" in page
    assert "not your password" in alert(await client.post("/verify", data={"token": token, "password": "no"}))
    assert "this address now" in (await client.post("/verify", data={"token": token, "password": PASSWORD})).text


async def test_a_password_can_be_reset_page_by_page(town: Town) -> None:
    await town.person()
    client = await town.visitor()
    assert "Look into your mail" in (await client.post("/forgot", data={"email": "mira@example.org"})).text
    token = await town.link("mira@example.org")
    assert token in (await client.get(f"/reset?token={token}")).text
    assert "among the first" in alert(await client.post("/reset", data={"token": token, "password": "password123"}))
    assert "is changed" in (await client.post("/reset", data={"token": token, "password": "four quiet swans"})).text
    assert (await log_in(client, password="four quiet swans")).status_code == 200


async def test_the_account_page_shows_and_changes_what_is_one_s_own(town: Town) -> None:
    client = await town.person(name="Mira <i>")
    page = await client.get("/account")
    assert (
        "Mira &lt;i&gt;" in page.text
        and "this one" in page.text
        and page.headers["cache-control"] == "private, no-store"
    )
    assert "Your name is changed." in (await client.post("/account/name", data={"name": "Nina"})).text
    wrong = await client.post("/account/password", data={"old": "wrong", "new": "four quiet swans"})
    assert wrong.status_code == 403 and "not your password" in alert(wrong)
    changed = await client.post("/account/email", data={"email": "new@example.org", "password": PASSWORD})
    assert "on its way" in changed.text
    elsewhere = await town.visitor()
    await log_in(elsewhere)
    found = re.search(r"/account/sessions/[^/]+/revoke", (await client.get("/account")).text)
    assert found and "has ended" in (await client.post(found[0])).text
    assert (await elsewhere.get("/api/auth/me")).status_code == 401


async def test_a_key_is_made_and_revoked_on_the_page_and_shown_once(town: Town) -> None:
    client = await town.person()
    form = {"name": "printer", "scopes": ["work:read", "work:write"], "days": "30"}
    page = (await client.post("/account/keys", data=form)).text
    key = re.search(r"op_live_[\w-]{40,}", page)
    assert key and (await client.get("/api/projects", headers={"Authorization": f"Bearer {key[0]}"})).status_code == 200
    again = (await client.get("/account")).text
    assert (
        key[0] not in again
        and "printer" in again
        and "see books, jobs and files, make, change and delete books" in again
    )
    revoke = re.search(r"/account/keys/[^/]+/revoke", again)
    assert revoke and (await client.post(revoke[0])).headers["location"] == "/account"
    assert "whole number" in alert(await client.post("/account/keys", data={**form, "days": "²"}))
    assert "printer" not in (await client.get("/account")).text


async def test_an_account_can_be_closed_on_its_page(town: Town) -> None:
    client = await town.person()
    assert "not your password" in alert(await client.post("/account/delete", data={"password": "wrong"}))
    assert "is closed" in (await client.post("/account/delete", data={"password": PASSWORD})).text
    assert (await client.get("/account", headers=PAGE)).status_code == 303


async def test_an_admin_reads_the_mail_that_stays_here_after_a_password(town: Town) -> None:
    client = await town.person()
    assert (await client.get("/admin/mail", headers=PAGE)).status_code == 403
    await town.house.database.system.execute("UPDATE people SET is_site_admin = true")
    page = await client.get("/admin/mail", headers=PAGE)
    assert page.status_code == 200 and "Confirm your address" in page.text
    town.later(minutes=11)
    led = await client.get("/admin/mail", headers=PAGE)
    assert led.headers["location"] == "/confirm?next=/admin/mail"
    assert "not your password" in alert(
        await client.post("/confirm", data={"password": "wrong", "next": "/admin/mail"})
    )
    back = await client.post("/confirm", data={"password": PASSWORD, "next": "/admin/mail"})
    assert back.headers["location"] == "/admin/mail"
    assert (await client.get("/admin/mail", headers=PAGE)).status_code == 200


async def test_signing_out_on_the_page_signs_out(town: Town) -> None:
    client = await town.person()
    assert (await client.post("/logout")).headers["location"] == "/login"
    assert (await client.get("/account", headers=PAGE)).status_code == 303


@pytest.mark.parametrize(
    "path", ["/login", "/register", "/forgot", "/reset?token=x", "/verify?token=x", "/verify", "/account"]
)
async def test_every_page_has_a_title_one_heading_and_labelled_fields(town: Town, path: str) -> None:
    page = (
        (await (await town.person()).get(path)).text
        if path == "/account"
        else (await (await town.visitor()).get(path)).text
    )
    assert page.count("<h1>") == 1 and "· Overprint</title>" in page
    fields = re.findall(r"<input(?![^>]*hidden)[^>]*>", page)
    assert len(fields) <= page.count("<label") and "style=" not in page
    assert page.count("<script") == page.count('<script type="module" src="/static/'), "none that the policy refuses"


async def test_a_house_without_accounts_asks_nobody_to_sign_in(open_town: Opens) -> None:
    town: Town = await open_town("local")
    client = await town.visitor()
    assert "has no accounts" in (await client.get("/account", headers=PAGE)).text
    assert (await client.get("/login?next=/photos")).headers["location"] == "/photos"
    assert (await client.get("/admin/mail", headers=PAGE)).status_code == 200


async def test_every_scope_is_told_in_words_and_can_be_ticked(town: Town) -> None:
    page = (await (await town.person()).get("/account")).text
    ticked = re.findall(r'name="scopes" value="([^"]+)"', page)
    assert set(ticked) == {action.value for action in Action} == set(SCOPE_WORDS)


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", ("Chrome", "Linux")),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", ("Edge", "Windows")),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1", ("Safari", "iPhone")),
        ("Mozilla/5.0 (Android 16; Mobile; rv:150.0) Gecko/150.0 Firefox/150.0", ("Firefox", "Android")),
        ("curl/8.5.0", ("curl", "")),
        ("", ("", "")),
    ],
)
def test_a_browser_is_told_in_words_that_its_owner_knows(agent: str, told: tuple[str, str]) -> None:
    assert device_of(agent) == told
