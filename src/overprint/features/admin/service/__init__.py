"""Use cases of whoever looks after the house."""

from overprint.features.admin.service.house_jobs import HouseJobs
from overprint.features.admin.service.house_plans import HousePlans, Weighed
from overprint.features.admin.service.upkeep import Upkeep
from overprint.features.admin.service.workings import Ports, PortStanding, Workings

__all__ = ["HouseJobs", "HousePlans", "PortStanding", "Ports", "Upkeep", "Weighed", "Workings"]
