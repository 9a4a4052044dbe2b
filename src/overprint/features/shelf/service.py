"""Use cases of the shelf: what is done with works of any product and with files, together."""

import asyncio
import hashlib
import zipfile
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

import structlog

from overprint.core.passing import PassingFile
from overprint.core.principal import Principal
from overprint.core.problems import Invalid, LimitReached, NotFound, Unavailable
from overprint.db.database import Transaction
from overprint.engine.schedule import ScheduleContext
from overprint.features.jobs import Jobs
from overprint.features.library import Library, works
from overprint.features.shelf import rules
from overprint.features.shelf.rules import Packed, Picked, Sort
from overprint.features.teams import Action, permit
from overprint.ports.credentials import MEDIA_TYPES, CredentialsPort
from overprint.ports.storage import BlobMissing

Row = dict[str, Any]
_log = structlog.get_logger(__name__)

EXPIRED_AT_ONCE = 100
VERIFIED_MAX_BYTES = 100_000_000
VERIFIED_AT_ONCE = 2


class Product(Protocol):
    """What a product does with a work of its own. Whoever may not is refused (``Denied``), and so is whoever would
    change what is being made (``Conflict``)."""

    async def move(
        self, transaction: Transaction, principal: Principal, work_id: UUID, project_id: UUID | None, /
    ) -> None: ...

    async def discard(self, transaction: Transaction, principal: Principal, work_id: UUID, /) -> None: ...

    async def restore(self, transaction: Transaction, principal: Principal, work_id: UUID, /) -> None: ...

    async def delete(self, transaction: Transaction, principal: Principal | None, work_id: UUID, /) -> None: ...

    async def list_finished(self, transaction: Transaction, work_id: UUID, /) -> list[Row]: ...


@dataclass(frozen=True, slots=True)
class Thrown:
    """How many things went into the trash, and when: by that they are found again."""

    things: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Made:
    """How a file was made: its step as the job tells it, and its work; None of what somebody brought."""

    step: Row | None
    work: Row | None


