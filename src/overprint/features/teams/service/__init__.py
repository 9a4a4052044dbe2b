"""Use cases of teams: in one team as the app role, in its own transaction; across teams as the system role."""

from dataclasses import dataclass

from overprint.features.teams.service.ending import Endings
from overprint.features.teams.service.invitations import Invitations
from overprint.features.teams.service.members import Members
from overprint.features.teams.service.teams import Teams

__all__ = ["Endings", "Invitations", "Members", "TeamRooms", "Teams"]


@dataclass(frozen=True, slots=True)
class TeamRooms:
    """All of them together."""

    teams: Teams
    members: Members
    invitations: Invitations
