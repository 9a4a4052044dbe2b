"""The server process itself: a foreground child of the holder that cannot outlive it."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from overprint.core.problems import Unavailable
from overprint.db.embedded.cluster import Cluster
from overprint.db.embedded.diagnosis import PORT_TAKEN, explain_os_error, explain_output
from overprint.db.embedded.layout import write_whole
from overprint.db.embedded.linux import HAS_PARENT_DEATH_SIGNAL
from overprint.db.embedded.port import HOST, choose_port
from overprint.db.embedded.postmaster_file import clear_leftovers, read_postmaster_file
from overprint.db.embedded.probe import takes_connections
from overprint.db.embedded.processes import end_servers, spawn
from overprint.db.embedded.watchdog import start_watchdog

_POLL_SECONDS = 0.01
_START_TIMEOUT_SECONDS = 600.0
"""Long, because after a crash the write-ahead log is replayed first."""
_PORT_TRIES = 5
_PROBE_TIMEOUT_SECONDS = 1.0
_LEFTOVER_PATIENCE_SECONDS = 5.0
_STOP_PATIENCE_SECONDS = 30.0
_LOG_LIMIT_BYTES = 10 * 1024 * 1024
_LOG_TAIL_BYTES = 20_000

_SETTINGS: Mapping[str, str] = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "max_wal_size": "512MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A query ends soon after its client died, even one that computes and never writes.
    "client_connection_check_interval": "1s",
    "log_checkpoints": "off",
    # Statements hold what people wrote: they do not belong in a log.
    "log_min_error_statement": "panic",
    "log_line_prefix": "%m [%p] ",
}
_SCRATCH_SETTINGS: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "64MB",
    # Many processes of tests share it, each with several databases whose connections stay.
    "max_connections": "500",
}


class Server:
    """One PostgreSQL of a cluster. Used by the holder's only thread: the server dies with that thread."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._child: subprocess.Popen[bytes] | None = None
        self._watchdog: subprocess.Popen[bytes] | None = None
        self.port = 0

    @property
    def pid(self) -> int:
        return self._child.pid if self._child else 0

    def is_running(self) -> bool:
        return self._child is not None and self._child.poll() is None

    def is_ready(self) -> bool:
        """Whether it takes connections; False also while it recovers from a crash."""
        said = read_postmaster_file(self._cluster.layout.pg)
        says_so = said is not None and said.pid == self.pid and said.is_ready
        return says_so and self.is_running() and takes_connections(self.port, _PROBE_TIMEOUT_SECONDS)

    def start(self, keep_waiting: Callable[[], bool]) -> None:
        """Start it, or start it again after a crash, on the recorded port if that is free.

        Raises Problem when it does not come up, or when ``keep_waiting`` turns False meanwhile.
        """
        layout = self._cluster.layout
        # After a crash of the server alone its sessions are orphans; after one of the holder it is still stopping.
        clear_leftovers(layout.pg, patience_seconds=0.0 if self._child else _LEFTOVER_PATIENCE_SECONDS)
        for remaining_tries in reversed(range(_PORT_TRIES)):
            self.port = choose_port(layout.port, layout.root)
            log_start = self._launch()
            try:
                if self._wait_until_ready(keep_waiting):
                    write_whole(layout.port, f"{self.port}\n")
                    return
            except OSError as error:
                raise explain_os_error(error, layout.root) from error
            said = self._said_since(log_start)
            if not PORT_TAKEN.search(said) or not remaining_tries:
                raise explain_output(said, layout.root, layout.server_log)

    def _launch(self) -> int:
        """Start the child; the size of the log before it."""
        cluster = self._cluster
        settings = {**_SETTINGS, **(_SCRATCH_SETTINGS if cluster.is_scratch else {}), "port": str(self.port)}
        command: list[str | Path] = [cluster.binaries.get_tool("postgres"), "-D", cluster.place.data_argument]
        with cluster.layout.server_log.open("ab") as log:
            log_start = log.tell()
            self._child = spawn(
                [*command, *(f"--{name}={value}" for name, value in settings.items())],
                cluster.place,
                end_with_us=signal.SIGINT,
                output=log,
            )
        if not HAS_PARENT_DEATH_SIGNAL:
            self._dismiss_watchdog()
            self._watchdog = start_watchdog(self._child.pid)
        return log_start

    def _wait_until_ready(self, keep_waiting: Callable[[], bool]) -> bool:
        deadline = time.monotonic() + _START_TIMEOUT_SECONDS
        while not self.is_ready():
            if not self.is_running():
                return False
            if not keep_waiting() or time.monotonic() > deadline:
                self.stop()
                raise Unavailable("The database was stopped while it was starting.", "Run the command again.")
            time.sleep(_POLL_SECONDS)
        return True

    def _said_since(self, log_start: int) -> str:
        with self._cluster.layout.server_log.open("rb") as log:
            size = log.seek(0, os.SEEK_END)
            log.seek(max(min(log_start, size), size - _LOG_TAIL_BYTES))
            return log.read().decode("utf-8", "replace")

    def trim_log(self) -> None:
        """Empty the log once it is long; the server goes on appending to it."""
        log = self._cluster.layout.server_log
        try:
            if log.stat().st_size > _LOG_LIMIT_BYTES:
                os.truncate(log, 0)
        except OSError:
            return

    def stop(self) -> None:
        """End it cleanly; by force if that takes too long. Nothing committed is lost either way."""
        if self._child is None:
            return
        if self._child.poll() is None:
            self._child.send_signal(signal.SIGINT)
            try:
                self._child.wait(_STOP_PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait()
        end_servers(self._cluster.layout.pg, patience_seconds=0.0)
        self._dismiss_watchdog()

    def _dismiss_watchdog(self) -> None:
        if self._watchdog is not None:
            self._watchdog.communicate()
            self._watchdog = None
