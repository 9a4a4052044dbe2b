"""Any order of setting up, signing in, retrying, waiting and turning off: no code, ticket or recovery code works twice,
none works for another, and none that was voided works again."""

import itertools
from datetime import timedelta
from typing import Any
from uuid import UUID

import pyotp
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from overprint.core.principal import Principal, Role, Via, Visitor
from overprint.core.problems import NotSignedIn, TooOften
from overprint.features.accounts.rules.factors import DRIFT_STEPS, TICKET_LIFETIME, step_at
from overprint.features.accounts.service.signing_in import Asked
from overprint.features.accounts.store import people
from tests.features.accounts.counters import counter_on
from tests.features.accounts.test_family_machine import StoppedClock
from tests.support.database import TestDatabase
from tests.support.machines import DatabaseMachine, lives_well

PERSONS = st.integers(0, 1)
VISITS = itertools.count()
BACK = st.sampled_from([0, 0, 0, 1, 1, 2])


def test_no_life_of_two_second_factors_lets_anything_work_twice(database_urls: TestDatabase) -> None:
    lives_well(Life, database_urls, lives=20, steps=25)


class Side:
    """What the model knows of one person."""

    def __init__(self, person_id: UUID) -> None:
        self.person_id = person_id
        self.secret: str | None = None
        self.last_step = 0
        self.good: set[str] = set()
        self.spent: list[str] = []


class Life(DatabaseMachine):
    """Two persons, their apps and their papers, and all tickets that anybody was given."""

    @initialize()
    def begin(self) -> None:
        self.clock = StoppedClock()
        self.counter = counter_on(self.database, self.clock)
        self.sides = [Side(self.wait(self._person())) for _ in range(2)]
        self.tickets: list[tuple[str, int, Any]] = []
        self.used: set[str] = set()
        for which in range(2):
            self.set_up(which)

    def _visitor(self) -> Visitor:
        """Each comes from elsewhere: here it is not about how often."""
        number = next(VISITS)
        return Visitor(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", "machine")

    async def _person(self) -> UUID:
        async with self.database.system_transaction() as connection:
            person_id = await people.add_person(
                connection, email=None, name="Mira", password_hash=None, now=self.clock.now()
            )
            assert person_id is not None
            await self.counter.office.teams.make(connection, person_id, "Mira", is_guest=False)
        return person_id

    def _who(self, side: Side) -> Principal:
        confirmed_at = self.clock.now()
        return Principal(side.person_id, side.person_id, Role.OWNER, via=Via.SESSION, confirmed_at=confirmed_at)

    @rule(which=PERSONS)
    def set_up(self, which: int) -> None:
        side, visitor = self.sides[which], self._visitor()
        if side.secret is not None:
            return
        setup = self.wait(self.counter.factors.begin(self._who(side), visitor))
        step = step_at(self.clock.now())
        code = pyotp.TOTP(setup.secret).generate_otp(step)
        codes = self.wait(self.counter.factors.turn_on(self._who(side), code, visitor))
        side.secret, side.last_step, side.good = setup.secret, step, set(codes)
        for ticket, owner, _ in self.tickets[-3:]:
            assert owner != which or not self._show(ticket, codes[0], False)

    @rule(which=PERSONS)
    def turn_off(self, which: int) -> None:
        side = self.sides[which]
        if side.secret is not None:
            self.wait(self.counter.factors.turn_off(self._who(side), self._visitor()))
            side.secret = None
            side.spent += side.good
            side.good = set()
            self.used |= {ticket for ticket, owner, _ in self.tickets if owner == which}

    @rule(which=PERSONS)
    def renew(self, which: int) -> None:
        side = self.sides[which]
        if side.secret is not None:
            side.spent += side.good
            side.good = set(self.wait(self.counter.factors.renew_recovery_codes(self._who(side), self._visitor())))
            self.begin_to_sign_in(which)
            assert not self._show(self.tickets[-1][0], side.spent[-1], False)

    @rule(which=PERSONS)
    def begin_to_sign_in(self, which: int) -> None:
        side = self.sides[which]

        async def admit() -> Any:
            async with self.database.system_transaction() as connection:
                await people.get_person(connection, side.person_id, holds=True)
                return await self.counter.sessions.admit(connection, side.person_id, "password", self._visitor())

        asked = self.wait(admit())
        assert isinstance(asked, Asked) == (side.secret is not None)
        if isinstance(asked, Asked):
            self.tickets.append((asked.ticket, which, self.clock.now()))

    @rule(by=PERSONS, of=PERSONS, back=BACK, offset=st.sampled_from([0, 0, 0, -1, 1, -2, 2]))
    def show_a_code_of_the_app(self, by: int, of: int, back: int, offset: int) -> None:
        """The code of a half minute, of either person, with a ticket."""
        side, found = self.sides[of], self._ticket(by, back)
        if side.secret is None or found is None:
            return
        step = step_at(self.clock.now()) + offset
        is_open = self._is_open(found) and found[1] == of and abs(offset) <= DRIFT_STEPS and step > side.last_step
        if self._show(found[0], pyotp.TOTP(side.secret).generate_otp(step), is_open):
            side.last_step = step

    @rule(by=PERSONS, of=PERSONS, back=BACK, is_spent=st.booleans(), number=st.integers(0, 9))
    def show_a_recovery_code(self, by: int, of: int, back: int, is_spent: bool, number: int) -> None:
        side, found = self.sides[of], self._ticket(by, back)
        codes = side.spent if is_spent else sorted(side.good)
        if not codes or found is None:
            return
        code = codes[number % len(codes)]
        if self._show(found[0], code, self._is_open(found) and found[1] == of and not is_spent):
            side.good.discard(code)
            side.spent.append(code)

    @rule(wait=st.sampled_from([timedelta(seconds=30), timedelta(minutes=2), TICKET_LIFETIME]))
    def later(self, wait: timedelta) -> None:
        self.clock.ahead += wait

    def _ticket(self, by: int, back: int) -> tuple[str, int, Any] | None:
        """A new one of this person, or the last of all, or one before it."""
        if back == 0:
            self.begin_to_sign_in(by)
        return self.tickets[max(0, len(self.tickets) - max(1, back))] if self.tickets else None

    def _show(self, ticket: str, code: str, is_right: bool) -> bool:
        """Whether it signed somebody in, which is exactly if it is right, and was not tried too often."""
        try:
            self.wait(self.counter.factors.log_in(ticket, code, self._visitor()))
        except NotSignedIn:
            assert not is_right
            return False
        except TooOften:
            return False
        assert is_right
        self.used.add(ticket)
        self._refuse(ticket, code)
        return True

    def _refuse(self, ticket: str, code: str) -> None:
        """Neither is good for anything any more, together or with what is good."""
        owner = next(owner for shown, owner, _ in self.tickets if shown == ticket)
        good = [each for each in sorted(self.sides[owner].good) if each != code]
        self.begin_to_sign_in(owner)
        newest = self.tickets[-1][0]
        for tried, shown in ((newest, code), *((ticket, each) for each in good[:1])):
            try:
                self.wait(self.counter.factors.log_in(tried, shown, self._visitor()))
            except (NotSignedIn, TooOften):
                continue
            raise AssertionError((tried, shown))

    def _is_open(self, found: tuple[str, int, Any]) -> bool:
        ticket, _, made_at = found
        return ticket not in self.used and self.clock.now() < made_at + TICKET_LIFETIME
