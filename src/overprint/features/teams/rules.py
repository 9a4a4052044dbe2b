"""Who may do what: one table of actions and roles, asked by every service. Pure."""

from enum import StrEnum

from overprint.core.principal import Principal, Role
from overprint.core.problems import Denied


class Action(StrEnum):
    """What can be done in a team. The value is the scope that an API key needs for it."""

    SEE_WORK = "work:read"
    MAKE_WORK = "work:write"
    SEE_MEMBERS = "members:read"
    MANAGE_MEMBERS = "members:write"
    CHANGE_TEAM = "team:write"
    GIVE_TEAM_AWAY = "team:owner"
    SEE_BILLING = "billing:read"
    MANAGE_BILLING = "billing:write"
    MANAGE_KEYS = "keys:write"
    SEE_AUDIT = "audit:read"


_EVERYBODY = frozenset(Role)
_MAKERS = frozenset({Role.OWNER, Role.ADMIN, Role.MEMBER})
_LEADERS = frozenset({Role.OWNER, Role.ADMIN})
_OWNERS = frozenset({Role.OWNER})

ALLOWED: dict[Action, frozenset[Role]] = {
    Action.SEE_WORK: _EVERYBODY,
    Action.MAKE_WORK: _MAKERS,
    Action.SEE_MEMBERS: _EVERYBODY,
    Action.MANAGE_MEMBERS: _LEADERS,
    Action.CHANGE_TEAM: _LEADERS,
    Action.GIVE_TEAM_AWAY: _OWNERS,
    Action.SEE_BILLING: _MAKERS,
    Action.MANAGE_BILLING: _LEADERS,
    Action.MANAGE_KEYS: _LEADERS,
    Action.SEE_AUDIT: _OWNERS,
}


def is_allowed(principal: Principal, action: Action) -> bool:
    """By the role, and by the scopes of the key where they came with one."""
    return principal.role in ALLOWED[action] and (principal.scopes is None or action in principal.scopes)


def permit(principal: Principal, action: Action) -> None:
    """Raises ``Denied`` for who may not do it."""
    if principal.role not in ALLOWED[action]:
        if principal.role is Role.VIEWER and action is Action.MAKE_WORK:
            raise Denied("Viewers may look, not change.", "Ask an owner of the team for another role.")
        raise Denied("Your role in this team does not allow that.", "Ask an owner or admin of the team.")
    if principal.scopes is not None and action not in principal.scopes:
        raise Denied(f"This API key was not made for that: it lacks {action.value}.", "Make a key with this scope.")
