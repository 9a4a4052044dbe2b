"""How a running house does: its disk, its storage, providers, money, people and what comes round."""

import shutil
from collections.abc import Container
from datetime import UTC
from pathlib import Path

from overprint.engine import timetable
from overprint.engine.pauses import FORGOTTEN_AFTER, Pause, place_of, read_pauses
from overprint.engine.schedule import Schedule
from overprint.engine.timetable import Standing
from overprint.features.billing import shipped_prices, undersold
from overprint.observe.findings import Finding
from overprint.settings import Settings
from overprint.wiring import House, schedules_of
from overprint.wiring.health_people import findings_on_people

DISK_LOW_BYTES = 1_000_000_000
_CENT_MICRODOLLARS = 10_000
_FILMED = "videos.clip@1"


def folder_of(settings: Settings) -> Path:
    """The data folder, or where it would be made."""
    folder = settings.data_dir
    return next(place for place in (folder, *folder.parents) if place.exists())


def of_disk(settings: Settings) -> Finding:
    """Whether files still fit."""
    free = shutil.disk_usage(folder_of(settings)).free
    is_well = free > DISK_LOW_BYTES
    advice = "" if is_well else "Make room, or move the data folder."
    return Finding(is_well, f"Disk: {free / 1e9:.1f} GB free", advice)


async def of_house(house: House) -> list[Finding]:
    """All that can be looked at while it is open. Raises what the driver raises."""
    findings = [Finding(True, "Database answers, its schema is current, its roles are bound by row-level security")]
    try:
        await house.ports.storage.check()
        findings.append(Finding(True, "Storage can be written"))
    except Exception as error:
        findings.append(Finding(False, f"Storage: {error}", "Look at the OVERPRINT_STORAGE_ settings."))
    places = {place_of(port, provider) for port, provider in house.ports.providers().items()}
    findings += [_of_pause(pause, places) for pause in await read_pauses(house.database.system)]
    findings += [
        await _of_credits(house),
        await _of_disputes(house),
        await _of_payment_news(house),
        *await _of_margins(house),
    ]
    return findings + await findings_on_people(house)


async def of_schedules(house: House) -> list[Finding]:
    """How what comes round ran last."""
    standings = await timetable.read(house.database.system)
    return [_of_schedule(schedule, standings.get(schedule.name)) for schedule in schedules_of(house)]


async def _of_credits(house: House) -> Finding:
    """Whether every balance is what the ledger's lines say."""
    drift = await house.billing.credits.find_drift()
    if not drift:
        return Finding(True, "Credits: every balance is what its ledger says")
    first = drift[0]
    told = f"{first.what} of team {first.team_id}: {first.kept_credits}, but its lines say {first.derived_credits}"
    return Finding(False, f"Credits: {len(drift)} balances drifted; {told}", "Stop the workers and restore a backup.")


async def _of_disputes(house: House) -> Finding:
    """Whether somebody asked their bank for money back: that runs out if nobody answers it."""
    count = await house.billing.payments.count_open_disputes()
    if not count:
        return Finding(True, "Payments: none is disputed")
    advice = "Answer at your payment provider before its time runs out; GET /api/admin/billing/disputes lists them."
    return Finding(False, f"Payments: disputed are {count}", advice)


async def _of_payment_news(house: House) -> Finding:
    """Whether something that was paid, or paid back, never came to be known here."""
    count, last = await house.billing.payments.news_given_up()
    if not count:
        return Finding(True, "Payments: all that was told is acted on, or still tried")
    advice = "Look at it at your payment provider, mend what its error names, and have the event sent again from there."
    return Finding(False, f"Payments: news given up are {count}; the last: {last}", advice)


async def _of_margins(house: House) -> list[Finding]:
    """Whether plans sell credits for less than a provider takes who films for them. Nothing where nobody buys any."""
    provider = house.ports.video.provider if house.ports.video else None
    if provider is None or provider.lengths is None or house.settings.accounts.mode == "local":
        return []
    taken = shipped_prices().rates({_FILMED: provider.lengths})[_FILMED].taken_microdollars
    found = undersold(await house.billing.plans.list_public(), taken)
    films, cents = provider.label, f"{taken / _CENT_MICRODOLLARS:.2f}"
    return [
        Finding(
            True,
            f"Prices: a credit of {one.plan.name} is sold for {one.sold_microdollars / _CENT_MICRODOLLARS:.2f} cents, "
            f"and films by {films} take up to {cents} cents of each",
            f"At /admin/plans, give {one.plan.name} {one.enough_credits} credits a month or fewer, or raise its price; "
            f"or choose cheaper films with OVERPRINT_VIDEO_MODEL.",
            is_warning=True,
        )
        for one in found
    ]


def _of_pause(pause: Pause, places: Container[str]) -> Finding:
    if pause.place in places:
        return Finding(False, pause.words, pause.cure)
    until = f"Unless another machine has it, do nothing: the pause is forgotten after {FORGOTTEN_AFTER.days} days."
    return Finding(True, pause.words, f"It is not set up here. {until}")


def _of_schedule(schedule: Schedule, standing: Standing | None) -> Finding:
    told = f"Schedule {schedule.name} ({schedule.times})"
    if standing is not None and standing.running_at is not None:
        told = f"{told} runs now at {standing.running_at}"
    if standing is None or standing.ended_at is None:
        return Finding(True, f"{told}: has not run yet", "Workers run it; `overprint up` has one.")
    ended_at = f"{standing.ended_at.astimezone(UTC):%Y-%m-%d %H:%M}"
    told = f"{told}: last ended {ended_at} UTC after {standing.seconds:.1f} s"
    if standing.error is None:
        return Finding(True, told)
    advice = f"It is tried again at {standing.due_at.astimezone(UTC):%H:%M} UTC. The worker's log says more."
    return Finding(False, f"{told}. {standing.error}", advice)
