"""The composition root: the only place that joins ports to adapters and participants to the engine.

``open_house`` connects and builds what every process needs; ``web_app`` and ``worker_of`` build on it. Adapters are
imported when they are chosen, so that a process carries only what it uses.
"""

import contextlib
import math
import os
import secrets
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from overprint import __version__
from overprint.core.clock import SystemClock
from overprint.core.principal import Principal
from overprint.core.tasks import Background
from overprint.db.database import Database, is_passing, open_database
from overprint.engine import graph, pauses, queue
from overprint.engine.asking import EMBEDDED
from overprint.engine.context import Ports
from overprint.engine.diagnosis import BACKOFF_BASE_SECONDS
from overprint.engine.events import Hub
from overprint.engine.limits import ProviderLimits
from overprint.engine.pipeline import Queue, Registry
from overprint.engine.retention import retention
from overprint.engine.runner import Runner
from overprint.engine.schedule import Schedule
from overprint.engine.scheduler import Scheduler
from overprint.engine.signals import Listener, Poker
from overprint.engine.worker import Lane, Worker
from overprint.features.books import Books
from overprint.features.books import room as books_room
from overprint.features.jobs import Jobs
from overprint.features.jobs import room as jobs_room
from overprint.features.library import Library, LibraryProjection
from overprint.features.library import room as library_room
from overprint.features.teams import ensure_local_owner
from overprint.observe.metrics import Metrics
from overprint.observe.work import Work, WorkReader
from overprint.ports.compute import ComputePort
from overprint.ports.image import ImagePort
from overprint.ports.storage import StoragePort
from overprint.ports.text import TextPort
from overprint.settings import Settings
from overprint.settings.fields import ImageSettings, TextSettings

if TYPE_CHECKING:
    from fastapi import APIRouter, FastAPI

    from overprint.adapters.storage.links import SigningKey
    from overprint.http.room import Room, Starter

SECRET_BYTES = 48


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
    library: Library
    owner: Principal
    metrics: Metrics


@asynccontextmanager
async def open_house(settings: Settings, address: DatabaseAddress) -> AsyncIterator[House]:
    """Connect, build, and keep the background tasks running while the block runs."""
    async with AsyncExitStack() as stack:
        database = await open_database(address.app, address.system)
        stack.push_async_callback(database.aclose)
        ports = await _ports(settings, stack)
        clock = SystemClock()
        library = Library(ports.storage, clock, settings.storage.quota_bytes, database.system)
        participants = (LibraryProjection(settings.storage.quota_bytes), *books_room.PARTICIPANTS)
        rules = graph.Rules(Registry.of(*books_room.PIPELINES), participants, ports.providers())
        poker = Poker(database.system, also=(queue.CHANNEL, queue.WAKE_PAYLOAD))
        listener = Listener(address.system)
        hub = Hub(database.system, listener)
        jobs = Jobs(rules, poker.poke)
        owner = await ensure_local_owner(database.system)
        background = await stack.enter_async_context(Background())
        background.begin("The poker", poker.run())
        background.begin("The listener", listener.run())
        background.begin("The event hub", hub.run())
        books = Books(jobs, library)
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
            library=library,
            owner=owner,
            metrics=Metrics(),
        )


async def _ports(settings: Settings, stack: AsyncExitStack) -> Ports:
    compute = await _compute(settings, stack)
    return Ports(
        text=_text(settings),
        image=_image(settings, compute),
        storage=storage_of(settings),
        compute=compute,
    )


async def _compute(settings: Settings, stack: AsyncExitStack) -> ComputePort:
    from overprint.adapters.compute.processes import PoolRules, ProcessCompute

    compute = ProcessCompute(PoolRules(children=settings.worker.cpu))
    stack.push_async_callback(compute.aclose)
    return compute


def _text(settings: Settings) -> TextPort:
    chosen = settings.text
    key = chosen.api_key.get_secret_value() if chosen.api_key else ""
    if chosen.provider != EMBEDDED:
        return _hosted_text(chosen, key)
    from overprint.adapters.text.embedded import EmbeddedWriter

    return EmbeddedWriter()


