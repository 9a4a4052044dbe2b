"""The process that keeps a data directory's server alive for as long as somebody needs it.

Run as ``python -m overprint.db.embedded.holder DATA``; it detaches itself once clients can connect. There is
one holder a data directory (``run/holder.lock``), with one thread. It starts the server, starts it again when
it was killed, and stops it some seconds after the last client has gone.
"""

import fcntl
import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from overprint.core.problems import LimitReached, Problem, Unavailable
from overprint.db.embedded import wire
from overprint.db.embedded.cluster import open_cluster
from overprint.db.embedded.diagnosis import explain_os_error
from overprint.db.embedded.layout import DataLayout
from overprint.db.embedded.server import Server

GRACE_LIMIT_SECONDS = 3600.0
LEASE_LIMIT = 512
_FIRST_CLIENT_SECONDS = 10.0
_LOCK_TIMEOUT_SECONDS = 60.0
_RECOVERY_POLL_SECONDS = 0.02
_CHORES_SECONDS = 30.0
_SHORT_LIFE_SECONDS = 1.0
_SHORT_LIVES_LIMIT = 5
_FAREWELL_SECONDS = 2.0
_LOG_LIMIT_BYTES = 1024 * 1024


@dataclass
class _Client:
    """One lease, and what its client has sent so far."""

    received: bytes = b""
    is_waiting: bool = False


