"""Presets: who sees which, who may change which, and that films keep what a preset said."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from starlette.requests import HTTPConnection

from overprint.core.clock import SystemClock
from overprint.core.ids import new_id
from overprint.core.principal import Principal, Role
from overprint.core.problems import Invalid
from overprint.craft.presets import shipped_presets
from overprint.db.database import Database
from overprint.engine.schedule import ScheduleContext
from overprint.features.presets import Presets
from overprint.features.presets.room import room
from overprint.http.problems import answer_problems
from tests.features.presets.test_samples import samples
from tests.support.studio import Studio

ORBIT = next(each for each in shipped_presets() if each.key == "orbit")
MINE = {"name": "Round the tower", "category": "camera", "config": {"camera": [{"horizontal": 4, "pan": -4}]}}


@dataclass
class Desk:
    """Whoever sits at it asks. The first one leads a team; strangers belong to another."""

    client: httpx.AsyncClient
    presets: Presets
    database: Database
    sits: Principal

    async def sees(self, **asked: Any) -> list[str]:
        """The names of all pages."""
        names: list[str] = []
        while True:
            page = await made(await self.client.get("/api/presets", params=asked))
            names += [preset["name"] for preset in page["items"]]
            if page["next_cursor"] is None:
                return names
            asked["cursor"] = page["next_cursor"]

    async def make(self, **more: Any) -> dict[str, Any]:
        return await made(await self.client.post("/api/presets", json={**MINE, **more}))

    async def audited(self) -> list[str]:
        query = "SELECT action FROM audit_log WHERE subject_kind = 'preset' ORDER BY seq"
        rows = await self.database.system.fetch(query)
        return [row["action"] for row in rows]


async def made(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code < 300, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def born(database: Database, person_id: UUID) -> None:
    email = f"{person_id}@example.org"
    await database.system.execute("INSERT INTO people (id, email, name) VALUES ($1, $2, 'Tom')", person_id, email)


@pytest.fixture
async def desk(studio: Studio) -> AsyncIterator[Desk]:
    database = studio.engine.database
    presets = Presets(database, SystemClock())
    await born(database, studio.owner.person_id)
    app = FastAPI()
    answer_problems(app)
    app.state.database = database

    async def identify(_: HTTPConnection) -> Principal:
        return found.sits

    app.state.identify = identify
    opened = room(presets, samples()[0])
    for router in (*opened.routers, *opened.pages):
        app.include_router(router)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        found = Desk(client, presets, database, replace(studio.owner, is_site_admin=False))
        yield found


async def another(desk: Desk, role: Role = Role.MEMBER, *, is_stranger: bool = False) -> Principal:
    """Somebody else, of this team or of one of their own."""
    person_id, team_id, pool = new_id(), desk.sits.team_id, desk.database.system
    await born(desk.database, person_id)
    if is_stranger:
        team_id = new_id()
        await pool.execute("INSERT INTO teams (id, slug, name) VALUES ($1, $2, 'Theirs')", team_id, f"t-{team_id}")
    return replace(desk.sits, person_id=person_id, team_id=team_id, role=role, is_site_admin=False)


async def test_default_presets_come_first_page_by_page_and_then_what_the_team_made(desk: Desk) -> None:
    for name in ("First", "Second"):
        await desk.make(name=name)
    names = await desk.sees(limit=10)
    assert names == [*(each.preset.name for each in shipped_presets()), "Second", "First"]
    story = await desk.sees(category="story", limit=3)
    assert story == [each.preset.name for each in shipped_presets() if each.preset.category == "story"]


async def test_a_personal_preset_is_seen_by_its_maker_and_a_public_one_by_all_teams(desk: Desk) -> None:
    await desk.make(name="Mine alone", is_personal=True)
    await desk.make(name="Ours")
    public = await desk.make(name="For all", is_public=True)
    for who, seen in ((await another(desk), ["For all", "Ours"]), (await another(desk, is_stranger=True), ["For all"])):
        desk.sits = who
        assert (await desk.sees())[len(shipped_presets()) :] == seen
    told = await made(await desk.client.get(f"/api/presets/{public['id']}"))
    assert (told["is_public"], told["user_id"]) == (True, None)
    assert (await desk.client.patch(f"/api/presets/{public['id']}", json={"name": "Taken"})).status_code == 403
    assert (await desk.client.delete(f"/api/presets/{public['id']}")).status_code == 403


async def test_only_who_leads_a_team_speaks_for_it_to_others_and_changes_what_others_made(desk: Desk) -> None:
    leader, ours = desk.sits, await desk.make()
    desk.sits = await another(desk)
    assert (await desk.client.post("/api/presets", json={**MINE, "is_public": True})).status_code == 403
    assert (await desk.client.patch(f"/api/presets/{ours['id']}", json={"name": "Taken"})).status_code == 403
    theirs = await desk.make(name="Tom's")
    desk.sits = leader
    assert (await desk.client.delete(f"/api/presets/{theirs['id']}")).status_code == 204
    desk.sits = await another(desk, Role.VIEWER)
    assert (await desk.client.post("/api/presets", json=MINE)).status_code == 403


async def test_default_presets_are_for_site_admins_and_their_changes_stay_until_they_are_taken_back(desk: Desk) -> None:
    at, guest = f"/api/presets/{ORBIT.id}", desk.sits
    assert (await desk.client.patch(at, json={"name": "Mine"})).status_code == 403
    assert (await desk.client.delete(at)).status_code == 403
    assert (await desk.client.post("/api/presets", json={**MINE, "is_default": True})).status_code == 403
    desk.sits = replace(guest, is_site_admin=True)
    changed = await made(await desk.client.patch(at, json={"name": "Carousel"}, headers={"If-Match": '"0"'}))
    assert (changed["name"], changed["key"], changed["config"]["camera"][0]["course"]) == ("Carousel", "orbit", "arc")
    stale = await desk.client.patch(at, json={"name": "Other"}, headers={"If-Match": '"0"'})
    assert stale.status_code == 412
    added = await desk.make(name="House look", is_default=True)
    again = await desk.client.post("/api/presets", json={**MINE, "name": "House look", "is_default": True})
    assert again.status_code == 409
    await made(await desk.client.patch(f"/api/presets/{added['id']}", json={"is_public": False}))
    desk.sits = guest
    names = await desk.sees()
    assert "Carousel" in names and "Orbit" not in names and "House look" not in names
    desk.sits = replace(guest, is_site_admin=True)
    assert (await desk.client.delete(at)).status_code == 204
    desk.sits = guest
    assert "Orbit" in await desk.sees()
    assert await desk.audited() == ["preset.changed", "preset.added", "preset.changed", "preset.reset"]


async def test_a_site_admin_takes_a_public_preset_of_another_team_back(desk: Desk) -> None:
    public = await desk.make(is_public=True)
    stranger = await another(desk, is_stranger=True)
    desk.sits, maker = replace(stranger, is_site_admin=True), desk.sits
    assert (await desk.client.delete(f"/api/presets/{public['id']}")).status_code == 204
    assert (await desk.client.get(f"/api/presets/{public['id']}")).status_code == 404
    desk.sits = maker
    assert (await made(await desk.client.get(f"/api/presets/{public['id']}")))["is_public"] is False


async def test_who_leads_no_more_changes_nothing_that_other_teams_see_but_may_take_it_back(desk: Desk) -> None:
    public = await desk.make(is_public=True)
    at, desk.sits = f"/api/presets/{public['id']}", replace(desk.sits, role=Role.MEMBER)
    assert (await desk.client.patch(at, json={"name": "Spoken for them"})).status_code == 403
    assert (await made(await desk.client.patch(at, json={"is_public": False})))["is_public"] is False


async def test_what_a_closed_team_showed_is_seen_no_more(desk: Desk) -> None:
    public = await desk.make(is_public=True)
    async with desk.database.transaction(desk.sits.team_id) as transaction:
        await desk.presets.withdraw(transaction.driver, desk.sits.team_id)
    desk.sits = await another(desk, is_stranger=True)
    assert (await desk.client.get(f"/api/presets/{public['id']}")).status_code == 404


async def test_a_team_keeps_what_somebody_made_who_is_gone_and_nobody_keeps_what_was_theirs_alone(desk: Desk) -> None:
    ours, gone = desk.sits, await another(desk)
    desk.sits = gone
    kept = await desk.make(name="The team's")
    await desk.make(name="Theirs alone", is_personal=True)
    for ending in ("UPDATE people SET closed_at = now() WHERE id = $1", "DELETE FROM people WHERE id = $1"):
        await desk.database.system.execute(ending, gone.person_id)
    desk.sits = ours
    assert (await made(await desk.client.get(f"/api/presets/{kept['id']}")))["user_id"] is None
    assert "Delete" in (await desk.client.get(f"/presets/{kept['id']}")).text
    await samples()[0].tidy(ScheduleContext(desk.database, SystemClock(), 60.0))
    assert await desk.database.system.fetchval("SELECT count(*) FROM presets") == 1


async def test_asked_twice_under_one_key_it_is_made_once(desk: Desk) -> None:
    sent = {"json": MINE, "headers": {"Idempotency-Key": "tower-1"}}
    first, second = [await made(await desk.client.post("/api/presets", **sent)) for _ in range(2)]
    assert first == second
    assert (await desk.sees()).count("Round the tower") == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"config": {"camera": [{"zoom": 11}]}}, "config.camera.0.zoom must be at most 10"),
        ({"config": {"camera": []}}, "at least 1"),
        ({"config": {"camera": [{}], "duration": 60}}, "config.duration"),
        ({"config": {"camera": [{}], "speed": 2}}, "config.speed is not a field of this request"),
        ({"name": "\u202e"}, "This preset has no name."),
        ({"category": "other"}, "category must be one of"),
        ({"is_public": True, "is_personal": True}, "not both"),
    ],
)
async def test_what_is_no_preset_is_refused_in_words(desk: Desk, wrong: dict[str, Any], said: str) -> None:
    answer = await desk.client.post("/api/presets", json={**MINE, **wrong})
    assert answer.status_code == 422
    assert said.casefold() in answer.text.casefold()


async def test_half_a_character_is_refused_as_that_and_not_as_no_text(desk: Desk) -> None:
    body = json.dumps({**MINE, "name": "a\ud800b"})
    answer = await desk.client.post("/api/presets", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["title"]) == (422, "name holds a character that cannot be stored.")


async def test_a_film_takes_a_preset_by_key_id_or_name_and_the_teams_own_first(desk: Desk) -> None:
    async def asked(word: str) -> dict[str, Any]:
        async with desk.database.transaction(desk.sits.team_id) as transaction:
            return await desk.presets.asked(transaction, desk.sits, word)

    for word in ("orbit", " ORBIT ", str(ORBIT.id)):
        assert await asked(word) == ORBIT.preset.config.asked("Orbit", str(ORBIT.id))
    own = await desk.make(name="Orbit")
    assert (await asked("Orbit"))["camera"][0]["horizontal"] == 4
    assert (await desk.client.delete(f"/api/presets/{own['id']}")).status_code == 204
    ours, desk.sits = desk.sits, await another(desk, Role.OWNER, is_stranger=True)
    for name in ("Orbit", "Theirs"):
        await desk.make(name=name, is_public=True)
    desk.sits = ours
    assert await asked("orbit") == ORBIT.preset.config.asked("Orbit", str(ORBIT.id)), (
        "what strangers call theirs stands in for nothing"
    )
    assert (await asked("theirs"))["preset"] == "Theirs"
    nameless = await desk.make(name="Nameless")
    for word in ("Nowhere", "  "):
        with pytest.raises(Invalid, match="no preset called"):
            await asked(word)
    found = await asked("nameless")
    assert (await desk.client.patch(f"/api/presets/{nameless['id']}", json={"name": "Named"})).status_code == 200
    async with desk.database.transaction(desk.sits.team_id) as transaction:
        for brief, name in ((found, "Named"), ({"preset": "Named"}, "Named"), ({"preset": ""}, None)):
            used = await desk.presets.find_used(transaction, desk.sits, brief)
            assert (used and used["name"]) == name, (
                "a film knows its preset by whatever name it has; older ones by name"
            )


async def test_a_preset_leads_to_its_film_and_to_a_picture_of_it(desk: Desk) -> None:
    told = await made(await desk.client.get(f"/api/presets/{ORBIT.id}"))
    for link, ends in ((told["sample_url"], ".mp4"), (told["thumbnail_url"], ".webp")):
        answer = await desk.client.get(link)
        assert answer.status_code == 307
        assert str(ORBIT.id) in answer.headers["location"] and ends in answer.headers["location"]
    assert (await desk.client.get(f"/api/presets/{new_id()}/sample")).status_code == 404


async def test_the_gallery_saves_a_look_as_ones_own_and_lets_it_be_changed_and_deleted(desk: Desk) -> None:
    gallery = (await desk.client.get("/presets", params={"category": "camera"})).text
    assert f"/api/presets/{ORBIT.id}/thumbnail" in gallery and "Bedtime story" not in gallery
    saved = await desk.client.post(f"/presets/{ORBIT.id}/own", data={"name": "Round <b>", "seen_by": "me"})
    at = saved.headers["location"]
    page = (await desk.client.get(at)).text
    assert "Round &lt;b&gt;" in page and "<b>" not in page
    sent = {"name": "Round", "grade": "noir", "captions": "none", "duration": "3.5", "seen_by": "team"}
    assert (await desk.client.post(at, data=sent)).headers["location"] == at
    told = await made(await desk.client.get(f"/api{at}"))
    assert (told["config"]["grade"], told["config"]["captions"], told["config"]["duration"]) == ("noir", None, 3.5)
    assert (told["is_personal"], told["config"]["camera"][0]["course"]) == (False, "arc")
    assert (await desk.client.post(f"{at}/delete")).headers["location"] == "/presets"
    assert (await desk.client.get(at)).status_code == 404
