"""JSON API of photos: /api/photos."""

from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, Response, UploadFile
from pydantic import Field

from overprint.core.codec import decode
from overprint.core.scene import Accessory, Garment, Hair, Species
from overprint.core.story import NAME_MAX_CHARACTERS
from overprint.craft.photos import PHOTO_MAX_BYTES, PhotoStyle
from overprint.features.photos import rules
from overprint.features.photos.service import MEDIA_TYPE, PAGE_MAX, Photos
from overprint.features.photos.store import Row
from overprint.http.once import Once
from overprint.http.responses import (
    UNKEPT,
    IfMatch,
    In,
    Out,
    etag_of,
    example,
    next_cursor,
    read_cursor,
    refuse_outdated,
    sends,
)
from overprint.http.routes import Router
from overprint.http.scope import InScope, InScopes

_Colour = Annotated[str | None, Field(max_length=7)]


class Kept(Out):
    id: UUID


class FaceIn(In):
    """Faces count from 0, the largest first."""

    model_config = example(face=0)

    face: int = Field(ge=0, le=100)


class LookSaidIn(In):
    """Who it is, what they wear and need is asked, never guessed. Colours are #rrggbb; without one it stays as read."""

    model_config = example(name="Mira", species="child", garment="dungarees", accessories=[], outfit="#2e5c8a")

    name: str = Field(min_length=1, max_length=NAME_MAX_CHARACTERS)
    species: Species
    garment: Garment
    accessories: Annotated[list[Accessory], Field(max_length=4)]
    hair: Hair | None = None
    body: _Colour = None
    hair_colour: _Colour = None
    outfit: _Colour = None
    accent: _Colour = None


class RestyleIn(In):
    model_config = example(style="watercolour", seed=7)

    style: PhotoStyle = PhotoStyle.WATERCOLOUR
    seed: int = Field(0, ge=0, le=2**31 - 1)


class ConsentOut(Out):
    """``version`` is the SHA-256 of ``text``; ``hours`` how long a photo is kept unless it is deleted before."""

    version: str
    language: str
    text: str
    hours: float


class PhotoOut(Out):
    """``state`` is kept, deleting or deleted. ``reading`` is what was proposed, gone with the photo; ``look`` is what a
    person has confirmed. ``created_by`` agreed to the words whose SHA-256 is
    ``consent_version``, in ``consent_language``, when it was uploaded."""

    id: UUID
    state: str
    width_px: int
    height_px: int
    reading: dict[str, Any] | None
    look: dict[str, Any] | None
    uploaded_hash: str
    content_hash: str
    consent_version: str
    consent_language: str
    created_by: UUID
    created_at: datetime
    expires_at: datetime
    deleted_at: datetime | None


class PhotoPage(Out):
    items: list[PhotoOut]
    next_cursor: str | None


class ReceiptOut(Out):
    """That a photo was deleted: which file, when, and why (``expired``, or ``asked`` by whom)."""

    uploaded_sha256: str
    kept_sha256: str
    size_bytes: int
    reason: str
    asked_by: UUID | None
    deleted_at: datetime
    consent_version: str
    consent_language: str
    consented_by: UUID
    consented_at: datetime


def consent_router(photos: Photos) -> APIRouter:
    """What people agree to before they upload a photo."""
    api = Router(prefix="/api/photos", tags=["photos"])

    @api.get("/consent")
    async def get_consent() -> ConsentOut:
        hours = photos.lifetime.total_seconds() / 3600
        asked = photos.consent
        return ConsentOut(version=asked.version, language=asked.language, text=asked.text, hours=hours)

    return api


