"""Who may do what: one table of actions and roles, asked by every service; and what holds of teams. Pure."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from overprint.core.codec import bounds
from overprint.core.principal import Principal, Role
from overprint.core.problems import Conflict, Denied, Invalid, TooOften

TEAMS_MAX = 50
# Each begins with a month's free credits, so those that were closed again are counted too.
TEAMS_MADE_MAX, TEAMS_MADE_WITHIN = 10, timedelta(days=30)
MEMBERS_MAX = 500
INVITATIONS_MAX = 200
INVITATIONS_DAILY_MAX = 50
INVITATION_LIFETIME = timedelta(days=7)
SENDS_MAX = 5
SEND_AGAIN_AFTER = timedelta(minutes=10)

SLUG_MIN_CHARACTERS, SLUG_MAX_CHARACTERS = 3, 40
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Words that an address or a command could take for something else; ``local`` is the team of whoever sits here.
RESERVED_SLUGS = frozenset({"admin", "all", "api", "local", "new", "personal", "settings", "site", "team", "teams"})
_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")


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


def permit_site(principal: Principal) -> None:
    """Raises ``Denied`` for who is no site admin. No API key looks beyond its team."""
    if not principal.is_site_admin or principal.scopes is not None:
        raise Denied("This is for site admins.", "Ask who runs this installation.")


@dataclass(frozen=True, slots=True)
class TeamSettings:
    """``invite_domains``: mail domains that may be invited; none: anybody. ``default_role``: where none is said."""

    invite_domains: tuple[str, ...] = field(default=(), metadata=bounds(max_length=20))
    default_role: Role = Role.MEMBER


def checked_settings(settings: TeamSettings) -> TeamSettings:
    """Raises ``Invalid`` for a domain that is none, and for owners by default."""
    for domain in settings.invite_domains:
        if len(domain) > 253 or not _DOMAIN.fullmatch(domain):
            raise Invalid(
                f"{domain[:80]!r} is no mail domain.",
                "Write it like example.org, in small letters.",
                field="settings.invite_domains",
            )
    if settings.default_role is Role.OWNER:
        raise Invalid("Nobody becomes an owner by default.", "Choose another role.", field="settings.default_role")
    return settings


def checked_slug(text: str) -> str:
    """A team's short name in addresses. Raises ``Invalid``."""
    is_sound = SLUG_MIN_CHARACTERS <= len(text) <= SLUG_MAX_CHARACTERS and _SLUG.fullmatch(text)
    if not is_sound or _is_id(text):
        raise Invalid(
            f"A short name has {SLUG_MIN_CHARACTERS} to {SLUG_MAX_CHARACTERS} letters a to z, digits and hyphens.",
            "Try something like moon-press.",
            field="slug",
        )
    if text in RESERVED_SLUGS:
        raise Invalid(f"{text!r} cannot be a short name: it means something already.", "Try another.", field="slug")
    return text


def slug_from(name: str, ending: str) -> str:
    """A slug that people recognise the name in, as far as it can be written in it; ``ending`` makes it the only one."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    words = "-".join(re.findall(r"[a-z0-9]+", plain))[: SLUG_MAX_CHARACTERS - len(ending) - 1].strip("-")
    return f"{words or 'team'}-{ending}"


# Raises when the version that is held now is not the one that an edit was made on.
CheckVersion: TypeAlias = Callable[[int], None]


def any_version(version: int) -> None:
    """For an edit that does not say what it was made on."""


def _is_id(text: str) -> bool:
    """A team is chosen by id or slug, so no slug may look like an id."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def refuse_role(by: Role, old: Role | None, new: Role | None) -> None:
    """Who may put somebody from one role to another; None: not in the team. Raises ``Denied``.

    Only owners make or remove owners; nobody gives rights above their own.
    """
    if Role.OWNER in (old, new) and by is not Role.OWNER:
        raise Denied("Only an owner can make or remove owners.", "Ask an owner of the team.")
    if by not in (Role.OWNER, Role.ADMIN):
        raise Denied("Your role in this team does not allow that.", "Ask an owner or admin of the team.")


def refuse_last_owner(old: Role | None, new: Role | None, owners: int) -> None:
    """Raises ``Conflict`` when the team would have no owner any more."""
    if old is Role.OWNER and new is not Role.OWNER and owners <= 1:
        raise Conflict(
            "A team needs an owner, and this is the last one.",
            "Make another member an owner first, or delete the team.",
        )


def refuse_resend(sends: int, sent_at: datetime, now: datetime) -> None:
    """Raises ``Conflict``, ``TooOften``."""
    if sends >= SENDS_MAX:
        raise Conflict(
            f"This invitation was sent {SENDS_MAX} times.", "Withdraw it and ask them in another way what is wrong."
        )
    if now - sent_at < SEND_AGAIN_AFTER:
        seconds = int((sent_at + SEND_AGAIN_AFTER - now).total_seconds()) + 1
        raise TooOften("This invitation was sent just now.", "Wait a few minutes.", retry_after_seconds=seconds)


def refuse_invited_role(by: Role, role: Role) -> None:
    """Who is invited becomes no owner at once: an owner can make them one when they are here."""
    if role is Role.OWNER:
        raise Invalid(
            "Nobody can be invited as an owner.", "Invite them as an admin; make them an owner later.", field="role"
        )
    refuse_role(by, None, role)


def refuse_address(email: str, settings: TeamSettings) -> None:
    """Raises ``Invalid`` for an address of another domain than the team invites."""
    domains = settings.invite_domains
    if domains and email.rpartition("@")[2] not in domains:
        raise Invalid(
            f"This team invites people of {', '.join(domains)} alone.",
            "An owner or admin can change that in the team's settings.",
            field="email",
        )


def permissions_table() -> str:
    """Markdown: what each role may do; one line an action. Shown in ``docs/permissions.md``."""
    head = "| Action | Scope of an API key | " + " | ".join(role.value for role in Role) + " |\n|---|---|"
    rows = [f"{head}{'---|' * len(Role)}"]
    for action, roles in ALLOWED.items():
        marks = ("yes" if role in roles else "no" for role in Role)
        rows.append(f"| {action.name.replace('_', ' ').lower()} | `{action.value}` | {' | '.join(marks)} |")
    return "\n".join(rows) + "\n"
