"""The second factor: set up, asked for, never accepted twice, recovered from, turned off."""

import re

import httpx
import pyotp

from overprint.features.accounts.rules.factors import STEP_SECONDS, step_at
from tests.features.accounts.conftest import PASSWORD, Opens, Town, log_in

AT = "/api/auth/second-factor"
MIRA, NINA = "mira@example.org", "nina@example.org"


def code_of(town: Town, secret: str, steps: int = 0) -> str:
    """What the app shows now, or showed or will show so many half minutes from now."""
    return pyotp.TOTP(secret).generate_otp(step_at(town.clock.now()) + steps)


async def set_up(town: Town, client: httpx.AsyncClient) -> tuple[str, list[str]]:
    """The secret and the recovery codes of a second factor that counts. Another half minute has just begun then."""
    begun = await client.post(AT)
    assert begun.status_code == 201, begun.text
    secret = begun.json()["secret"]
    done = await client.post(f"{AT}/confirm", json={"code": code_of(town, secret)})
    assert done.status_code == 200, done.text
    town.later(seconds=2 * STEP_SECONDS + 1 - town.clock.now().timestamp() % STEP_SECONDS)
    return secret, done.json()["recovery_codes"]


async def ticket_of(client: httpx.AsyncClient, email: str = MIRA) -> str:
    asked = await log_in(client, email)
    assert asked.status_code == 202, asked.text
    ticket: str = asked.json()["ticket"]
    return ticket


async def by_code(client: httpx.AsyncClient, ticket: str, code: str) -> int:
    return (await client.post(f"{AT}/login", json={"ticket": ticket, "code": code})).status_code


async def test_signing_in_asks_for_a_code_once_it_is_set_up(town: Town) -> None:
    mira = await town.person()
    secret, _ = await set_up(town, mira)
    elsewhere = await town.visitor()
    ticket = await ticket_of(elsewhere)
    assert (await elsewhere.get("/api/auth/me")).status_code == 401, "half of it is nothing"
    assert await by_code(elsewhere, ticket, code_of(town, secret)) == 200
    assert (await elsewhere.get("/api/auth/me")).status_code == 200
    actions = await town.audited()
    assert actions[-3:] == ["person.second_factor_on", "person.asked_for_code", "person.logged_in"]


async def test_it_does_not_count_before_a_code_was_shown(town: Town) -> None:
    mira = await town.person()
    secret = (await mira.post(AT)).json()["secret"]
    for wrong in ("000000", "éé éé", "\u0661\u0662\u0663\u0664\u0665\u0666"):
        assert (await mira.post(f"{AT}/confirm", json={"code": wrong})).status_code == 422
    assert (await log_in(await town.visitor())).status_code == 200
    again = (await mira.post(AT)).json()["secret"]
    assert again != secret
    assert (await mira.post(f"{AT}/confirm", json={"code": code_of(town, secret)})).status_code == 422, "the old one"
    town.later(hours=2)
    await log_in(mira)
    assert (await mira.post(f"{AT}/confirm", json={"code": code_of(town, again)})).status_code == 404, "begun long ago"


async def test_a_code_is_good_once_and_none_before_it_either(town: Town) -> None:
    mira = await town.person()
    secret, _ = await set_up(town, mira)
    code, before = code_of(town, secret), code_of(town, secret, -1)
    ways = []
    for shown in (code, code, before):
        other = await town.visitor()
        ways.append(await by_code(other, await ticket_of(other), shown))
    assert ways == [200, 401, 401]


async def test_a_clock_may_be_half_a_minute_off(town: Town) -> None:
    secret, _ = await set_up(town, await town.person())
    town.later(minutes=1)
    ways = []
    for steps in (-2, 2, -1, 1):
        other = await town.visitor()
        ways.append(await by_code(other, await ticket_of(other), code_of(town, secret, steps)))
    assert ways == [401, 401, 200, 200]


async def test_a_ticket_is_good_once_for_its_person_and_five_minutes(town: Town) -> None:
    mira, nina = await town.person(), await town.person(NINA, "Nina")
    (of_mira, codes), (of_nina, _) = await set_up(town, mira), await set_up(town, nina)
    other = await town.visitor()
    ticket = await ticket_of(other)
    assert await by_code(other, ticket, code_of(town, of_nina)) == 401, "another's code"
    assert await by_code(other, ticket, code_of(town, of_mira)) == 200
    assert await by_code(other, ticket, codes[0]) == 401, "used up"
    late = await ticket_of(other)
    town.later(minutes=5, seconds=1)
    assert await by_code(other, late, codes[0]) == 401
    assert await by_code(other, "x" * 43, codes[0]) == 401


