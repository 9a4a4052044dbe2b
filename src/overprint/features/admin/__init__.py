"""Who looks after the house: how it does, its people, teams, jobs and disputes. For site admins alone."""

from overprint.features.admin.service import Upkeep

__all__ = ["Upkeep"]
