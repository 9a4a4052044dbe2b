"""``overprint doctor``: what is configured, what is embedded, what is missing and how to fix it."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from overprint import __version__
from overprint.main.exits import Exit, explained
from overprint.main.home import open_home, read_settings
from overprint.settings import Settings
from overprint.wiring import House

DISK_LOW_BYTES = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """``advice`` says how to fix what is wrong, or how to swap what is embedded."""

    is_well: bool
    what: str
    advice: str = ""


async def examine(data: Path | None) -> int:
    """Look at everything, change nothing but what any start changes. 0 when all is well."""
    console = Console(highlight=False)
    console.print(f"Overprint {__version__}, Python {sys.version.split()[0]}", markup=False)
    findings = await _look(data)
    for finding in findings:
        mark = "[green]ok  [/]" if finding.is_well else "[red]wrong[/]"
        console.print(f"{mark} {escape(finding.what)}")
        if finding.advice:
            console.print(f"      {escape(finding.advice)}", style="dim")
    return Exit.OK if all(finding.is_well for finding in findings) else Exit.UNAVAILABLE


async def _look(data: Path | None) -> list[Finding]:
    """Never raises: what cannot be looked at is a finding too."""
    try:
        settings = read_settings(data, log_level="ERROR")
    except Exception as error:
        return [_failure("Settings", error)]
    findings = _of_settings(settings)
    try:
        findings += [*_of_disk(settings), *_of_tools()]
    except Exception as error:
        findings.append(_failure("Disk", error))
    try:
        async with open_home(settings) as house:
            findings += await _of_house(house)
    except Exception as error:
        findings.append(_failure("Database", error))
    return findings


def _failure(part: str, error: Exception) -> Finding:
    problem = explained(error)
    return Finding(False, f"{part}: {problem.message}", problem.next_step)


def _of_settings(settings: Settings) -> list[Finding]:
    found = [
        Finding(True, f"Environment: {settings.environment}"),
        Finding(True, f"Data folder: {settings.data_dir}", "Another one: --data or OVERPRINT_DATA."),
    ]
    if settings.database.is_embedded:
        advice = "Your own: DATABASE_URL, DATABASE_SYSTEM_URL, DATABASE_OWNER_URL (`overprint migrate --print-roles`)."
        found.append(Finding(True, "Database: embedded PostgreSQL", advice))
    else:
        found.append(Finding(True, "Database: your own PostgreSQL"))
    for name, chosen, swap in (
        ("Words", settings.text.provider, "Other models: OVERPRINT_TEXT_PROVIDER, _MODEL, _BASE_URL, _API_KEY."),
        ("Pictures", settings.image.provider, "Other models: OVERPRINT_IMAGE_PROVIDER, _MODEL, _BASE_URL, _API_KEY."),
        ("Files", settings.storage.kind, "An S3 store: OVERPRINT_STORAGE_KIND=s3 and its bucket and keys."),
    ):
        is_default = chosen in ("embedded", "local")
        found.append(Finding(True, f"{name}: {chosen}", swap if is_default else ""))
    return found


def _of_disk(settings: Settings) -> list[Finding]:
    free = shutil.disk_usage(settings.data_dir).free
    is_well = free > DISK_LOW_BYTES
    return [
        Finding(is_well, f"Disk: {free / 1e9:.1f} GB free", "" if is_well else "Make room, or move the data folder.")
    ]


def _of_tools() -> list[Finding]:
    has_java = shutil.which("java") is not None
    advice = "" if has_java else "Only the tests need it, for EPUBCheck: apt-get install default-jre-headless."
    return [Finding(True, f"Java: {'found' if has_java else 'not found'}", advice)]


async def _of_house(house: House) -> list[Finding]:
    findings = [Finding(True, "Database answers, its schema is current, its roles are bound by row-level security")]
    try:
        await house.ports.storage.check()
        findings.append(Finding(True, "Storage can be written"))
    except Exception as error:
        findings.append(Finding(False, f"Storage: {error}", "Look at the OVERPRINT_STORAGE_ settings."))
    paused = await house.database.system.fetch("SELECT provider, reason FROM provider_pauses ORDER BY provider")
    findings += [
        Finding(
            False, f"Provider {row['provider']} is paused: {row['reason']}", "Mend its settings, then `overprint up`."
        )
        for row in paused
    ]
    return findings
