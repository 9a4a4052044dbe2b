"""Keys that are remembered for a moment by what is asked all the time."""

from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
from starlette.requests import HTTPConnection

from overprint.core.ids import new_id
from overprint.core.principal import Principal, Role, Via
from overprint.core.problems import NotSignedIn, TooOften
from overprint.http.rates import Rates
from overprint.http.recent import REMEMBERED_MAX, REMEMBERED_SECONDS, Recent

ADDRESS = ("192.0.2.7", 1234)


@dataclass
class House:
    """Counts how often it is asked who somebody is, and can take the key back."""

    via: Via = Via.API_KEY
    asked: int = 0
    is_revoked: bool = False
    now: float = 100.0
    rates: Rates = field(default_factory=lambda: Rates.of(address=1000, person=1000, key=1000))

    async def identify(self, _: HTTPConnection) -> Principal:
        self.asked += 1
        if self.is_revoked:
            raise NotSignedIn("This API key is not good, or not any more.", "Make a new one.")
        return Principal(new_id(), new_id(), Role.MEMBER, via=self.via, session_id=new_id())

    def asking(self, key: str = "Bearer op_live_a", **headers: str) -> HTTPConnection:
        named = {"authorization": key, **headers}
        told = [(name.encode(), value.encode()) for name, value in named.items() if value]
        state = SimpleNamespace(identify=self.identify, rates=self.rates)
        scope = {"type": "http", "headers": told, "client": ADDRESS, "app": SimpleNamespace(state=state)}
        return HTTPConnection(scope)


async def test_a_key_is_looked_up_once_a_moment() -> None:
    house = House()
    recent = Recent(lambda: house.now)
    first = await recent.principal_of(house.asking())
    assert await recent.principal_of(house.asking()) is first
    assert house.asked == 1
    await recent.principal_of(house.asking(**{"x-team": "workshop"}))
    await recent.principal_of(house.asking("Bearer op_live_b"))
    assert house.asked == 3, "another team, another key: other answers"


async def test_a_key_that_was_taken_back_is_over_after_that_moment() -> None:
    house = House()
    recent = Recent(lambda: house.now)
    await recent.principal_of(house.asking())
    house.is_revoked = True
    house.now += REMEMBERED_SECONDS - 0.01
    await recent.principal_of(house.asking())
    house.now += 0.01
    with pytest.raises(NotSignedIn):
        await recent.principal_of(house.asking())


@pytest.mark.parametrize("via", [Via.SESSION, Via.GUEST, Via.LOCAL])
async def test_sessions_are_never_remembered(via: Via) -> None:
    house = House(via)
    recent = Recent(lambda: house.now)
    for key in ("Bearer token", "Bearer token", "", ""):
        await recent.principal_of(house.asking(key))
    assert house.asked == 4


async def test_who_is_remembered_is_counted_all_the_same() -> None:
    house = House(rates=Rates.of(address=1000, person=1000, key=3))
    recent = Recent(lambda: house.now)
    for _ in range(3):
        await recent.principal_of(house.asking())
    with pytest.raises(TooOften):
        await recent.principal_of(house.asking())


async def test_no_more_keys_are_remembered_than_there_is_room_for() -> None:
    house = House()
    recent = Recent(lambda: house.now)
    for number in range(REMEMBERED_MAX + 1):
        await recent.principal_of(house.asking(f"Bearer op_live_{number}"))
    await recent.principal_of(house.asking(f"Bearer op_live_{REMEMBERED_MAX}"))
    assert house.asked == REMEMBERED_MAX + 1
    await recent.principal_of(house.asking("Bearer op_live_0"))
    assert house.asked == REMEMBERED_MAX + 2
