"""Teams through the door: real accounts, real mail, real cookies."""

from dataclasses import replace
from uuid import UUID

import httpx
import pytest

from overprint.core.ids import new_id
from tests.features.accounts.conftest import Town
from tests.support.house import client_of

BEN = "ben@example.org"
Here = tuple[httpx.AsyncClient, httpx.AsyncClient, str]


async def two_people(town: Town) -> Here:
    """Mira with a team of hers, and Ben, who is in none but his own."""
    mira, ben = await town.person(), await town.person(BEN, "Ben")
    made = await mira.post("/api/teams", json={"name": "Moon Press", "slug": "moon-press"})
    assert made.status_code == 201, made.text
    return mira, ben, f"/api/teams/{made.json()['id']}"


async def test_from_an_invitation_to_working_together(town: Town) -> None:
    mira, ben, at = await two_people(town)
    assert (await ben.get(at)).status_code == 404
    invited = await mira.post(f"{at}/members", json={"email": "BEN@example.org", "role": "member"})
    assert invited.status_code == 201, invited.text
    (mail,) = [mail for mail in await town.mails(BEN) if "invites you" in mail["subject"]]
    assert mail["subject"] == "Mira Okafor invites you to Moon Press"
    assert "/invitations?token=" in mail["text"] and "/invitations?token=" in mail["html"]
    token = await town.link(BEN)
    assert (await mira.post("/api/invitations/accept", json={"token": token})).status_code == 403
    joined = await ben.post("/api/invitations/accept", json={"token": token})
    assert joined.json()["slug"] == "moon-press", joined.text
    people = (await ben.get(f"{at}/members")).json()["items"]
    assert [(each["name"], each["role"], each["is_you"]) for each in people] == [
        ("Mira Okafor", "owner", False),
        ("Ben", "member", True),
    ]
    await mira.post("/api/projects", json={"name": "private"})
    await mira.post("/api/projects", json={"name": "shared"}, headers={"X-Team": "moon-press"})
    seen = (await ben.get("/api/projects", headers={"X-Team": "moon-press"})).json()["items"]
    assert [project["name"] for project in seen] == ["shared"]
    assert (await ben.get("/api/projects")).json()["items"] == []