def _hosted_text(chosen: TextSettings, key: str) -> TextPort:
    from overprint.adapters.hosted.endpoint import Patience
    from overprint.adapters.hosted.prices import TokenPrice
    from overprint.adapters.text.conversation import Terms

    read, written = chosen.input_dollars_per_million, chosen.output_dollars_per_million
    price = None if read is None or written is None else TokenPrice(read, written)
    terms = Terms(chosen.max_output_tokens, chosen.temperature, price)
    patience = Patience(total_seconds=chosen.timeout_seconds)
    if chosen.provider == "openai":
        from overprint.adapters.text.openai_compatible import OpenAICompatibleText

        return OpenAICompatibleText(
            model=chosen.model or "",
            api_key=key,
            base_url=chosen.base_url,
            structured=chosen.structured,
            terms=terms,
            patience=patience,
        )
    from overprint.adapters.text.anthropic import AnthropicText

    return AnthropicText(
        model=chosen.model or "", api_key=key, base_url=chosen.base_url, terms=terms, patience=patience
    )


def _image(settings: Settings, compute: ComputePort) -> ImagePort:
    chosen = settings.image
    if chosen.provider == "openai":
        from overprint.adapters.hosted.endpoint import Patience
        from overprint.adapters.image.openai_compatible import Offer, OpenAICompatibleImages, size_of

        return OpenAICompatibleImages(
            model=chosen.model or "",
            compute=compute,
            api_key=chosen.api_key.get_secret_value() if chosen.api_key else "",
            base_url=chosen.base_url,
            offer=Offer(
                tuple(map(size_of, chosen.sizes)),
                chosen.quality,
                chosen.output_format,
                chosen.references,
                chosen.dollars_per_picture,
            ),
            patience=Patience(total_seconds=chosen.timeout_seconds),
        )
    from overprint.adapters.image.embedded import EmbeddedIllustrator

    return EmbeddedIllustrator(compute)


def storage_of(settings: Settings) -> StoragePort:
    """The storage that the settings choose."""
    chosen = settings.storage
    if chosen.kind == "s3":
        from overprint.adapters.storage.s3 import S3Storage
        from overprint.adapters.storage.s3_config import S3Config

        return S3Storage(
            S3Config(
                bucket=chosen.bucket or "",
                region=chosen.region,
                endpoint=chosen.endpoint or "",
                prefix=chosen.prefix,
                access_key_id=chosen.access_key.get_secret_value() if chosen.access_key else "",
                secret_access_key=chosen.secret_key.get_secret_value() if chosen.secret_key else "",
                path_style=chosen.path_style,
            )
        )
    from overprint.adapters.storage.local import LocalStorage

    public_url = settings.web.public_url or ""
    return LocalStorage(settings.data_dir / "objects", signing_keys_of(settings), public_url=public_url)


def signing_keys_of(settings: Settings) -> "list[SigningKey]":
    """Keys of links to files, the signing one first. Without settings, one is made at the first start and kept."""
    from overprint.adapters.storage.links import key_of_secret

    given = [secret.get_secret_value().encode() for secret in settings.signing_secrets]
    return [key_of_secret(secret) for secret in given or _kept_secrets(settings)]


def _kept_secrets(settings: Settings) -> list[bytes]:
    """One a line, so that a person can put a new one on top."""
    path = settings.signing_secret_file
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(SECRET_BYTES))
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)  # whole or not at all, and never over what another process wrote first
        draft.unlink()
    return list(dict.fromkeys(path.read_bytes().split()))


def lanes_of(settings: Settings, ports: Ports) -> list[Lane]:
    """Which queues share a class of resource: every queue is in one lane.

    Drawing by the embedded illustrator is work for the processor, not the network. Films wait for a provider elsewhere
    unless this machine has a graphics processor to make them on.
    """
    film = [Queue.VIDEO, Queue.MOTION]
    draws_here = ports.image.provider.name == EMBEDDED
    network = [Queue.TEXT, Queue.SPEECH] + ([] if draws_here else [Queue.IMAGE])
    cpu = [Queue.LAYOUT, Queue.RENDER, Queue.POST] + ([Queue.IMAGE] if draws_here else [])
    counts = settings.worker
    lanes = [_lane("network", network if counts.gpu else network + film, counts.network), _lane("cpu", cpu, counts.cpu)]
    return [*lanes, _lane("gpu", film, counts.gpu)] if counts.gpu else lanes


