"""A database of its own for a chaos run, because its server will be killed."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import asyncpg

from overprint.core.ids import new_id
from overprint.db.embedded import Lease, new_cluster
from overprint.db.embedded.roles import APP, DATABASE, SYSTEM
from overprint.db.migrate import migrate
from tests.support.chaos import Chaos, Plan

CLUSTER = "cluster"


@dataclass(frozen=True)
class Arena:
    """Where chaos may happen."""

    lease: Lease
    team_id: UUID
    folder: Path

    def chaos(self, plan: Plan, kind: type[Chaos] = Chaos) -> Chaos:
        urls = self.lease.urls
        return kind(self.lease, urls.app, urls.system, self.team_id, self.folder, plan)


@contextlib.asynccontextmanager
async def open_arena(folder: Path) -> AsyncIterator[Arena]:
    """A fresh server with one team, in the folder's ``CLUSTER``, which may be there; it stops with the block."""
    with new_cluster(folder / CLUSTER) as lease:
        await migrate(lease.urls.owner, app_role=APP, system_role=SYSTEM)
        team_id = new_id()
        connection = await asyncpg.connect(lease.urls.superuser)
        try:
            # Killed processes lose nothing that the kernel has; a commit that waits in memory they do.
            await connection.execute(f"ALTER DATABASE {DATABASE} SET synchronous_commit = on")
            await connection.execute("INSERT INTO teams (id, name, slug) VALUES ($1, 'Chaos', 'chaos')", team_id)
        finally:
            await connection.close()
        yield Arena(lease, team_id, folder)
