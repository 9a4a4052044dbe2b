"""The composition root: the only place that joins ports to adapters and participants to the engine.

``open_house`` connects and builds what every process needs; ``worker_of`` and ``web.web_app`` build on it. ``ports.py``
chooses the adapters, ``secrets.py`` keeps the keys. Adapters are imported when they are chosen, and what only
web processes or workers need by these, so that a process carries only what it uses.
"""

import math
import os
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from overprint.core.clock import SystemClock
from overprint.core.principal import Principal
from overprint.core.tasks import Background
from overprint.db.database import Database, open_database
from overprint.engine import graph, pauses, queue
from overprint.engine.asking import EMBEDDED
from overprint.engine.context import Ports
from overprint.engine.diagnosis import BACKOFF_BASE_SECONDS
from overprint.engine.events import Hub
from overprint.engine.limits import ProviderLimits
from overprint.engine.pipeline import Registry
from overprint.engine.retention import retention
from overprint.engine.schedule import Schedule
from overprint.engine.signals import Listener, Poker
from overprint.engine.spec import Queue
from overprint.features.accounts import room as accounts_room
from overprint.features.audit import Audit
from overprint.features.audit import room as audit_room
from overprint.features.billing import (
    FREE,
    OWN,
    BillingProjection,
    Closings,
    Credits,
    News,
    Payments,
    Plans,
    Quotes,
    Trials,
    pricing,
    shipped_prices,
)
from overprint.features.billing import room as billing_room
from overprint.features.billing.room import Billing
from overprint.features.books import Books
from overprint.features.books import room as books_room
from overprint.features.jobs import Jobs, Renewal
from overprint.features.jobs import room as jobs_room
from overprint.features.library import Library, LibraryProjection
from overprint.features.library import room as library_room
from overprint.features.notifications import Notifications, NotificationsProjection
from overprint.features.notifications import room as notifications_room
from overprint.features.photos import Photos
from overprint.features.photos import room as photos_room
from overprint.features.presets import Presets, Samples
from overprint.features.presets import room as presets_room
from overprint.features.sharing import Sharing
from overprint.features.sharing import room as sharing_room
from overprint.features.shelf import Shelf
from overprint.features.shelf import room as shelf_room
from overprint.features.teams import ensure_local_owner
from overprint.features.teams import room as teams_room
from overprint.features.videos import MAKE as MAKE_FILM
from overprint.features.videos import Videos
from overprint.features.videos import room as videos_room
from overprint.http import kept_answers
from overprint.ports.compute import ComputePort
from overprint.settings import Settings
from overprint.settings.models import ModelSettings
from overprint.steps.watch_clip import look_at_film
from overprint.wiring.handling import consent_of, wordings_of
from overprint.wiring.payments import payments_of
from overprint.wiring.people import postman_of
from overprint.wiring.ports import ports_of
from overprint.wiring.secrets import sealing_secrets_of

if TYPE_CHECKING:
    from overprint.engine.worker import Lane, Worker
    from overprint.features.teams.room import Endings


@dataclass(frozen=True, slots=True)
class DatabaseAddress:
    """URLs of the roles that a running process uses."""

    app: str = field(repr=False)
    system: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class House:
    """Everything a process has, joined together. Who works long under this roof lets ``background`` guard the work."""

    settings: Settings
    address: DatabaseAddress
    database: Database
    ports: Ports
    rules: graph.Rules
    poker: Poker
    listener: Listener
    hub: Hub
    background: Background
    jobs: Jobs
    books: Books
    videos: Videos
    shelf: Shelf
    sharing: Sharing
    library: Library
    photos: Photos
    presets: Presets
    samples: Samples
    billing: Billing
    notifications: Notifications
    audit: Audit
    owner: Principal


