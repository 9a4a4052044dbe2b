"""What the house was set up with, for site admins: the settings in force, and who fulfils each port."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from overprint.core.principal import Principal
from overprint.engine.spec import Queue
from overprint.features.admin.rules import Port, Setting
from overprint.features.admin.service.upkeep import Upkeep

# Whose steps tell of a port that is counted.
_QUEUES: Mapping[str, str] = {
    "text": Queue.TEXT,
    "image": Queue.IMAGE,
    "speech": Queue.SPEECH,
    "video": Queue.VIDEO,
}


@dataclass(frozen=True, slots=True)
class Ports:
    """All of them, and by place (``text:openai``) why one is paused and since when."""

    ports: Sequence[Port]
    pauses: Mapping[str, tuple[str, datetime]]


@dataclass(frozen=True, slots=True)
class PortStanding:
    """How one does. Counts and costs are of the jobs begun this month; None where nobody counts them."""

    port: Port
    pause: tuple[str, datetime] | None
    answers: int | None
    answered_at: datetime | None
    failed_at: datetime | None
    cost_microdollars: int | None


@dataclass(frozen=True, slots=True)
class Workings:
    """``settings`` hold no secret: of these it says only whether there is one."""

    upkeep: Upkeep
    settings: Sequence[Setting]
    read_ports: Callable[[], Awaitable[Ports]]

    def list_settings(self, who: Principal) -> Sequence[Setting]:
        self.upkeep.permit(who)
        return self.settings

    async def list_ports(self, who: Principal) -> list[PortStanding]:
        self.upkeep.permit(who)
        read, used = await self.read_ports(), await self.upkeep.credits.by_provider(who)
        counted = {(row["queue"], row["provider"]): row for row in used}
        standings = []
        for port in read.ports:
            row = counted.get((_QUEUES.get(port.key, ""), port.provider))
            standings.append(
                PortStanding(
                    port,
                    read.pauses.get(f"{port.key}:{port.provider}"),
                    (row["answers"] if row else 0) if port.is_counted else None,
                    row["answered_at"] if row else None,
                    row["failed_at"] if row else None,
                    (row["cost_microdollars"] if row else 0) if port.is_counted else None,
                )
            )
        return standings
