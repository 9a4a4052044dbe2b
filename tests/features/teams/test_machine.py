"""Whatever people do in any order: a team has an owner, nobody is in it twice, nobody gives more than they have."""

from datetime import timedelta
from typing import ClassVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from overprint.core.principal import Principal, Role
from overprint.core.problems import Conflict, Denied, Invalid, NotFound
from overprint.features.audit import Audit
from overprint.features.teams.rules import TEAMS_MADE_WITHIN
from tests.features.teams.village import Village
from tests.support.database import TestDatabase
from tests.support.machines import DatabaseMachine, lives_well

NAMES = ("mira", "ben", "eve", "zoe")
PEOPLE = st.integers(0, len(NAMES) - 1)
ROLES = st.sampled_from(list(Role))
POWER = {role: power for power, role in enumerate(reversed(Role))}


def test_no_life_of_a_team_leaves_it_without_an_owner_or_gives_anybody_too_much(database_urls: TestDatabase) -> None:
    lives_well(Life, database_urls, lives=40, steps=25)


class Life(DatabaseMachine):
    """One team. People act with the rights that they had when they last looked, which may be gone by now."""

    people: ClassVar[list[Principal]] = []
    lives: ClassVar[int] = 0

    @initialize()
    def begin(self) -> None:
        self.village = Village(self.database)
        if not self.people:
            type(self).people = [self.wait(self.village.person(name)) for name in NAMES]
        type(self).lives += 1  # each in a month of its own, for nobody makes more than a few teams in one
        self.village.clock.ahead = self.lives * TEAMS_MADE_WITHIN
        first = self.wait(self.village.team(self.people[0]))
        self.village.clock.ahead = timedelta()
        self.team_id = first.team_id
        self.expected: dict[UUID, Role] = {first.person_id: Role.OWNER}
        self.seen = {at: self._as_seen(at, Role.VIEWER) for at in range(len(NAMES))} | {0: first}
        self.links: dict[int, tuple[str, Role, UUID]] = {}

    def _as_seen(self, at: int, role: Role) -> Principal:
        who = self.people[at]
        return Principal(who.person_id, self.team_id, role, via=who.via, confirmed_at=who.confirmed_at)

    def _role(self, at: int) -> Role | None:
        return self.expected.get(self.people[at].person_id)

    def _may(self, at: int, *roles: Role) -> bool:
        return self._role(at) in roles

    @rule(at=PEOPLE)
    def look_again(self, at: int) -> None:
        role = self._role(at)
        if role is not None:
            self.seen[at] = self._as_seen(at, role)

    @rule(by=PEOPLE, who=PEOPLE, role=ROLES)
    def invite(self, by: int, who: int, role: Role) -> None:
        may = self._may(by, Role.OWNER, Role.ADMIN) and role is not Role.OWNER
        try:
            link = self.wait(self.village.invite(self.seen[by], NAMES[who], role))
        except (Denied, NotFound, Conflict, Invalid):
            assert not may or self._role(who) is not None or who in self.links
        else:
            assert may and self._role(who) is None
            self.links[who] = (link, role, self.people[by].person_id)

    @rule(who=PEOPLE, by=PEOPLE)
    def accept(self, who: int, by: int) -> None:
        """``by`` tries first with the other's link."""
        if who not in self.links:
            return
        link, role, _ = self.links[who]
        if by != who:
            try:
                self.wait(self.village.invitations.accept(self.people[by], link))
                raise AssertionError("with another's link")
            except (Denied, NotFound):
                pass
        self.wait(self.village.invitations.accept(self.people[who], link))
        del self.links[who]
        self.expected[self.people[who].person_id] = role

    @rule(by=PEOPLE, who=PEOPLE, role=ROLES)
    def change(self, by: int, who: int, role: Role) -> None:
        before = self._role(who)
        touches_owners = Role.OWNER in (before, role)
        may = self._may(by, Role.OWNER) or (self._may(by, Role.ADMIN) and not touches_owners)
        try:
            self.wait(self.village.put(self.seen[by], self.seen[who], role))
        except (Denied, NotFound, Conflict):
            assert not may or before is None or self._is_last_owner(who)
        else:
            assert may and before is not None
            own = self._role(by)
            assert own is not None and POWER[role] <= POWER[own]
            self._put(who, role)

    @rule(by=PEOPLE, who=PEOPLE)
    def remove(self, by: int, who: int) -> None:
        before = self._role(who)
        may = by == who or self._may(by, Role.OWNER) or (self._may(by, Role.ADMIN) and before is not Role.OWNER)
        try:
            self.wait(self.village.remove(self.seen[by], self.seen[who]))
        except (Denied, NotFound, Conflict):
            assert not may or before is None or self._is_last_owner(who)
        else:
            assert may and before is not None
            self._put(who, None)

    @rule(by=PEOPLE, who=PEOPLE)
    def give_away(self, by: int, who: int) -> None:
        may = self._may(by, Role.OWNER) and self._role(who) is not None and by != who
        try:
            self.wait(self.village.transfer(self.seen[by], self.seen[who]))
        except (Denied, NotFound, Conflict):
            assert not may
        else:
            assert may
            self._put(who, Role.OWNER)
            self._put(by, Role.ADMIN)

    def _is_last_owner(self, at: int) -> bool:
        return self._may(at, Role.OWNER) and list(self.expected.values()).count(Role.OWNER) == 1

    def _put(self, at: int, role: Role | None) -> None:
        """What is expected then: invitations of who may not invite any more are gone."""
        person_id = self.people[at].person_id
        if role is None:
            del self.expected[person_id]
        else:
            self.expected[person_id] = role
        if role not in (Role.OWNER, Role.ADMIN):
            self.links = {who: link for who, link in self.links.items() if link[2] != person_id}

    @invariant()
    def the_team_is_as_expected_and_has_an_owner(self) -> None:
        roles = self.wait(self.village.roles(self.team_id))
        assert roles == self.expected
        assert Role.OWNER in roles.values()

    def teardown(self) -> None:
        if hasattr(self, "team_id"):
            assert self.wait(Audit(self.database.system).prove(self.team_id)).fault is None
            owner = next(at for at in self.seen if self._may(at, Role.OWNER))
            self.wait(self.village.close(self._as_seen(owner, Role.OWNER)))
