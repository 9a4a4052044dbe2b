"""Site admins find people and do things for them, but nothing to themselves."""

from uuid import uuid4

import pytest

from tests.features.accounts.conftest import log_in
from tests.features.accounts.test_second_factor import set_up
from tests.features.admin.conftest import Keeping


async def test_people_are_found_by_a_part_of_their_name_or_address_and_read_by_pages(keeping: Keeping) -> None:
    for words, found in (
        ("okafor", ["Mira Okafor"]),
        ("KEEPER@", ["Keeper"]),
        ("nobody", []),
        ("%", []),
        ("\u0000", 3),
    ):
        rows = (await keeping.keeper.get("/api/admin/people", params={"words": words})).json()["items"]
        assert found == (len(rows) if isinstance(found, int) else [row["name"] for row in rows])
        page = await keeping.keeper.get("/admin/people", params={"words": words})
        assert page.status_code == 200 and all(row["name"] in page.text for row in rows)
    first = (await keeping.keeper.get("/api/admin/people?limit=2")).json()
    second = (await keeping.keeper.get(f"/api/admin/people?limit=2&cursor={first['next_cursor']}")).json()
    assert len({row["id"] for row in (*first["items"], *second["items"])}) == 3
    assert (await keeping.keeper.get("/admin/people", params={"words": "x" * 121})).status_code == 422


async def test_somebody_is_made_a_site_admin_and_unmade_with_a_reason_that_is_kept(keeping: Keeping) -> None:
    here = f"/admin/people/{keeping.mira_id}"
    for act, is_admin in (("appoint", True), ("dismiss", False)):
        done = await keeping.act(here, act=act, reason=f"to {act} her")
        assert (done.status_code, done.headers["location"]) == (303, f"{here}?said={act}")
        assert (await keeping.mira.get("/api/auth/me")).json()["is_site_admin"] is is_admin
        assert "look after the house" in (await keeping.keeper.get(done.headers["location"])).text
    assert await keeping.told() == [
        ("person.made_site_admin", "to appoint her"),
        ("person.no_site_admin_any_more", "to dismiss her"),
    ]


async def test_who_lost_their_phone_is_let_in_by_their_password_and_told(keeping: Keeping) -> None:
    await set_up(keeping.town, keeping.mira)
    here = f"/admin/people/{keeping.mira_id}"
    assert "a code of their phone" in (await keeping.keeper.get(here)).text
    assert (await keeping.act(here, act="unlock", reason="called her back")).status_code == 303
    assert (await keeping.mira.get("/api/auth/me")).status_code == 401
    assert (await log_in(keeping.mira)).status_code == 200
    assert "was taken away" in (await keeping.town.mails("mira@example.org"))[-1]["subject"]
    assert await keeping.told() == [("person.unlocked", "called her back")]


async def test_somebody_is_signed_out_everywhere_and_the_admin_stays_where_they_are(keeping: Keeping) -> None:
    for who in (keeping.mira_id, keeping.keeper_id):
        answer = await keeping.keeper.post(f"/api/admin/people/{who}/sign-out", json={"reason": "a lost laptop"})
        assert answer.status_code == 200
    assert (await keeping.mira.get("/api/auth/me")).status_code == 401
    assert (await keeping.keeper.get("/api/auth/me")).status_code == 200
    assert [action for action, _ in await keeping.told()] == ["person.signed_out"] * 2


@pytest.mark.parametrize("act", ["dismiss", "unlock", "appoint"])
async def test_nobody_does_it_to_themselves(keeping: Keeping, act: str) -> None:
    refused = await keeping.act(f"/admin/people/{keeping.keeper_id}", act=act, reason="x")
    assert refused.status_code == 409 and "Nobody does this to themselves" in refused.text
    assert (await keeping.keeper.get("/api/auth/me")).json()["is_site_admin"]


async def test_what_cannot_be_asked_is_told_plainly_and_changes_nothing(keeping: Keeping) -> None:
    here = f"/admin/people/{keeping.mira_id}"
    for form, said in (
        ({"act": "appoint", "reason": " \u0000 "}, "A reason is needed"),
        ({"act": "appoint"}, "A reason is needed"),
        ({"act": "appoint", "reason": "x" * 501}, "A reason is needed"),
        ({"act": "delete", "reason": "x"}, "nothing that can be done here"),
    ):
        refused = await keeping.act(here, **form)
        assert refused.status_code == 422 and said in refused.text
    gone = await keeping.act(f"/admin/people/{uuid4()}", act="appoint", reason="x")
    assert gone.status_code == 404
    assert await keeping.told() == []


async def test_a_guest_becomes_no_site_admin_and_no_closed_account_does(keeping: Keeping) -> None:
    pool = keeping.town.house.database.system
    for change in ("is_guest = true, email = NULL", "is_guest = false, closed_at = now()"):
        await pool.execute(f"UPDATE people SET {change} WHERE name = 'Mira Okafor'")
        refused = await keeping.act(f"/admin/people/{keeping.mira_id}", act="appoint", reason="x")
        assert refused.status_code == 404
        assert (await keeping.keeper.get(f"/admin/people/{keeping.mira_id}")).status_code == 200
    assert await keeping.told() == []
