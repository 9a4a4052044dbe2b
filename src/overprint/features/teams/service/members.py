"""Who belongs to a team: their roles, leaving and being removed, and who owns it.

Every change holds the team first, so that owners are counted by one at a time; the database refuses a team without an
owner as well.
"""

from dataclasses import dataclass, replace
from uuid import UUID

from overprint.core.clock import Clock
from overprint.core.principal import Principal, Role
from overprint.core.problems import Conflict, Denied, NotFound
from overprint.db.database import Database, Transaction
from overprint.features.accounts import end_keys_of_member, require_confirmed
from overprint.features.audit import record
from overprint.features.teams import rules, store
from overprint.features.teams.rules import Action, CheckVersion, any_version, permit
from overprint.features.teams.store import NO_TEAM, Row

_INVITERS = (Role.OWNER, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Members:
    database: Database
    clock: Clock

    async def list_members(self, transaction: Transaction, principal: Principal) -> list[Row]:
        """With their names and addresses; who came first is the first."""
        permit(principal, Action.SEE_MEMBERS)
        members = await store.list_members(transaction.driver, transaction.team_id)
        people = await store.find_people(self.database.system, [member["person_id"] for member in members])
        return [{**member, **people[member["person_id"]]} for member in members]

    async def change_role(
        self,
        transaction: Transaction,
        principal: Principal,
        person_id: UUID,
        role: Role,
        check_version: CheckVersion = any_version,
    ) -> int:
        """Answers the membership's version. Raises ``Denied`` for more than one's own rights, ``Conflict`` for the last
        owner; ``check_version`` may raise for the version that is held."""
        principal, old, owners = await self._hold(transaction, principal, person_id, check_version)
        permit(principal, Action.MANAGE_MEMBERS)
        rules.refuse_role(principal.role, old, role)
        rules.refuse_last_owner(old, role, owners)
        if old is not role:
            await self._put(transaction, principal, person_id, role)
            told = {"from": old.value, "to": role.value}
            await record(transaction, principal, "member.changed_role", "person", person_id, told)
        return await store.find_version(transaction.driver, transaction.team_id, person_id)

    async def remove(
        self,
        transaction: Transaction,
        principal: Principal,
        person_id: UUID,
        check_version: CheckVersion = any_version,
    ) -> None:
        """Take somebody out of the team; whoever takes out themselves leaves."""
        if person_id == principal.person_id:
            await self.leave(transaction, principal)
            return
        principal, old, owners = await self._hold(transaction, principal, person_id, check_version)
        permit(principal, Action.MANAGE_MEMBERS)
        rules.refuse_role(principal.role, old, None)
        rules.refuse_last_owner(old, None, owners)
        await self._put(transaction, principal, person_id, None)
        await record(transaction, principal, "member.removed", "person", person_id, {"role": old.value})

    async def leave(self, transaction: Transaction, principal: Principal) -> None:
        """Raises ``Conflict`` for the last owner, ``Denied`` for a key: it cannot leave for its maker."""
        if principal.scopes is not None:
            raise Denied("An API key cannot leave a team for its maker.", "Sign in to leave it yourself.")
        _, old, owners = await self._hold(transaction, principal, principal.person_id)
        rules.refuse_last_owner(old, None, owners)
        await self._put(transaction, principal, principal.person_id, None)
        await record(transaction, principal, "member.left", "person", principal.person_id, {"role": old.value})

    async def transfer(self, transaction: Transaction, principal: Principal, person_id: UUID) -> None:
        """Another member becomes an owner, and who gave it away an admin. Raises ``NotConfirmed``, ``Conflict``."""
        require_confirmed(principal, self.clock.now())
        if person_id == principal.person_id:
            raise Conflict("You own this team already.", "Choose another member.")
        principal, _, _ = await self._hold(transaction, principal, person_id)
        permit(principal, Action.GIVE_TEAM_AWAY)
        await self._put(transaction, principal, person_id, Role.OWNER)
        await self._put(transaction, principal, principal.person_id, Role.ADMIN)
        await record(transaction, principal, "team.given_away", "person", person_id)

    async def _hold(
        self,
        transaction: Transaction,
        principal: Principal,
        person_id: UUID,
        check_version: CheckVersion = any_version,
    ) -> tuple[Principal, Role, int]:
        """Who asks as they stand now, the member's role, and how many owners there are; it stays so until the end.

        Raises ``NotFound`` for who does not belong to the team, and ``Conflict`` for a team of one.
        """
        driver, team_id = transaction.driver, transaction.team_id
        team = await store.find_team(driver, team_id, holds=True)
        own = await store.find_member(driver, team_id, principal.person_id)
        if team is None or own is None:
            raise NotFound(*NO_TEAM)
        role = await store.find_member(driver, team_id, person_id)
        if role is None:
            raise NotFound("There is no such member.", "GET /api/teams/{id}/members lists them.")
        check_version(await store.find_version(driver, team_id, person_id))
        if team["is_personal"]:
            raise Conflict("A personal team is of one person, who stays.", "Make a team to work with others.")
        _, owners = await store.count_members(driver, team_id)
        return replace(principal, role=own), role, owners

    async def _put(self, transaction: Transaction, principal: Principal, person_id: UUID, role: Role | None) -> None:
        """Into a role, or out of the team, for good with the keys. What they invited goes with the right to invite."""
        driver, team_id, now = transaction.driver, transaction.team_id, self.clock.now()
        if role not in _INVITERS:
            await store.withdraw_invitations_by(driver, team_id, person_id, now)
        if role is not None:
            await store.change_role(driver, team_id, person_id, role)
            return
        await store.remove_member(driver, team_id, person_id)
        for key_id in await end_keys_of_member(driver, team_id, person_id, now):
            await record(transaction, principal, "key.revoked", "api_key", key_id)
