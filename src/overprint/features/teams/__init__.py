"""Teams: everything belongs to one. A person has a personal team of one from the start."""

from overprint.features.teams.rules import Action, is_allowed, permit
from overprint.features.teams.store import ensure_local_owner

__all__ = ["Action", "ensure_local_owner", "is_allowed", "permit"]
