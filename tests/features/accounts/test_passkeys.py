"""Passkeys: made by a browser, shown in place of a password, and never believed for another page, person or moment."""

from dataclasses import replace
from typing import Any

import httpx
import pytest

from overprint.features.accounts.service.ceremonies import relying_party_of
from overprint.wiring.people import postman_of
from tests.features.accounts.conftest import PASSWORD, Opens, Town
from tests.features.accounts.test_second_factor import set_up
from tests.support.authenticator import Authenticator, bytes_of, text_of

AT = "/api/auth/passkeys"
Json = dict[str, Any]


async def asked(client: httpx.AsyncClient, path: str = "") -> Json:
    answer = await client.post(f"{AT}{path}/options")
    assert answer.status_code == 200, answer.text
    options: Json = answer.json()["public_key"]
    return options


async def added(client: httpx.AsyncClient, name: str = "my phone") -> Authenticator:
    """An authenticator with a passkey of this person."""
    own = Authenticator()
    made = await client.post(AT, json={"name": name, "credential": own.make(await asked(client))})
    assert made.status_code == 201, made.text
    return own


async def test_challenges_that_nobody_answered_are_forgotten(town: Town) -> None:
    await asked(await town.visitor(), "/login")
    pool, count = town.house.database.system, "SELECT count(*) FROM tickets"
    mail = postman_of(town.house.settings, town.house.database, town.clock)
    await mail.tidy()
    assert await pool.fetchval(count) == 1
    town.later(minutes=6)
    await mail.tidy()
    assert await pool.fetchval(count) == 0


async def show(client: httpx.AsyncClient, credential: Json) -> httpx.Response:
    return await client.post(f"{AT}/login", json={"credential": credential})


async def test_a_passkey_signs_in_without_a_password_and_counts_as_both_factors(town: Town) -> None:
    mira = await town.person()
    await set_up(town, mira)
    own = await added(mira)
    other = await town.visitor()
    assert (await show(other, own.show(await asked(other, "/login")))).status_code == 200
    assert (await other.get("/api/auth/me")).json()["email"] == "mira@example.org"
    (session, _) = (await other.get("/api/auth/sessions")).json()["items"]
    assert session["way"] == "passkey" and session["is_this"]
    (listed,) = (await other.get(AT)).json()["items"]
    assert listed["name"] == "my phone" and listed["used_at"] is not None
    assert "A passkey was added" in (await town.mails("mira@example.org"))[-1]["subject"]


async def test_the_browser_is_asked_for_what_stays_on_the_device_and_knows_its_person(town: Town) -> None:
    mira = await town.person()
    options = await asked(mira)
    assert options["rp"] == {"name": "Overprint", "id": "localhost"}
    chosen = options["authenticatorSelection"]
    assert (chosen["residentKey"], chosen["userVerification"]) == ("required", "required")
    own = await added(mira)
    assert [each["id"] for each in (await asked(mira))["excludeCredentials"]] == [text_of(own.credential_id)]
    assert (await asked(await town.visitor(), "/login"))["allowCredentials"] == [], "nobody is named to a stranger"


async def test_a_challenge_is_good_once_for_one_browser_and_five_minutes(town: Town) -> None:
    own = await added(await town.person())
    here, thief = await town.visitor(), await town.visitor()
    shown = own.show(await asked(here, "/login"))
    await asked(thief, "/login")
    assert (await show(thief, shown)).status_code == 401, "asked for by another browser"
    assert (await show(here, shown)).status_code == 200
    assert (await show(here, shown)).status_code == 401, "used up"
    late = own.show(await asked(here, "/login"))
    town.later(minutes=5, seconds=1)
    assert (await show(here, late)).status_code == 401


async def test_what_is_wrong_in_any_part_is_not_believed(town: Town) -> None:
    mira = await town.person()
    own, other = await added(mira), await town.visitor()
    for wrong in (
        replace(own, origin="https://evil.example"),
        replace(own, verifies=False),
        replace(own, key=Authenticator().key),
        replace(own, credential_id=b"unknown"),
        replace(own, person=b"somebody else"),
    ):
        refused = await show(other, wrong.show(await asked(other, "/login")))
        assert refused.status_code == 401, wrong
    options = await asked(other, "/login")
    assert (await show(other, own.show({**options, "rpId": "evil.example"}))).status_code == 401
    assert (await show(other, own.show({**options, "challenge": text_of(b"x" * 32)}))).status_code == 401
    assert (await show(other, own.show(options))).status_code == 200


RUBBISH = [
    "",
    "AAAA",
    "e30",
    *map(text_of, (b"\xff" * 3000, b"[" * 5000, b"\x9f" * 3000, b"\xa3cfmtfpackedgattStmt\xa0")),
]


async def test_rubbish_in_any_part_is_a_refusal_and_no_failure(town: Town) -> None:
    mira = await town.person()
    own, other = await added(mira), await town.visitor()
    options = await asked(other, "/login")
    for part in ("clientDataJSON", "authenticatorData", "signature"):
        for number, rubbish in enumerate(RUBBISH):
            shown = own.show(options)
            shown["response"][part] = rubbish
            assert (await show(await town.visitor(), shown)).status_code == 401, (part, number)
    made = Authenticator().make(await asked(mira))
    for number, rubbish in enumerate(RUBBISH):
        made["response"]["attestationObject"] = rubbish
        answer = await mira.post(AT, json={"name": "x", "credential": made})
        assert answer.status_code == 403 and answer.json()["code"] == "denied", number


