"""Use cases of the library."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from overprint.core.clock import Clock
from overprint.core.files import file_name
from overprint.core.ids import new_id
from overprint.core.pixels import picture_size
from overprint.core.principal import Principal, refuse_viewers
from overprint.core.problems import Conflict, Invalid, NotFound
from overprint.db.database import Transaction
from overprint.features import audit
from overprint.features.library import rules, store
from overprint.features.library.store import Row
from overprint.ports.storage import StoragePort

LINK_LIFETIME = timedelta(hours=1)
PAGE_MAX = 200


@dataclass(frozen=True, slots=True)
class Library:
    """``quota_bytes`` is what a team may keep."""

    storage: StoragePort
    clock: Clock
    quota_bytes: int

    async def list_projects(
        self, transaction: Transaction, *, limit: int = 50, before: UUID | None = None
    ) -> list[Row]:
        return await store.list_projects(transaction, _page(limit), before)

    async def get_project(self, transaction: Transaction, project_id: UUID) -> Row:
        project = await store.find_project(transaction, project_id)
        if project is None:
            raise NotFound("There is no such project.")
        return project

    async def make_project(self, transaction: Transaction, principal: Principal, name: str) -> Row:
        refuse_viewers(principal)
        project = {
            "id": new_id(),
            "team_id": principal.team_id,
            "name": _project_name(name),
            "created_by": principal.person_id,
        }
        made = await store.insert_project(transaction, project)
        await audit.record(transaction, principal, "project.made", "project", made["id"], {"name": made["name"]})
        return made

    async def rename_project(self, transaction: Transaction, principal: Principal, project_id: UUID, name: str) -> Row:
        refuse_viewers(principal)
        renamed = await store.rename_project(transaction, project_id, _project_name(name))
        if renamed is None:
            raise NotFound("There is no such project.")
        await audit.record(transaction, principal, "project.renamed", "project", project_id, {"name": renamed["name"]})
        return renamed

    async def delete_project(self, transaction: Transaction, principal: Principal, project_id: UUID) -> None:
        """Delete the project; what was in it stays in the library."""
        refuse_viewers(principal)
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
    ) -> list[Row]:
        return await store.list_assets(transaction, _page(limit), before, project_id, lineage)

    async def get_asset(self, transaction: Transaction, asset_id: UUID) -> Row:
        asset = await store.find_asset(transaction, asset_id)
        if asset is None:
            raise NotFound("There is no such asset.")
        return asset

    async def find_by_hash(self, transaction: Transaction, content_hash: str) -> Row | None:
        """The oldest asset with these bytes that a step made."""
        return await store.find_by_hash(transaction, content_hash)

    async def upload(
        self, transaction: Transaction, principal: Principal, data: bytes, name: str, project_id: UUID | None
    ) -> Row:
        """Keep a file that a person brought. What it is, its bytes say."""
        refuse_viewers(principal)
        media_type, kind = rules.recognise(data)
        used_bytes = await store.add_usage(transaction, principal.team_id, len(data))
        rules.refuse_over_quota(used_bytes, self.quota_bytes)
        if project_id is not None:
            await self.get_project(transaction, project_id)
        content_hash = hashlib.sha256(data).hexdigest()
        key = f"teams/{principal.team_id}/uploads/{content_hash}"
        await self.storage.put(key, data, media_type=media_type)
        row: Row = {
            "id": new_id(),
            "team_id": principal.team_id,
            "project_id": project_id,
            "name": rules.clean_name(name, "upload"),
            "kind": str(kind),
            "media_type": media_type,
            "storage_key": key,
            "content_hash": content_hash,
            "size_bytes": len(data),
            **dict(zip(("width_px", "height_px"), picture_size(data) or (None, None), strict=True)),
            "created_by": principal.person_id,
        }
        await store.insert_assets(transaction, [row])
        await audit.record(transaction, principal, "asset.uploaded", "asset", row["id"], {"name": row["name"]})
        return await self.get_asset(transaction, row["id"])

    async def delete_asset(
        self, transaction: Transaction, principal: Principal, asset_id: UUID
    ) -> Callable[[], Awaitable[None]]:
        """Forget an asset. Answers what removes its bytes, to be awaited once the transaction is durable."""
        refuse_viewers(principal)
        asset = await self.get_asset(transaction, asset_id)
        if asset["lineage"] is not None:
            raise Conflict("This file is part of a book.", "Delete the book, or change it and make it again.")
        gone = await store.delete_assets(transaction, asset_id=asset_id)
        await audit.record(transaction, principal, "asset.deleted", "asset", asset_id, {"name": gone[0]["name"]})
        return await self._forget(transaction, principal.team_id, gone)

    async def delete_lineage(
        self, transaction: Transaction, principal: Principal, lineage: UUID
    ) -> Callable[[], Awaitable[None]]:
        """Forget everything that the jobs of one work made."""
        gone = await store.delete_assets(transaction, lineage=lineage)
        return await self._forget(transaction, principal.team_id, gone)

    async def _forget(self, transaction: Transaction, team_id: UUID, gone: list[Row]) -> Callable[[], Awaitable[None]]:
        if gone:
            await store.add_usage(transaction, team_id, -sum(row["size_bytes"] for row in gone))
        keys = [key for row in gone for key in (row["storage_key"], row["thumbnail_key"]) if key]
        still_used = await store.keys_in_use(transaction, keys) if keys else set()
        unused = sorted(set(keys) - still_used)

        async def remove_bytes() -> None:
            for key in unused:
                await self.storage.delete(key)

        return remove_bytes

    def link(self, asset: Row, *, download: bool = False) -> str:
        """A signed link to the asset's bytes, good for an hour."""
        expires_at = self.clock.now() + LINK_LIFETIME
        return self.storage.signed_url(
            asset["storage_key"], expires_at=expires_at, file_name=file_name(asset["name"]) if download else None
        )

    def link_to_key(self, key: str) -> str:
        """A signed link to a stored file, good for an hour. Who may have it was decided by the caller."""
        return self.storage.signed_url(key, expires_at=self.clock.now() + LINK_LIFETIME)

    def thumbnail_link(self, asset: Row) -> str | None:
        if not asset["thumbnail_key"]:
            return None
        return self.storage.signed_url(asset["thumbnail_key"], expires_at=self.clock.now() + LINK_LIFETIME)


def _page(limit: int) -> int:
    return max(1, min(PAGE_MAX, limit))


def _project_name(name: str) -> str:
    cleaned = rules.clean_name(name, "")
    if not cleaned:
        raise Invalid("A project needs a name.", field="name")
    return cleaned
