"""Who belongs to a team: inviting, joining, roles, leaving, and who owns it."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from overprint.core.ids import new_id
from overprint.core.principal import Principal, Role, Via
from overprint.core.problems import Conflict, Denied, Invalid, LimitReached, NotConfirmed, NotFound, TooOften
from overprint.features.accounts.service.keys import Keys
from overprint.features.accounts.service.tokens import hash_of
from overprint.features.accounts.store.keys import find_by_key
from overprint.features.audit import Audit
from overprint.features.teams import rules
from overprint.features.teams.rules import Action, TeamSettings
from overprint.features.teams.service.personal import PersonalTeams
from tests.features.teams.village import Village


async def test_who_is_invited_joins_by_the_link_once(village: Village) -> None:
    mira, ben = await village.person("mira"), await village.person("ben")
    here = await village.team(mira)
    token = await village.invite(here, "ben", Role.ADMIN)
    seen = await village.invitations.look(token)
    assert (seen["team"], seen["role"], seen["inviter"]) == ("Moon Press", "admin", "mira")
    await village.invitations.accept(ben, token)
    assert (await village.teams.enter(ben, here.team_id)).role is Role.ADMIN
    for again in (village.invitations.accept(ben, token), village.invitations.decline(ben, token)):
        with pytest.raises(NotFound):
            await again
    assert await village.audited(here.team_id) == ["team.made", "member.invited", "member.joined"]
    assert (await Audit(village.database.system).prove(here.team_id)).fault is None


async def test_a_link_is_good_for_the_address_that_it_was_sent_to_alone(village: Village) -> None:
    mira, eve = await village.person("mira"), await village.person("eve")
    here = await village.team(mira)
    token = await village.invite(here, "ben")
    with pytest.raises(Denied, match="another address"):
        await village.invitations.accept(eve, token)
    unconfirmed = await village.person("ben")
    await village.database.system.execute("UPDATE people SET verified_at = NULL WHERE name = 'ben'")
    with pytest.raises(Denied, match="another address"):
        await village.invitations.accept(unconfirmed, token)
    for wrong in ("", "x", token[:-1], token + "x", "\ud800"):
        with pytest.raises(NotFound):
            await village.invitations.accept(eve, wrong)
    assert len(await village.roles(here.team_id)) == 1
    kept = await village.database.system.fetchval("SELECT i::text FROM invitations i")
    assert token not in kept, "only its hash is kept"


async def test_a_link_ends_after_seven_days_or_when_it_is_withdrawn_or_declined(village: Village) -> None:
    mira, ben = await village.person("mira"), await village.person("ben")
    here = await village.team(mira)
    token = await village.invite(here, "ben")
    await village.invitations.decline(ben, token)
    withdrawn = await village.invite(here, "ben")
    async with village.database.transaction(here.team_id) as transaction:
        (row,) = await village.invitations.list_open(transaction, here)
        await village.invitations.withdraw(transaction, here, row["id"])
    old = await village.invite(here, "ben")
    village.clock.ahead += rules.INVITATION_LIFETIME
    for dead in (token, withdrawn, old):
        with pytest.raises(NotFound, match="too old"):
            await village.invitations.accept(ben, dead)
    await village.join(here, ben, "ben")
    endings = await village.database.system.fetch("SELECT ending FROM invitations ORDER BY id")
    assert [row["ending"] for row in endings] == ["declined", "withdrawn", "expired", "accepted"]


async def test_an_invitation_is_sent_again_a_few_times_with_a_new_link(village: Village) -> None:
    here, ben = await village.team(await village.person("mira")), await village.person("ben")
    first = await village.invite(here, "ben")

    async def again() -> None:
        async with village.database.transaction(here.team_id) as transaction:
            (row,) = await village.invitations.list_open(transaction, here)
            await village.invitations.send_again(transaction, here, row["id"])

    with pytest.raises(TooOften):
        await again()
    for _ in range(rules.SENDS_MAX - 1):
        village.clock.ahead += rules.SEND_AGAIN_AFTER
        await again()
    village.clock.ahead += rules.SEND_AGAIN_AFTER
    with pytest.raises(Conflict, match="was sent 5 times"):
        await again()
    with pytest.raises(NotFound):
        await village.invitations.accept(ben, first)
    await village.invitations.accept(ben, village.mail["ben@example.org"])


async def test_nobody_is_invited_twice_or_when_they_are_here(village: Village) -> None:
    mira, ben = await village.person("mira"), await village.person("ben")
    here = await village.team(mira)
    await village.invite(here, "ben")
    for name in ("ben", "BEN"):
        with pytest.raises(Conflict, match="invited this address already"):
            await village.invite(here, name)
    await village.invitations.accept(ben, village.mail["ben@example.org"])
    with pytest.raises(Conflict, match="in the team already"):
        await village.invite(here, "ben")
    with pytest.raises(Conflict, match="of one person"):
        await village.invite(mira, "eve")


async def test_invitations_are_bounded(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    here = await village.team(await village.person("mira"))
    for bound, said in (("INVITATIONS_DAILY_MAX", "a day"), ("INVITATIONS_MAX", "wait"), ("MEMBERS_MAX", "members")):
        with monkeypatch.context() as patched:
            patched.setattr(rules, bound, 0)
            with pytest.raises(LimitReached, match=said):
                await village.invite(here, "ben")


async def test_a_team_may_bound_whom_it_invites(village: Village) -> None:
    here = await village.team(await village.person("mira"))
    async with village.database.transaction(here.team_id) as transaction:
        team = await village.teams.get(transaction, holds=True)
        settings = TeamSettings(("press.example",), Role.VIEWER)
        await village.teams.change(transaction, here, team, settings=settings)
        with pytest.raises(Invalid, match=r"press\.example"):
            await village.invitations.invite(transaction, here, "ben@example.org", None)
        row = await village.invitations.invite(transaction, here, "ben@press.example", None)
    assert row["role"] == "viewer"


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MEMBER, Role.VIEWER])
async def test_only_owners_make_or_remove_owners(village: Village, role: Role) -> None:
    mira, ben, eve = [await village.person(name) for name in ("mira", "ben", "eve")]
    here = await village.team(mira)
    ben, eve = await village.join(here, ben, "ben", role), await village.join(here, eve, "eve", Role.VIEWER)
    for deed in (
        village.put(ben, eve, Role.OWNER),
        village.put(ben, ben, Role.OWNER),
        village.put(ben, here, Role.VIEWER),
        village.remove(ben, here),
        village.transfer(ben, eve),
        village.close(ben),
    ):
        with pytest.raises(Denied):
            await deed
    may = role is Role.ADMIN
    for deed in (village.put(ben, eve, Role.MEMBER), village.remove(ben, eve)):
        if may:
            await deed
        else:
            with pytest.raises(Denied):
                await deed
    with pytest.raises(Invalid, match="invited as an owner") if may else pytest.raises(Denied):
        await village.invite(ben, "zoe", Role.OWNER)
    await village.put(here, ben, Role.OWNER)
    assert (await village.roles(here.team_id))[ben.person_id] is Role.OWNER


async def test_rights_count_as_they_are_now_not_as_they_were_when_somebody_came(village: Village) -> None:
    mira, ben = await village.person("mira"), await village.person("ben")
    here = await village.team(mira)
    once_admin = await village.join(here, ben, "ben", Role.ADMIN)
    token = await village.invite(once_admin, "ben2")
    await village.put(here, once_admin, Role.VIEWER)
    for deed in (village.invite(once_admin, "eve"), village.put(once_admin, here, Role.VIEWER)):
        with pytest.raises(Denied):
            await deed
    with pytest.raises(NotFound):
        await village.invitations.look(token)
    await village.remove(here, once_admin)
    with pytest.raises(NotFound):
        await village.invite(once_admin, "eve")
    with pytest.raises(NotFound):
        await village.teams.enter(ben, here.team_id)


async def test_the_last_owner_stays(village: Village) -> None:
    mira, ben = await village.person("mira"), await village.person("ben")
    here = await village.team(mira)
    there = await village.join(here, ben, "ben")
    for deed in (village.leave(here), village.remove(here, here), village.put(here, here, Role.MEMBER)):
        with pytest.raises(Conflict, match="needs an owner"):
            await deed
    await village.transfer(here, there)
    assert await village.roles(here.team_id) == {mira.person_id: Role.ADMIN, ben.person_id: Role.OWNER}
    await village.leave(here)
    assert await village.roles(here.team_id) == {ben.person_id: Role.OWNER}


async def test_a_team_is_given_away_or_deleted_only_by_who_showed_just_now_that_it_is_them(village: Village) -> None:
    mira, ben = await village.person("mira"), await village.person("ben")
    here = await village.team(mira)
    there = await village.join(here, ben, "ben")
    unconfirmed = replace(here, confirmed_at=None)
    for deed in (village.transfer(unconfirmed, there), village.close(unconfirmed)):
        with pytest.raises(NotConfirmed):
            await deed


async def test_of_owners_who_leave_at_the_same_moment_one_stays(village: Village) -> None:
    people = [await village.person(f"p{number}") for number in range(4)]
    first = await village.team(people[0])
    owners = [first]
    for number, person in enumerate(people[1:], 1):
        owners.append(await village.join(first, person, f"p{number}"))
        await village.put(first, owners[-1], Role.OWNER)
    left = await asyncio.gather(*(village.leave(owner) for owner in owners), return_exceptions=True)
    assert sum(answer is None for answer in left) == 3
    assert sum(isinstance(answer, Conflict) for answer in left) == 1
    assert list((await village.roles(first.team_id)).values()) == [Role.OWNER]


REMOVE = "DELETE FROM memberships WHERE person_id = $1"
DEMOTE = "UPDATE memberships SET role = 'admin' WHERE person_id = $1"


@pytest.mark.parametrize("deed", [REMOVE, DEMOTE])
async def test_the_database_itself_refuses_a_team_without_an_owner(village: Village, deed: str) -> None:
    """Even for two that go past the use cases at the same moment."""
    mira, ben = await village.person("mira"), await village.person("ben")
    here = await village.team(mira)
    there = await village.join(here, ben, "ben")
    await village.put(here, there, Role.OWNER)

    async def go(who: Principal) -> Any:
        async with village.database.transaction(who.team_id) as transaction:
            await transaction.driver.execute(deed, who.person_id)
            await asyncio.sleep(0.05)

    answers = await asyncio.gather(go(here), go(there), return_exceptions=True)
    assert [type(answer) for answer in answers if answer] == [asyncpg.CheckViolationError]
    assert list((await village.roles(here.team_id)).values()).count(Role.OWNER) == 1


async def test_a_personal_team_that_cannot_be_closed_keeps_its_person(village: Village) -> None:
    class Kept(PersonalTeams):
        async def before_closing(self, connection: asyncpg.Connection, team_id: UUID) -> None:
            raise Conflict("It pays by the month.")

    mira = await village.person("mira")
    with pytest.raises(Conflict, match="pays by the month"):
        async with village.database.system_transaction() as connection:
            await Kept(village.clock).part(connection, mira.person_id)
    assert [team["id"] for team in await village.teams.list_mine(mira)] == [mira.team_id]


async def test_who_closes_their_account_leaves_their_teams_unless_they_are_needed(village: Village) -> None:
    mira, ben = await village.person("mira"), await village.person("ben")
    here, alone = await village.team(mira), await village.team(mira, "Alone")
    await village.join(here, ben, "ben")

    async def part(who: Principal) -> None:
        async with village.database.system_transaction() as connection:
            await village.personal.part(connection, who.person_id)

    with pytest.raises(Conflict, match="only owner of 'Moon Press'"):
        await part(mira)
    assert len(await village.roles(alone.team_id)) == 1, "all or nothing"
    await part(ben)
    await part(mira)
    for team_id in (here.team_id, alone.team_id, mira.team_id, ben.team_id):
        assert await village.roles(team_id) == {}
        assert (await village.audited(team_id))[-1] == "team.deleted"


async def test_guests_and_keys_neither_make_teams_nor_join_one(village: Village) -> None:
    mira = await village.person("mira")
    here = await village.team(mira)
    token = await village.invite(here, "ben")
    ben = await village.person("ben")
    for via in (Via.GUEST, Via.API_KEY):
        with pytest.raises(Denied):
            await village.teams.make(replace(mira, via=via), "Mine", None, None)
    with pytest.raises(Denied, match="key cannot"):
        await village.invitations.accept(replace(ben, via=Via.API_KEY, scopes=frozenset()), token)
    stranger = Principal(new_id(), new_id(), Role.OWNER, via=Via.GUEST)
    with pytest.raises(Denied, match="another address"):
        await village.invitations.accept(stranger, token)


def _keys(village: Village) -> Keys:
    return Keys(village.clock, frozenset(Action), lambda principal, action: rules.permit(principal, Action(action)))


async def _make_key(village: Village, who: Principal) -> bytes:
    """What finds the key."""
    async with village.database.transaction(who.team_id) as transaction:
        _, secret = await _keys(village).make(transaction, who, "build server", frozenset({"work:read"}), None)
    return hash_of(secret)


@pytest.mark.parametrize("way", ["removed", "left"])
async def test_the_keys_of_who_is_out_stay_dead_when_they_are_invited_back(village: Village, way: str) -> None:
    mira, ben = await village.person("mira"), await village.person("ben")
    here = await village.team(mira)
    inside = await village.join(here, ben, "ben", Role.ADMIN)
    key, own, of_mira = [await _make_key(village, who) for who in (inside, ben, here)]
    await (village.remove(here, inside) if way == "removed" else village.leave(inside))
    with pytest.raises(Denied, match="not in this team any more"):  # asked for while they were still in it
        await _make_key(village, inside)
    await village.join(here, ben, "ben", Role.ADMIN)
    lives = [
        await find_by_key(village.database.system, each, village.clock.now()) is not None
        for each in (key, own, of_mira)
    ]
    assert lives == [False, True, True]
    assert "key.revoked" in await village.audited(here.team_id)


async def test_a_key_does_not_leave_a_team_for_its_maker(village: Village) -> None:
    mira, ben = await village.person("mira"), await village.person("ben")
    here = await village.team(mira)
    ben = await village.join(here, ben, "ben", Role.ADMIN)
    key = replace(ben, via=Via.API_KEY, scopes=frozenset({"members:write"}))
    for deed in (village.leave(key), village.remove(key, key)):
        with pytest.raises(Denied, match="cannot leave"):
            await deed
    assert ben.person_id in await village.roles(here.team_id)
