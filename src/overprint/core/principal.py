"""Who acts, and for which team."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


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
