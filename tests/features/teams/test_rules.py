"""One table says who may do what in a team."""

import pytest

from overprint.core.ids import new_id
from overprint.core.principal import Principal, Role, Via
from overprint.core.problems import Denied
from overprint.features.teams import Action, is_allowed, permit


@pytest.mark.parametrize("role", list(Role))
def test_viewers_look_and_change_nothing(role: Role) -> None:
    principal = Principal(new_id(), new_id(), role)
    permit(principal, Action.SEE_WORK)
    assert is_allowed(principal, Action.MAKE_WORK) is (role is not Role.VIEWER)
    if role is Role.VIEWER:
        with pytest.raises(Denied, match="Viewers may look"):
            permit(principal, Action.MAKE_WORK)


def test_a_key_may_do_what_it_was_made_for_and_never_more_than_its_role() -> None:
    key = Principal(new_id(), new_id(), Role.MEMBER, via=Via.API_KEY, scopes=frozenset({"work:read", "team:write"}))
    permit(key, Action.SEE_WORK)
    with pytest.raises(Denied, match="was not made for that: it lacks work:write"):
        permit(key, Action.MAKE_WORK)
    with pytest.raises(Denied, match="Your role"):
        permit(key, Action.CHANGE_TEAM)


def test_whatever_a_role_may_do_those_above_it_may_do_too() -> None:
    for action in Action:
        by_power = [is_allowed(Principal(new_id(), new_id(), role), action) for role in Role]
        assert by_power == sorted(by_power, reverse=True), action
