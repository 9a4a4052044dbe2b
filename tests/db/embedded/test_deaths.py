"""kill -9 of anything: the database comes back with its data, and nothing is left behind."""

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Callable
from typing import Any

import pytest

from overprint.db.embedded import DataLayout, Lease
from overprint.db.embedded.processes import is_alive, servers_inside
from overprint.db.embedded.watchdog import start_watchdog

Ask = Callable[..., Any]
Eventually = Callable[..., None]
Kill = Callable[..., None]
Reopen = Callable[[DataLayout], Lease]
KEPT = "SELECT answer FROM kept"
ENDLESS = "SELECT count(*) FROM generate_series(1, 1000000000000)"


def test_a_killed_server_comes_back_on_its_port_with_its_data(
    stopped: DataLayout, reopen: Reopen, ask: Ask, kill: Kill
) -> None:
    held = reopen(stopped)
    before = held.ready
    for _ in range(3):
        kill(held.ready.server_pid)
        assert ask(held.ensure().owner, KEPT) == 42
    assert (held.ready.port, held.ready.holder_pid) == (before.port, before.holder_pid)
    assert held.ready.server_pid != before.server_pid


def test_a_killed_part_of_the_server_comes_back_under_the_same_server(
    stopped: DataLayout, reopen: Reopen, ask: Ask, eventually: Eventually, kill: Kill
) -> None:
    held = reopen(stopped)
    before = held.ready
    killed = next(pid for pid in servers_inside(stopped.pg) if pid != before.server_pid)
    kill(killed)
    eventually(lambda: not is_alive(killed))
    assert ask(held.ensure().owner, KEPT) == 42
    assert held.ready == before


def test_a_killed_holder_takes_its_server_along(
    stopped: DataLayout, reopen: Reopen, eventually: Eventually, kill: Kill
) -> None:
    kill(reopen(stopped).ready.holder_pid)
    eventually(lambda: not servers_inside(stopped.pg), timeout_seconds=20)


def test_a_process_that_survives_its_holder_gets_the_database_back_by_itself(
    stopped: DataLayout, reopen: Reopen, ask: Ask, kill: Kill
) -> None:
    held = reopen(stopped)
    before = held.ready
    kill(before.holder_pid)
    assert ask(held.ensure().owner, KEPT) == 42
    assert held.ready.port == before.port and held.ready.holder_pid != before.holder_pid


def test_holder_and_server_killed_together_come_back_together(
    stopped: DataLayout, reopen: Reopen, ask: Ask, kill: Kill
) -> None:
    held = reopen(stopped)
    before = held.ready
    kill(before.holder_pid, before.server_pid)
    assert ask(held.ensure().owner, KEPT) == 42
    assert held.ready.port == before.port


def test_a_session_that_computes_forever_outlives_nobody(
    stopped: DataLayout, reopen: Reopen, ask: Ask, eventually: Eventually, kill: Kill
) -> None:
    held = reopen(stopped)
    old = held.ready
    busy = threading.Thread(target=_until_it_ends, args=(lambda: ask(held.urls.owner, ENDLESS),))
    busy.start()
    eventually(
        lambda: ask(held.urls.superuser, "SELECT count(*) FROM pg_stat_activity WHERE query ~ '^SELECT count.*gen'")
    )
    orphans = set(servers_inside(stopped.pg))
    kill(old.holder_pid, old.server_pid)
    assert ask(held.ensure().owner, KEPT) == 42
    assert not orphans & set(servers_inside(stopped.pg))
    busy.join(10)
    assert not busy.is_alive()


def test_client_holder_and_server_killed_together_leave_nothing_behind(
    stopped: DataLayout, start_client: Callable[..., Any], eventually: Eventually, kill: Kill
) -> None:
    client = start_client(stopped.root, grace_seconds=60.0)
    ready = client.answer()
    kill(ready["holder_pid"], ready["server_pid"])
    client.kill()
    eventually(lambda: not servers_inside(stopped.pg), timeout_seconds=20)


def test_a_cluster_half_made_by_a_killed_process_is_made_anew(stopped: DataLayout, reopen: Reopen, ask: Ask) -> None:
    stopped.pg.rename(stopped.unfinished_pg)
    (stopped.unfinished_pg / "global" / "pg_control").unlink()
    assert ask(reopen(stopped).urls.owner, "SELECT 1") == 1
    assert not stopped.unfinished_pg.exists()


def test_the_watchdog_ends_the_server_when_its_holder_is_gone() -> None:
    with subprocess.Popen(["sleep", "60"]) as server:
        start_watchdog(server.pid).communicate(timeout=10)
        assert server.wait(10) == -signal.SIGINT


def test_the_watchdog_leaves_the_server_alone_while_its_holder_lives() -> None:
    with subprocess.Popen(["sleep", "60"]) as server:
        watchdog = start_watchdog(server.pid)
        with pytest.raises(subprocess.TimeoutExpired):
            server.wait(0.3)
        server.kill()
        server.wait()
        watchdog.communicate(timeout=10)
        assert not is_alive(watchdog.pid) and os.getpid()


def _until_it_ends(call: Callable[[], object]) -> None:
    with contextlib.suppress(Exception):  # what it says when its server is killed is the driver's choice
        call()
