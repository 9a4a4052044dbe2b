"""Getting the embedded database, and getting it back after anything was killed."""

import contextlib
import fcntl
import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from overprint.core.problems import Conflict, Unavailable
from overprint.db.embedded import roles, wire
from overprint.db.embedded.diagnosis import explain_os_error
from overprint.db.embedded.layout import DataLayout
from overprint.db.embedded.passwords import Passwords, read_passwords
from overprint.db.embedded.port import HOST
from overprint.db.embedded.processes import python_command, python_environment

GRACE_SECONDS = 5.0
TIMEOUT_SECONDS = 120.0
_POLL_SECONDS = 0.02
_HOLDER_START_SECONDS = 90.0


@dataclass(frozen=True)
class DatabaseUrls:
    """``postgresql://`` URLs, one a role; ``superuser`` is for backups and tests only."""

    owner: str = field(repr=False)
    app: str = field(repr=False)
    system: str = field(repr=False)
    superuser: str = field(repr=False)

    @classmethod
    def of(cls, passwords: Passwords, port: int) -> "DatabaseUrls":
        def url(role: str, password: str) -> str:
            return f"postgresql://{role}:{password}@{HOST}:{port}/{roles.DATABASE}"

        return cls(
            owner=url(roles.OWNER, passwords.owner),
            app=url(roles.APP, passwords.app),
            system=url(roles.SYSTEM, passwords.system),
            superuser=url(roles.SUPERUSER, passwords.superuser),
        )


class Lease:
    """The right of this process to a running database, until it is released or the process ends.

    Usable from several threads. A forked child gets a lease of its own at its first ``ensure``.
    """

    def __init__(self, layout: DataLayout, grace_seconds: float, timeout_seconds: float) -> None:
        self._layout = layout
        self._grace_seconds = grace_seconds
        self._timeout_seconds = timeout_seconds
        self._guard = threading.Lock()
        self._connection: socket.socket | None = None
        self._owner_pid = os.getpid()
        self._is_released = False
        self._ready: wire.Ready | None = None
        self._urls: DatabaseUrls | None = None

    @property
    def urls(self) -> DatabaseUrls:
        """As of the last ``ensure``."""
        if self._urls is None:
            raise Unavailable("The database has not been attached yet.")
        return self._urls

    @property
    def ready(self) -> wire.Ready:
        """Port and process ids, as of the last ``ensure``."""
        if self._ready is None:
            raise Unavailable("The database has not been attached yet.")
        return self._ready

    def ensure(self) -> DatabaseUrls:
        """Return once the database takes connections, having started whatever was killed.

        Costs about a millisecond when all is well. Call it when connections fail. The port stays the same unless
        a stranger took it meanwhile: use the URLs returned. Raises Problem when it cannot be had.
        """
        with self._guard:
            if self._is_released:
                raise Conflict("This lease on the database has been released.")
            try:
                self._ready = self._ask_until_answered(time.monotonic() + self._timeout_seconds)
            except OSError as error:
                raise explain_os_error(error, self._layout.root) from error
            passwords = read_passwords(self._layout.passwords)
            if passwords is None:
                raise Unavailable(f"{self._layout.passwords} has disappeared.", "Stop Overprint and start it again.")
            self._urls = DatabaseUrls.of(passwords, self._ready.port)
            return self._urls

    def release(self) -> None:
        """Give the database up; it stops after the grace period if nobody else needs it. Safe to repeat."""
        with self._guard:
            self._is_released = True
            self._hang_up()

    def __enter__(self) -> "Lease":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def _ask_until_answered(self, deadline: float) -> wire.Ready:
        while True:
            try:
                return self._ask(deadline)
            except (ConnectionError, BlockingIOError, EOFError, ValueError):  # the holder died, stops, or is crowded
                self._hang_up()
            except TimeoutError as error:
                self._hang_up()
                raise self._too_slow() from error
            if time.monotonic() > deadline:
                raise self._too_slow()
            time.sleep(_POLL_SECONDS)

    def _ask(self, deadline: float) -> wire.Ready:
        if self._connection is not None and self._owner_pid != os.getpid():
            self._hang_up()  # our parent's: closing our copy leaves theirs open
        if self._connection is None:
            self._connection = _connect_or_start(self._layout, deadline)
            self._owner_pid = os.getpid()
        self._connection.settimeout(_remaining_seconds(deadline))
        self._connection.sendall(wire.encode_request(self._grace_seconds))
        return wire.decode_answer(_read_line(self._connection, deadline))

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _too_slow(self) -> Unavailable:
        return Unavailable(
            f"The database was not ready within {self._timeout_seconds:g} seconds.",
            f"It may still be recovering: try again in a minute. Details: {self._layout.server_log}",
        )


