"""``overprint doctor``: what is configured, what is embedded, what is missing and how to fix it."""

import os
import shutil
import sys
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from overprint import __version__
from overprint.core.problems import Problem
from overprint.db.embedded import DataLayout, find_binaries
from overprint.main.exits import Exit, explained
from overprint.main.home import open_home, read_settings
from overprint.main.restoring import staging_of
from overprint.main.workplace import is_worked_in
from overprint.observe.findings import Finding
from overprint.settings import Settings
from overprint.wiring.branding import brand_of
from overprint.wiring.health import folder_of, of_disk, of_house, of_schedules
from overprint.wiring.secrets import find_signatory, signing_keys_of


async def examine(data: Path | None) -> int:
    """Look at everything, change nothing but what any start changes. 0 when all is well, whatever it warns of."""
    console = Console(highlight=False)
    console.print(f"Overprint {__version__}, Python {sys.version.split()[0]}", markup=False)
    findings = await _look(data)
    for finding in findings:
        mark = (
            "[red]wrong[/]" if not finding.is_well else "[yellow]warn [/]" if finding.is_warning else "[green]ok  [/]"
        )
        console.print(f"{mark} {escape(finding.what)}", soft_wrap=True)
        if finding.advice:
            console.print(f"      {escape(finding.advice)}", style="dim", soft_wrap=True)
    return Exit.OK if all(finding.is_well for finding in findings) else Exit.UNAVAILABLE


async def _look(data: Path | None) -> list[Finding]:
    """Never raises: what cannot be looked at is a finding too."""
    try:
        settings = read_settings(data, log_level="ERROR", claims=False)
    except Exception as error:
        return [_failure("Settings", error)]
    findings = _of_settings(settings)
    try:
        findings += [of_disk(settings), *_of_leftovers(settings), *_of_links(settings)]
        findings += [_of_signing(settings), *_of_brand(settings), *_of_tools()]
    except Exception as error:
        findings.append(_failure("Data folder", error))
    if _holds_nothing(settings):
        return [*findings, *_of_beginning(settings)]  # looking further would make a database
    try:
        async with open_home(settings) as house:
            findings += [*await of_house(house), *await of_schedules(house)]
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
        ("Films", settings.video.provider, "Other models: OVERPRINT_VIDEO_PROVIDER, _MODEL, _API_KEY."),
        ("Files", settings.storage.kind, "An S3 store: OVERPRINT_STORAGE_KIND=s3 and its bucket and keys."),
    ):
        is_default = chosen in ("embedded", "local")
        found.append(Finding(True, f"{name}: {chosen}", swap if is_default else ""))
    return [*found, _of_voice(settings)]


def _of_voice(settings: Settings) -> Finding:
    """Who reads aloud. The packages for it may be left out; then everything else works."""
    speech = settings.speech
    needed = {"av": "av"} | ({"espeakng_loader": "espeakng-loader"} if speech.provider == "embedded" else {})
    missing = [package for module, package in needed.items() if find_spec(module) is None]
    if missing:
        advice = f"To have books read aloud, install {' and '.join(missing)}."
        return Finding(True, "Voice: none, so no book is read aloud", advice)
    if speech.provider != "embedded":
        return Finding(True, f"Voice: {speech.provider}")
    advice = "Other voices: OVERPRINT_SPEECH_PROVIDER, _MODEL, _BASE_URL, _API_KEY, _VOICES."
    return Finding(True, "Voice: embedded (espeak-ng, a formant synthesiser: it sounds like a robot)", advice)


def _holds_nothing(settings: Settings) -> bool:
    return settings.database.is_embedded and not DataLayout.of(settings.data_dir).pg.exists()


def _of_beginning(settings: Settings) -> list[Finding]:
    """What a first start needs."""
    try:
        find_binaries()
    except Exception as error:
        return [_failure("Database", error)]
    place = folder_of(settings)
    if not os.access(place, os.W_OK | os.X_OK):
        return [Finding(False, f"Data folder: {place} cannot be written to", "Choose another one with --data.")]
    advice = "`overprint make book` or `overprint up` begins. If you looked for something: name its folder with --data."
    return [Finding(True, "Nothing was made in the data folder yet", advice)]


def _of_leftovers(settings: Settings) -> list[Finding]:
    folder = staging_of(settings.data_dir)
    if not folder.is_dir():
        return []
    if is_worked_in(folder):
        return [Finding(True, "A restore into the data folder is running")]
    advice = f"Run `overprint restore` again, which clears it, or delete {folder}."
    return [Finding(False, "A restore into the data folder was cut short", advice)]


def _of_links(settings: Settings) -> list[Finding]:
    if settings.storage.kind != "local":
        return [Finding(True, "Links: signed with the store's own key")]
    if not settings.signing_secrets and not settings.signing_secret_file.exists():
        return [Finding(True, "Links: the key that signs them is made at the first start")]
    count = len(signing_keys_of(settings))
    if count == 1:
        return [Finding(True, "Links: 1 key signs them")]
    believed = "another one is" if count == 2 else f"{count - 1} others are"
    advice = "Take the others out once the links they signed have expired (an hour after the change)."
    return [Finding(True, f"Links: {count} keys; the first one signs, {believed} still believed", advice)]


def _of_brand(settings: Settings) -> list[Finding]:
    """Whether the house can wear what the settings give it; nothing where they give it nothing."""
    if not settings.brand.model_fields_set:
        return []
    try:
        name = brand_of(settings).name
    except Problem as problem:
        return [Finding(False, f"Brand: {problem.message}", problem.next_step)]
    return [Finding(True, f"Brand: the house is called {name}")]


def _of_signing(settings: Settings) -> Finding:
    """Whether files get Content Credentials, and in whose name."""
    if not settings.credentials.enabled:
        return Finding(True, "Signing: files carry no Content Credentials", "OVERPRINT_CREDENTIALS_ENABLED is false.")
    try:
        signatory = find_signatory(settings)
    except Problem as problem:
        return Finding(False, f"Signing: {problem.message}", problem.next_step)
    swap = "A certificate of your own: OVERPRINT_CREDENTIALS_CERTIFICATE_FILE and _KEY_FILE."
    if signatory is None:
        return Finding(True, "Signing: the key that signs files is made at the first start", swap)
    until = f"{signatory.expires_at:%Y-%m-%d}"
    if signatory.expires_at <= datetime.now(UTC):
        return Finding(False, f"Signing: the certificate “{signatory.name}” ran out on {until}", swap)
    if signatory.is_local:
        told = f"Signing: files are signed with this installation's own key “{signatory.name}”, valid until {until}"
        return Finding(True, f"{told}; nobody outside vouches for it", swap)
    return Finding(True, f"Signing: files are signed as “{signatory.name}” ({signatory.organisation}) until {until}")


def _of_tools() -> list[Finding]:
    has_java = shutil.which("java") is not None
    advice = "" if has_java else "Only the tests need it, for EPUBCheck: apt-get install default-jre-headless."
    return [Finding(True, f"Java: {'found' if has_java else 'not found'}", advice)]
