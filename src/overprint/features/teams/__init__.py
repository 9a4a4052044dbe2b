"""Teams: everything belongs to one. A person has a personal team of one from the start."""

from overprint.features.teams.rules import Action, is_allowed, permissions_table, permit, permit_site
from overprint.features.teams.service.overview import get_any_team, list_all_teams
from overprint.features.teams.service.personal import PersonalTeams
from overprint.features.teams.store import ensure_local_owner, find_names, find_people, find_slugs, list_owners

__all__ = [
    "Action",
    "PersonalTeams",
    "ensure_local_owner",
    "find_names",
    "find_people",
    "find_slugs",
    "get_any_team",
    "is_allowed",
    "list_all_teams",
    "list_owners",
    "permissions_table",
    "permit",
    "permit_site",
]
