"""Where films begin: what they are made of, what is asked for, and what it will cost.

One form does everything without JavaScript: its buttons lead to ``/make/film/price``, which answers the same page, and
to ``/videos``. A script sends the form there by itself and takes what changed out of the answer. Another form takes in
films from elsewhere. A picture or a clip that comes with the form is kept in the library first, and from then on the
form names it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, UploadFile
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import QueryParams

from overprint.core.codec import Json, decode
from overprint.core.files import StoredFile
from overprint.core.film import SECONDS_MAX, SECONDS_MIN, FilmBrief
from overprint.core.ids import new_id
from overprint.core.problems import Invalid, NotFound, Problem
from overprint.features.jobs import arriving, brought_archive
from overprint.features.library import Wanted, works
from overprint.features.presets import Presets
from overprint.features.teams import Action, is_allowed
from overprint.features.videos.portable import Portables
from overprint.features.videos.service import Videos
from overprint.features.videos.service.offers import Offer, offer_of
from overprint.features.videos.steps import Target
from overprint.features.videos.web import asked as asking
from overprint.features.videos.web import bringing, choices
from overprint.features.videos.web.asked import FILES, Asked
from overprint.features.videos.web.bringing import FILES_MAX, brought
from overprint.http.arrivals import FORM_MAX_MB, MostCredits, OnceField, WaitingFile, lead_in
from overprint.http.choices import EXAMPLES, GENRES, STYLES, TONES
from overprint.http.film_choices import CATEGORIES
from overprint.http.forms import read_form
from overprint.http.once import key_of_form
from overprint.http.pages import Pages
from overprint.http.problems import status_of
from overprint.http.routes import Router
from overprint.http.scope import InScope, InScopes, Scope

TEMPLATES = Path(__file__).parent.parent / "templates"
HOME = "/make/film"
BOOKS_SHOWN = 100
_FIELDS_MAX = 40
_CHOICES: Mapping[str, Any] = {
    "genres": GENRES,
    "tones": TONES,
    "styles": STYLES,
    "aspects": choices.ASPECTS,
    "shapes": choices.SHAPES,
    "definitions": choices.DEFINITIONS,
    "shown": choices.SHOWN,
    "outputs": choices.OUTPUTS,
    "as_suits": choices.AS_SUITS,
    "archive_max_mb": FORM_MAX_MB,
    "seconds_min": SECONDS_MIN,
    "seconds_max": SECONDS_MAX,
    **bringing.SHOWN,
}


def router(videos: Videos, presets: Presets) -> APIRouter:
    """Routes over ``videos``. What a preset says of a film holds wherever the form says nothing else."""
    web = Router(include_in_schema=False)
    pages, portables = Pages(TEMPLATES), Portables(videos)

    async def page(scope: Scope, asked: Asked, head: Problem | None = None) -> Response:
        """The form as it was filled in, with the price of that; what is still to be written changes none."""
        offer, unpriced = await priced(scope, asked)
        found = head or unpriced
        return pages.render(
            "film_start.html",
            status_of(found) if found else 200,
            home=HOME,
            once=new_id(),
            asked=asked.shown(),
            **{name: await _file(videos, scope, asked.files.get(name)) for name in FILES},
            books=await _books(scope, asked.book),
            offer=offer,
            presets=_by_category(await presets.list_seen(scope.transaction, scope.principal)),
            may_make=is_allowed(scope.principal, Action.MAKE_WORK),
            examples=EXAMPLES,
            problems={"head": head, "price": None if head else unpriced},
            **_CHOICES,
        )

    async def priced(scope: Scope, asked: Asked) -> tuple[Offer | None, Problem | None]:
        try:
            brief = await brief_of(scope, asked, {"premise": "..."})
            return await offer_of(videos, scope.transaction, brief, asked.source_so_far()), None
        except Problem as problem:
            return None, problem

    async def brief_of(scope: Scope, asked: Asked, otherwise: Mapping[str, Json]) -> FilmBrief:
        """Raises ``Invalid``."""
        try:
            said = await presets.asked(scope.transaction, scope.principal, asked.preset) if asked.preset else {}
        except Invalid:  # which names what was sent, as the command line needs it
            raise Invalid("There is no such preset.", "Choose one of those that are shown.", field="preset") from None
        return decode(FilmBrief, {**said, **asked.brief_fields(), **otherwise}, at="")

    async def before(scope: Scope, video_id: UUID) -> Asked:
        """What an earlier film was asked for with."""
        video = await videos.get(scope.transaction, video_id)
        preset = await presets.find_used(scope.transaction, scope.principal, video["brief"])
        said = presets.says(preset) if preset else {}
        find = videos.library.find_stored
        files = {name: file for name in FILES if (file := video["origin"].get(name))}
        found = {name: await find(scope.transaction, decode(StoredFile, file)) for name, file in files.items()}
        return asking.asked_before(video, said, {name: asset["id"] for name, asset in found.items() if asset})

    @web.get(HOME)
    async def start(
        scope: InScope,
        request: Request,
        book: Annotated[UUID | None, Query()] = None,
        again: Annotated[UUID | None, Query()] = None,
    ) -> Response:
        """Fields may be filled in by the address: a preset, a picture, a finished ``book``, or what an earlier film was
        asked for with (``again``)."""
        asked = await before(scope, again) if again else asking.read(request.query_params)
        if book is not None and not again and "style" not in asked.fields:
            told = await videos.stories(scope.transaction, book)
            asked = replace(asked, fields={**asked.fields, "style": told.style})
        return await page(scope, asked)

    @web.post("/make/film/price")
    async def show_price(scopes: InScopes, request: Request) -> Response:
        form = await read_form(request, fields=_FIELDS_MAX, files=FILES_MAX)
        asked, problem = asking.read(form), None
        try:
            asked = replace(asked, files={**asked.files, **await brought(videos.library, scopes, form)})
        except Problem as found:
            problem = found
        async with scopes.transaction() as transaction:
            return await page(Scope(scopes.principal, transaction), asked, problem)

    @web.post("/videos")
    async def start_film(scopes: InScopes, request: Request) -> Response:
        form = await read_form(request, fields=_FIELDS_MAX, files=FILES_MAX)
        asked = asking.read(form)
        target = Target.STORYBOARD if form.get("act") == "board" else Target.FILM
        try:
            asked = replace(asked, files={**asked.files, **await brought(videos.library, scopes, form)})
            key = key_of_form(request, [(name, value) for name, value in form.multi_items() if isinstance(value, str)])
            async with scopes.transaction() as transaction:
                video_id = await begun(Scope(scopes.principal, transaction), asked, target, key)
        except Problem as problem:
            async with scopes.transaction() as transaction:
                return await page(Scope(scopes.principal, transaction), asked, problem)
        return RedirectResponse(f"/videos/{video_id}", status_code=303)

    @web.post("/videos/import")
    async def import_film(
        scopes: InScopes,
        request: Request,
        file: UploadFile | None = None,
        waiting: WaitingFile = "",
        most_credits: MostCredits = None,
        once: OnceField = "",
    ) -> Response:
        """A file that asks for something is looked at first, and waits until somebody agrees."""
        who = scopes.principal
        try:
            async with (
                brought_archive(videos.library, who, file.file if file else None, waiting) as archive,
                arriving(portables, who, scopes.transaction, archive) as work,
            ):
                return await lead_in(work, request, most_credits, once, works="/videos", home=HOME)
        except Problem as problem:
            async with scopes.transaction() as transaction:
                return await page(Scope(who, transaction), asking.read(QueryParams()), problem)

    async def begun(scope: Scope, asked: Asked, target: Target, key: str | None) -> UUID:
        source = asked.source()
        premise = await videos.premise_of(scope.transaction, source.script, source.book)
        brief = await brief_of(scope, asked, {"premise": premise} if premise else {})
        video, _ = await videos.start(
            scope.transaction,
            scope.principal,
            brief,
            source=source,
            target=target,
            idempotency_key=key,
        )
        found: UUID = video["id"]
        return found

    return web


async def _file(videos: Videos, scope: Scope, asset_id: UUID | None) -> Mapping[str, Any] | None:
    """The file that is named, to be seen; one that cannot be used is told of beside the price."""
    try:
        asset = await videos.library.get_asset(scope.transaction, asset_id) if asset_id else None
    except NotFound:
        return None
    return {**asset, **videos.library.links(asset["storage_key"], asset["thumbnail_key"])} if asset else None


async def _books(scope: Scope, chosen: UUID | None) -> Sequence[Mapping[str, Any]]:
    """Finished ones, the newest first, and the chosen one however old it is."""
    rows = await works.list_all(scope.transaction, limit=BOOKS_SHOWN, wanted=Wanted(kind="book", state="ready"))
    if chosen is not None and chosen not in [row["id"] for row in rows]:
        rows += [row for row in (await works.find(scope.transaction, [chosen])).values() if row["kind"] == "book"]
    return rows


def _by_category(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(CATEGORIES[row["category"]], []).append(row)
    return found
