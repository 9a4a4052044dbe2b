"""Any order of uploads, deletions, steps, sweeps and deaths: what an asset names is there, and nothing is left over."""

from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    precondition,
    rule,
)

from overprint.adapters.storage.memory import MemoryStorage
from overprint.core.clock import SystemClock
from overprint.core.ids import new_id
from overprint.core.principal import Principal, Role
from overprint.core.problems import Conflict
from overprint.db.database import Transaction
from overprint.engine import blobs
from overprint.engine.schedule import ScheduleContext
from overprint.features.billing import Plans
from overprint.features.library import Library, store
from overprint.features.library.rules import kept_bytes
from overprint.features.library.service import Upload
from overprint.ports.storage import BlobInfo
from tests.support.database import TestDatabase
from tests.support.machines import DatabaseMachine, lives_well
from tests.support.studio import GRACE, upload

CONTENTS = st.integers(0, 2)
HOURS = GRACE.total_seconds() / 3600
JOB = "INSERT INTO jobs (id, team_id, lineage, kind, state, request) VALUES ($1, $2, $3, 'toy', 'running', '{}')"


def _data(content: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + bytes([content]) * (10 + content)


class Killed(Exception):
    """The process died here."""


class Mortal(MemoryStorage):
    """A storage in whose hands a process may die: before or after the deed."""

    dies: str | None = None

    async def put(self, key: str, data: bytes, *, media_type: str, content_hash: str = "") -> BlobInfo:
        self._die("before")
        info = await super().put(key, data, media_type=media_type, content_hash=content_hash)
        self._die("after")
        return info

    async def delete(self, key: str) -> None:
        self._die("before")
        await super().delete(key)
        self._die("after")

    def _die(self, when: str) -> None:
        if self.dies == when:
            raise Killed


def test_no_life_of_the_library_loses_bytes_or_leaves_any_behind(database_urls: TestDatabase) -> None:
    lives_well(Life, database_urls, lives=60, steps=25)


class Life(DatabaseMachine):
    """One team. Time passes by making rows older; an upload may stay open while others act."""

    @initialize()
    def begin(self) -> None:
        self.team_id = new_id()
        self.owner = Principal(new_id(), self.team_id, Role.OWNER)
        self.storage = Mortal()
        self.plans = Plans(SystemClock(), self.database.system)
        self.library = Library(self.storage, SystemClock(), 10**9, self.database.system, self.plans)
        self.assets: dict[UUID, str] = {}
        self.job: UUID | None = None
        self.lineage = new_id()
        self.saved: list[str] = []
        self.waiting: list[tuple[Upload, datetime]] = []
        self.open: tuple[AsyncExitStack, UUID, str] | None = None
        self.wait(self._found_team())

    async def _found_team(self) -> None:
        await self.database.system.execute(
            "INSERT INTO teams (id, name, slug) VALUES ($1, 'Test', $2)", self.team_id, str(self.team_id)
        )

    def free(self) -> bool:
        return self.open is None

    def teardown(self) -> None:
        if hasattr(self, "open"):
            self.end_open_upload(commits=False)
            self.end_job(delivers=False)
            self.sweep_later(HOURS * 2, None)
            assert set(self.wait(self._stored())) == set(self.assets.values())
            assert self.wait(self._used()) == self.wait(self._named())

    @invariant()
    def what_assets_name_is_there(self) -> None:
        if hasattr(self, "assets"):
            assert set(self.assets.values()) <= set(self.wait(self._stored()))

    @precondition(free)
    @rule(content=CONTENTS, dies=st.sampled_from([None, None, "before", "after", "commit"]))
    def upload(self, content: int, dies: str | None) -> None:
        self.storage.dies = dies
        try:
            made = self.wait(self._upload(content, dies))
        except Killed:
            return
        finally:
            self.storage.dies = None
        self.assets[made["id"]] = made["storage_key"]

    async def _upload(self, content: int, dies: str | None) -> store.Row:
        async with self.database.transaction(self.team_id) as transaction:
            made = await self._put(transaction, content)
            if dies == "commit":
                raise Killed
            return made

    async def _put(self, transaction: Transaction, content: int) -> store.Row:
        return await upload(self.library, transaction, self.owner, _data(content), "a.png", None)

    @rule(content=CONTENTS, dies=st.sampled_from([None, None, "before", "after"]))
    def store_upload(self, content: int, dies: str | None) -> None:
        """The bytes of an upload, whose process may then stand still for any time."""
        self.storage.dies = dies
        try:
            self.waiting.append(self.wait(self._store_upload(content)))
        except Killed:
            return
        finally:
            self.storage.dies = None

    async def _store_upload(self, content: int) -> tuple[Upload, datetime]:
        expected = await self.library.read_upload(self.owner, _data(content), "a.png", None)
        async with self.database.transaction(self.team_id) as transaction:
            await self.library.expect_upload(transaction, expected)
        return expected, await self.library.store_upload(expected)

    @precondition(lambda self: self.free() and self.waiting)
    @rule(hours=st.sampled_from([0.0, 0.25, HOURS * 2]))
    def keep_upload(self, hours: float) -> None:
        self.sweep_later(hours, None)
        expected, stored_at = self.waiting.pop()
        try:
            made = self.wait(self._keep_upload(expected, stored_at))
        except Conflict:
            return
        self.assets[made["id"]] = made["storage_key"]

    async def _keep_upload(self, expected: Upload, stored_at: datetime) -> store.Row:
        async with self.database.transaction(self.team_id) as transaction:
            return await self.library.keep_upload(transaction, self.owner, expected, stored_at)

    @precondition(free)
    @rule(content=CONTENTS)
    def open_upload(self, content: int) -> None:
        self.wait(self._open_upload(content))

    async def _open_upload(self, content: int) -> None:
        stack = AsyncExitStack()
        transaction = await stack.enter_async_context(self.database.transaction(self.team_id))
        made = await self._put(transaction, content)
        self.open = (stack, made["id"], made["storage_key"])

    @rule(commits=st.booleans())
    def end_open_upload(self, commits: bool) -> None:
        if self.open is None:
            return
        (stack, asset_id, key), self.open = self.open, None
        if commits:
            self.wait(stack.aclose())
            self.assets[asset_id] = key
        else:
            try:
                self.wait(self._abort(stack))
            except Killed:
                return

    async def _abort(self, stack: AsyncExitStack) -> None:
        async with stack:
            raise Killed

    @precondition(free)
    @rule(which=st.integers(0, 9), commits=st.booleans())
    def delete(self, which: int, commits: bool) -> None:
        ids = sorted(self.assets)
        if ids:
            asset_id = ids[which % len(ids)]
            try:
                self.wait(self._delete(asset_id, commits))
            except Killed:
                return
            del self.assets[asset_id]

    async def _delete(self, asset_id: UUID, commits: bool) -> None:
        async with self.database.transaction(self.team_id) as transaction:
            if (await self.library.get_asset(transaction, asset_id))["lineage"] is None:
                await self.library.delete_asset(transaction, self.owner, asset_id)
            else:
                await store.add_usage(
                    transaction, self.team_id, -kept_bytes(await store.delete_assets(transaction, asset_id=asset_id))
                )
            if not commits:
                raise Killed

    @rule(content=CONTENTS, dies=st.sampled_from([None, None, "before", "after"]))
    def save_in_step(self, content: int, dies: str | None) -> None:
        """A step of the work's only unfinished job, which begins with it if there is none."""
        if self.job is None:
            self.job = new_id()
            self.wait(self._in_team(JOB, self.job, self.team_id, self.lineage))
        key = f"teams/{self.team_id}/work/{self.lineage}/{content}"
        self.storage.dies = dies
        try:
            self.wait(
                blobs.put(
                    self.database.system,
                    self.storage,
                    key,
                    bytes(content + 1),
                    media_type="image/png",
                    team_id=self.team_id,
                    lineage=self.lineage,
                )
            )
        except Killed:
            return
        finally:
            self.storage.dies = None
        self.saved.append(key)

    @precondition(free)
    @rule(delivers=st.booleans())
    def end_job(self, delivers: bool) -> None:
        if self.job is None:
            return
        if delivers and self.saved:
            self.assets.update(self.wait(self._deliver(self.saved)))
        self.wait(self._in_team("UPDATE jobs SET ended_at = now() WHERE id = $1", self.job))
        self.job, self.saved = None, []

    async def _deliver(self, keys: list[str]) -> dict[UUID, str]:
        rows: list[store.Row] = [
            {
                "id": new_id(),
                "team_id": self.team_id,
                "lineage": self.lineage,
                "step_key": "step",
                "name": "x",
                "kind": "image",
                "media_type": "image/png",
                "storage_key": key,
                "content_hash": key,
                "size_bytes": int(key.rpartition("/")[2]) + 1,
            }
            for key in sorted(set(keys))
        ]
        async with self.database.transaction(self.team_id) as transaction:
            made = set(await store.insert_assets(transaction, rows))
            await store.add_usage(transaction, self.team_id, kept_bytes(row for row in rows if row["id"] in made))
        return {row["id"]: row["storage_key"] for row in rows if row["id"] in made}

    @rule(hours=st.sampled_from([1.0, HOURS - 1, HOURS * 2]), dies=st.sampled_from([None, None, "before", "after"]))
    def sweep_later(self, hours: float, dies: str | None) -> None:
        """A sweep after so much time; while an upload is open it is half an hour, longer than any transaction lasts."""
        self.wait(self._pass(hours if self.open is None else 0.5))
        self.storage.dies = dies
        try:
            self.wait(self.library.sweep(ScheduleContext(self.database, SystemClock(), 60.0), GRACE))
        except Killed:
            return
        finally:
            self.storage.dies = None

    async def _pass(self, hours: float) -> None:
        aged = "UPDATE doomed_blobs SET doomed_at = doomed_at - $1::float * interval '1 h'"
        await self.database.system.execute(aged, hours)
        self.waiting = [(expected, stored_at - timedelta(hours=hours)) for expected, stored_at in self.waiting]

    async def _in_team(self, statement: str, *values: object) -> None:
        async with self.database.transaction(self.team_id) as transaction:
            await transaction.driver.execute(statement, *values)

    async def _stored(self) -> list[str]:
        return [info.key async for info in self.storage.list("")]

    async def _used(self) -> int:
        async with self.database.transaction(self.team_id) as transaction:
            return await store.used_bytes(transaction)

    async def _named(self) -> int:
        async with self.database.transaction(self.team_id) as transaction:
            return int(await transaction.driver.fetchval("SELECT COALESCE(sum(size_bytes), 0) FROM assets"))
