"""When the server runs, and when it stops."""

import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from overprint.core.problems import Conflict
from overprint.db.embedded import DataLayout, Lease, attach, new_cluster
from overprint.db.embedded.processes import is_alive, servers_inside

StartClient = Callable[..., Any]
Reopen = Callable[[DataLayout], Lease]


def test_many_processes_that_come_at_once_share_one_server(tmp_path: Path, start_client: StartClient) -> None:
    clients = [start_client(tmp_path / "data") for _ in range(5)]
    answers = [client.answer() for client in clients]
    assert len({(answer["server_pid"], answer["holder_pid"]) for answer in answers}) == 1
    assert len(servers_inside(tmp_path / "data" / "pg")) >= 1


def test_many_threads_may_ask_through_one_lease(lease: Lease) -> None:
    with ThreadPoolExecutor(8) as threads:
        assert {threads.submit(lease.ensure).result().app for _ in range(50)} == {lease.urls.app}


def test_a_commands_exit_does_not_take_the_database_from_another(
    stopped: DataLayout, start_client: StartClient
) -> None:
    stays, leaves = start_client(stopped.root), start_client(stopped.root)
    before = stays.answer(), leaves.answer()
    leaves.end()
    with attach(stopped.root, grace_seconds=0.0) as third:
        assert third.ready.server_pid == before[0]["server_pid"]


def test_a_killed_client_gives_its_lease_back(
    stopped: DataLayout, start_client: StartClient, eventually: Callable[..., None]
) -> None:
    client = start_client(stopped.root)
    server_pid = client.answer()["server_pid"]
    client.kill()
    eventually(lambda: not is_alive(server_pid), timeout_seconds=20)
    eventually(lambda: not servers_inside(stopped.pg), timeout_seconds=20)


def test_the_next_command_within_the_grace_period_finds_the_server_running(stopped: DataLayout) -> None:
    with attach(stopped.root, grace_seconds=30.0) as first:
        pass
    with attach(stopped.root, grace_seconds=0.0) as second:
        assert second.ready == first.ready


def test_an_attach_while_the_server_stops_gets_a_new_one(stopped: DataLayout) -> None:
    for _ in range(5):
        with attach(stopped.root, grace_seconds=0.0) as held:
            assert is_alive(held.ready.server_pid)


def test_a_holder_that_is_told_to_stop_stops_cleanly(
    stopped: DataLayout, reopen: Reopen, eventually: Callable[..., None]
) -> None:
    ready = reopen(stopped).ready
    os.kill(ready.holder_pid, signal.SIGTERM)
    eventually(lambda: not is_alive(ready.holder_pid))
    assert not servers_inside(stopped.pg)
    assert "database system is shut down" in stopped.server_log.read_text("utf-8")


def test_the_port_stays_the_same_from_one_start_to_the_next(stopped: DataLayout) -> None:
    ports = set()
    for _ in range(2):
        with attach(stopped.root, grace_seconds=0.0) as held:
            ports.add(held.ready.port)
    assert len(ports) == 1


def test_a_released_lease_is_of_no_more_use(stopped: DataLayout, reopen: Reopen) -> None:
    held = reopen(stopped)
    held.release()
    held.release()
    with pytest.raises(Conflict):
        held.ensure()


def test_a_forked_child_gets_a_lease_of_its_own(stopped: DataLayout, reopen: Reopen) -> None:
    held = reopen(stopped)
    child = os.fork()
    if child == 0:
        status = 1
        try:
            held.ensure()
            held.release()
            status = 0
        finally:
            os._exit(status)
    assert os.waitpid(child, 0)[1] == 0
    assert held.ensure() == held.urls


def test_a_real_database_is_never_turned_into_a_throw_away_one(stopped: DataLayout) -> None:
    stopped.scratch_mark.unlink()
    with pytest.raises(Conflict, match="real database"):
        new_cluster(stopped.root)
