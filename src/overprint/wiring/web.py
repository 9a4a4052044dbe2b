"""The web application: rooms and what the house adds, joined for a web process alone."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.routing import BaseRoute

from overprint import __version__
from overprint.adapters.storage.local import LocalStorage
from overprint.core.clock import Clock, SystemClock
from overprint.core.principal import Principal
from overprint.db.database import is_passing
from overprint.engine import queue
from overprint.features.accounts import Mode, require_confirmed
from overprint.features.accounts import room as accounts_room
from overprint.features.admin import room as admin_room
from overprint.features.audit import room as audit_room
from overprint.features.billing import room as billing_room
from overprint.features.books import room as books_room
from overprint.features.front import room as front_room
from overprint.features.jobs import room as jobs_room
from overprint.features.library import room as library_room
from overprint.features.notifications import room as notifications_room
from overprint.features.photos import room as photos_room
from overprint.features.presets import room as presets_room
from overprint.features.reading import Reading
from overprint.features.reading import room as reading_room
from overprint.features.sharing import room as sharing_room
from overprint.features.shelf import room as shelf_room
from overprint.features.teams import Action, find_names, permit, permit_site
from overprint.features.teams import room as teams_room
from overprint.features.videos import room as videos_room
from overprint.http.asset_routes import assets_router
from overprint.http.files import files_router
from overprint.http.forms import FIELD_MAX_BYTES, FIELDS_MAX, FILES_MAX
from overprint.http.framing import FRAMED, FRAMED_FOR_ANYBODY
from overprint.http.guard import Guard
from overprint.http.health import health_router
from overprint.http.languages import languages_router
from overprint.http.offline import offline_router
from overprint.http.openapi import describe
from overprint.http.origins import cors_options
from overprint.http.problem_kinds import problem_router
from overprint.http.problems import answer_problems
from overprint.http.rates import Counting, Rates
from overprint.http.room import Room, Starter
from overprint.http.routes import asking
from overprint.http.schemas import schema_router
from overprint.http.scope import Who, always
from overprint.http.signposts import Signposts
from overprint.http.styleguide import styleguide_router
from overprint.observe.metrics import Metrics
from overprint.observe.work import Work, WorkReader
from overprint.ports.identity import PasswordHasher
from overprint.wiring import House
from overprint.wiring.admin import keeping_of
from overprint.wiring.branding import brand_of
from overprint.wiring.frames import framing_of
from overprint.wiring.people import counter_of, postman_of, team_rooms_of

# Where the billing page's forms lead: browsers ask the policy again when a form's answer sends them on.
_STRIPE_PAGES = "https://checkout.stripe.com https://billing.stripe.com"
# Every route of these needs the right to see the team's work, whatever else it asks for.
_ROOMS_OF_WORK = frozenset({"books", "jobs", "library", "photos", "presets", "reading", "sharing", "shelf", "videos"})


def web_app(house: House, clock: Clock | None = None, passwords: PasswordHasher | None = None) -> FastAPI:
    """The web application over this house. ``clock``: what people's sessions, keys and links go by.

    ``passwords``: who keeps people's own, if not argon2id at the cost that is due.
    """
    brand = brand_of(house.settings)
    app = FastAPI(
        title="Overprint",
        version=__version__,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        form_limits={"max_fields": FIELDS_MAX, "max_files": FILES_MAX, "max_part_size": FIELD_MAX_BYTES},
    )
    mail = postman_of(house.settings, house.database, clock or SystemClock())
    people = counter_of(house.settings, house.database, mail, clock, passwords)
    if people.office.mode is Mode.LOCAL:
        app.state.identify = always(house.owner)
    else:
        app.state.identify = accounts_room.identify(people)
        web = house.settings.web
        app.state.rates = Rates.of(
            address=web.address_requests_per_minute, person=web.requests_per_minute, key=web.requests_per_minute
        )
        app.add_middleware(Counting, rates=app.state.rates)
        house.background.begin("The postman", mail.run())
    app.state.database = house.database
    answer_problems(app)
    describe(app)

    reader = WorkReader(house.database.system, lambda: queue.depths(house.database.system))

    measured = Metrics()

    async def metrics() -> bytes:
        return measured.render(await _work_of(reader), house.hub.watchers)

    checks = {"database": house.database.check, "storage": house.ports.storage.check}
    routers = [
        health_router(checks, metrics, __version__),
        assets_router(brand.assets()),
        styleguide_router(),
        offline_router(brand),
        problem_router(),
        languages_router(people.own.keep_language),
        schema_router(),
    ]
    routers += _file_routers(house)
    belonging = team_rooms_of(house, people, mail, clock or SystemClock())
    is_secure = house.settings.site_url.startswith("https://")
    app.state.framing = framing_of(house, belonging)
    rooms = (
        *rooms_of(house, clock or SystemClock()),
        accounts_room.room(people),
        teams_room.room(belonging, is_secure=is_secure),
        admin_room.room(*keeping_of(house, clock or SystemClock())),
    )
    app.state.products = tuple(product for room in rooms for product in room.products)
    _join(app, routers, rooms)

    def observe(method: str, route: str, status: int, seconds: float) -> None:
        measured.request_answered(route=route, method=method, status=status, seconds=seconds)

    hosts = frozenset(host.strip("[]") for host in house.settings.web.allowed_hosts)
    hosts |= {urlsplit(house.settings.site_url).hostname or ""}
    origins = frozenset(house.settings.web.api_origins)
    if origins:
        app.add_middleware(CORSMiddleware, **cors_options(sorted(origins)))
    app.add_middleware(
        Guard,
        allowed_hosts=hosts,
        observe=observe,
        picture_origin=_picture_origin(house),
        api_origins=origins,
        form_origins=_STRIPE_PAGES if house.settings.payments.provider == "stripe" else "",
        is_secure=is_secure,
        brand=brand,
    )
    return app


def _join(app: FastAPI, routers: Sequence[APIRouter], rooms: Sequence[Room]) -> None:
    """Have ``app`` answer what the routers and the rooms answer, the latter after what asks for nothing more."""
    quick = [route for room in rooms for router in room.quick_routers for route in router.routes]
    routes = [*quick, *(route for router in routers for route in router.routes)]
    more: list[BaseRoute] = []
    for room in rooms:
        asked = [Depends(_sees_work)] if room.name in _ROOMS_OF_WORK else []
        routes += [route for router in room.open_routers for route in router.routes]
        (more if asked else routes).extend(route for router in room.routers for route in asking(router, asked))
        more += [route for router in room.pages for route in asking(router, [*asked, FRAMED])]
        more += [route for router in room.open_pages for route in asking(router, [FRAMED_FOR_ANYBODY])]
    app.router.routes.extend((*routes, *more))
    app.router.middleware_stack = Signposts(app.router)


def _sees_all(clock: Clock) -> Callable[[Principal], None]:
    """What all teams did is shown to site admins who have just shown that it is them."""

    def check(who: Principal) -> None:
        permit_site(who)
        require_confirmed(who, clock.now())

    return check


async def _sees_work(who: Who) -> None:  # async, or every request would visit a thread for it
    permit(who, Action.SEE_WORK)


async def _work_of(reader: WorkReader) -> Work | None:
    """None while the database is away: what this process measured itself is told all the same."""
    try:
        return await reader.read()
    except Exception as error:
        if not is_passing(error):
            raise
        return None


def rooms_of(house: House, clock: Clock) -> list[Room]:
    """All rooms, with what they bring."""
    books = books_room.room(house.books)
    videos = videos_room.room(house.videos, house.presets, house.sharing)
    starters: Mapping[str, Starter] = {**books.starters, **videos.starters}
    settings = house.settings
    is_open = settings.accounts.mode == "open"
    front = front_room.room(house.billing.plans, house.billing.quotes, site_url=settings.site_url, is_open=is_open)
    return [
        front,
        books,
        videos,
        reading_room.room(Reading(house.books), house.sharing),
        sharing_room.room(house.sharing),
        jobs_room.room(
            house.jobs,
            lambda: house.hub,
            lambda: starters,
            videos.tellers,
            house.library.link,
            library=house.library,
            names=lambda person_ids: find_names(house.database.system, person_ids),
        ),
        library_room.room(house.library),
        shelf_room.room(house.shelf, kept=timedelta(days=house.settings.retention.trash_days)),
        photos_room.room(house.photos),
        presets_room.room(house.presets, house.samples),
        billing_room.room(house.billing, house.library.stored_bytes, house.settings.storage.quota_bytes),
        notifications_room.room(house.notifications),
        audit_room.room(
            house.audit,
            lambda who: permit(who, Action.SEE_AUDIT),
            _sees_all(clock),
            lambda person_ids: find_names(house.database.system, person_ids),
        ),
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