def attach(data_dir: Path, *, grace_seconds: float = GRACE_SECONDS, timeout_seconds: float = TIMEOUT_SECONDS) -> Lease:
    """A lease on the database of a data directory, which is made and started if need be.

    ``grace_seconds`` is how long the server stays after the last lease; the last client to ask decides.
    Raises Problem, saying what to do: full disk, another major version, no account, no access …
    """
    layout = DataLayout.of(data_dir)
    try:
        layout.prepare()
    except OSError as error:
        raise explain_os_error(error, layout.root) from error
    lease = Lease(layout, grace_seconds, timeout_seconds)
    try:
        lease.ensure()
    except BaseException:
        lease.release()
        raise
    return lease


def new_cluster(data_dir: Path, *, grace_seconds: float = 0.0) -> Lease:
    """A fast throw-away database for tests: nothing is synced to disk, and it stops with its last lease.

    Raises Conflict rather than turn a real database into one.
    """
    layout = DataLayout.of(data_dir)
    if layout.pg.exists() and not layout.scratch_mark.exists():
        raise Conflict(f"{layout.root} holds a real database.", "Give an empty directory.")
    layout.prepare()
    layout.scratch_mark.touch()
    return attach(data_dir, grace_seconds=grace_seconds)


def _connect_or_start(layout: DataLayout, deadline: float) -> socket.socket:
    connection = wire.connect(layout.run, _remaining_seconds(deadline))
    if connection is not None:
        return connection
    layout.prepare()
    with _exclusive(layout.start_lock, deadline):  # of many that find no holder, one starts it
        while time.monotonic() < deadline:
            connection = wire.connect(layout.run, _remaining_seconds(deadline))
            if connection is not None:
                return connection
            _start_holder(layout)
    raise TimeoutError


@contextlib.contextmanager
def _exclusive(path: Path, deadline: float) -> Iterator[None]:
    with path.open("ab") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                _remaining_seconds(deadline)
                time.sleep(_POLL_SECONDS)
        yield


def _start_holder(layout: DataLayout) -> None:
    """Start a holder and return once clients can connect to it. It is nobody's child afterwards."""
    with layout.holder_log.open("ab") as log:
        log_start = log.tell()
        status = subprocess.run(
            python_command("overprint.db.embedded.holder", str(layout.root)),
            cwd="/",
            env=python_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            timeout=_HOLDER_START_SECONDS,
            check=False,
        ).returncode
    if status != 0:
        with layout.holder_log.open("rb") as log:
            log.seek(log_start)
            words = log.read(100_000).decode("utf-8", "replace").strip().splitlines()[-1:]
        raise Unavailable(f"The database could not be started: {' '.join(words)}", f"Details: {layout.holder_log}")


def _read_line(connection: socket.socket, deadline: float) -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        connection.settimeout(_remaining_seconds(deadline))
        received = connection.recv(wire.LINE_LIMIT_BYTES)
        if not received or len(line) > wire.LINE_LIMIT_BYTES:
            raise EOFError
        line += received
    return line


def _remaining_seconds(deadline: float) -> float:
    remaining = deadline - time.monotonic()
    if remaining <= 0:
        raise TimeoutError
    return remaining
