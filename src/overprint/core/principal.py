"""Who acts, and for which team."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from overprint.core.problems import Denied


class Role(StrEnum):
    """What a person may do in a team, most powerful first."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"
    VIEWER = "viewer"


@dataclass(frozen=True, slots=True)
class Principal:
    """A person acting inside one team. Everything they touch belongs to that team."""

    person_id: UUID
    team_id: UUID
    role: Role
    is_site_admin: bool = False


def refuse_viewers(principal: Principal) -> None:
    """Raises ``Denied`` for those who may only look."""
    if principal.role is Role.VIEWER:
        raise Denied("Viewers may look, not change.", "Ask an owner of the team for another role.")