@dataclass(frozen=True, slots=True)
class Verified:
    """``is_whole``: the bytes are those that were stored. ``told``: what the file's credentials say, in sentences."""

    is_whole: bool
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """``products`` by the kinds of their works. ``credentials``: None where no file is signed."""

    products: Mapping[str, Product]
    jobs: Jobs
    library: Library
    credentials: CredentialsPort | None
    _verifying: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(VERIFIED_AT_ONCE))

    async def _found(self, transaction: Transaction, chosen: Picked) -> list[Row]:
        """The works that were chosen, in the order of their ids. Raises ``NotFound`` if one is not there."""
        known = await works.find(transaction, chosen.works)
        if len(known) < len(chosen.works):
            raise NotFound("Something that you chose is not there any more.", "Look at the library again.")
        return [known[work_id] for work_id in chosen.works]

    async def move(
        self, transaction: Transaction, principal: Principal, chosen: Picked, project_id: UUID | None
    ) -> int:
        """Into a project, or out of all; answers how many moved. Files of a work stay with it."""
        permit(principal, Action.MAKE_WORK)
        for work in await self._found(transaction, chosen):
            await self.products[work["kind"]].move(transaction, principal, work["id"], project_id)
        moved = await self.library.move_assets(transaction, principal, chosen.files, project_id)
        return len(chosen.works) + moved

    async def discard(self, transaction: Transaction, principal: Principal, chosen: Picked) -> Thrown:
        """Into the trash, all at one moment. Files of a work stay with it."""
        permit(principal, Action.MAKE_WORK)
        for work in await self._found(transaction, chosen):
            await self.products[work["kind"]].discard(transaction, principal, work["id"])
        gone = await self.library.discard_assets(transaction, principal, chosen.files)
        return Thrown(len(chosen.works) + gone, await transaction.driver.fetchval("SELECT now()"))

    async def restore(self, transaction: Transaction, principal: Principal, chosen: Picked) -> int:
        """Out of the trash as it was; answers how many things."""
        permit(principal, Action.MAKE_WORK)
        for work in await self._found(transaction, chosen):
            await self.products[work["kind"]].restore(transaction, principal, work["id"])
        return len(chosen.works) + await self.library.restore_assets(transaction, principal, chosen.files)

    async def undo(self, transaction: Transaction, principal: Principal, at: datetime) -> int:
        """Take out of the trash what was thrown there at this moment; answers how many things."""
        thrown = [row for row in await works.list_trash(transaction) if row["discarded_at"] == at]
        return await self.restore(transaction, principal, _picked(thrown)) if thrown else 0

    async def delete(self, transaction: Transaction, principal: Principal, chosen: Picked) -> int:
        """For good, what is in the trash; answers how many things. What is not in the trash is left alone."""
        permit(principal, Action.MAKE_WORK)
        for work_id in chosen.works:  # held before it is looked at: somebody may be taking it out at this moment
            await self.jobs.hold_work(transaction, work_id)
        found = [work for work in await self._found(transaction, chosen) if work["discarded_at"] is not None]
        for work in found:
            await self.products[work["kind"]].delete(transaction, principal, work["id"])
        return len(found) + await self.library.delete_discarded(transaction, principal, chosen.files)

    async def empty_trash(self, transaction: Transaction, principal: Principal) -> int:
        """Delete what is in the trash for good, so much at once as it shows; answers how many things."""
        permit(principal, Action.MAKE_WORK)
        thrown = await works.list_trash(transaction)
        return await self.delete(transaction, principal, _picked(thrown)) if thrown else 0

    async def purge_trash(self, context: ScheduleContext, kept: timedelta) -> None:
        """Delete for good what has been in the trash for ``kept``; each thing in a transaction of its own. What cannot
        be deleted now, as a book whose job was paused, keeps the others from nothing and waits for another turn."""
        left: list[UUID] = []
        expired: list[Row] = [{}]
        while expired and context.has_time:
            expired = await works.list_expired(context.database.system, kept, EXPIRED_AT_ONCE, left)
            for thing in expired:
                try:
                    async with context.database.transaction(thing["team_id"]) as transaction:
                        await self._purge(transaction, thing)
                except Exception as error:
                    _log.warning("something in the trash cannot be deleted", thing=str(thing["id"]), error=repr(error))
                left.append(thing["id"])

    async def _purge(self, transaction: Transaction, thing: Row) -> None:
        if thing["sort"] == Sort.FILE:
            await self.library.delete_discarded(transaction, None, [thing["id"]])
            return
        await self.jobs.hold_work(transaction, thing["id"])
        work = (await works.find(transaction, [thing["id"]])).get(thing["id"])
        if work is not None and work["discarded_at"] is not None:  # nobody took it out meanwhile
            await self.products[work["kind"]].delete(transaction, None, work["id"])

    async def list_bundle(self, transaction: Transaction, chosen: Picked) -> list[Packed]:
        """The files of what was chosen, for one download. Raises ``Invalid`` for none, ``LimitReached``."""
        files = []
        for work in await self._found(transaction, chosen):
            finished = await self.products[work["kind"]].list_finished(transaction, work["id"])
            files += [Packed(f"{work['title']}/{file['name']}", file["key"], file["size_bytes"]) for file in finished]
        for asset in await self.library.find_assets(transaction, chosen.files):
            files.append(Packed(asset["name"], asset["storage_key"], asset["size_bytes"]))
        rules.check_bundle(files)
        return rules.named_apart(files)

    async def send_bundle(self, files: Sequence[Packed]) -> AsyncIterator[bytes]:
        """A zip of them, piece by piece. Raises ``Unavailable`` when a file is gone from storage."""
        out = PassingFile()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
            for file in files:
                with archive.open(zipfile.ZipInfo(file.name), "w") as place:
                    async for piece in self._pieces(file.storage_key):
                        place.write(piece)
                        yield out.take()
        yield out.take()

    async def _pieces(self, key: str) -> AsyncIterator[bytes]:
        try:
            async for piece in self.library.storage.stream(key):
                yield piece
        except BlobMissing:
            raise Unavailable("A file is gone from storage.", "Make it again.") from None

    async def _stored(self, key: str) -> bytes:
        return b"".join([piece async for piece in self._pieces(key)])

    async def find_made(self, transaction: Transaction, asset: Row) -> Made:
        """How a file was made. Steps of old jobs may be gone."""
        if asset["lineage"] is None:
            return Made(None, None)
        steps = await self.jobs.list_steps(transaction, asset["job_id"]) if asset["job_id"] else []
        step = next((step for step in steps if step["key"] == asset["step_key"]), None)
        return Made(step, (await works.find(transaction, [asset["lineage"]])).get(asset["lineage"]))

    async def verify(self, asset: Row) -> Verified:
        """Read a stored file and what it says of itself. Raises ``LimitReached`` for a very large one."""
        if asset["size_bytes"] > VERIFIED_MAX_BYTES:
            raise LimitReached(
                f"Files of more than {VERIFIED_MAX_BYTES // 10**6} MB are not read here.",
                "Download it, and run: overprint verify FILE",
            )
        async with self._verifying:
            data = await self._stored(asset["storage_key"])
            found = (await asyncio.to_thread(hashlib.sha256, data)).hexdigest()
            is_whole = found == asset["content_hash"]
            if self.credentials is None or asset["media_type"] not in MEDIA_TYPES:
                return Verified(is_whole, ())
            try:
                return Verified(is_whole, (await self.credentials.read(data, asset["media_type"])).told)
            except Invalid as problem:
                return Verified(is_whole, (problem.message,))


def _picked(rows: Sequence[Row]) -> Picked:
    by = {sort: [row["id"] for row in rows if row["sort"] == sort] for sort in Sort}
    return rules.picked(by[Sort.WORK], by[Sort.FILE])
