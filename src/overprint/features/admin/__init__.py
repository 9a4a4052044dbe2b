"""Who looks after the house: how it does, its people, teams, jobs, plans and workings. For site admins alone."""

from overprint.features.admin.rules import Port, Setting
from overprint.features.admin.service import HouseJobs, HousePlans, Ports, Upkeep, Workings

__all__ = ["HouseJobs", "HousePlans", "Port", "Ports", "Setting", "Upkeep", "Workings"]
