"""``overprint audit verify``: the chains of the audit log, proven from the database or from an export."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

from overprint.core.problems import Invalid, NotFound
from overprint.core.words import counted
from overprint.features.audit import ROW_MAX_BYTES, SITE, Proven, prove_export
from overprint.features.teams import find_slugs
from overprint.main.exits import Exit
from overprint.main.home import open_home, read_made_settings
from overprint.wiring import House

SITE_NAME = "site"


async def verify_audit(data: Path | None, team: str, file: Path | None) -> int:
    """0: all chains hold, or there is none yet. 1: one does not; what is wrong is told line by line."""
    if file is None:
        async with open_home(read_made_settings(data)) as house:
            slugs = await find_slugs(house.database.system)
            found = [proven async for proven in _from_database(house, team, slugs)]
    else:
        slugs = {}
        found = [proven for proven in await asyncio.to_thread(_from_file, file) if _is_asked(proven.team_id, team)]
    if not found and team:
        raise NotFound(f"There is no chain of {team!r}.")
    if not found:
        print("There is nothing in the audit log yet.")
    for proven in found:
        print(_told(proven, _name(proven.team_id, slugs)))
    return Exit.INCOMPLETE if any(proven.fault for proven in found) else Exit.OK


async def _from_database(house: House, team: str, slugs: dict[UUID, str]) -> AsyncIterator[Proven]:
    for team_id in await house.audit.list_chains():
        if _is_asked(team_id, team, slugs):
            yield await house.audit.prove(team_id)


def _from_file(file: Path) -> list[Proven]:
    try:
        with file.open("rb") as opened:
            return list(prove_export(iter(lambda: _row(opened.readline(ROW_MAX_BYTES)), b"")))
    except OSError as refusal:
        raise NotFound(f"{file} cannot be read: {refusal.strerror}.") from None


def _row(row: bytes) -> bytes:
    if len(row) >= ROW_MAX_BYTES:
        raise Invalid("A line of this file is longer than any line of an audit log.", "Export the audit log again.")
    return row


def _is_asked(team_id: UUID, team: str, slugs: dict[UUID, str] | None = None) -> bool:
    return team in ("", str(team_id), _name(team_id, slugs or {}))


def _name(team_id: UUID, slugs: dict[UUID, str]) -> str:
    return SITE_NAME if team_id == SITE else slugs.get(team_id, str(team_id))


def _told(proven: Proven, name: str) -> str:
    if proven.fault is not None:
        return f"{name}: broken at line {proven.fault.seq}: {proven.fault.says}."
    begins = f", from line {proven.begin.seq + 1}" if proven.begin.seq else ""
    return f"{name}: {counted(proven.lines, 'line')}{begins}, all in order. Line {proven.end.seq}: {proven.end.hash}"
