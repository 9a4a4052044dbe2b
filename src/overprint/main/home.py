"""What every command begins with: settings, logs, the database (brought up if it is the embedded one), the house.

The house is loaded while the database starts.
"""

import asyncio
import importlib
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from overprint import __version__
from overprint.core.problems import Conflict, NotFound, Problem, Unavailable
from overprint.core.tasks import end_tasks
from overprint.db.embedded import DatabaseUrls, DataLayout, Lease, attach
from overprint.observe import logs, traces
from overprint.settings import Settings, claim_data_dir, load

if TYPE_CHECKING:
    from overprint.db.migrate import Migrated
    from overprint.wiring import House

ENSURE_INTERVAL_SECONDS = 1.0
WIRING = "overprint.wiring"


def read_settings(data: Path | None, *, log_level: str | None = None, claims: bool = True) -> Settings:
    """The settings, with logs set up and, if ``claims``, the data folder made and marked as this environment's."""
    with _naming_folder(data):
        settings = load(data)
    if claims:
        claim(settings)
    logs.configure(log_level or settings.log.level, settings.log.format)
    return settings


def claim(settings: Settings) -> None:
    """Make the data folder, if it is not there yet, and mark it as this environment's."""
    with _naming_folder(settings.data_dir):
        claim_data_dir(settings)


@contextmanager
def _naming_folder(folder: Path | None) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unavailable(
            f"The data folder cannot be used ({error.strerror}: {error.filename or folder}).",
            "Choose another one with --data, or make room.",
        ) from error


def read_made_settings(data: Path | None) -> Settings:
    """The settings for a command that looks at what was made. It makes nothing itself. Raises ``NotFound``."""
    settings = read_settings(data, log_level="ERROR", claims=False)
    refuse_unmade(settings)
    return settings


def refuse_unmade(settings: Settings) -> None:
    """Raises ``NotFound`` where nothing was made yet, rather than make a database to look for it in."""
    if settings.database.is_embedded and DataLayout.of(settings.data_dir).recorded_major() is None:
        raise NotFound(
            f"{settings.data_dir} holds no database of Overprint: nothing was made there yet.",
            "Name the right folder with --data, or begin with `overprint make book` or `overprint up`.",
        )


@asynccontextmanager
async def open_urls(settings: Settings, loads: Sequence[str] = ()) -> AsyncIterator[DatabaseUrls]:
    """The database's addresses, with the embedded one kept running while the block runs.

    ``loads``: modules that will be needed next, loaded while the database starts.
    """
    if not settings.database.is_embedded:
        yield _given_urls(settings)
        return
    attaching = asyncio.get_running_loop().run_in_executor(None, attach, settings.data_dir)
    try:
        for name in loads:
            importlib.import_module(name)
    except BaseException:
        await asyncio.to_thread((await attaching).release)
        raise
    lease = await attaching
    keeper = asyncio.create_task(_keep(lease))
    try:
        yield lease.urls
    finally:
        await end_tasks(keeper)
        await asyncio.to_thread(lease.release)


async def _keep(lease: Lease) -> None:
    """Bring the database back whenever it, or whoever holds it, was killed.

    When a stranger took its port meanwhile, it comes back at another one, which nothing here would find: then this
    process ends as if told to, and ``up`` begins it again.
    """
    given = lease.urls
    while True:
        await asyncio.sleep(ENSURE_INTERVAL_SECONDS)
        try:
            if await asyncio.to_thread(lease.ensure) != given:
                break
        except Problem:
            continue  # whoever asks the database is told
        except Exception:
            logs.logger(__name__).exception("the database could not be looked after; it is tried again")
    logs.logger(__name__).error(
        "Another program took the database's port, so the database is at a new one. This process ends now; "
        "what it was doing goes on when it is started again."
    )
    os.kill(os.getpid(), signal.SIGTERM)


def _trace(settings: Settings) -> Callable[[], None]:
    """Send spans to the collector, if one is configured. Answers what sends the last ones and stops."""
    endpoint = settings.telemetry.endpoint
    if endpoint is not None:
        from overprint.observe.otlp import OtlpTracer

        environment = str(settings.environment)
        traces.use(OtlpTracer(endpoint, service="overprint", environment=environment, version=__version__))
    return lambda: traces.use(None)


def _given_urls(settings: Settings) -> DatabaseUrls:
    given = settings.database
    assert given.app is not None and given.system is not None and given.owner is not None
    return DatabaseUrls(
        owner=given.owner.get_secret_value(),
        app=given.app.get_secret_value(),
        system=given.system.get_secret_value(),
        superuser="",
    )


async def bring_up_to_date(urls: DatabaseUrls) -> "Migrated":
    """Apply the migrations that are missing."""
    from overprint.db.migrate import migrate

    app_role, system_role = (unquote(urlsplit(url).username or "") for url in (urls.app, urls.system))
    return await migrate(urls.owner, app_role=app_role, system_role=system_role)


@asynccontextmanager
async def open_home(settings: Settings, loads: Sequence[str] = ()) -> "AsyncIterator[House]":
    """The whole house, ready to work. The embedded database is migrated; one of your own only by ``migrate``.

    ``loads``: as in ``open_urls``, besides what every house needs.
    """
    async with AsyncExitStack() as stack:
        stack.callback(_trace(settings))
        urls = await stack.enter_async_context(open_urls(settings, (WIRING, *loads)))
        from overprint.db.revision import current_revision, newest_revision
        from overprint.wiring import DatabaseAddress, open_house

        with _naming_embedded(settings):
            revision = await current_revision(urls.owner)
        if revision != newest_revision():
            if not settings.database.is_embedded:
                raise Conflict(
                    f"The database's schema is {revision or 'empty'}; this Overprint needs {newest_revision()}.",
                    "Run `overprint migrate`.",
                )
            await bring_up_to_date(urls)
        with _naming_embedded(settings):
            house = await stack.enter_async_context(open_house(settings, DatabaseAddress(urls.app, urls.system)))
        yield house


@contextmanager
def _naming_embedded(settings: Settings) -> Iterator[None]:
    """Nobody set the addresses of the embedded database, so nobody is told to correct them."""
    from overprint.db.database import AddressUnusable

    try:
        yield
    except AddressUnusable as problem:
        if not settings.database.is_embedded:
            raise
        log = DataLayout.of(settings.data_dir).server_log
        raise Unavailable(
            "The embedded database does not answer.",
            f"Run the command again in a minute: it may still be starting or stopping. Its log: {log}",
        ) from problem
