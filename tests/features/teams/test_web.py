"""The room's pages, as a person without JavaScript goes through them."""

import re

import httpx

from tests.features.accounts.conftest import Town

BEN = "ben@example.org"
PAGE = {"Accept": "text/html"}


async def post(client: httpx.AsyncClient, path: str, **form: str) -> httpx.Response:
    return await client.post(path, data=form, headers=PAGE, follow_redirects=True)


async def test_two_people_meet_in_a_team_and_part_again(town: Town) -> None:
    mira, ben = await town.person(), await town.person(BEN, "Ben <b>&")
    made = await post(mira, "/teams", name="Moon & <i>Press")
    at = made.url.path
    assert "<h1>Moon &amp; &lt;i&gt;Press</h1>" in made.text and "Your role here: owner." in made.text
    invited = await post(mira, f"{at}/invite", email=BEN, role="admin")
    assert BEN in invited.text and "as admin" in invited.text and "The invitation is on its way" in invited.text
    again = await post(mira, f"{at}/invite", email=BEN, role="admin")
    assert again.status_code == 409 and "invited this address already" in again.text
    link = f"/invitations?token={await town.link(BEN)}"
    shown = await ben.get(link, headers=PAGE)
    assert "Mira Okafor asks you to work there. Your role: admin." in shown.text
    token = re.search(r'name="token" value="([^"]+)"', shown.text)
    assert token
    assert "another address" in (await post(mira, "/invitations/accept", token=token[1])).text
    assert (await post(ben, "/invitations/accept", token=token[1])).url.path == "/make"
    page = (await ben.get(at, headers=PAGE)).text
    assert "Ben &lt;b&gt;&amp;, you" in page and "Give the team away" not in page
    person = (await ben.get("/api/auth/me")).json()["id"]
    assert "viewer</small>" in (await post(mira, f"{at}/members/{person}/role", role="viewer")).text
    assert (await post(ben, f"{at}/invite", email="zoe@example.org")).status_code == 403
    left = await post(ben, f"{at}/members/{person}/remove")
    assert left.url.path == "/teams" and "Moon" not in left.text
    assert (await ben.get(at, headers=PAGE)).status_code == 404


async def test_a_team_is_renamed_given_away_and_deleted_on_its_page(town: Town) -> None:
    mira, ben = await town.person(), await town.person(BEN, "Ben")
    at = (await post(mira, "/teams", name="Moon Press")).url.path
    assert "Star Press</h1>" in (await post(mira, f"{at}/name", name="Star Press", slug="star-press")).text
    await post(mira, f"{at}/invite", email=BEN, role="member")
    await post(ben, "/invitations/accept", token=await town.link(BEN))
    person = (await ben.get("/api/auth/me")).json()["id"]
    assert "Your role here: admin." in (await post(mira, f"{at}/members/{person}/own")).text
    assert (await post(mira, f"{at}/delete")).status_code == 403
    assert (await post(ben, f"{at}/delete")).url.path == "/teams"
    assert (await mira.get(at, headers=PAGE)).status_code == 404


async def test_who_is_not_signed_in_comes_back_to_the_invitation_after_it(town: Town) -> None:
    somebody = await town.visitor()
    answer = await somebody.get("/invitations?token=abc", headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=%2Finvitations%3Ftoken%3Dabc")
    mira = await town.person()
    assert (await mira.get("/invitations?token=abc", headers=PAGE)).status_code == 404