async def test_a_new_password_makes_tickets_of_the_old_one_worthless(town: Town) -> None:
    mira = await town.person()
    _, codes = await set_up(town, mira)
    thief = await town.visitor()
    ticket = await ticket_of(thief)
    changed = await mira.post("/api/auth/change-password", json={"old": PASSWORD, "new": "four quiet swans"})
    assert changed.status_code == 204
    assert await by_code(thief, ticket, codes[0]) == 401


async def test_a_recovery_code_is_good_once_however_it_is_typed(town: Town) -> None:
    _, codes = await set_up(town, await town.person())
    other = await town.visitor()
    assert len(set(codes)) == 10
    assert await by_code(other, await ticket_of(other), f" {codes[0].upper().replace('-', ' ')} ") == 200
    assert (await other.get(AT)).json()["recovery_codes_left"] == 9
    told = (await town.mails(MIRA))[-1]
    said = " ".join(told["text"].split())
    assert "recovery codes was used" in told["subject"] and "9 of them" in said
    assert await by_code(other, await ticket_of(other), codes[0]) == 401
    assert await by_code(other, await ticket_of(other), codes[1]) == 200


async def test_new_recovery_codes_make_the_old_ones_worthless(town: Town) -> None:
    mira = await town.person()
    _, old = await set_up(town, mira)
    new = (await mira.post(f"{AT}/recovery-codes")).json()["recovery_codes"]
    assert not set(old) & set(new) and "new recovery codes" in (await town.mails(MIRA))[-1]["subject"]
    other = await town.visitor()
    assert [await by_code(other, await ticket_of(other), code) for code in (old[0], old[9], new[0])] == [401, 401, 200]


async def test_whether_an_account_has_one_is_told_only_to_who_knows_the_password(town: Town) -> None:
    await set_up(town, await town.person())
    await town.person(NINA, "Nina")
    other = await town.visitor()
    said = [await log_in(other, email, "a wrong guess") for email in (MIRA, NINA, "nobody@example.org")]
    assert {answer.status_code for answer in said} == {401}
    assert len({(answer.json()["title"], answer.json()["detail"]) for answer in said}) == 1


async def test_guessing_codes_is_slowed_down_from_anywhere(town: Town) -> None:
    await set_up(town, await town.person())
    here = await town.visitor()
    ticket = await ticket_of(here)
    assert [await by_code(here, ticket, f"00000{n}") for n in range(7)] == [401] * 5 + [429] * 2
    elsewhere = [await by_code(await town.visitor(), ticket, f"00001{n % 10}") for n in range(20)]
    assert elsewhere[:13] == [401] * 13 and elsewhere[-1] == 429, "from many addresses at once"
    assert "person.code_failed" in await town.audited()


async def test_turning_it_off_needs_it_once_more_and_is_told_by_mail(town: Town) -> None:
    mira = await town.person()
    secret, _ = await set_up(town, mira)
    town.later(minutes=11)
    refused = await mira.delete(AT)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_confirmed")
    confirm = {"password": PASSWORD}
    assert (await mira.post("/api/auth/confirm", json=confirm)).status_code == 422, "a code is wanted too"
    assert (await mira.post("/api/auth/confirm", json={**confirm, "code": "000000"})).status_code == 403
    right = {**confirm, "code": code_of(town, secret)}
    assert (await mira.post("/api/auth/confirm", json=right)).status_code == 204
    assert (await mira.post("/api/auth/confirm", json=right)).status_code == 403, "used up"
    assert (await mira.delete(AT)).status_code == 204
    assert (await log_in(await town.visitor())).status_code == 200
    subjects = [mail["subject"] for mail in await town.mails(MIRA)]
    assert subjects[-2:] == ["Signing in asks for a code from now on", "Signing in asks for no code any more"]
    assert (await mira.delete(AT)).status_code == 404


