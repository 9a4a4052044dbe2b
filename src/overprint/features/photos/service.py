"""Use cases of photos.

Reading a photo and storing it take seconds, so they happen between transactions: whoever calls hands in what opens
one. Every photo is deleted in three steps, by whoever begins it or by the next turn of the schedule: it is said that it
goes, its bytes go, and then there is a receipt.
"""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TypeAlias
from uuid import UUID

import asyncpg

from overprint.core.clock import Clock
from overprint.core.codec import decode, encode
from overprint.core.crowd import Crowd, PatientCrowd
from overprint.core.editions import CheckEdition, any_edition
from overprint.core.ids import new_id
from overprint.core.pixels import picture_size
from overprint.core.principal import Principal
from overprint.core.problems import Conflict, Invalid, NotFound, Unavailable
from overprint.core.story import Look, Style
from overprint.craft.drawing import Order, delivery, draw_bytes, order_bytes
from overprint.craft.photos import (
    PHOTO_MEMORY_BYTES,
    PHOTO_SECONDS,
    PersonReading,
    PhotoOrder,
    PhotoStyle,
    clean_photo_bytes,
    person_reading,
    photo_payload,
    read_person_bytes,
    restyle_bytes,
)
from overprint.db.database import Transaction
from overprint.engine import blobs
from overprint.engine.schedule import ScheduleContext
from overprint.features import audit
from overprint.features.photos import rules, store
from overprint.features.photos.rules import Confirmed, Consent
from overprint.features.photos.store import Row
from overprint.features.teams import Action, permit
from overprint.ports.compute import ComputeFailed, ComputeLimit, ComputePort
from overprint.ports.credentials import CredentialsPort
from overprint.ports.errors import ProviderError
from overprint.ports.storage import BlobMissing, StoragePort

Transactions: TypeAlias = Callable[[], AbstractAsyncContextManager[Transaction]]

PAGE_MAX = 100
DUE_AT_ONCE = 500
ASKED_MAX = 4  # photos that are opened for a team at a time
# Portraits: a page shows everybody who is known, so further ones wait.
DRAWN_AT_ONCE, DRAWN_MAX = 2, 100
MEDIA_TYPE = "image/jpeg"
PORTRAIT_SIDE_PX = 720
PORTRAIT_SECONDS, PORTRAIT_MEMORY_BYTES = 60.0, 1_500_000_000
_AS_IT_IS = PhotoOrder()


@dataclass(frozen=True, slots=True)
class Reader:
    """Opens photos in child processes and keeps nothing of them. ``signer`` signs what is made from one.

    Raises ``Invalid`` for what is no photo of somebody, ``LimitReached`` for what is too large to open.
    """

    compute: ComputePort
    signer: CredentialsPort | None = None

    async def clean(self, data: bytes) -> bytes:
        """A smaller JPEG of the same picture, with nothing else in it."""
        return await self._opened(clean_photo_bytes, data)

    async def read(self, data: bytes, face: int = 0) -> PersonReading:
        """What a photo says of one of its faces; they count from 0, the largest first."""
        return person_reading(await self._opened(read_person_bytes, data, PhotoOrder(face=face)))

    async def restyle(self, data: bytes, style: PhotoStyle, seed: int = 0) -> bytes:
        """A JPEG of a photo as if made by hand, which says in its credentials that it was a photo."""
        painted = await self._opened(restyle_bytes, data, PhotoOrder(style=style, seed=seed))
        if self.signer is None:
            return painted
        return await self.signer.sign(painted, MEDIA_TYPE, rules.treated(style), {})

    async def _opened(self, work: Callable[[bytes], bytes], data: bytes, order: PhotoOrder = _AS_IT_IS) -> bytes:
        rules.check_size(data)
        payload = photo_payload(data, order)
        try:
            return await self.compute.run(work, payload, timeout_seconds=PHOTO_SECONDS, memory_bytes=PHOTO_MEMORY_BYTES)
        except (ComputeFailed, ComputeLimit) as failure:
            raise rules.problem_of(failure) from failure