@asynccontextmanager
async def open_house(
    settings: Settings,
    address: DatabaseAddress,
    *,
    compute: ComputePort | None = None,
    database: Database | None = None,
) -> AsyncIterator[House]:
    """Connect, build, and keep the background tasks running while the block runs.

    ``compute``: who does the heavy work, if not child processes of the house. ``database``: connections to the address
    that are there already, and stay when the house goes.
    """
    async with AsyncExitStack() as stack:
        if database is None:
            database = await open_database(address.app, address.system)
            stack.push_async_callback(database.aclose)
        ports = await ports_of(settings, stack, compute)
        clock = SystemClock()
        plan = default_plan_of(settings)
        ledger, plans = BillingProjection(clock, plan, books_room.UNCOUNTED), Plans(clock, database.system, plan)
        library = Library(
            ports.storage,
            clock,
            settings.storage.quota_bytes,
            database.system,
            plans,
            partial(look_at_film, ports.compute),
        )
        kept = timedelta(hours=settings.photo.keep_hours)
        photos = Photos(
            ports.storage,
            ports.compute,
            clock,
            database.system,
            kept,
            consent_of(settings),
            ports.credentials,
            wordings_of,
        )
        # Billing holds the team's purse, and the library comes last: it holds the row that counts a team's bytes.
        credits = Credits(ledger, database.system)
        telling = NotificationsProjection(clock, credits.left, frozenset(books_room.UNCOUNTED))
        participants = (
            *books_room.PARTICIPANTS,
            *videos_room.PARTICIPANTS,
            ledger,
            telling,
            LibraryProjection(settings.storage.quota_bytes, plans),
        )
        prices = shipped_prices()
        pipelines = (*books_room.PIPELINES, *videos_room.PIPELINES)
        rules = graph.Rules(Registry.of(*pipelines), participants, ports.providers(), pricing(prices))
        poker = Poker(database.system, also=(queue.CHANNEL, queue.WAKE_PAYLOAD))
        listener = Listener(address.system)
        hub = Hub(database.system, listener)
        quotes = Quotes(rules, prices)
        renewals: dict[str, Renewal] = {}
        jobs = Jobs(rules, poker.poke, quotes, plans, renewals)
        trials = Trials(database, clock, sealing_secrets_of(settings))
        payments = Payments(payments_of(settings, database, clock), database, ledger, settings.site_url, trials)
        news = News(
            database, clock, accounts_room.writing(clock, settings.site_url, billing_room.LETTERS, settings.brand.name)
        )
        notifications = Notifications(
            database,
            clock,
            accounts_room.writing(clock, settings.site_url, notifications_room.LETTERS, settings.brand.name),
        )
        owner = await ensure_local_owner(database.system)
        background = await stack.enter_async_context(Background())
        background.begin("The poker", poker.run())
        background.begin("The listener", listener.run())
        background.begin("The event hub", hub.run())
        books = Books(jobs, library, photos)
        videos = Videos(jobs, library, books.tell, settings.brand.name)
        renewals[MAKE_FILM] = videos.renew  # the room knows its films, and its films know the jobs
        yield House(
            settings=settings,
            address=address,
            database=database,
            ports=ports,
            rules=rules,
            poker=poker,
            listener=listener,
            hub=hub,
            background=background,
            jobs=jobs,
            books=books,
            videos=videos,
            shelf=Shelf({"book": books, "video": videos}, jobs, library, ports.credentials),
            sharing=Sharing(database, clock, library, settings.site_url, settings.accounts.sharing),
            library=library,
            photos=photos,
            presets=Presets(database, clock),
            samples=Samples(ports.compute, ports.storage, clock),
            billing=Billing(plans, quotes, credits, payments, news),
            notifications=notifications,
            audit=Audit(database.system),
            owner=owner,
        )


def default_plan_of(settings: Settings) -> str:
    """The plan of a team that nobody gave another: nobody pays for working on their own machine."""
    return OWN if settings.accounts.mode == "local" else FREE


def endings_of(house: House) -> "Endings":
    """What is removed of a closed team, in this order: first what is at work, last what is paid for."""
    return teams_room.endings(
        timedelta(days=house.settings.retention.closed_days),
        purges=(
            house.jobs.purge,
            house.books.purge,
            house.videos.purge,
            house.library.purge,
            Closings(house.billing.payments).purge,
        ),
        farewells=(Closings.part, kept_answers.purge),
    )


