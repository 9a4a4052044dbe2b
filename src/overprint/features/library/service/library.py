"""Use cases of the library."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeAlias
from uuid import UUID

import asyncpg

from overprint.core.clock import Clock
from overprint.core.crowd import Crowd
from overprint.core.files import FileKind, FilmSize, StoredFile, file_name
from overprint.core.ids import new_id
from overprint.core.pixels import picture_size
from overprint.core.principal import Principal
from overprint.core.problems import Conflict, InTrash, Invalid, NotFound
from overprint.core.tasks import to_the_end
from overprint.db.database import Transaction
from overprint.engine import blobs
from overprint.engine.schedule import ScheduleContext
from overprint.features import audit
from overprint.features.billing import Plans
from overprint.features.library import rules, store
from overprint.features.library.store import Row
from overprint.features.teams import Action, permit
from overprint.ports.storage import StoragePort

Transactions: TypeAlias = Callable[[], AbstractAsyncContextManager[Transaction]]
"""Opens a transaction of the team."""
LINK_LIFETIME = timedelta(hours=1)
PAGE_MAX = 200
SWEEP_BATCH = 1000
FILMS_AT_ONCE = 4  # of a team that are judged

LookAtFilm: TypeAlias = Callable[[bytes | Path], Awaitable[FilmSize]]
"""Judges a film that a stranger made. Raises ``Invalid`` and ``LimitReached``."""


async def no_films(film: bytes | Path) -> FilmSize:
    raise Invalid("Films cannot be kept here.", "PNG, JPEG, WebP and PDF can.", field="file")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that a person brings, and may keep. ``source``: its bytes, or where they lie meanwhile. ``size_px``: of a
    picture."""

    team_id: UUID
    name: str
    project_id: UUID | None
    source: bytes | Path = field(repr=False)
    size_bytes: int
    media_type: str
    kind: FileKind
    content_hash: str
    film: FilmSize | None = None
    size_px: tuple[int, int] | None = None

    @property
    def measures(self) -> Row:
        """Pixels and seconds, where it has any."""
        if self.film is not None:
            size = self.film.width_px, self.film.height_px
            return {"width_px": size[0], "height_px": size[1], "duration_seconds": self.film.seconds}
        return dict(zip(("width_px", "height_px"), self.size_px or (None, None), strict=True))

    @property
    def storage_key(self) -> str:
        return f"teams/{self.team_id}/uploads/{self.content_hash}"