Translated = Callable[[Consent], Sequence[Consent]]


@dataclass(frozen=True, slots=True)
class Photos:
    """``lifetime`` is how long a photo is kept; ``pool`` is of the system role; ``consent`` is agreed to first, in its
    own words or in those of another language, as ``translated`` has them."""

    storage: StoragePort
    compute: ComputePort
    clock: Clock
    pool: asyncpg.Pool
    lifetime: timedelta
    consent: Consent
    signer: CredentialsPort | None = None
    translated: Translated = lambda consent: ()
    _crowd: Crowd = field(default_factory=lambda: Crowd(ASKED_MAX))
    _portraits: PatientCrowd = field(default_factory=lambda: PatientCrowd(DRAWN_AT_ONCE, DRAWN_MAX))

    @property
    def wordings(self) -> tuple[Consent, ...]:
        """All words in which people are asked, the original first."""
        return (self.consent, *self.translated(self.consent))

    @property
    def reader(self) -> Reader:
        return Reader(self.compute, self.signer)

    async def upload(self, transactions: Transactions, principal: Principal, data: bytes, consent: str) -> Row:
        """Read a photo and keep a clean copy of it. ``consent`` is the version of the words that were agreed to.

        The file itself is not kept. Raises as ``Reader`` does, and ``ProviderError`` when the storage is away.
        """
        row = await self.read(transactions, principal, data, consent)
        async with transactions() as transaction:
            return await self.keep(transaction, principal, row)

    async def read(self, transactions: Transactions, principal: Principal, data: bytes, consent: str) -> Row:
        """What ``upload`` keeps, with its copy stored; raises the same, and ``TooOften``. Then ``keep``."""
        permit(principal, Action.MAKE_WORK)
        agreed = rules.agreed_to(consent, self.wordings)
        async with transactions() as transaction:
            rules.refuse_too_many(await store.count_kept(transaction))
        with self._crowd.joined(principal.team_id):
            photo = await self.reader.clean(data)
            reading = await self.reader.read(photo)
        row = self._new(principal, data, photo, reading, agreed)
        await blobs.put(
            self.pool, self.storage, row["storage_key"], photo, media_type=MEDIA_TYPE, team_id=principal.team_id
        )
        return row

    async def keep(self, transaction: Transaction, principal: Principal, row: Row) -> Row:
        """Keep what was read. Raises ``Conflict`` if that was too long ago."""
        lifetime = blobs.UPLOAD_LIFETIME
        if not await store.keep_bytes_until(transaction, row["storage_key"], row["expires_at"], lifetime):
            raise Conflict("Storing this photo took too long.", "Send it again.")
        await store.hold_room(transaction)
        rules.refuse_too_many(await store.count_kept(transaction))  # others may have been quicker
        kept = await store.insert_photo(transaction, row)
        told = {key: row[key] for key in ("consent_version", "consent_language")}
        told = {"uploaded_sha256": row["uploaded_hash"], **told}
        await audit.record(transaction, principal, "photo.uploaded", "photo", row["id"], told)
        return kept

    async def get(self, transaction: Transaction, photo_id: UUID, *, holds: bool = False) -> Row:
        """``holds``: nobody else changes it before this transaction ends."""
        photo = await store.find_photo(transaction, photo_id, holds=holds)
        if photo is None:
            raise NotFound("There is no such photo.")
        return photo

    async def list_photos(self, transaction: Transaction, *, limit: int = 50, before: UUID | None = None) -> list[Row]:
        """The newest first, deleted ones too: these are the receipts."""
        return await store.list_photos(transaction, max(1, min(PAGE_MAX, limit)), before)

    async def list_looks(self, transaction: Transaction) -> list[Row]:
        """Photos whose look was confirmed, the newest first; most of them are deleted by now."""
        return await store.list_looks(transaction, PAGE_MAX)

    async def get_looks(self, transaction: Transaction, photo_ids: Sequence[UUID]) -> tuple[Look, ...]:
        """The confirmed looks of these photos. Raises ``Conflict`` for one that nobody has confirmed."""
        rows = [await self.get(transaction, photo_id) for photo_id in dict.fromkeys(photo_ids)]
        if any(row["look"] is None for row in rows):
            raise Conflict("Nobody has said yet who is on this photo.", "Confirm what was read from it first.")
        return tuple(decode(Look, row["look"]) for row in rows)

    async def get_picture(self, transactions: Transactions, photo_id: UUID) -> bytes:
        """The clean copy. Raises ``Conflict`` once it is deleted."""
        async with transactions() as transaction:
            photo = await self.get(transaction, photo_id)
        rules.refuse_gone(photo, self.clock.now())
        try:
            return await self.storage.get(photo["storage_key"])
        except BlobMissing:
            raise NotFound("This photo is gone from storage.") from None

    async def choose_face(
        self,
        transactions: Transactions,
        principal: Principal,
        photo_id: UUID,
        face: int,
        check: CheckEdition = any_edition,
    ) -> Row:
        """Read another face of the photo; what was confirmed of the one before is forgotten. Faces count from 0, the
        largest first."""
        permit(principal, Action.MAKE_WORK)
        picture = await self.get_picture(transactions, photo_id)
        with self._crowd.joined(principal.team_id):
            reading = await self.reader.read(picture, face)
        async with transactions() as transaction:
            check(rules.edition_of_photo(await self.get(transaction, photo_id, holds=True)))
            if await store.change_kept(transaction, photo_id, reading=encode(reading)):
                await store.keep_look(transaction, photo_id, None)
            return await self.get(transaction, photo_id)

    async def confirm(
        self,
        transaction: Transaction,
        principal: Principal,
        photo_id: UUID,
        said: Confirmed,
        check: CheckEdition = any_edition,
    ) -> Row:
        """Keep how somebody looks, as a person says it is right. May be said again, also once the photo is gone."""
        permit(principal, Action.MAKE_WORK)
        photo = await self.get(transaction, photo_id, holds=True)
        check(rules.edition_of_photo(photo))
        if photo["look"] is None:
            rules.refuse_gone(photo, self.clock.now())
        look = rules.confirmed(proposal_of(photo), said)
        await store.keep_look(transaction, photo_id, encode(look))
        await audit.record(transaction, principal, "photo.confirmed", "photo", photo_id, {"name": look.name})
        return await self.get(transaction, photo_id)

    async def restyle(
        self, transactions: Transactions, principal: Principal, photo_id: UUID, style: PhotoStyle, seed: int = 0
    ) -> bytes:
        """A JPEG of a kept photo as if made by hand, which is not kept. Raises ``Conflict`` once the photo is deleted,
        ``TooOften``."""
        data = await self.get_picture(transactions, photo_id)
        with self._crowd.joined(principal.team_id):
            return await self.reader.restyle(data, style, seed)

    async def draw(self, principal: Principal, look: Look) -> bytes:
        """A JPEG of somebody with this look, as the embedded illustrator draws them. Raises ``TooOften``."""
        order = Order(
            rules.portrait_scene(look),
            {look.name: rules.sheet_of(look)},
            Style.STORYBOOK,
            PORTRAIT_SIDE_PX,
            PORTRAIT_SIDE_PX,
            1,
        )
        try:
            async with self._portraits.joined(principal.team_id):
                answer = await self.compute.run(
                    draw_bytes, order_bytes(order), timeout_seconds=PORTRAIT_SECONDS, memory_bytes=PORTRAIT_MEMORY_BYTES
                )
        except (ComputeFailed, ComputeLimit) as failure:
            raise Unavailable("This look could not be drawn just now.", "Try again in a moment.") from failure
        return delivery(answer).data

    async def delete(
        self,
        transactions: Transactions,
        principal: Principal,
        photo_id: UUID,
        *,
        keeps_look: bool = False,
        check: CheckEdition = any_edition,
    ) -> Row:
        """Delete the photo now with what was read from it, and the look unless it is kept. The receipt stays.

        Books that were made with the look keep their own copy of it. Raises ``ProviderError`` when the storage is
        away; the photo is out of reach all the same, and its bytes go as soon as the storage is back.
        """
        permit(principal, Action.MAKE_WORK)
        async with transactions() as transaction:
            photo = await self.get(transaction, photo_id, holds=True)
            check(rules.edition_of_photo(photo))
            if photo["look"] is not None and not keeps_look:
                await store.keep_look(transaction, photo_id, None)
                await audit.record(transaction, principal, "photo.look_deleted", "photo", photo_id)
            await store.begin_end(transaction, photo_id, "asked", principal.person_id)
        return await self._remove(transactions, principal, photo_id, self.clock)

    async def expire(self, context: ScheduleContext) -> None:
        """Delete what is due. A confirmed look stays. Raises the last ``ProviderError``; then it is tried again."""
        failure: ProviderError | None = None
        for photo_id, team_id in await store.list_due(context.database.system, context.clock.now(), DUE_AT_ONCE):
            if not context.has_time:
                break
            transactions = partial(context.database.transaction, team_id)
            async with transactions() as transaction:
                await store.begin_end(transaction, photo_id, "expired", None)
            try:
                await self._remove(transactions, None, photo_id, context.clock)
            except ProviderError as error:
                failure = error
        if failure is not None:
            raise failure

    async def _remove(
        self, transactions: Transactions, principal: Principal | None, photo_id: UUID, clock: Clock
    ) -> Row:
        """The bytes, and then the receipt, which says the truth."""
        async with transactions() as transaction:
            photo = await self.get(transaction, photo_id)
        if photo["deleted_at"] is not None:
            return photo
        await self.storage.delete(photo["storage_key"])
        async with transactions() as transaction:
            ended = await store.end(transaction, photo_id, clock.now())
            if ended is not None:
                receipt = encode(rules.receipt_of(ended))
                await audit.record(transaction, principal, "photo.deleted", "photo", photo_id, receipt)
            return await self.get(transaction, photo_id)

    def _new(self, principal: Principal, data: bytes, photo: bytes, reading: PersonReading, agreed: Consent) -> Row:
        photo_id, now = new_id(), self.clock.now()
        size = picture_size(photo)
        if size is None:
            raise Invalid("This photo cannot be kept.", "Send another one.", field="file")
        return {
            "id": photo_id,
            "team_id": principal.team_id,
            "storage_key": f"teams/{principal.team_id}/photos/{photo_id}.jpg",
            "content_hash": hashlib.sha256(photo).hexdigest(),
            "uploaded_hash": hashlib.sha256(data).hexdigest(),
            "size_bytes": len(photo),
            "width_px": size[0],
            "height_px": size[1],
            "reading": encode(reading),
            "consent_version": agreed.version,
            "consent_language": agreed.language,
            "created_by": principal.person_id,
            "created_at": now,
            "expires_at": now + self.lifetime,
        }

    async def record_unkept(
        self, transaction: Transaction, principal: Principal, name: str, uploaded_hash: str, consent: Consent
    ) -> None:
        """That a photo was read for somebody of a book, with consent, and never kept."""
        told = {"name": name, "uploaded_sha256": uploaded_hash, "consent_version": consent.version}
        told["consent_language"] = consent.language
        await audit.record(transaction, principal, "photo.read", "photo", None, told)


def proposal_of(photo: Row) -> Look:
    """What a person is asked about: what was read, or what they said of it before."""
    if photo["look"] is not None:
        return decode(Look, photo["look"])
    return rules.proposed(decode(PersonReading, photo["reading"]))
