"""Throw-away clusters, client processes, and a way to ask the database something."""

import asyncio
import contextlib
import ctypes
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from overprint.db.embedded import DataLayout, Lease, attach, new_cluster
from overprint.db.embedded.processes import servers_inside

_LIBC = ctypes.CDLL(None)
_SOURCE = Path(__file__).resolve().parents[3] / "src"
_CLIENT = """
import dataclasses, json, sys
from pathlib import Path
from overprint.core.problems import Problem
from overprint.db.embedded import attach
try:
    lease = attach(Path(sys.argv[1]), grace_seconds=float(sys.argv[2]))
    print(json.dumps({**dataclasses.asdict(lease.ready), "url": lease.urls.app}), flush=True)
    sys.stdin.read()
except Problem as problem:
    print(json.dumps({"code": problem.code, "message": str(problem)}), flush=True)
"""


@dataclass
class Client:
    """Another process that attached; it stays until it is killed or let go."""

    process: "subprocess.Popen[bytes]"

    def answer(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        said: dict[str, Any] = json.loads(self.process.stdout.readline())
        return said

    def end(self) -> None:
        self.process.communicate(timeout=30)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


def become_nobody() -> None:
    """Turn a forked child of root into an ordinary user.

    Where root's own Python lies below its closed home, the child may go on reading it, and no more.
    """
    keep_capabilities, ambient, raise_it, read_search = 8, 47, 2, 2
    nobody = pwd.getpwnam("nobody")
    _LIBC.prctl(keep_capabilities, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(nobody.pw_gid)
    os.setuid(nobody.pw_uid)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    sets = (ctypes.c_uint32 * 6)(*[1 << read_search] * 3, 0, 0, 0)
    if _LIBC.capset(header, sets) == 0:
        _LIBC.prctl(ambient, raise_it, read_search, 0, 0)


StartClient = Callable[..., Client]
Ask = Callable[..., Any]


@pytest.fixture
def start_client() -> Iterator[StartClient]:
    started: list[Client] = []

    def start(data_dir: Path, *, grace_seconds: float = 0.0, ordinary: bool = False) -> Client:
        process = subprocess.Popen(
            [sys.executable, "-P", "-c", _CLIENT, str(data_dir), str(grace_seconds)],
            env={**os.environ, "PYTHONPATH": str(_SOURCE), "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            preexec_fn=become_nobody if ordinary and os.geteuid() == 0 else None,
        )
        started.append(Client(process))
        return started[-1]

    yield start
    for client in started:
        client.kill()


@pytest.fixture
def ask() -> Ask:
    """Ask the database one value over a URL; further keywords replace parts of the URL."""

    def ask_once(url: str, query: str, **connect: Any) -> Any:
        async def fetch() -> Any:
            connection = await asyncpg.connect(url, timeout=10, **connect)
            try:
                return await connection.fetchval(query)
            finally:
                await connection.close()

        return asyncio.run(fetch())

    return ask_once


@pytest.fixture(scope="module")
def lease() -> Iterator[Lease]:
    """One throw-away cluster a module, in a place that every account can enter."""
    with _open_directory() as directory, new_cluster(directory / "data") as held:
        yield held


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[Lease]:
    """A throw-away cluster for one test, which may kill it."""
    with new_cluster(tmp_path / "data") as held:
        yield held
    wait_until(lambda: not servers_inside(tmp_path / "data" / "pg"))


@pytest.fixture
def open_directory() -> Iterator[Path]:
    with _open_directory() as directory:
        yield directory


@contextlib.contextmanager
def _open_directory() -> Iterator[Path]:
    directory = Path(tempfile.mkdtemp(prefix="overprint-test-"))
    directory.chmod(0o777)
    try:
        yield directory
    finally:
        wait_until(lambda: not any(servers_inside(path) for path in directory.glob("**/pg")))
        shutil.rmtree(directory)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stopped throw-away cluster with a table ``kept`` holding 42, to be copied."""
    directory = tmp_path_factory.mktemp("template") / "data"
    with new_cluster(directory) as held:
        asyncio.run(_make_kept(held.urls.owner))
    wait_until(lambda: not servers_inside(directory / "pg"))
    wait_until(lambda: not (directory / "run" / "holder.sock").exists())
    return directory


async def _make_kept(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    await connection.close()


@pytest.fixture
def stopped(template: Path, tmp_path: Path) -> DataLayout:
    """A stopped cluster of one's own, with something in it."""
    shutil.copytree(template, tmp_path / "data")
    return DataLayout.of(tmp_path / "data")


@pytest.fixture
def reopen() -> Iterator[Callable[[DataLayout], Lease]]:
    """Attach to a stopped cluster, and see to it that it stops again."""
    with contextlib.ExitStack() as leases:
        yield lambda layout: leases.enter_context(attach(layout.root, grace_seconds=0.0))


def wait_until(happened: Callable[[], bool], *, timeout_seconds: float = 10.0) -> None:
    deadline = time.monotonic() + timeout_seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def eventually() -> Callable[..., None]:
    return wait_until


@pytest.fixture
def kill() -> Callable[..., None]:
    """kill -9 processes by their ids."""

    def kill_all(*pids: int) -> None:
        for pid in pids:
            os.kill(pid, signal.SIGKILL)

    return kill_all