@dataclass(frozen=True, slots=True)
class Library:
    """``quota_bytes`` is what a team may keep whose plan sets no limit; ``pool`` is of the system role;
    ``look_at_film`` judges films that people bring."""

    storage: StoragePort
    clock: Clock
    quota_bytes: int
    pool: asyncpg.Pool
    plans: Plans
    look_at_film: LookAtFilm = no_films
    _crowd: Crowd = field(default_factory=lambda: Crowd(FILMS_AT_ONCE))

    async def list_projects(
        self, transaction: Transaction, *, limit: int = 50, before: UUID | None = None
    ) -> list[Row]:
        return await store.list_projects(transaction, _page(limit), before)

    async def get_project(self, transaction: Transaction, project_id: UUID, *, holds: bool = False) -> Row:
        """``holds``: nobody else changes it before this transaction ends."""
        project = await store.find_project(transaction, project_id, holds=holds)
        if project is None:
            raise NotFound("There is no such project.")
        return project

    async def make_project(self, transaction: Transaction, principal: Principal, name: str) -> Row:
        permit(principal, Action.MAKE_WORK)
        project = {
            "id": new_id(),
            "team_id": principal.team_id,
            "name": rules.project_name(name),
            "created_by": principal.person_id,
        }
        made = await store.insert_project(transaction, project)
        await audit.record(transaction, principal, "project.made", "project", made["id"], {"name": made["name"]})
        return made

    async def rename_project(self, transaction: Transaction, principal: Principal, project_id: UUID, name: str) -> Row:
        permit(principal, Action.MAKE_WORK)
        renamed = await store.rename_project(transaction, project_id, rules.project_name(name))
        if renamed is None:
            raise NotFound("There is no such project.")
        await audit.record(transaction, principal, "project.renamed", "project", project_id, {"name": renamed["name"]})
        return renamed

    async def delete_project(self, transaction: Transaction, principal: Principal, project_id: UUID) -> None:
        """Delete the project; what was in it stays in the library."""
        permit(principal, Action.MAKE_WORK)
        if not await store.delete_project(transaction, project_id):
            raise NotFound("There is no such project.")
        await audit.record(transaction, principal, "project.deleted", "project", project_id)

    async def list_assets(
        self,
        transaction: Transaction,
        *,
        limit: int = 50,
        before: UUID | None = None,
        project_id: UUID | None = None,
        lineage: UUID | None = None,
        with_unsigned: bool = False,
        wanted: rules.Wanted | None = None,
    ) -> list[Row]:
        """The newest first. Where there is a signed copy, that is the one; ``with_unsigned`` both."""
        return await store.list_assets(
            transaction, _page(limit), before, project_id, lineage, with_unsigned=with_unsigned, wanted=wanted
        )

    async def find_assets(self, transaction: Transaction, ids: Sequence[UUID]) -> list[Row]:
        """Those among ``ids`` that are there."""
        return await store.find_assets(transaction, ids)

    async def get_asset(self, transaction: Transaction, asset_id: UUID, *, in_trash: bool = False) -> Row:
        """``in_trash``: even if it was thrown away."""
        asset = await store.find_asset(transaction, asset_id)
        if asset is None:
            raise NotFound("There is no such asset.")
        if asset["discarded_at"] is not None and not in_trash:
            raise InTrash("This file is in the trash.", "Take it out of the library's trash first.")
        return asset

    async def find_stored(self, transaction: Transaction, file: StoredFile) -> Row | None:
        """The asset of the team that is this very file, unless it was thrown away."""
        return await store.find_stored(transaction, file.key, file.content_hash)

    async def find_by_hash(self, transaction: Transaction, content_hash: str) -> Row | None:
        """The oldest asset with these bytes that a step made."""
        return await store.find_by_hash(transaction, content_hash)

    async def read_upload(
        self, principal: Principal, source: bytes | Path, name: str, project_id: UUID | None
    ) -> Upload:
        """Look at a file that a person brings; one at a path is held only while that lasts. What it is, its bytes say;
        no transaction is open meanwhile. Raises ``TooOften`` while many films of the team are judged. Then
        ``expect_upload``."""
        permit(principal, Action.MAKE_WORK)
        data = source if isinstance(source, bytes) else await asyncio.to_thread(_read, source)
        media_type, kind = await asyncio.to_thread(rules.recognise, data)
        film = None
        if kind is FileKind.VIDEO:
            with self._crowd.joined(principal.team_id):
                film = await self.look_at_film(source)
        return Upload(
            principal.team_id,
            rules.clean_name(name, "upload"),
            project_id,
            source,
            len(data),
            media_type,
            kind,
            (await asyncio.to_thread(hashlib.sha256, data)).hexdigest(),
            film,
            picture_size(data),
        )

    async def expect_upload(self, transaction: Transaction, upload: Upload) -> None:
        """Whether there is a place for it, before any byte of it is stored.

        Then ``store_upload``, which may take minutes, while no transaction is open; then ``keep_upload``.
        """
        await self._refuse_over_quota(transaction, await store.used_bytes(transaction) + upload.size_bytes)
        if upload.project_id is not None:
            await self.get_project(transaction, upload.project_id)

    async def store_upload(self, upload: Upload) -> datetime:
        """Store the bytes; answers when that was begun, by the database's clock. Raises ``ProviderError``."""
        return await blobs.put(
            self.pool,
            self.storage,
            upload.storage_key,
            upload.source,
            media_type=upload.media_type,
            team_id=upload.team_id,
            content_hash=upload.content_hash,
        )

    async def keep_upload(
        self, transaction: Transaction, principal: Principal, upload: Upload, stored_at: datetime
    ) -> Row:
        """Make an asset of what was stored. Raises ``Conflict`` if it was so long ago that it may be swept soon."""
        if not await store.is_recent(transaction, stored_at, blobs.UPLOAD_LIFETIME):
            raise Conflict("Storing this file took too long.", "Send it again.")
        if upload.project_id is not None:
            await self.get_project(transaction, upload.project_id)
        # The team's others wait from here on. Those that were quicker may have taken the room.
        used_bytes = await store.add_usage(transaction, upload.team_id, upload.size_bytes)
        await self._refuse_over_quota(transaction, used_bytes)
        row: Row = {
            "id": new_id(),
            "team_id": upload.team_id,
            "project_id": upload.project_id,
            "name": upload.name,
            "kind": str(upload.kind),
            "media_type": upload.media_type,
            "storage_key": upload.storage_key,
            "content_hash": upload.content_hash,
            "size_bytes": upload.size_bytes,
            **upload.measures,
            "created_by": principal.person_id,
        }
        await store.insert_assets(transaction, [row])
        await audit.record(transaction, principal, "asset.uploaded", "asset", row["id"], {"name": row["name"]})
        return await self.get_asset(transaction, row["id"])

    async def bring(
        self,
        principal: Principal,
        data: bytes,
        name: str,
        transaction: Transactions,
        project_id: UUID | None = None,
    ) -> Row:
        """All of that for one file: what is kept of it. One that was brought before, under this name and to this
        project, is not kept twice, so a form that is sent twice leaves one file."""
        upload = await self.read_upload(principal, data, name, project_id)
        async with transaction() as before:
            if known := await store.find_upload(before, upload.storage_key, upload.name, project_id):
                return known
            await self.expect_upload(before, upload)
        stored_at = await self.store_upload(upload)
        async with transaction() as after:
            await store.add_usage(after, upload.team_id, 0)  # who brings the same at this moment waits here
            known = await store.find_upload(after, upload.storage_key, upload.name, project_id)
            return known or await self.keep_upload(after, principal, upload, stored_at)

    async def find_of_work(self, transaction: Transaction, lineage: UUID, content_hash: str) -> Row | None:
        """A file that the jobs of one work made, by its SHA-256 or that of its preview."""
        return await store.find_of_work(transaction, lineage, content_hash)

    async def expect_files(self, transaction: Transaction, principal: Principal, size_bytes: int) -> None:
        """Whether a work that is brought from elsewhere has room. Then ``store_file`` for each, then ``keep_files``."""
        permit(principal, Action.MAKE_WORK)
        await self._refuse_over_quota(transaction, await store.used_bytes(transaction) + size_bytes)

    async def store_file(
        self, team_id: UUID, key: str, source: bytes | Path, media_type: str, content_hash: str = ""
    ) -> datetime:
        """As ``store_upload``; ``content_hash`` as ``StoragePort.put`` has it."""
        return await blobs.put(
            self.pool, self.storage, key, source, media_type=media_type, team_id=team_id, content_hash=content_hash
        )

    async def keep_files(
        self,
        transaction: Transaction,
        principal: Principal,
        lineage: UUID,
        files: Sequence[tuple[str, StoredFile]],
        stored_at: datetime,
    ) -> None:
        """Make assets of what was stored for a work, each with the key of its step. Raises as ``keep_upload`` does."""
        if not await store.is_recent(transaction, stored_at, blobs.UPLOAD_LIFETIME):
            raise Conflict("Storing these files took too long.", "Try it again.")
        owned: Row = {"team_id": principal.team_id, "lineage": lineage, "created_by": principal.person_id}
        rows = [{"id": new_id(), **owned, "step_key": key, **rules.asset_of(file)} for key, file in files]
        # A job may be submitted next: whoever takes both holds the purse before the count of bytes.
        await self.plans.hold(transaction)
        used_bytes = await store.add_usage(transaction, principal.team_id, rules.kept_bytes(rows))
        await self._refuse_over_quota(transaction, used_bytes)
        await store.insert_assets(transaction, rows)

    async def delete_asset(self, transaction: Transaction, principal: Principal, asset_id: UUID) -> None:
        """Forget an asset for good. Its bytes are swept later, unless another one has the same."""
        permit(principal, Action.MAKE_WORK)
        asset = await self.get_asset(transaction, asset_id, in_trash=True)
        _refuse_part(asset)
        await self._forget(transaction, asset_id=asset_id)
        await audit.record(transaction, principal, "asset.deleted", "asset", asset_id, {"name": asset["name"]})

    async def move_assets(
        self, transaction: Transaction, principal: Principal, ids: Sequence[UUID], project_id: UUID | None
    ) -> int:
        """Put files that people brought into a project, or into none; answers how many. What is part of a work stays
        with it."""
        permit(principal, Action.MAKE_WORK)
        if project_id is not None:
            await self.get_project(transaction, project_id)
        return len(await store.change_assets(transaction, project_id=project_id, ids=ids))

    async def move_lineage(self, transaction: Transaction, lineage: UUID, project_id: UUID | None) -> None:
        """Everything that the jobs of one work made."""
        await store.change_assets(transaction, project_id=project_id, lineage=lineage)

    async def discard_assets(self, transaction: Transaction, principal: Principal, ids: Sequence[UUID]) -> int:
        """Throw files that people brought into the trash; answers how many. They count for the quota until they are
        deleted."""
        permit(principal, Action.MAKE_WORK)
        gone = await store.discard_assets(transaction, ids=ids)
        for asset_id in gone:
            await audit.record(transaction, principal, "asset.discarded", "asset", asset_id)
        return len(gone)

    async def discard_asset(self, transaction: Transaction, principal: Principal, asset_id: UUID) -> None:
        """Throw one file into the trash. Raises ``Conflict`` for what is part of a work."""
        permit(principal, Action.MAKE_WORK)
        asset = await self.get_asset(transaction, asset_id)
        _refuse_part(asset)
        await self.discard_assets(transaction, principal, [asset_id])

    async def restore_assets(self, transaction: Transaction, principal: Principal, ids: Sequence[UUID]) -> int:
        """Take files out of the trash; answers how many."""
        permit(principal, Action.MAKE_WORK)
        back = await store.change_assets(transaction, discarded_at=None, ids=ids)
        for asset_id in back:
            await audit.record(transaction, principal, "asset.restored", "asset", asset_id)
        return len(back)

    async def delete_discarded(self, transaction: Transaction, principal: Principal | None, ids: Sequence[UUID]) -> int:
        """Delete what of these is in the trash, for good; answers how many. No principal: it was there long enough."""
        if principal is not None:
            permit(principal, Action.MAKE_WORK)
        gone = await store.delete_discarded(transaction, ids)
        for asset in gone:
            await audit.record(transaction, principal, "asset.deleted", "asset", asset["id"], {"name": asset["name"]})
        if gone:
            await store.add_usage(transaction, transaction.team_id, -rules.kept_bytes(gone))
        return len(gone)

    async def discard_lineage(self, transaction: Transaction, lineage: UUID) -> None:
        """Everything that the jobs of one work made goes into the trash with it."""
        await store.discard_assets(transaction, lineage=lineage)

    async def restore_lineage(self, transaction: Transaction, lineage: UUID) -> None:
        await store.change_assets(transaction, discarded_at=None, lineage=lineage)

    async def room(self, transaction: Transaction) -> rules.Room:
        """How much the team keeps, and may keep."""
        things, size_bytes = await store.count_trash(transaction)
        used_bytes = await store.used_bytes(transaction)
        allowed_bytes = await self.plans.storage_limit_bytes(transaction, self.quota_bytes)
        return rules.Room(used_bytes, allowed_bytes, size_bytes, things)

    async def delete_lineage(self, transaction: Transaction, lineage: UUID) -> None:
        """Forget everything that the jobs of one work made; the bytes are swept later."""
        await self._forget(transaction, lineage=lineage)

    async def _forget(self, transaction: Transaction, **which: UUID) -> None:
        gone = await store.delete_assets(transaction, **which)
        if gone:
            await store.add_usage(transaction, transaction.team_id, -rules.kept_bytes(gone))

    async def stored_bytes(self, transaction: Transaction) -> int:
        """What the team keeps."""
        return await store.used_bytes(transaction)

    async def note_storage(self, context: ScheduleContext) -> None:
        """Have what each team keeps stand in its usage by day."""
        await self.plans.note_storage(await store.used_bytes_of_all(context.database.system))

    async def _refuse_over_quota(self, transaction: Transaction, used_bytes: int) -> None:
        allowed_bytes = await self.plans.storage_limit_bytes(transaction, self.quota_bytes)
        rules.refuse_over_quota(used_bytes, allowed_bytes)

    async def sweep(self, context: ScheduleContext, grace: timedelta) -> None:
        """Remove bytes that have been nobody's for ``grace``. Raises ``ProviderError`` when storage refuses."""
        pool = context.database.system
        while context.has_time and await store.clear_named(pool, grace, SWEEP_BATCH) == SWEEP_BATCH:
            pass
        while context.has_time and await to_the_end(store.remove_doomed(pool, grace, self.storage.delete)):
            pass

    async def purge(self, context: ScheduleContext, team_id: UUID) -> bool:
        """Delete all assets of a closed team, and every byte that was ever stored for it, whatever room did; whether
        nothing is left. Raises ``ProviderError``."""
        deleted = True
        while deleted:
            if not context.has_time:
                return False
            async with context.database.transaction(team_id) as transaction:
                deleted = await store.delete_some(transaction, SWEEP_BATCH)
        async for blob in self.storage.list(f"teams/{team_id}/"):  # a page at a time: there may be very many
            if not context.has_time:
                return False
            await self.storage.delete(blob.key)
        await store.forget_bytes(context.database.system, team_id)
        return True

    def link(self, key: str, *, save_as: str = "") -> str:
        """A signed link to a stored file, good for an hour. Who may have it was decided by the caller.

        With ``save_as`` browsers save the file under that name instead of showing it.
        """
        expires_at = self.clock.now() + LINK_LIFETIME
        return self.storage.signed_url(key, expires_at=expires_at, file_name=file_name(save_as) if save_as else None)

    def links(self, key: str, thumbnail_key: str | None, *, save_as: str = "") -> Row:
        """``url`` and ``thumbnail_url`` of a stored file, as rooms show them."""
        thumbnail_url = self.link(thumbnail_key) if thumbnail_key else None
        return {"url": self.link(key, save_as=save_as), "thumbnail_url": thumbnail_url}


def _read(path: Path) -> bytes:
    """A byte more than an upload may have, at most."""
    with path.open("rb") as file:
        return file.read(rules.UPLOAD_MAX_BYTES + 1)


def _refuse_part(asset: Row) -> None:
    if asset["lineage"] is not None:
        raise Conflict("This file is part of a book.", "Delete the book, or change it and make it again.")


def _page(limit: int) -> int:
    return max(1, min(PAGE_MAX, limit))
