"""What holds of codes, and of the ways into an account."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overprint.core.ids import new_id
from overprint.core.principal import Principal, Role, Via
from overprint.core.problems import Conflict, NotConfirmed, Unavailable
from overprint.features.accounts.rules import CONFIRMED_FOR, require_confirmed, require_fresh
from overprint.features.accounts.rules.factors import (
    RECOVERY_CODES,
    bare_code,
    is_of_app,
    keep_a_way_in,
    open_steps,
    step_at,
    ways_in,
)
from overprint.features.accounts.service.codes import find_step, hashes_of, new_recovery_codes
from overprint.features.accounts.service.sealing import Sealed, Seals

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
# RFC 6238, appendix B, its secret for SHA-1 and the last six of its digits.
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
RFC = {59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 20000000000: "353130"}


@pytest.mark.parametrize(("seconds", "code"), RFC.items())
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert find_step(SECRET, code, at, 0) == step_at(at)
    assert find_step(SECRET, code, at, step_at(at)) is None, "used"
    assert find_step(SECRET, code, at + timedelta(minutes=2), 0) is None, "too old"


@given(st.integers(0, 10**6), st.lists(st.integers(-90, 90), max_size=30))
def test_however_time_goes_no_step_is_open_twice(start: int, moves: list[int]) -> None:
    at, last = NOW + timedelta(seconds=start), 0
    for seconds in moves:
        at += timedelta(seconds=seconds)
        steps = open_steps(at, last)
        assert all(step > last and abs(step - step_at(at)) <= 1 for step in steps)
        last = max([last, *steps[:1]])


@pytest.mark.parametrize("text", ["492039", " 492 039 ", "492-039", "4 9 2 0 3 9"])
def test_a_code_may_be_typed_in_groups(text: str) -> None:
    assert bare_code(text) == "492039" and is_of_app(bare_code(text))


def test_recovery_codes_are_no_codes_of_an_app_and_no_two_are_the_same() -> None:
    codes = new_recovery_codes()
    assert len(set(hashes_of(codes))) == RECOVERY_CODES
    assert not any(is_of_app(bare_code(code)) for code in codes)
    assert hashes_of([codes[0].upper()]) == hashes_of(codes)[:1]


@given(st.booleans(), st.integers(0, 3), st.integers(0, 3))
def test_the_last_way_in_stays(has_password: bool, passkeys: int, identities: int) -> None:
    if ways_in(has_password=has_password, passkeys=passkeys, identities=identities):
        keep_a_way_in(has_password=has_password, passkeys=passkeys, identities=identities)
    else:
        with pytest.raises(Conflict, match="last way"):
            keep_a_way_in(has_password=has_password, passkeys=passkeys, identities=identities)


def test_who_runs_the_house_needs_both_and_everybody_needs_it_fresh() -> None:
    fresh = Principal(new_id(), new_id(), Role.OWNER, via=Via.SESSION, confirmed_at=NOW)
    lacking = Principal(new_id(), new_id(), Role.OWNER, True, Via.SESSION, confirmed_at=NOW, lacks_factor=True)
    for who in (fresh, lacking):
        require_fresh(who, NOW + CONFIRMED_FOR)
        with pytest.raises(NotConfirmed):
            require_fresh(who, NOW + CONFIRMED_FOR + timedelta(seconds=1))
    require_confirmed(fresh, NOW)
    with pytest.raises(NotConfirmed, match="two things"):
        require_confirmed(lacking, NOW)


def test_what_was_sealed_opens_for_its_person_unchanged_with_its_key_alone() -> None:
    old, new, mira, nina = Seals([b"o" * 40]), Seals([b"n" * 40, b"o" * 40]), new_id(), new_id()
    sealed = old.seal(SECRET, mira)
    assert new.open(sealed, mira) == SECRET and new.newest != sealed.key_id
    assert old.seal(SECRET, mira).data != sealed.data
    changed = Sealed(sealed.key_id, sealed.data[:-1] + bytes([sealed.data[-1] ^ 1]))
    for seals, what, whom in ((new, sealed, nina), (new, changed, mira), (Seals([b"n" * 40]), sealed, mira)):
        with pytest.raises(Unavailable):
            seals.open(what, whom)
