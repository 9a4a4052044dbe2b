"""What looks after the house, joined over all of it."""

from overprint.core.clock import Clock
from overprint.features.admin import Upkeep
from overprint.observe.findings import Finding
from overprint.wiring import House, schedules_of
from overprint.wiring.health import of_disk, of_house, of_schedules
from overprint.wiring.people import admissions_of


def upkeep_of(house: House, clock: Clock) -> Upkeep:
    """``clock``: what sessions go by."""

    async def look() -> list[Finding]:
        late = [finding for finding in await of_schedules(house) if not finding.is_well]
        return [of_disk(house.settings), *await of_house(house), *late]

    billing = house.billing
    return Upkeep(
        house.database,
        clock,
        admissions_of(house.settings, house.database),
        billing.plans,
        billing.credits,
        billing.payments,
        house.library.stored_bytes,
        look,
        schedules_of(house),
    )
