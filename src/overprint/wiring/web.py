"""The web application: rooms and what the house adds, joined for a web process alone."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from fastapi import APIRouter, FastAPI

from overprint import __version__
from overprint.adapters.storage.local import LocalStorage
from overprint.core.clock import SystemClock
from overprint.db.database import is_passing
from overprint.engine import queue
from overprint.features.books import room as books_room
from overprint.features.jobs import room as jobs_room
from overprint.features.library import room as library_room
from overprint.features.photos import room as photos_room
from overprint.http.files import files_router
from overprint.http.guard import Guard
from overprint.http.health import health_router
from overprint.http.pages import static_router
from overprint.http.problem_kinds import problem_router
from overprint.http.problems import answer_problems
from overprint.http.room import Room, Starter
from overprint.http.schemas import schema_router
from overprint.http.scope import always
from overprint.observe.metrics import Metrics
from overprint.observe.work import Work, WorkReader
from overprint.wiring import House


def web_app(house: House) -> FastAPI:
    """The web application over this house."""
    app = FastAPI(
        title="Overprint", version=__version__, openapi_url="/api/openapi.json", docs_url=None, redoc_url=None
    )
    app.state.identify = always(house.owner)
    app.state.database = house.database
    answer_problems(app)

    reader = WorkReader(house.database.system, lambda: queue.depths(house.database.system))

    measured = Metrics()

    async def metrics() -> bytes:
        return measured.render(await _work_of(reader), house.hub.watchers)

    checks = {"database": house.database.check, "storage": house.ports.storage.check}
    routers = [health_router(checks, metrics, __version__), static_router(), problem_router(), schema_router()]
    routers += _file_routers(house)
    for room in rooms_of(house):
        routers += room.routers
    for router in routers:
        app.include_router(router)

    def observe(method: str, route: str, status: int, seconds: float) -> None:
        measured.request_answered(route=route, method=method, status=status, seconds=seconds)

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


def rooms_of(house: House) -> list[Room]:
    """All rooms, with what they bring."""
    books = books_room.room(house.books)
    starters: Mapping[str, Starter] = books.starters
    return [
        books,
        jobs_room.room(house.jobs, lambda: house.hub, lambda: starters, house.library.link),
        library_room.room(house.library),
        photos_room.room(house.photos),
    ]


def _picture_origin(house: House) -> str:
    """The origin of links to stored files, empty when this server serves them itself."""
    parts = urlsplit(house.library.link("origin/probe"))
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc and house.settings.storage.kind == "s3" else ""


def _file_routers(house: House) -> list[APIRouter]:
    storage = house.ports.storage
    if not isinstance(storage, LocalStorage):
        return []

    clock = SystemClock()
    return [files_router(storage, lambda path, query: storage.verify_signed(path, query, clock.now()))]