def _lane(name: str, queues: Sequence[Queue], limit: int) -> Lane:
    return Lane(name, tuple(map(str, queues)), limit)


def limits_of(settings: Settings) -> dict[str, ProviderLimits]:
    """How often and how many at a time the provider of each port is called, over all workers."""
    return {"text": _limits(settings.text), "image": _limits(settings.image)}


def _limits(chosen: TextSettings | ImageSettings) -> ProviderLimits:
    burst = max(1, math.ceil(chosen.calls_per_second))
    return ProviderLimits(per_second=chosen.calls_per_second, burst=burst, at_once=chosen.calls_at_once)


async def lift_pauses(house: House) -> None:
    """Ask this house's providers again that were paused for their settings: whoever starts a worker has mended them.

    A provider whose settings are still wrong is paused again by the first step that asks it. Providers that this house
    does not have are for others to mend.
    """
    await pauses.lift(house.database.system, house.ports.providers())


def worker_of(
    house: House, *, retry_base_seconds: float = BACKOFF_BASE_SECONDS, waits_while_paused: bool = True
) -> Worker:
    """A worker over this house. A step that failed is tried again after ``retry_base_seconds``, then twice that, …

    ``waits_while_paused``: see ``Runner``.
    """
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
    return Worker(runner, house.listener, house.address.system, lanes, scheduler=scheduler)


def schedules_of(house: House) -> tuple[Schedule, ...]:
    """All that comes round by itself."""
    keep = house.settings.retention
    return (
        retention(timedelta(days=keep.history_days)),
        *library_room.schedules(house.library, deleted_files_kept=timedelta(hours=keep.deleted_files_hours)),
    )


def web_app(house: House) -> "FastAPI":
    """The web application over this house."""
    from fastapi import FastAPI

    from overprint.http.guard import Guard
    from overprint.http.health import health_router
    from overprint.http.pages import static_router
    from overprint.http.problem_kinds import problem_router
    from overprint.http.problems import answer_problems
    from overprint.http.schemas import schema_router

    app = FastAPI(
        title="Overprint", version=__version__, openapi_url="/api/openapi.json", docs_url=None, redoc_url=None
    )
    app.state.principal = house.owner
    app.state.database = house.database
    answer_problems(app)

    reader = WorkReader(house.database.system, lambda: queue.depths(house.database.system))

    async def metrics() -> bytes:
        return house.metrics.render(await _work_of(reader), house.hub.watchers)

    checks = {"database": house.database.check, "storage": house.ports.storage.check}
    routers = [health_router(checks, metrics, __version__), static_router(), problem_router(), schema_router()]
    routers += _file_routers(house)
    for room in rooms_of(house):
        routers += room.routers
    for router in routers:
        app.include_router(router)

    def observe(method: str, route: str, status: int, seconds: float) -> None:
        house.metrics.request_answered(route=route, method=method, status=status, seconds=seconds)

    hosts = frozenset(host.strip("[]") for host in house.settings.web.allowed_hosts)
    app.add_middleware(Guard, allowed_hosts=hosts, observe=observe, picture_origin=_picture_origin(house))
    return app


async def _work_of(reader: WorkReader) -> Work | None:
    """None while the database is away: what this process measured itself is told all the same."""
    try:
        return await reader.read()
    except Exception as error:
        if not is_passing(error):
            raise
        return None


def rooms_of(house: House) -> "list[Room]":
    """All rooms, with what they bring."""
    books = books_room.room(house.books)
    starters: Mapping[str, Starter] = books.starters
    return [
        books,
        jobs_room.room(house.jobs, lambda: house.hub, lambda: starters, house.library.link),
        library_room.room(house.library),
    ]


def _picture_origin(house: House) -> str:
    """The origin of links to stored files, empty when this server serves them itself."""
    parts = urlsplit(house.library.link("origin/probe"))
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc and house.settings.storage.kind == "s3" else ""


def _file_routers(house: House) -> "list[APIRouter]":
    from overprint.adapters.storage.local import LocalStorage
    from overprint.http.files import files_router

    storage = house.ports.storage
    if not isinstance(storage, LocalStorage):
        return []

    clock = SystemClock()
    return [files_router(storage, lambda path, query: storage.verify_signed(path, query, clock.now()))]
