"""What every contestant has to do, and the arena they do it in."""

import asyncio
import contextlib
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import asyncpg

from overprint.db.embedded import Lease
from overprint.db.embedded.roles import APP, OWNER, SYSTEM
from overprint.db.migrate import migrate

HOME = Path(__file__).parents[2]


@dataclass(frozen=True)
class Load:
    """``pipelines`` of ``steps`` steps, one after the other, at most ``at_once`` at the same time a worker."""

    pipelines: int = 50
    steps: int = 10
    at_once: int = 16


@dataclass(frozen=True)
class Address:
    """A fresh database. ``names`` of ours are made in it when the contestant is Overprint."""

    superuser: str
    owner: str
    app: str
    system: str


class Contestant(Protocol):
    """One engine. ``start`` starts one worker process; its pid is for measuring idle CPU and for killing."""

    name: str

    async def prepare(self, address: Address, folder: Path) -> None: ...

    def start(self) -> subprocess.Popen[bytes]: ...

    async def submit(self, pipelines: int, steps: int, seconds: float = 0.0) -> None:
        """Start pipelines whose steps take ``seconds`` each."""
        ...

    async def ended(self) -> int:
        """How many pipelines have ended, since ``prepare``."""
        ...

    async def begun_at(self) -> list[float]:
        """When (seconds since the epoch) the first steps of the pipelines began, in the order of submission."""
        ...

    async def cancel_all(self) -> None: ...

    async def aclose(self) -> None: ...


@contextlib.asynccontextmanager
async def fresh_database(lease: Lease, *, ours: bool) -> AsyncIterator[Address]:
    """A database with commits that wait for the kernel, not for the disk; dropped afterwards."""
    name = f"bench_{uuid4().hex[:8]}"
    urls = lease.urls
    admin = await asyncpg.connect(urls.superuser)
    try:
        await admin.execute(f"CREATE DATABASE {name} OWNER {OWNER}")
        await admin.execute(f"ALTER DATABASE {name} SET synchronous_commit = on")
        own, app, system = (f"{url.rpartition('/')[0]}/{name}" for url in (urls.owner, urls.app, urls.system))
        if ours:
            await migrate(own, app_role=APP, system_role=SYSTEM)
        yield Address(f"{urls.superuser.rpartition('/')[0]}/{name}", own, app, system)
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await admin.close()


def spawn(
    module: str, arguments: Sequence[str], log: Path, variables: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """A Python process of this environment."""
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=HOME,
            env={**os.environ, "PYTHONPATH": os.pathsep.join((str(HOME / "src"), str(HOME))), **(variables or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )


def site_variables(lease: Lease, folder: Path, port: int) -> dict[str, str]:
    """Settings of a web process that anybody may register at, and that counts nobody's requests."""
    return {
        "OVERPRINT_ACCOUNTS": "open",
        "OVERPRINT_WEB_PORT": str(port),
        "OVERPRINT_WEB_REQUESTS_PER_MINUTE": "1000000",
        "OVERPRINT_WEB_ADDRESS_REQUESTS_PER_MINUTE": "1000000",
        "OVERPRINT_LOG_LEVEL": "WARNING",
        "DATABASE_OWNER_URL": lease.urls.owner,
        "DATABASE_URL": lease.urls.app,
        "DATABASE_SYSTEM_URL": lease.urls.system,
        "OVERPRINT_DATA": str(folder / "data"),
    }


async def until_ended(contestant: Contestant, count: int, limit_seconds: float) -> float:
    """Seconds until so many pipelines have ended."""
    began = time.monotonic()
    async with asyncio.timeout(limit_seconds):
        while await contestant.ended() < count:
            await asyncio.sleep(0.02)
    return time.monotonic() - began


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and its children, also those it has not waited for."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return own + sum(cpu_seconds(int(child)) for child in children)