def lanes_of(settings: Settings, ports: Ports) -> "list[Lane]":
    """Which queues share a class of resource: every queue is in one lane.

    Drawing, speaking and moving by what is embedded is work for the processor, not the network. Clips of a provider
    elsewhere are waited for, unless this machine has a graphics processor to make them on.
    """
    film, counts = [Queue.VIDEO, Queue.MOTION], settings.worker
    network, cpu = [Queue.TEXT], [Queue.LAYOUT, Queue.RENDER, Queue.POST]
    if not counts.gpu:
        moves_here = ports.video is not None and ports.video.provider.name == EMBEDDED
        (cpu if moves_here else network).extend(film)
    for made, provider in ((Queue.IMAGE, ports.image.provider), (Queue.SPEECH, ports.speech.provider)):
        (cpu if provider.name == EMBEDDED else network).append(made)
    lanes = [_lane("network", network, counts.network), _lane("cpu", cpu, counts.cpu)]
    return [*lanes, _lane("gpu", film, counts.gpu)] if counts.gpu else lanes


def _lane(name: str, queues: Sequence[Queue], limit: int) -> "Lane":
    from overprint.engine.worker import Lane

    return Lane(name, tuple(map(str, queues)), limit)


def limits_of(settings: Settings) -> dict[str, ProviderLimits]:
    """How often and how many at a time the provider of each port is called, over all workers."""
    asked: dict[str, ModelSettings] = {
        "text": settings.text,
        "image": settings.image,
        "speech": settings.speech,
        "video": settings.video,
    }
    return {port: _limits(chosen) for port, chosen in asked.items()}


def _limits(chosen: ModelSettings) -> ProviderLimits:
    burst = max(1, math.ceil(chosen.calls_per_second))
    return ProviderLimits(per_second=chosen.calls_per_second, burst=burst, at_once=chosen.calls_at_once)


async def lift_pauses(house: House) -> None:
    """Ask this house's providers again that were paused for their settings: whoever starts a worker has mended them.

    A provider whose settings are still wrong is paused again by the first step that asks it. Providers that this house
    does not have are for others to mend.
    """
    await pauses.lift(house.database.system, house.ports.providers())


def worker_of(
    house: House,
    *,
    retry_base_seconds: float = BACKOFF_BASE_SECONDS,
    waits_while_paused: bool = True,
    lease_seconds: float = queue.LEASE_SECONDS,
) -> "Worker":
    """A worker over this house. A step that failed is tried again after ``retry_base_seconds``, then twice that, …

    ``waits_while_paused``: see ``Runner``. ``lease_seconds``: how long a worker may be silent before others take over.
    """
    from overprint.engine.runner import Runner
    from overprint.engine.scheduler import Scheduler
    from overprint.engine.worker import Worker

    runner = Runner(
        database=house.database,
        rules=house.rules,
        ports=house.ports,
        worker=f"{socket.gethostname()}:{os.getpid()}",
        poke=house.poker.poke,
        retry_base_seconds=retry_base_seconds,
        waits_while_paused=waits_while_paused,
        team_limit=house.settings.worker.team_steps,
        provider_limits=limits_of(house.settings),
    )
    lanes = lanes_of(house.settings, house.ports)
    scheduler = Scheduler(house.database, schedules_of(house), house.library.clock, runner.worker)
    return Worker(runner, house.listener, house.address.system, lanes, lease_seconds=lease_seconds, scheduler=scheduler)


def schedules_of(house: House) -> tuple[Schedule, ...]:
    """All that comes round by itself."""
    keep = house.settings.retention
    mail = postman_of(house.settings, house.database, house.library.clock)
    return (
        retention(timedelta(days=keep.history_days)),
        kept_answers.forgetting(),
        *library_room.schedules(house.library, deleted_files_kept=timedelta(hours=keep.deleted_files_hours)),
        *shelf_room.schedules(house.shelf, kept=timedelta(days=keep.trash_days)),
        *photos_room.schedules(house.photos),
        *presets_room.schedules(house.samples),
        *jobs_room.schedules(house.jobs),
        *books_room.schedules(house.books),
        *billing_room.schedules(house.billing),
        *notifications_room.schedules(house.notifications),
        *sharing_room.schedules(house.sharing),
        *accounts_room.schedules(mail, closed_kept=timedelta(days=keep.closed_days)),
        *teams_room.schedules(endings_of(house)),
        *audit_room.schedules(house.audit, kept=timedelta(days=365.25 * keep.audit_years)),
    )
