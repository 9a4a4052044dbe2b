"""Signing in, staying signed in, signing out: here and elsewhere."""

import asyncio

import httpx
import pytest

from overprint.adapters.identity.embedded import Argon2Passwords
from overprint.wiring.web import web_app
from tests.features.accounts.conftest import PASSWORD, SITE, Opens, Town, log_in

ACCESS, REFRESH = "overprint_access", "overprint_refresh"


async def me(client: httpx.AsyncClient, **headers: str) -> int:
    return (await client.get("/api/auth/me", headers=headers)).status_code


async def test_cookies_are_for_this_site_and_no_script(town: Town) -> None:
    client = await town.person()
    cookies = (await log_in(client)).headers.get_list("set-cookie")
    assert len(cookies) == 2
    assert all("HttpOnly; SameSite=Lax; Max-Age=" in cookie and "; Path=/;" in cookie for cookie in cookies)


async def test_over_https_cookies_are_secure_and_bound_to_the_host(open_town: Opens) -> None:
    town: Town = await open_town(OVERPRINT_WEB_PUBLIC_URL="https://books.example.org")
    transport = httpx.ASGITransport(town.app)
    async with httpx.AsyncClient(transport=transport, base_url="https://books.example.org") as client:
        given = (await client.post("/api/auth/guest")).headers.get_list("set-cookie")
        assert all(cookie.startswith("__Host-overprint_") and cookie.endswith("; Secure") for cookie in given)
        assert await me(client) == 200


async def test_who_shows_nothing_or_nonsense_is_not_signed_in(town: Town) -> None:
    client = await town.visitor()
    assert await me(client) == 401
    for shown in (
        "",
        "Basic eDp5",
        "Bearer",
        "Bearer x.y.z",
        "Bearer op_live_none",
        "Bearer " + "x" * 5000,
        "Bearer é",
    ):
        answer = await client.get("/api/jobs", headers=[(b"authorization", shown.encode())])
        assert answer.status_code == 401 and answer.json()["code"] == "not_signed_in", shown
    client.cookies.set(ACCESS, "nonsense")
    client.cookies.set(REFRESH, "more of it")
    assert await me(client) == 401


async def test_after_a_quarter_of_an_hour_the_cookies_are_renewed_on_the_way(town: Town) -> None:
    client = await town.person()
    before = client.cookies[REFRESH]
    assert await me(client) == 200 and client.cookies[REFRESH] == before
    town.later(minutes=16)
    assert await me(client) == 200
    assert client.cookies[REFRESH] != before
    town.later(days=7, minutes=1)
    assert await me(client) == 401


async def test_requests_that_come_together_when_the_cookie_grows_old_all_pass(town: Town) -> None:
    client = await town.person()
    town.later(minutes=16)
    answers = await asyncio.gather(*(client.get("/api/auth/me") for _ in range(5)))
    assert [answer.status_code for answer in answers] == [200] * 5
    assert len({answer.cookies[REFRESH] for answer in answers}) == 1
    assert await me(client) == 200


async def test_a_stolen_refresh_token_ends_the_whole_family(town: Town) -> None:
    client = await town.person()
    stolen = client.cookies[REFRESH]
    assert (await client.post("/api/auth/refresh")).status_code == 200
    town.later(minutes=2)
    thief = await town.visitor()
    assert (await thief.post("/api/auth/refresh", json={"refresh_token": stolen})).status_code == 401
    assert await me(client) == 401
    assert "session.replayed" in await town.audited()


async def test_a_retry_of_the_same_refresh_gets_the_same_answer(town: Town) -> None:
    client = await town.visitor()
    await town.person()
    body = {"email": "mira@example.org", "password": PASSWORD, "tokens": True}
    first = (await client.post("/api/auth/login", json=body)).json()
    assert not client.cookies
    asked = {"refresh_token": first["refresh_token"]}
    once, twice = [(await client.post("/api/auth/refresh", json=asked)).json() for _ in range(2)]
    assert once["refresh_token"] == twice["refresh_token"] != first["refresh_token"]
    assert await me(client, Authorization=f"Bearer {twice['access_token']}") == 200


async def test_a_token_of_nobody_ends_no_session(town: Town) -> None:
    client = await town.person()
    thief = await town.visitor()
    assert (await thief.post("/api/auth/refresh", json={"refresh_token": "x" * 64})).status_code == 401
    assert await me(client) == 200


async def test_signing_out_ends_the_session_at_once(town: Town) -> None:
    client = await town.person()
    token = client.cookies[ACCESS]
    assert (await client.post("/api/auth/logout")).status_code == 204
    assert not client.cookies.get(ACCESS)
    assert await me(client, Authorization=f"Bearer {token}") == 401
    assert (await client.post("/api/auth/logout")).status_code == 204


@pytest.mark.parametrize(("path", "status"), [("/api/auth/logout", 204), ("/logout", 303)])
async def test_signing_out_ends_the_session_whatever_team_is_named(town: Town, path: str, status: int) -> None:
    client = await town.person()
    token = client.cookies[ACCESS]
    answer = await client.post(path, headers={"X-Team": "a-team-that-is-gone"})
    assert answer.status_code == status and not client.cookies.get(ACCESS)
    assert await me(client, Authorization=f"Bearer {token}") == 401


async def test_a_team_is_named_in_letters_of_any_size(town: Town) -> None:
    client = await town.person()
    team_id = (await client.get("/api/auth/me")).json()["team_id"]
    assert await me(client, **{"X-Team": team_id.upper()}) == 200
    assert await me(client, **{"X-Team": team_id.upper()[:-1]}) == 404


