"""What people choose for new books is what the form and the API begin with."""

from uuid import UUID

import httpx
import pytest

from tests.features.accounts.conftest import Town, open_town, town
from tests.features.teams.test_api import BEN, two_people

__all__ = ["open_town", "town"]

AT = "/api/settings"


async def brief_of(client: httpx.AsyncClient, key: str = "", **asked: object) -> dict[str, object]:
    headers = {"Idempotency-Key": key} if key else {}
    begun = await client.post("/api/books", json={"premise": "A fox", **asked}, headers=headers)
    assert begun.status_code == 202, begun.text
    book: dict[str, object] = (await client.get(f"/api/books/{begun.json()['book_id']}")).json()["brief"]
    return book


async def test_new_books_begin_with_what_was_chosen_and_a_request_says_otherwise(town: Town) -> None:
    mira = await town.person()
    own, team = {"author": "Mira Okafor", "style": "ink"}, {"style": "papercut", "trim": "a5"}
    chosen = await mira.patch(AT, json={"own": own, "team": team})
    assert chosen.status_code == 200, chosen.text
    in_force = chosen.json()["in_force"]
    assert (in_force["author"], in_force["style"], in_force["trim"], in_force["age"]) == (
        "Mira Okafor",
        "ink",
        "a5",
        None,
    )
    brief = await brief_of(mira, "k", tone="funny")
    assert (brief["author"], brief["style"], brief["trim"], brief["tone"]) == ("Mira Okafor", "ink", "a5", "funny")
    assert (await brief_of(mira, style="pencil"))["style"] == "pencil"
    page = (await mira.get("/make", headers={"Accept": "text/html"})).text
    assert 'value="Mira Okafor"' in page and 'value="ink" checked' in page
    await mira.patch(AT, json={"own": {"style": None}})
    assert (await mira.get(AT)).json()["in_force"]["style"] == "papercut"
    assert (await brief_of(mira, "k", tone="funny"))["style"] == "ink", "the same request, whatever was chosen since"
    asked = {"kind": "books.make@1", "request": {"brief": {"premise": "A hare"}}}
    job = (await mira.post("/api/jobs", json=asked)).json()
    assert (await mira.get(f"/api/books/{job['lineage']}")).json()["brief"]["style"] == "papercut"


async def test_a_change_of_what_somebody_else_changed_meanwhile_is_refused(town: Town) -> None:
    mira = await town.person()
    tag = (await mira.get(AT)).headers["etag"]
    first = await mira.patch(AT, json={"team": {"style": "ink"}}, headers={"If-Match": tag})
    assert first.status_code == 200 and first.headers["etag"] != tag
    late = await mira.patch(AT, json={"team": {"style": "pencil"}}, headers={"If-Match": tag})
    assert (late.status_code, late.json()["code"]) == (412, "outdated")
    form = await mira.post("/settings", data={"whose": "own", "version": tag.strip('"'), "author": "Late"})
    assert form.status_code == 412 and "Somebody else changed this" in form.text
    assert (await mira.get(AT)).json()["in_force"]["style"] == "ink"
    assert (await town.audited()).count("settings.changed") == 1


@pytest.mark.parametrize("wrong", [{"printer": "nobody"}, {"style": "glass"}, {"author": "x" * 121}, {"voice": "low"}])
async def test_what_cannot_be_chosen_is_refused(town: Town, wrong: dict[str, str]) -> None:
    mira = await town.person()
    assert (await mira.patch(AT, json={"own": wrong})).status_code == 422


async def test_members_choose_for_themselves_and_leaders_for_all(town: Town) -> None:
    mira, ben, at = await two_people(town)
    team_id = at.rpartition("/")[2]
    asked = await mira.post(f"{at}/members", json={"email": BEN})
    assert asked.status_code == 201, asked.text
    assert (await ben.post("/api/invitations/accept", json={"token": await town.link(BEN)})).is_success
    mira.headers["X-Team"] = ben.headers["X-Team"] = team_id
    await mira.patch(AT, json={"own": {"author": "Mira"}, "team": {"style": "ink"}})
    assert (await ben.patch(AT, json={"team": {"style": "pencil"}})).status_code == 403
    assert (await ben.patch(AT, json={"own": {"author": "Ben"}})).status_code == 200
    seen = (await ben.get(AT)).json()
    assert (seen["own"]["author"], seen["in_force"]["style"]) == ("Ben", "ink")
    page = (await ben.get("/settings", headers={"Accept": "text/html"})).text
    assert "For yourself" in page and "For everybody" not in page
    await ben.post(f"{at}/leave")
    async with town.house.database.transaction(UUID(team_id)) as transaction:
        kept = await transaction.driver.fetch("SELECT chosen ->> 'author' AS author FROM book_defaults")
    assert {row["author"] for row in kept} == {"Mira", None}, "who leaves takes theirs along"
