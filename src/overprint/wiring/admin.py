"""What looks after the house, joined over all of it."""

import os
from dataclasses import asdict
from urllib.parse import urlsplit

from overprint.core.clock import Clock
from overprint.engine.asking import EMBEDDED
from overprint.engine.pauses import read_pauses
from overprint.features.admin import HouseJobs, HousePlans, Port, Ports, Upkeep, Workings
from overprint.features.admin import Setting as SettingSeen
from overprint.observe.findings import Finding
from overprint.settings import Settings, shown
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


def keeping_of(house: House, clock: Clock) -> tuple[Upkeep, HouseJobs, HousePlans, Workings]:
    """All that site admins see and do."""
    upkeep = upkeep_of(house, clock)
    seen = tuple(SettingSeen(**asdict(setting)) for setting in shown(house.settings, os.environ))

    async def ports() -> Ports:
        pauses = {pause.place: (pause.reason, pause.since) for pause in await read_pauses(house.database.system)}
        return Ports(ports_in(house), pauses)

    return upkeep, HouseJobs(upkeep, house.jobs), HousePlans(upkeep), Workings(upkeep, seen, ports)


def ports_in(house: House) -> list[Port]:
    """Who fulfils each port of this house."""
    chosen, models = house.settings, house.ports.providers()
    asked = (
        ("text", chosen.text.base_url),
        ("image", chosen.image.base_url),
        ("speech", chosen.speech.base_url),
        ("video", chosen.video.base_url),
    )
    counted = [
        Port(key, models[key].name, models[key].model, _host(url), models[key].name == EMBEDDED, is_counted=True)
        for key, url in asked
    ]
    return [*counted, *_others(chosen)]


def _others(chosen: Settings) -> list[Port]:
    def port(key: str, provider: str, place: str = "", *, embedded: str = EMBEDDED) -> Port:
        return Port(key, provider, "", place, provider == embedded, is_counted=False)

    signs = "none" if not chosen.credentials.enabled else "certificate" if chosen.credentials.key_file else EMBEDDED
    database = EMBEDDED if chosen.database.is_embedded else "postgresql"
    others = zip(chosen.identity.providers, chosen.identity.issuers, strict=True)
    vouching = [port("identity", name, _host(url)) for name, url in others]
    return [
        port("database", database),
        port("storage", chosen.storage.kind, _host(chosen.storage.endpoint), embedded="local"),
        port("mail", chosen.mail.provider, chosen.mail.host or ""),
        port("payments", chosen.payments.provider, _host(chosen.payments.base_url)),
        port("credentials", signs),
        port("identity", EMBEDDED),
        *vouching,
    ]


def _host(address: str | None) -> str:
    return urlsplit(address).netloc if address else ""
