"""Making a team, changing it, entering it, closing it."""

import asyncio

import pytest

from overprint.core.ids import new_id
from overprint.core.principal import Role
from overprint.core.problems import Conflict, Denied, Invalid, LimitReached, NotFound
from overprint.features.teams import rules
from tests.features.teams.village import Village


async def test_who_makes_a_team_owns_it_and_works_in_it_when_they_enter(village: Village) -> None:
    mira = await village.person("mira")
    made = await village.teams.make(mira, "  Moon   Press ", None, None)
    assert made["name"] == "Moon Press" and made["slug"].startswith("moon-press-")
    mine = await village.teams.list_mine(mira)
    assert [(team["name"], team["role"], team["is_personal"]) for team in mine] == [
        ("mira", "owner", True),
        ("Moon Press", "owner", False),
    ]
    here = await village.teams.enter(mira, made["id"])
    assert (here.person_id, here.team_id, here.role) == (mira.person_id, made["id"], Role.OWNER)
    assert await village.audited(made["id"]) == ["team.made"]


async def test_the_same_key_makes_one_team_even_at_the_same_moment(village: Village) -> None:
    mira, ben = await village.person("mira"), await village.person("ben")
    made = await asyncio.gather(*(village.teams.make(mira, "One", None, "key") for _ in range(5)))
    assert len({team["id"] for team in made}) == 1
    with pytest.raises(Conflict, match="idempotency key"):
        await village.teams.make(mira, "Two", None, "key")
    assert (await village.teams.make(ben, "One", None, "key"))["id"] != made[0]["id"]


async def test_a_short_name_belongs_to_one_team(village: Village) -> None:
    mira, ben = await village.person("mira"), await village.person("ben")
    here, there = await village.team(mira, slug="moon-press"), await village.team(ben)
    with pytest.raises(Conflict, match="'moon-press'"):
        await village.team(ben, slug="moon-press")
    with pytest.raises(Conflict, match="'moon-press'"):
        async with village.database.transaction(there.team_id) as transaction:
            team = await village.teams.get(transaction, holds=True)
            await village.teams.change(transaction, there, team, slug="moon-press")
    await village.close(here)
    await village.team(ben, slug="moon-press")


async def test_what_is_changed_counts_versions_and_what_is_not_stays(village: Village) -> None:
    here = await village.team(await village.person("mira"))
    async with village.database.transaction(here.team_id) as transaction:
        team = await village.teams.get(transaction, holds=True)
        same = await village.teams.change(transaction, here, team, name="Moon Press")
        new = await village.teams.change(transaction, here, team, name="月光出版社 <b>&'")
    assert (same["version"], new["version"], new["slug"]) == (1, 2, team["slug"])
    assert new["name"] == "月光出版社 <b>&'"


async def test_who_is_not_in_a_team_cannot_enter_it_nor_who_has_a_deleted_one(village: Village) -> None:
    mira, eve = await village.person("mira"), await village.person("eve")
    here = await village.team(mira)
    for team_id in (here.team_id, mira.team_id, new_id()):
        with pytest.raises(NotFound):
            await village.teams.enter(eve, team_id)
    token = await village.invite(here, "eve")
    await village.close(here)
    assert village.closed == [here.team_id]
    with pytest.raises(NotFound):
        await village.teams.enter(mira, here.team_id)
    with pytest.raises(NotFound):
        await village.invitations.accept(eve, token)
    assert (await village.audited(here.team_id))[-1] == "team.deleted"


async def test_a_personal_team_stays_with_its_person(village: Village) -> None:
    mira = await village.person("mira")
    for deed in (village.close(mira), village.leave(mira), village.put(mira, mira, Role.ADMIN)):
        with pytest.raises(Conflict, match="personal team"):
            await deed


async def test_nobody_is_in_more_teams_than_there_is_room_for(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    mira = await village.person("mira")
    here = await village.team(await village.person("ben"))
    monkeypatch.setattr(rules, "TEAMS_MAX", 1)
    with pytest.raises(LimitReached):
        await village.team(mira)
    with pytest.raises(LimitReached):
        await village.join(here, mira, "mira")


async def test_making_and_deleting_teams_brings_no_free_credits_without_end(village: Village) -> None:
    mira = await village.person("mira")
    for _ in range(rules.TEAMS_MADE_MAX):
        await village.close(await village.team(mira))
    with pytest.raises(LimitReached, match="within a month"):
        await village.team(mira)
    assert await village.team(await village.person("ben")), "each has their own"
    village.clock.ahead += rules.TEAMS_MADE_WITHIN
    assert await village.team(mira)


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
async def test_members_and_viewers_do_not_change_the_team(village: Village, role: Role) -> None:
    mira, ben = await village.person("mira"), await village.person("ben")
    here = await village.team(mira)
    there = await village.join(here, ben, "ben", role)
    async with village.database.transaction(here.team_id) as transaction:
        team = await village.teams.get(transaction)
        with pytest.raises(Denied):
            await village.teams.change(transaction, there, team, name="Ben's")
        with pytest.raises(Denied):
            await village.invitations.list_open(transaction, there)
        names = [member["name"] for member in await village.members.list_members(transaction, there)]
    assert names == ["mira", "ben"]


@pytest.mark.parametrize(
    "slug",
    [
        "ab",
        "a" * 41,
        "Moon",
        "moon--press",
        "-moon",
        "moon-",
        "moon_press",
        "mond\u00e4",
        "local",
        "site",
        "x y",
        "00000000-0000-7000-8000-000000000007",
    ],
)
def test_what_cannot_be_a_short_name_is_refused(slug: str) -> None:
    with pytest.raises(Invalid):
        rules.checked_slug(slug)


@pytest.mark.parametrize("name", ["Moon Press", "月光", "\U0001f98a", "É" * 200, "--", "a'; DROP TABLE teams"])
def test_every_name_makes_a_short_name_that_can_be_one(name: str) -> None:
    assert rules.checked_slug(rules.slug_from(name, "0a1b2c3d4e"))