async def test_an_invitation_that_is_asked_for_twice_under_one_key_is_sent_once(town: Town) -> None:
    mira, _, at = await two_people(town)
    key = {"Idempotency-Key": "ben"}
    answers = [await mira.post(f"{at}/members", json={"email": BEN}, headers=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert len([mail for mail in await town.mails(BEN) if "invites you" in mail["subject"]]) == 1
    other = await mira.post(f"{at}/members", json={"email": "zoe@example.org"}, headers=key)
    assert other.status_code == 409


async def test_a_browser_switches_between_its_teams(town: Town) -> None:
    mira, _, at = await two_people(town)
    assert (await mira.post(f"{at}/switch")).status_code == 204
    await mira.post("/api/projects", json={"name": "here"})
    teams = {team["name"]: team for team in (await mira.get("/api/teams")).json()["items"]}
    assert [teams[name]["is_current"] for name in ("Mira Okafor", "Moon Press")] == [False, True]
    await mira.post(f"/api/teams/{teams['Mira Okafor']['id']}/switch")
    assert (await mira.get("/api/projects")).json()["items"] == []


async def test_an_edit_of_an_older_version_is_refused(town: Town) -> None:
    mira, _, at = await two_people(town)
    tag = (await mira.get(at)).headers["etag"]
    settings = {"invite_domains": ["example.org"], "default_role": "viewer"}
    changed = await mira.patch(at, json={"name": "Sun Press", "settings": settings}, headers={"If-Match": tag})
    assert (changed.status_code, changed.json()["name"], changed.json()["settings"]) == (200, "Sun Press", settings)
    late = await mira.patch(at, json={"name": "Star Press"}, headers={"If-Match": tag})
    assert (late.status_code, late.json()["code"]) == (412, "outdated")
    assert (await mira.patch(at, json={"name": "x"}, headers={"If-Match": "abc"})).status_code == 422
    assert (await mira.get(at)).json()["name"] == "Sun Press"


async def test_of_another_team_nothing_can_be_seen_or_done(town: Town) -> None:
    mira, eve, at = await two_people(town)
    invited = (await mira.post(f"{at}/members", json={"email": "zoe@example.org"})).json()["id"]
    person = (await mira.get("/api/auth/me")).json()["id"]
    for method, path, body in (
        ("GET", "", None),
        ("PATCH", "", {"name": "Eve's"}),
        ("DELETE", "", None),
        ("GET", "/members", None),
        ("POST", "/members", {"email": "eve2@example.org"}),
        ("PATCH", f"/members/{person}", {"role": "viewer"}),
        ("DELETE", f"/members/{person}", None),
        ("GET", "/invitations", None),
        ("DELETE", f"/invitations/{invited}", None),
        ("POST", f"/invitations/{invited}/resend", None),
        ("POST", "/transfer", {"person_id": person}),
        ("POST", "/leave", None),
        ("POST", "/switch", None),
    ):
        for who in (at, f"/api/teams/{new_id()}"):
            answer = await eve.request(method, who + path, json=body)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), (method, path, answer.text)
    mine = f"/api/teams/{(await eve.get('/api/teams')).json()['items'][0]['id']}"
    for path in (f"/members/{person}", f"/invitations/{invited}"):
        assert (await eve.delete(mine + path)).status_code == 404


@pytest.mark.parametrize(
    "body",
    [{"name": ""}, {"name": "x" * 121}, {"name": "a\x00b"}, {"name": "x", "slug": "A B"}, {"name": "x", "plan": "pro"}],
)
async def test_what_cannot_be_a_team_is_refused(town: Town, body: dict[str, str]) -> None:
    mira = await town.person()
    assert (await mira.post("/api/teams", json=body)).status_code == 422
    assert len((await mira.get("/api/teams")).json()["items"]) == 1


async def test_without_accounts_there_is_nobody_to_invite(open_town: object) -> None:
    town = await open_town("local")  # type: ignore[operator]
    async with client_of(town.house) as client:
        made = await client.post("/api/teams", json={"name": "Second"})
        assert made.status_code == 201, made.text
        answer = await client.post(f"/api/teams/{made.json()['id']}/members", json={"email": BEN})
    assert answer.status_code == 409 and "OVERPRINT_ACCOUNTS" in answer.json()["detail"]


async def test_two_who_change_one_member_at_once_do_not_undo_each_other(town: Town) -> None:
    mira, ben, at = await two_people(town)
    await mira.post(f"{at}/members", json={"email": BEN, "role": "viewer"})
    (invited,) = (await mira.get(f"{at}/invitations")).json()["items"]
    town.later(minutes=11)
    path, tag = f"{at}/invitations/{invited['id']}", {"If-Match": f'"{invited["sends"]}"'}
    assert (await mira.post(f"{path}/resend", headers=tag)).headers["etag"] == '"2"'
    assert (await mira.delete(path, headers=tag)).status_code == 412, "it was sent again meanwhile"
    await ben.post("/api/invitations/accept", json={"token": await town.link(BEN)})
    members = (await mira.get(f"{at}/members")).json()["items"]
    (seen,) = [one for one in members if one["role"] == "viewer"]
    path, tag = f"{at}/members/{seen['person_id']}", {"If-Match": f'"{seen["version"]}"'}
    first = await mira.patch(path, json={"role": "member"}, headers=tag)
    assert (first.status_code, first.headers["etag"]) == (204, f'"{seen["version"] + 1}"')
    late = await mira.patch(path, json={"role": "admin"}, headers=tag)
    assert (late.status_code, late.json()["code"]) == (412, "outdated")
    assert (await mira.delete(path, headers=tag)).status_code == 412
    now = {one["person_id"]: one["role"] for one in (await mira.get(f"{at}/members")).json()["items"]}
    assert now[seen["person_id"]] == "member"
    assert (await mira.delete(path, headers={"If-Match": first.headers["etag"]})).status_code == 204


async def test_a_plan_without_it_lets_nobody_be_invited_and_says_which_ones_do(town: Town) -> None:
    mira, _, at = await two_people(town)
    team_id, admin = UUID(at.rpartition("/")[2]), replace(town.house.owner, is_site_admin=True)
    async with town.house.database.transaction(team_id) as transaction:
        await town.house.billing.plans.put_on(transaction, admin, "guest", "A test")
    refused = await mira.post(f"{at}/members", json={"email": BEN})
    assert (refused.status_code, refused.json()["code"]) == (402, "not_in_plan")
    assert refused.json()["title"] == "The plan Guest has no invitations for other people."
    assert refused.json()["detail"].startswith("Free, Pro and Team have that")
