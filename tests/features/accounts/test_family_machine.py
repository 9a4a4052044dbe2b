"""Any order of refreshing, retrying, stealing, signing out and waiting: who was robbed finds out, nobody else does."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from overprint.core.principal import Visitor
from overprint.core.problems import NotSignedIn
from overprint.features.accounts.rules import REFRESH_LIFETIME, REPEAT_GRACE, SESSION_LIFETIME
from overprint.features.accounts.store import people
from tests.features.accounts.counters import counter_on
from tests.support.clock import SetClock
from tests.support.database import TestDatabase
from tests.support.machines import DatabaseMachine, lives_well

HERE = Visitor("127.0.0.1", "machine")


class StoppedClock(SetClock):
    """Moves only when it is told to, so that what is expected can be said to the second."""

    def __init__(self) -> None:
        super().__init__()
        self._at = super().now()

    def now(self) -> Any:
        return self._at + self.ahead


def test_no_life_of_a_family_lets_a_thief_stay_or_throws_its_owner_out(database_urls: TestDatabase) -> None:
    lives_well(Life, database_urls, lives=25, steps=20)


class Life(DatabaseMachine):
    """One session. The model knows each token that was given out and when it was used."""

    @initialize()
    def begin(self) -> None:
        self.clock = StoppedClock()
        self.counter = counter_on(self.database, self.clock)
        self.wait(self._sign_in())

    async def _sign_in(self) -> None:
        async with self.database.system_transaction() as connection:
            now = self.clock.now()
            person_id = await people.add_person(connection, email=None, name="Mira", password_hash=None, now=now)
            assert person_id is not None
            await self.counter.office.teams.make(connection, person_id, "Mira", is_guest=False)
            signed_in = await self.counter.sessions.open(connection, person_id, "password", HERE)
        self.person_id, self.session_id = person_id, signed_in.session_id
        self.began, self.is_over = now, False
        self.tokens = [signed_in.refresh]
        self.made_at, self.used_at = [now], [None]

    made_at: list[Any]
    used_at: list[Any]

    @property
    def lives(self) -> bool:
        return not self.is_over and self.clock.now() < self.began + SESSION_LIFETIME

    @rule(back=st.integers(0, 4))
    def show(self, back: int) -> None:
        """Show the newest token, or one that is ``back`` before it."""
        which = max(0, len(self.tokens) - 1 - back)
        expected = self._expected(which)
        try:
            answer = self.wait(self.counter.sessions.refresh(self.tokens[which], HERE))
        except NotSignedIn:
            assert expected in ("refuse", "revoke"), (which, expected)
            self.is_over = self.is_over or expected == "revoke"
            return
        assert expected in ("rotate", "repeat"), (which, expected)
        if expected == "repeat":
            assert answer.refresh == self.tokens[which + 1]
            return
        assert answer.refresh not in self.tokens
        self.used_at[which] = self.clock.now()
        self.tokens.append(answer.refresh)
        self.made_at.append(self.clock.now())
        self.used_at.append(None)

    def _expected(self, which: int) -> str:
        now, used_at = self.clock.now(), self.used_at[which]
        if not self.lives:
            return "refuse"
        if used_at is None:
            return "rotate" if now < self.made_at[which] + REFRESH_LIFETIME else "refuse"
        return "repeat" if now - used_at <= REPEAT_GRACE and self.used_at[which + 1] is None else "revoke"

    @rule()
    def show_what_was_never_given_out(self) -> None:
        for token in (self.tokens[-1][::-1], str(UUID(int=1)), "", self.tokens[-1] + "x"):
            try:
                self.wait(self.counter.sessions.refresh(token, HERE))
            except NotSignedIn:
                continue
            raise AssertionError(token)

    @rule(
        wait=st.sampled_from(
            [REPEAT_GRACE / 2, REPEAT_GRACE * 2, timedelta(hours=1), REFRESH_LIFETIME, SESSION_LIFETIME]
        )
    )
    def later(self, wait: timedelta) -> None:
        self.clock.ahead += wait

    @rule()
    def sign_out(self) -> None:
        self.wait(self.counter.sessions.log_out(self.session_id, self.person_id, HERE))
        self.is_over = True

    @invariant()
    def the_session_lives_as_long_as_its_family(self) -> None:
        if not hasattr(self, "tokens"):
            return
        access = self.counter.office.tokens.access(self.person_id, self.session_id, self.clock.now())
        try:
            self.wait(self.counter.recognition.by_access(access, ""))
            is_known = True
        except NotSignedIn:
            is_known = False
        assert is_known == self.lives
