"""Pages of the photos room: send a photo, say who it is, correct what was read, delete it. They work without
JavaScript."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData, UploadFile

from overprint.core.codec import Json, decode, encode
from overprint.core.problems import Invalid, Problem
from overprint.core.scene import PEOPLE, Garment, Hair
from overprint.core.story import Look
from overprint.craft.photos import PHOTO_MAX_BYTES, PhotoStyle
from overprint.features.photos import rules
from overprint.features.photos.service import MEDIA_TYPE, Photos, proposal_of
from overprint.features.photos.store import Row
from overprint.http.choices import ACCESSORIES
from overprint.http.forms import read_form
from overprint.http.frame import frame_now
from overprint.http.pages import Pages
from overprint.http.problems import status_of
from overprint.http.responses import UNKEPT
from overprint.http.routes import Router
from overprint.http.scope import InScope, InScopes
from overprint.http.wording import N_

_FIELDS_MAX = 40
_COLOURS = (
    ("body", N_("Skin")),
    ("hair_colour", N_("Colour of the hair")),
    ("outfit", N_("Clothes")),
    ("accent", N_("Second colour of the clothes")),
)
_STYLES = {
    PhotoStyle.WATERCOLOUR: N_("watercolour"),
    PhotoStyle.INK: N_("ink"),
    PhotoStyle.POP: N_("halftone dots"),
    PhotoStyle.PAPERCUT: N_("paper-cut"),
    PhotoStyle.CARTOON: N_("cartoon"),
    PhotoStyle.PENCIL: N_("pencil"),
}


@dataclass(frozen=True, slots=True)
class Swatches:
    """The colours that a person can choose for one part of a look."""

    field: str
    label: str
    chosen: str
    colours: Mapping[str, str]


def router(photos: Photos) -> APIRouter:
    """Routes over ``photos``."""
    web = Router(include_in_schema=False)
    pages = Pages(Path(__file__).parent / "templates")
    hours = round(photos.lifetime.total_seconds() / 3600)

    def consent() -> rules.Consent:
        """What is agreed to, in the language of who asks."""
        language = frame_now().language
        return next((words for words in photos.wordings if words.language == language), photos.consent)

    def photos_page(rows: list[Row], problem: Problem | None = None) -> Response:
        now = photos.clock.now()
        known = [{**row, "state": rules.state_of(row, now), "until": row["expires_at"]} for row in rows]
        status = status_of(problem) if problem else 200
        shown = {"photos": known, "hours": hours, "consent": consent(), "max_bytes": PHOTO_MAX_BYTES}
        return pages.render("photos.html", status, **shown, problem=problem)

    async def photo_page(photo: Row, said: Row | None = None, problem: Problem | None = None) -> Response:
        status = status_of(problem) if problem else 200
        shown = _shown(photo, photos.clock.now(), said)
        answer = pages.render("photo.html", status, photo=photo, problem=problem, styles=_STYLES, **shown)
        answer.headers.update(UNKEPT)
        return answer

    @web.get("/photos")
    async def list_photos(scope: InScope) -> Response:
        return photos_page(await photos.list_photos(scope.transaction))

    @web.post("/photos")
    async def upload(scopes: InScopes, request: Request) -> Response:
        form = await read_form(request, fields=_FIELDS_MAX, files=1)
        try:
            data = await _file_in(form)
            photo = await photos.upload(scopes.transaction, scopes.principal, data, str(form.get("consent", "")))
        except Problem as problem:
            async with scopes.transaction() as transaction:
                return photos_page(await photos.list_photos(transaction), problem)
        return RedirectResponse(f"/photos/{photo['id']}", status_code=303)

    @web.get("/photos/{photo_id}")
    async def show(scope: InScope, photo_id: UUID) -> Response:
        return await photo_page(await photos.get(scope.transaction, photo_id))

    @web.post("/photos/{photo_id}/face")
    async def choose_face(scopes: InScopes, photo_id: UUID, request: Request) -> Response:
        chosen = str((await read_form(request, fields=_FIELDS_MAX)).get("face", ""))
        face = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 4 else -1
        await photos.choose_face(scopes.transaction, scopes.principal, photo_id, face)
        return RedirectResponse(f"/photos/{photo_id}", status_code=303)

    @web.post("/photos/{photo_id}")
    async def confirm(scope: InScope, photo_id: UUID, request: Request) -> Response:
        said = _said(await read_form(request, fields=_FIELDS_MAX))
        try:
            _refuse_silence(said)
            given = decode(rules.Confirmed, said, at="")
            await photos.confirm(scope.transaction, scope.principal, photo_id, given)
        except Invalid as problem:
            return await photo_page(await photos.get(scope.transaction, photo_id), said, problem)
        return RedirectResponse(f"/photos/{photo_id}", status_code=303)

    @web.post("/photos/{photo_id}/restyled")
    async def restyle(scopes: InScopes, photo_id: UUID, request: Request) -> Response:
        style = decode(PhotoStyle, (await read_form(request, fields=_FIELDS_MAX)).get("style", ""), at="style")
        painted = await photos.restyle(scopes.transaction, scopes.principal, photo_id, style)
        headers = {**UNKEPT, "Content-Disposition": f'attachment; filename="{style}.jpg"'}
        return Response(painted, media_type=MEDIA_TYPE, headers=headers)

    @web.post("/photos/{photo_id}/delete")
    async def delete(scopes: InScopes, photo_id: UUID, request: Request) -> Response:
        keeps_look = (await read_form(request, fields=_FIELDS_MAX)).get("keep") == "look"
        await photos.delete(scopes.transaction, scopes.principal, photo_id, keeps_look=keeps_look)
        return RedirectResponse(f"/photos/{photo_id}", status_code=303)

    return web


async def _file_in(form: FormData) -> bytes:
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise Invalid("There is no photo in this form.", "Choose one first.", field="file")
    return await file.read(PHOTO_MAX_BYTES + 1)


def _said(form: FormData) -> dict[str, Json]:
    """What was filled in; whether it can be used, decoding it says."""
    names = ("name", "species", "garment", "hair", *(field for field, _ in _COLOURS))
    said: dict[str, Json] = {name: form[name] for name in names if isinstance(form.get(name), str) and form[name]}
    return {**said, "accessories": [str(value) for value in form.getlist("accessories")]}


def _refuse_silence(said: Row) -> None:
    """Raises ``Invalid`` for what nobody but a person can say."""
    asked = (("name", "What is their name?"), ("species", "Who is this?"), ("garment", "What do they wear?"))
    for field, question in asked:
        if not said.get(field):
            raise Invalid(question, "A photo does not tell, so please say.", field=field)


def _shown(photo: Row, now: datetime, said: Row | None) -> dict[str, Any]:
    """What the page of a photo shows."""
    state = rules.state_of(photo, now)
    reading = photo["reading"] if state == "kept" else None
    look = proposal_of(photo) if photo["look"] or reading else None
    wanted = {**(encode(look) if look else {}), **(said or {})}
    return {
        "state": state,
        "until": photo["expires_at"],
        "faces": _faces(photo) if reading else [],
        "notes": reading["notes"] if reading else [],
        "wanted": wanted,
        "swatches": [_swatches(field, label, look, reading) for field, label in _COLOURS] if look else [],
        "choices": {
            "species": [str(each) for each in PEOPLE],
            "garment": [str(each) for each in Garment if each is not Garment.NONE],
            "hair": [str(each) for each in Hair],
            "accessories": ACCESSORIES,
        },
        "receipt": rules.receipt_of(photo) if state == "deleted" else None,
    }


def _faces(photo: Row) -> list[dict[str, Any]]:
    """Where the faces are, in pixels, and which one was read."""
    width, height, which = photo["width_px"], photo["height_px"], photo["reading"]["which"]
    return [
        {"x": x * width, "y": y * height, "width": w * width, "height": h * height, "is_read": n == which}
        for n, (x, y, w, h) in enumerate(photo["reading"]["faces"])
    ]


def _swatches(field: str, label: str, look: Look, reading: Mapping[str, Any] | None) -> Swatches:
    """The colours that can be drawn well, and the one that the photo has."""
    colours, traits = rules.SWATCHES[field], reading["traits"] if reading else []
    trait = next((trait for trait in traits if trait["of"] == field), None)
    measured, chosen = trait["measured"] if trait else None, str(getattr(look, field))
    odd = {"as measured": measured} if measured and measured not in colours.values() else {}
    if chosen not in (*colours.values(), *odd.values()):
        odd["to match" if trait and trait["value"] == chosen else "as chosen"] = chosen
    return Swatches(field, label, chosen, {**odd, **colours})
