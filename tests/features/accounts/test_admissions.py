"""What whoever runs the house does for people, from its command line."""

import re

from overprint.wiring.people import admissions_of
from tests.features.accounts.conftest import Opens, Town, log_in
from tests.features.accounts.test_passkeys import added, asked, show
from tests.features.accounts.test_second_factor import set_up


async def test_the_first_admin_of_a_house_for_the_invited_chooses_a_password_by_a_link(open_town: Opens) -> None:
    town: Town = await open_town("invited")
    admissions = admissions_of(town.house.settings, town.house.database)
    admission = await admissions.set_site_admin("Boss@Example.org", is_admin=True)
    token = re.fullmatch(r"http://127\.0\.0\.1:8000/reset\?token=(\S+)", admission.link)
    assert token
    client = await town.visitor()
    chosen = {"token": token[1], "password": "three loud geese"}
    assert (await client.post("/api/auth/reset-password", json=chosen)).status_code == 200
    assert (await log_in(client, "boss@example.org")).status_code == 200
    me = (await client.get("/api/auth/me")).json()
    assert (me["is_site_admin"], me["role"], me["name"]) == (True, "owner", "boss")


async def test_somebody_who_is_here_becomes_an_admin_and_stops_being_one(town: Town) -> None:
    client = await town.person()
    admissions = admissions_of(town.house.settings, town.house.database)
    for is_admin in (True, False):
        admission = await admissions.set_site_admin("mira@example.org", is_admin=is_admin)
        assert admission.link == "" and (await client.get("/api/auth/me")).json()["is_site_admin"] is is_admin
    listed = await admissions.list_people(10)
    assert [row["email"] for row in listed] == ["mira@example.org", "owner@localhost"]
    assert {"person.made_site_admin", "person.no_site_admin_any_more"} <= set(await town.audited())


async def test_who_lost_phone_and_codes_is_let_in_by_whoever_runs_the_house(town: Town) -> None:
    client = await town.person()
    await set_up(town, client)
    own, admissions = await added(client), admissions_of(town.house.settings, town.house.database)
    assert (await admissions.unlock("mira@example.org")).link == ""
    assert (await client.get("/api/auth/me")).status_code == 401
    assert (await log_in(client)).status_code == 200
    other = await town.visitor()
    assert (await show(other, own.show(await asked(other, "/login")))).status_code == 401
    assert "was taken away" in (await town.mails("mira@example.org"))[-1]["subject"]
    await town.house.database.system.execute("UPDATE people SET password_hash = NULL")
    assert "/reset?token=" in (await admissions.unlock("mira@example.org")).link
    assert "person.unlocked" in await town.audited()
