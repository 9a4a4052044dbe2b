"""Where films begin: what is asked for, and what it will cost.

One form does everything without JavaScript: its buttons lead to ``/make/film/price``, which answers the same page, to
``/make/film/clip``, which keeps a clip to follow and answers it too, and to ``/videos``. A script sends the form there
by itself and takes what changed out of the answer.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import UploadFile

from overprint.core.codec import Json, decode, encode
from overprint.core.files import FileKind
from overprint.core.film import SECONDS_MAX, SECONDS_MIN, FilmBrief
from overprint.core.ids import new_id
from overprint.core.motion import SECONDS_MAX as FOLLOWED_SECONDS_MAX
from overprint.core.problems import Invalid, Problem
from overprint.features.library import UPLOAD_MAX_BYTES
from overprint.features.presets import Presets
from overprint.features.teams import Action, is_allowed
from overprint.features.videos.rules.sources import script_of
from overprint.features.videos.service import Source, Videos
from overprint.features.videos.service.offers import Offer, offer_of
from overprint.features.videos.steps import Target
from overprint.features.videos.web import choices
from overprint.http.choices import EXAMPLES, GENRES, STYLES, TONES
from overprint.http.once import key_of_form
from overprint.http.pages import Pages
from overprint.http.problems import status_of
from overprint.http.routes import Router
from overprint.http.scope import InScope, InScopes, Scope, Scopes

TEMPLATES = Path(__file__).parent.parent / "templates"
_FIELDS_MAX = 40
_TEXT_MAX_CHARACTERS = 40_000
_NAMES = ("premise", "title", "style", "genre", "tone", "aspect", "definition", "caption_style")
_FIELDS = (*_NAMES, "transition", "grade", "mood", "orientation", "preset", "seconds")
_BESIDE = ("script", "driving")
_UNASKED = {
    **encode(FilmBrief("...")),
    "premise": "",
    "script": "",
    "driving": "",
    **{name: "" for name, _, _ in choices.SHOWN},
}
_CHOICES: Mapping[str, Any] = {
    "genres": GENRES,
    "tones": TONES,
    "styles": STYLES,
    "aspects": choices.ASPECTS,
    "shapes": choices.SHAPES,
    "definitions": choices.DEFINITIONS,
    "shown": choices.SHOWN,
    "as_suits": choices.AS_SUITS,
    "seconds_min": SECONDS_MIN,
    "seconds_max": SECONDS_MAX,
    "orientations": choices.ORIENTATIONS,
    "upload_max_mb": UPLOAD_MAX_BYTES // 1_000_000,
    "followed_seconds": round(FOLLOWED_SECONDS_MAX),
}


def router(videos: Videos, presets: Presets) -> APIRouter:
    """Routes over ``videos``. What a preset says of a film holds wherever the form says nothing else."""
    web = Router(include_in_schema=False)
    pages = Pages(TEMPLATES)

    async def page(scope: Scope, asked: Mapping[str, Json], head: Problem | None = None) -> Response:
        """The form as it was filled in, with the price of that; a premise that is still to be written changes none."""
        offer: Offer | None = None
        unpriced: Problem | None = None
        try:
            brief = await brief_of(scope, {**asked, "premise": "..."})
            offer = await offer_of(videos, scope.transaction, brief, script_in(asked), driving_in(asked))
        except Problem as problem:
            unpriced = None if head else problem
        found = head or unpriced
        return pages.render(
            "film_start.html",
            status_of(found) if found else 200,
            asked={**_UNASKED, **asked},
            once=new_id(),
            offer=offer,
            driving=await driving_of(scope, asked),
            presets=_by_category(await presets.list_seen(scope.transaction, scope.principal)),
            may_make=is_allowed(scope.principal, Action.MAKE_WORK),
            examples=EXAMPLES,
            problems={"head": head, "price": unpriced},
            **_CHOICES,
        )

    async def driving_of(scope: Scope, asked: Mapping[str, Json]) -> Mapping[str, Any] | None:
        """The clip that is followed; none where there is no such file any more."""
        try:
            clip = driving_in(asked)
            return await videos.library.get_asset(scope.transaction, clip) if clip else None
        except Problem:
            return None

    async def brief_of(scope: Scope, asked: Mapping[str, Json]) -> FilmBrief:
        """Raises ``Invalid``."""
        word = str(asked.get("preset", ""))
        try:
            of_preset = await presets.asked(scope.transaction, scope.principal, word) if word else {}
        except Invalid:  # which names what was sent, as the command line needs it
            raise Invalid("There is no such preset.", "Choose one of those that are shown.", field="preset") from None
        fields = {name: value for name, value in asked.items() if name in _FIELDS and name != "preset"}
        return decode(FilmBrief, {**of_preset, **choices.captioned(fields)}, at="")

    @web.get("/make/film")
    async def start(scope: InScope, request: Request) -> Response:
        """Fields may be filled in by the address, so that a look or an earlier film can be asked for again."""
        return await page(scope, _asked(request.query_params))

    @web.post("/make/film/price")
    async def show_price(scope: InScope, request: Request) -> Response:
        return await page(scope, _asked(await request.form(max_files=0, max_fields=_FIELDS_MAX)))

    @web.post("/make/film/clip")
    async def keep_clip(scopes: InScopes, request: Request) -> Response:
        """Keep a clip that somebody brings, and go on with the form."""
        form = await request.form(max_files=1, max_fields=_FIELDS_MAX)
        asked, head = _asked(form), None
        try:
            asked["driving"] = str(await kept_clip(scopes, form.get("clip")))
        except Problem as problem:
            head = problem
        async with scopes.transaction() as transaction:
            return await page(Scope(scopes.principal, transaction), asked, head)

    async def kept_clip(scopes: Scopes, file: Any) -> UUID:
        """The id of its asset. No transaction is open while it is looked at and stored."""
        if not isinstance(file, UploadFile) or not file.filename:
            raise Invalid("There is no clip in this form.", "Choose one first.", field="clip")
        library, data = videos.library, await file.read(UPLOAD_MAX_BYTES + 1)
        upload = await library.read_upload(scopes.principal, data, file.filename, None)
        if upload.kind is not FileKind.VIDEO:
            raise Invalid("This file is no film.", "Choose an MP4 or WebM.", field="clip")
        async with scopes.transaction() as transaction:
            await library.expect_upload(transaction, upload)
        stored_at = await library.store_upload(upload)
        async with scopes.transaction() as transaction:
            return UUID(str((await library.keep_upload(transaction, scopes.principal, upload, stored_at))["id"]))

    @web.post("/videos")
    async def start_film(scope: InScope, request: Request) -> Response:
        form = await request.form(max_files=0, max_fields=_FIELDS_MAX)
        asked = _asked(form)
        target = Target.STORYBOARD if form.get("act") == "board" else Target.FILM
        try:
            async with scope.transaction.savepoint():
                _refuse_unsent(form, asked)
                video, _ = await videos.start(
                    scope.transaction,
                    scope.principal,
                    await brief_of(scope, asked),
                    source=Source(script=script_in(asked), driving=driving_in(asked)),
                    target=target,
                    idempotency_key=key_of_form(request, form.multi_items()),
                )
        except Problem as problem:
            return await page(scope, asked, problem)
        return RedirectResponse(f"/videos/{video['id']}", status_code=303)

    return web


def script_in(asked: Mapping[str, Json]) -> tuple[str, ...]:
    """Raises as ``script_of``; nothing where none was written."""
    script = str(asked.get("script", ""))
    return script_of(script) if script.strip() else ()


def driving_in(asked: Mapping[str, Json]) -> UUID | None:
    """The id of the clip that is followed. Raises ``Invalid``."""
    return decode(UUID, asked["driving"], at="driving") if asked.get("driving") else None


def _refuse_unsent(form: Mapping[str, Any], asked: Mapping[str, Json]) -> None:
    """Somebody chose a clip and did not send it: a film without it would not be what they mean."""
    if form.get("clip") and not asked.get("driving"):
        raise Invalid("The clip was chosen and not sent.", "Press “Bring this clip” first.", field="clip")


def _by_category(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(choices.CATEGORIES[row["category"]], []).append(row)
    return found


def _asked(form: Mapping[str, Any]) -> dict[str, Json]:
    """What was filled in, the length as a number; whether it can be used, decoding it says."""
    fields: dict[str, Json] = {"premise": ""}
    for name in (*_FIELDS, *_BESIDE):
        value = form.get(name)
        if isinstance(value, str) and value:
            fields[name] = value[:_TEXT_MAX_CHARACTERS]
    seconds = str(fields.get("seconds", ""))
    if seconds.isascii() and seconds.isdigit() and len(seconds) <= len(str(SECONDS_MAX)):
        fields["seconds"] = int(seconds)
    return fields