async def test_one_sees_where_one_is_signed_in_and_ends_it_from_afar(town: Town) -> None:
    here = await town.person()
    there = await town.visitor()
    await log_in(there)
    items = (await here.get("/api/auth/sessions")).json()["items"]
    assert [item["is_this"] for item in items] == [False, True] and items[0]["agent"] == "Browser of a test"
    assert (await here.delete(f"/api/auth/sessions/{items[0]['id']}")).status_code == 204
    assert await me(there) == 401 and await me(here) == 200
    assert (await here.delete(f"/api/auth/sessions/{items[0]['id']}")).status_code == 404


async def test_nobody_ends_the_session_of_another(town: Town) -> None:
    mira, nina = await town.person(), await town.person("nina@example.org", "Nina")
    (item,) = (await mira.get("/api/auth/sessions")).json()["items"]
    assert (await nina.delete(f"/api/auth/sessions/{item['id']}")).status_code == 404
    assert await me(mira) == 200


async def test_guessing_passwords_is_slowed_down_without_locking_the_owner_out(town: Town) -> None:
    owner = await town.person()
    guesser = await town.visitor()
    answers = [(await log_in(guesser, password=f"a guess, number {n}")).status_code for n in range(7)]
    assert answers == [401] * 5 + [429] * 2
    assert (await log_in(owner)).status_code == 200
    assert (await town.audited()).count("person.login_failed") == 5


async def test_a_wrong_address_costs_the_same_hashing_as_a_wrong_password(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await town.person()
    client = await town.visitor()
    hashed: list[str] = []
    matches = Argon2Passwords.matches

    def noting(passwords: Argon2Passwords, password: str, password_hash: str) -> bool:
        hashed.append(password_hash.rsplit("$", 2)[0])
        return matches(passwords, password, password_hash)

    monkeypatch.setattr(Argon2Passwords, "matches", noting)
    for email in ("mira@example.org", "nobody@example.org", "no address at all"):
        assert (await log_in(client, email, "not the password")).status_code == 401
    assert len(hashed) == 3 and len(set(hashed)) == 1, "three of the same parameters"


async def test_a_password_is_kept_at_the_cost_that_is_due_and_made_anew_if_it_was_kept_at_less(town: Town) -> None:
    kept, due = "SELECT password_hash FROM people WHERE email = $1", "$argon2id$v=19$m=19456,t=2,p=1$"
    await town.person()
    read = town.house.database.system
    assert not (await read.fetchval(kept, "mira@example.org")).startswith(due), "the tests' own are cheap"
    usual = Town(town.house, web_app(town.house, town.clock), town.clock, town.stack)
    assert (await log_in(await usual.visitor())).status_code == 200
    assert (await read.fetchval(kept, "mira@example.org")).startswith(due)
    await usual.person("tom@example.org", "Tom")
    assert (await read.fetchval(kept, "tom@example.org")).startswith(due)


async def test_a_change_with_our_cookies_has_to_say_which_page_it_comes_from(town: Town) -> None:
    client = await town.person()
    del client.headers["origin"]
    for headers, status in (
        ({}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": SITE}, 200),
    ):
        answer = await client.patch("/api/auth/me", json={"name": "Mira"}, headers=headers)
        assert answer.status_code == status, headers
    assert (await client.get("/api/auth/me")).status_code == 200


async def test_tokens_signed_with_an_older_key_are_believed_and_with_a_lost_one_not(open_town: Opens) -> None:
    old, new, other = "old-" * 10, "new-" * 10, "lost" * 10
    town: Town = await open_town(OVERPRINT_ACCOUNTS_TOKEN_SECRETS=old)
    client = await town.person()
    cookies = dict(client.cookies)
    for keys, status in ((f"{new},{old}", 200), (new, 401), (other, 401)):
        again: Town = await open_town(OVERPRINT_ACCOUNTS_TOKEN_SECRETS=keys)
        visitor = await again.visitor()
        assert await me(visitor, Authorization=f"Bearer {cookies[ACCESS]}") == status, keys


async def test_the_key_of_tokens_is_made_once_and_kept_among_the_secrets(open_town: Opens) -> None:
    town: Town = await open_town()
    file = town.house.settings.token_secret_file
    assert len(file.read_text()) >= 32 and file.stat().st_mode & 0o077 == 0
    client = await town.person()
    again: Town = await open_town()
    assert await me(await again.visitor(), Authorization=f"Bearer {client.cookies[ACCESS]}") == 200


async def test_a_broken_cookie_that_names_a_team_is_no_failure(town: Town) -> None:
    client = await town.person()
    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    answer = await client.get("/api/auth/me", headers={"Cookie": f'{cookie}; overprint_team="a\\000b"'})
    assert answer.status_code == 200
    assert (await client.get("/audit?action=%00")).status_code == 422


async def test_browsers_stay_on_https_and_forms_may_lead_on_to_who_takes_the_money(open_town: Opens) -> None:
    stripe = {"PROVIDER": "stripe", "API_KEY": "sk_test_x", "WEBHOOK_SECRET": "whsec_x"}
    variables = {f"OVERPRINT_PAYMENTS_{name}": value for name, value in stripe.items()}
    town: Town = await open_town(OVERPRINT_WEB_PUBLIC_URL="https://books.example.org", **variables)
    transport = httpx.ASGITransport(town.app)
    async with httpx.AsyncClient(transport=transport, base_url="https://books.example.org") as client:
        headers = (await client.get("/login")).headers
    assert headers["strict-transport-security"] == "max-age=31536000"
    assert (
        "form-action 'self' https://checkout.stripe.com https://billing.stripe.com;"
        in headers["content-security-policy"]
    )


async def test_without_https_and_with_our_own_till_nothing_leads_elsewhere(town: Town) -> None:
    headers = (await (await town.visitor()).get("/login")).headers
    assert "strict-transport-security" not in headers and "form-action 'self' ;" in headers["content-security-policy"]
