"""The house runs its schedules, and the page on settings says which and what they leave."""

import asyncio
import re
from pathlib import Path

from overprint.engine import timetable
from overprint.settings.fields import PhotoSettings, RetentionSettings
from overprint.wiring import House, schedules_of

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"


def _section(title: str) -> str:
    return PAGE.read_text(encoding="utf-8").partition(f"## {title}\n")[2].partition("\n## ")[0]


async def test_a_worker_runs_every_schedule_of_the_house_and_each_ends_well(house: House) -> None:
    pool, names = house.database.system, {schedule.name for schedule in schedules_of(house)}
    async with asyncio.timeout(60):
        while set(await timetable.read(pool)) != names:
            await asyncio.sleep(0.05)
        await pool.execute("UPDATE schedules SET due_at = now()")
        while any(standing.ended_at is None for standing in (await timetable.read(pool)).values()):
            await asyncio.sleep(0.05)
    assert {name: standing.error for name, standing in (await timetable.read(pool)).items()} == dict.fromkeys(names)


async def test_the_page_on_settings_names_every_schedule_with_its_times(house: House) -> None:
    told = set(re.findall(r"`([a-z]+\.[a-z_]+)`, ([^|]+?) \|", _section("What is kept how long")))
    assert told == {(schedule.name, str(schedule.times)) for schedule in schedules_of(house)}


def test_the_page_on_settings_says_how_long_things_are_kept_without_settings() -> None:
    section, defaults = _section("What is kept how long"), RetentionSettings()
    assert f"`OVERPRINT_RETENTION_HISTORY_DAYS`: {defaults.history_days} days" in section
    assert f"`OVERPRINT_RETENTION_DELETED_FILES_HOURS`: {defaults.deleted_files_hours} hours" in section
    assert f"`OVERPRINT_PHOTO_KEEP_HOURS`: {PhotoSettings().keep_hours} hours" in section
    assert f"`OVERPRINT_RETENTION_TRASH_DAYS`: {defaults.trash_days} days" in section
    assert f"`OVERPRINT_RETENTION_CLOSED_DAYS`: {defaults.closed_days} days" in section