async def test_a_passkey_whose_count_goes_back_may_be_a_copy(town: Town) -> None:
    own, here, there = await added(await town.person()), await town.visitor(), await town.visitor()
    copy = replace(own)
    own.counts = 7
    assert (await show(here, own.show(await asked(here, "/login")))).status_code == 200
    refused = await show(there, copy.show(await asked(there, "/login")))
    assert refused.status_code == 401 and "copy" in refused.json()["title"]
    assert "person.showed_copied_passkey" in await town.audited()


async def test_the_log_says_which_passkey_it_was_and_not_what_its_person_calls_it(town: Town) -> None:
    client = await town.person()
    await added(client, "Mira's old phone")
    (passkey,) = (await client.get(AT)).json()["items"]
    assert (await client.delete(f"{AT}/{passkey['id']}")).status_code == 204
    query = "SELECT detail FROM audit_log WHERE action IN ('person.added_passkey', 'person.removed_passkey')"
    rows = await town.house.database.system.fetch(query)
    assert [row["detail"]["passkey"] for row in rows] == [passkey["id"]] * 2
    assert "phone" not in str(rows)


async def test_it_is_made_by_its_own_session_after_showing_who_it_is(town: Town) -> None:
    mira, nina = await town.person(), await town.person("nina@example.org", "Nina")
    made = Authenticator().make(await asked(mira))
    body = {"name": "x", "credential": made}
    assert (await nina.post(AT, json=body)).status_code == 403, "asked for by another session"
    assert (await mira.post(AT, json=body)).status_code == 201
    assert (await mira.post(AT, json=body)).status_code == 403, "used up"
    again = Authenticator(credential_id=bytes_of(made["rawId"])).make(await asked(nina))
    assert (await nina.post(AT, json={"name": "x", "credential": again})).status_code == 409, "somebody has it"
    town.later(minutes=11)
    assert (await mira.post(f"{AT}/options")).json()["code"] == "not_confirmed"


async def test_a_passkey_shows_once_more_that_it_is_them(town: Town) -> None:
    mira, nina = await town.person(), await town.person("nina@example.org", "Nina")
    own, of_nina = await added(mira), await added(nina)
    town.later(minutes=11)
    assert (await mira.post(f"{AT}/options")).json()["code"] == "not_confirmed"
    for wrong in (of_nina.show(await asked(mira, "/confirm")), own.show(await asked(nina, "/confirm"))):
        assert (await mira.post(f"{AT}/confirm", json={"credential": wrong})).status_code == 403
    body = {"credential": own.show(await asked(mira, "/confirm"))}
    assert (await mira.post(f"{AT}/confirm", json=body)).status_code == 204
    assert (await mira.post(f"{AT}/options")).status_code == 200


async def test_removing_needs_to_be_confirmed_and_nobody_removes_another_s(town: Town) -> None:
    mira, nina = await town.person(), await town.person("nina@example.org", "Nina")
    own = await added(mira)
    (row,) = (await mira.get(AT)).json()["items"]
    assert (await nina.delete(f"{AT}/{row['id']}")).status_code == 404
    town.later(minutes=11)
    assert (await mira.delete(f"{AT}/{row['id']}")).json()["code"] == "not_confirmed"
    await mira.post("/api/auth/confirm", json={"password": PASSWORD})
    assert (await mira.delete(f"{AT}/{row['id']}")).status_code == 204
    other = await town.visitor()
    assert (await show(other, own.show(await asked(other, "/login")))).status_code == 401
    assert "A passkey was removed" in (await town.mails("mira@example.org"))[-1]["subject"]


async def test_the_last_way_in_stays(town: Town) -> None:
    mira = await town.person()
    await added(mira)
    await added(mira, "my key ring")
    await town.house.database.system.execute("UPDATE people SET password_hash = NULL")
    first, second = [row["id"] for row in (await mira.get(AT)).json()["items"]]
    assert (await mira.delete(f"{AT}/{first}")).status_code == 204
    refused = await mira.delete(f"{AT}/{second}")
    assert refused.status_code == 409 and "last way" in refused.json()["title"]
    assert (await mira.request("DELETE", "/api/auth/me", json={})).status_code == 204, "but all may be given up"


async def test_nobody_has_more_than_twenty(town: Town) -> None:
    mira = await town.person()
    await added(mira)
    copies = (
        "INSERT INTO passkeys SELECT gen_random_uuid(), person_id, n::text::bytea, public_key, 0, name, transports,"
    )
    await town.house.database.system.execute(f"{copies} made_at FROM passkeys, generate_series(2, 20) n")
    assert (await mira.post(f"{AT}/options")).status_code == 413


@pytest.mark.parametrize(
    ("site", "rp_id", "origin"),
    [
        ("https://books.example.org", "books.example.org", "https://books.example.org"),
        ("http://127.0.0.1:8000", "localhost", "http://localhost:8000"),
        ("http://[::1]:9000", "localhost", "http://localhost:9000"),
        ("https://books.example.org:8443", "books.example.org", "https://books.example.org:8443"),
    ],
)
def test_passkeys_are_for_the_name_of_the_house(site: str, rp_id: str, origin: str) -> None:
    party = relying_party_of(site)
    assert party is not None and (party.rp_id, party.origin) == (rp_id, origin)


async def test_a_house_without_a_name_says_so(open_town: Opens) -> None:
    assert relying_party_of("https://192.0.2.7") is None
    town: Town = await open_town(OVERPRINT_WEB_PUBLIC_URL="https://192.0.2.7")
    transport = httpx.ASGITransport(town.app)
    async with httpx.AsyncClient(transport=transport, base_url="https://192.0.2.7") as client:
        refused = await client.post(f"{AT}/login/options")
        assert refused.status_code == 403 and "OVERPRINT_WEB_PUBLIC_URL" in refused.json()["detail"]
        assert "passkey" not in (await client.get("/login")).text