class Holder:
    def __init__(self, layout: DataLayout, listener: socket.socket) -> None:
        self._layout = layout
        self._listener = listener
        self._server: Server | None = None
        self._clients: dict[socket.socket, _Client] = {}
        self._selector = selectors.DefaultSelector()
        self._grace_seconds = _FIRST_CLIENT_SECONDS
        self._idle_since = time.monotonic()
        self._started_at = 0.0
        self._short_lives = 0
        self._told_to_stop = False

    def serve(self) -> None:
        """Hold the server until nobody needs it. Every client that waits hears of a problem that ends this."""
        self._listen_to_signals()
        self._selector.register(self._listener, selectors.EVENT_READ, self._welcome)
        try:
            server = self._server = Server(open_cluster(self._layout))
            self._start(server)
            while not self._is_over():
                for key, _ in self._selector.select(self._pause_seconds()):
                    key.data()
                self._tend(server)
        except (Problem, OSError) as error:
            problem = error if isinstance(error, Problem) else explain_os_error(error, self._layout.root)
            _note(f"giving up: {problem}")
            self._turn_away(problem)
        finally:
            wire.stop_listening(self._layout.run)
            self._listener.close()
            if self._server is not None:
                self._server.stop()
            _note("stopped")

    def _listen_to_signals(self) -> None:
        woken, waker = socket.socketpair()
        woken.setblocking(False)
        waker.setblocking(False)
        signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
        for ending in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(ending, self._stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # only to wake the loop: the server may have died
        self._waker = waker  # kept open
        self._selector.register(woken, selectors.EVENT_READ, lambda: woken.recv(1024))

    def _stop(self, *_: object) -> None:
        self._told_to_stop = True

    def _is_over(self) -> bool:
        idle_seconds = time.monotonic() - self._idle_since
        return self._told_to_stop or (not self._clients and idle_seconds >= self._grace_seconds)

    def _pause_seconds(self) -> float:
        if any(client.is_waiting for client in self._clients.values()):
            return _RECOVERY_POLL_SECONDS
        if self._clients:
            return _CHORES_SECONDS
        return max(0.0, self._idle_since + self._grace_seconds - time.monotonic())

    def _start(self, server: Server) -> None:
        server.start(lambda: not self._told_to_stop)
        self._started_at = time.monotonic()
        _note(f"PostgreSQL (process {server.pid}) listens on port {server.port}")

    def _tend(self, server: Server) -> None:
        """Start the server again if it died; answer who waits for it."""
        if not self._told_to_stop and not server.is_running():
            self._bear_another_death()
            self._start(server)
        server.trim_log()
        waiting = [connection for connection, client in self._clients.items() if client.is_waiting]
        if waiting and server.is_ready():
            ready = wire.encode_ready(wire.Ready(server.port, server.pid, os.getpid()))
            for connection in waiting:
                self._clients[connection].is_waiting = False
                self._say(connection, ready)

    def _bear_another_death(self) -> None:
        """Start again at once after one death, later after several quick ones, and not forever."""
        _note("PostgreSQL died; starting it again")
        lived_shortly = time.monotonic() - self._started_at < _SHORT_LIFE_SECONDS
        self._short_lives = self._short_lives + 1 if lived_shortly else 0
        if self._short_lives > _SHORT_LIVES_LIMIT:
            raise Unavailable("PostgreSQL dies again and again.", f"Details: {self._layout.server_log}")
        time.sleep(0.1 * self._short_lives)

    def _welcome(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except (BlockingIOError, ConnectionError):
            return
        connection.setblocking(False)
        if len(self._clients) >= LEASE_LIMIT:
            full = LimitReached(f"The database of {self._layout.root} already serves {LEASE_LIMIT} processes.")
            self._say(connection, wire.encode_problem(full))
            connection.close()
            return
        self._clients[connection] = _Client()
        self._selector.register(connection, selectors.EVENT_READ, self._reader(connection))

    def _reader(self, connection: socket.socket) -> Callable[[], None]:
        return lambda: self._hear(connection)

    def _hear(self, connection: socket.socket) -> None:
        client = self._clients[connection]
        try:
            received = connection.recv(wire.LINE_LIMIT_BYTES)
        except BlockingIOError:
            return
        except OSError:
            received = b""
        client.received += received
        if not received or len(client.received) > wire.LINE_LIMIT_BYTES:
            self._release(connection)
            return
        *requests, client.received = client.received.split(b"\n")
        try:
            for request in requests:
                self._grace_seconds = min(max(0.0, wire.decode_request(request)), GRACE_LIMIT_SECONDS)
                client.is_waiting = True
        except ValueError:
            self._release(connection)

    def _release(self, connection: socket.socket) -> None:
        if self._clients.pop(connection, None) is not None:
            self._selector.unregister(connection)
            self._idle_since = time.monotonic()
        connection.close()

    def _say(self, connection: socket.socket, message: bytes) -> None:
        try:
            connection.sendall(message)
        except OSError:  # it has gone, or it does not listen
            self._release(connection)

    def _turn_away(self, problem: Problem) -> None:
        """Tell the problem to everybody who waits, and stay long enough for the one who started us to ask."""
        said = wire.encode_problem(problem)
        deadline = time.monotonic() + _FAREWELL_SECONDS
        told = False
        while time.monotonic() < deadline and not told:
            for key, _ in self._selector.select(_RECOVERY_POLL_SECONDS):
                key.data()
            for connection in [connection for connection, client in self._clients.items() if client.is_waiting]:
                self._say(connection, said)
                self._release(connection)
                told = True


def _note(text: str) -> None:
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    print(f"{now} holder {os.getpid()}: {text}", file=sys.stderr, flush=True)


def _take_lock(layout: DataLayout) -> bool:
    """Take the lock of the data directory for the rest of our life; False when another holder serves it already.

    A holder that is stopping still has the lock but listens no more: it is waited for.
    """
    lock = os.open(layout.holder_lock, os.O_RDWR | os.O_CREAT, 0o600)  # never closed: a dying process lets go of it
    deadline = time.monotonic() + _LOCK_TIMEOUT_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            other = wire.connect(layout.run, timeout_seconds=1.0)
        if other is not None:
            other.close()
            return False
        if time.monotonic() > deadline:
            raise SystemExit("The holder before this one does not end; look for its process and end it.")
        time.sleep(_RECOVERY_POLL_SECONDS)


def main(data_dir: str) -> None:
    os.umask(0o077)
    layout = DataLayout.of(Path(data_dir))
    if not _take_lock(layout):
        return
    if layout.holder_log.exists() and layout.holder_log.stat().st_size > _LOG_LIMIT_BYTES:
        os.truncate(layout.holder_log, 0)
    listener = wire.listen(layout.run)
    if os.fork() > 0:  # who started us learns that clients can connect now, and has no child to look after
        os._exit(0)
    Holder(layout, listener).serve()


if __name__ == "__main__":
    main(sys.argv[1])