async def test_closing_the_account_asks_for_it_too(town: Town) -> None:
    mira = await town.person()
    secret, _ = await set_up(town, mira)
    town.later(minutes=11)
    refused = await mira.request("DELETE", "/api/auth/me", json={"password": PASSWORD})
    assert refused.json()["code"] == "not_confirmed"
    await mira.post("/api/auth/confirm", json={"password": PASSWORD, "code": code_of(town, secret)})
    assert (await mira.request("DELETE", "/api/auth/me", json={"password": PASSWORD})).status_code == 204
    left = "SELECT (SELECT count(*) FROM second_factors) + (SELECT count(*) FROM recovery_codes)"
    assert await town.house.database.system.fetchval(left) == 0


async def test_other_sessions_have_to_show_both_once_it_is_set_up(town: Town) -> None:
    mira, elsewhere = await town.person(), await town.visitor()
    assert (await log_in(elsewhere)).status_code == 200
    await set_up(town, mira)
    assert (await elsewhere.delete(AT)).json()["code"] == "not_confirmed"
    assert (await mira.delete(AT)).status_code == 204


async def test_guests_and_keys_have_none(town: Town) -> None:
    guest = await town.visitor()
    await guest.post("/api/auth/guest")
    assert (await guest.post(AT)).status_code == 403
    mira = await town.person()
    key = (await mira.post("/api/keys", json={"name": "x", "scopes": ["work:read"]})).json()["key"]
    program = await town.visitor()
    assert (await program.post(AT, headers={"Authorization": f"Bearer {key}"})).status_code == 403


async def test_what_the_app_computes_from_is_kept_sealed_and_outlives_its_key(open_town: Opens) -> None:
    old, new = "old-" * 10, "new-" * 10
    town: Town = await open_town(OVERPRINT_ACCOUNTS_SEALING_SECRETS=old)
    secret, codes = await set_up(town, await town.person())
    row = await town.house.database.system.fetchrow("SELECT * FROM second_factors")
    assert secret.encode() not in row["sealed_secret"] and row["key_id"]
    ways: list[int] = []
    for keys in (f"{new},{old}", new, "lost" * 10):
        again: Town = await open_town(OVERPRINT_ACCOUNTS_SEALING_SECRETS=keys)
        again.later(minutes=2 + len(ways))
        client = await again.visitor()
        ways.append(await by_code(client, await ticket_of(client), code_of(again, secret)))
    assert ways == [200, 200, 503], "sealed anew by the first of them; without its key only a recovery code helps"
    assert await by_code(client, await ticket_of(client), codes[0]) == 200


async def test_page_by_page_without_javascript(town: Town) -> None:
    mira = await town.person()
    page = (await mira.post("/account/second-factor")).text
    assert "<svg" in page and "style=" not in page
    found = re.search(r'class="secret">([A-Z2-7 ]+)<', page)
    assert found
    secret = found[1].replace(" ", "")
    wrong = await mira.post("/account/second-factor/confirm", data={"code": "000000"})
    assert wrong.status_code == 422 and found[1] in wrong.text, "the same secret still"
    done = (await mira.post("/account/second-factor/confirm", data={"code": code_of(town, secret)})).text
    codes = re.findall(r"<li><code>([a-z2-9-]{19})</code>", done)
    assert len(codes) == 10
    assert "10 recovery codes are left" in (await mira.get("/account")).text
    other = await town.visitor()
    asked = await other.post("/login", data={"email": MIRA, "password": PASSWORD, "next": "/photos"})
    ticket = re.search(r'name="ticket" value="([^"]+)"', asked.text)
    assert asked.status_code == 200 and ticket
    form = {"ticket": ticket[1], "next": "/photos"}
    again = await other.post("/login/code", data={**form, "code": "000000"})
    assert again.status_code == 401 and ticket[1] in again.text
    entered = await other.post("/login/code", data={**form, "code": codes[0]})
    assert (entered.status_code, entered.headers["location"]) == (303, "/photos")
    town.later(minutes=11)
    led = await mira.post("/account/second-factor/off")
    assert (led.status_code, led.headers["location"]) == (303, "/confirm?next=/account")
    assert 'name="code"' in (await mira.get("/confirm?next=/account")).text
    shown = {"password": PASSWORD, "code": codes[1], "next": "/account"}
    assert (await mira.post("/confirm", data=shown)).headers["location"] == "/account"
    assert (await mira.post("/account/second-factor/off")).status_code == 303
    assert "Set it up" in (await mira.get("/account")).text