def router(photos: Photos) -> APIRouter:
    """Routes over ``photos``."""
    api = Router(prefix="/api/photos", tags=["photos"])

    def shown(photo: Row) -> PhotoOut:
        state = rules.state_of(photo, photos.clock.now())
        reading = photo["reading"] if state == "kept" else None
        return PhotoOut.model_validate({**photo, "state": state, "reading": reading})

    def receipt(photo: Row) -> ReceiptOut:
        return ReceiptOut.model_validate(asdict(rules.receipt_of(photo)))

    @api.get("")
    async def list_photos(
        scope: InScope, limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 50, cursor: str | None = None
    ) -> PhotoPage:
        rows = await photos.list_photos(scope.transaction, limit=limit, before=read_cursor(cursor))
        return PhotoPage(items=[shown(row) for row in rows], next_cursor=next_cursor(rows, limit))

    @api.post("", status_code=201)
    async def upload(
        scopes: InScopes, once: Once, file: UploadFile, consent: Annotated[str, Form(max_length=64)]
    ) -> PhotoOut:
        """Read a JPEG, PNG or WebP photo of somebody. ``consent`` is the version at /api/photos/consent."""
        data = await file.read(PHOTO_MAX_BYTES + 1)
        row = await photos.read(scopes.transaction, scopes.principal, data, consent)
        async with scopes.transaction() as transaction:

            async def keep() -> Kept:
                return Kept.model_validate(await photos.keep(transaction, scopes.principal, row))

            # Only the id is kept under the key: what was read of a photo goes with it.
            kept = await once.answer(transaction, Kept, [row["uploaded_hash"], consent], keep)
            return shown(await photos.get(transaction, kept.id))

    def tagged(photo: Row, response: Response) -> PhotoOut:
        response.headers.update(etag_of(rules.edition_of_photo(photo)))
        return shown(photo)

    @api.get("/{photo_id}")
    async def get_photo(scope: InScope, response: Response, photo_id: UUID) -> PhotoOut:
        return tagged(await photos.get(scope.transaction, photo_id), response)

    @api.patch("/{photo_id}")
    async def choose_face(
        scopes: InScopes, response: Response, photo_id: UUID, choice: FaceIn, if_match: IfMatch = None
    ) -> PhotoOut:
        """Read another face of a photo with several."""
        check = partial(refuse_outdated, if_match)
        return tagged(
            await photos.choose_face(scopes.transaction, scopes.principal, photo_id, choice.face, check), response
        )

    @api.post("/{photo_id}/confirm")
    async def confirm(
        scope: InScope, response: Response, photo_id: UUID, said: LookSaidIn, if_match: IfMatch = None
    ) -> PhotoOut:
        """Say who it is and correct what was read. The look can then be used in books."""
        given, check = decode(rules.Confirmed, said.model_dump(mode="json"), at=""), partial(refuse_outdated, if_match)
        return tagged(await photos.confirm(scope.transaction, scope.principal, photo_id, given, check), response)

    @api.get("/{photo_id}/picture", response_class=Response, responses=sends(MEDIA_TYPE))
    async def get_picture(scopes: InScopes, photo_id: UUID) -> Response:
        """The clean copy that is kept, as JPEG."""
        return Response(await photos.get_picture(scopes.transaction, photo_id), media_type=MEDIA_TYPE, headers=UNKEPT)

    @api.get("/{photo_id}/portrait", response_class=Response, responses=sends(MEDIA_TYPE))
    async def get_portrait(scopes: InScopes, photo_id: UUID) -> Response:
        """The confirmed look as the embedded illustrator draws it, as JPEG."""
        async with scopes.transaction() as transaction:
            (look,) = await photos.get_looks(transaction, [photo_id])
        return Response(await photos.draw(scopes.principal, look), media_type=MEDIA_TYPE, headers=UNKEPT)

    @api.post("/{photo_id}/restyled", response_class=Response, responses=sends(MEDIA_TYPE))
    async def restyle(scopes: InScopes, photo_id: UUID, wanted: RestyleIn) -> Response:
        """The photo as if made by hand, as JPEG. It is not kept."""
        painted = await photos.restyle(scopes.transaction, scopes.principal, photo_id, wanted.style, wanted.seed)
        return Response(painted, media_type=MEDIA_TYPE, headers=UNKEPT)

    @api.get("/{photo_id}/receipt")
    async def get_receipt(scope: InScope, photo_id: UUID) -> ReceiptOut:
        return receipt(await photos.get(scope.transaction, photo_id))

    @api.delete("/{photo_id}")
    async def delete(scopes: InScopes, photo_id: UUID, keep_look: bool = False, if_match: IfMatch = None) -> ReceiptOut:
        """Delete the photo now, and its look unless that is to be kept; answers the receipt."""
        check = partial(refuse_outdated, if_match)
        return receipt(
            await photos.delete(scopes.transaction, scopes.principal, photo_id, keeps_look=keep_look, check=check)
        )

    return api
