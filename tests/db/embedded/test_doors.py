"""Who may enter the embedded database, and what they may do there."""

import asyncio
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from overprint.db.embedded import DataLayout, Lease, find_binaries, role_script
from overprint.db.embedded.roles import ROLES

Ask = Callable[..., Any]


@pytest.mark.parametrize("role", ROLES)
def test_no_role_of_overprint_can_go_round_row_level_security(lease: Lease, ask: Ask, role: str) -> None:
    powers = "rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolreplication"
    assert ask(lease.urls.superuser, f"SELECT {powers} FROM pg_roles WHERE rolname = '{role}'") is False


def test_the_owner_owns_the_database_and_may_make_tables(lease: Lease, ask: Ask) -> None:
    owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'overprint'"
    assert ask(lease.urls.owner, owner) == "overprint_owner"
    ask(lease.urls.owner, "CREATE TABLE made_by_owner (id int)")


@pytest.mark.parametrize("name", ["app", "system"])
def test_the_others_may_not_make_tables_or_enter_other_databases(lease: Lease, ask: Ask, name: str) -> None:
    url = getattr(lease.urls, name)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        ask(url, f"CREATE TABLE made_by_{name} (id int)")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        ask(url, "SELECT 1", database="postgres")


@pytest.mark.parametrize("user", ["postgres", *ROLES])
@pytest.mark.parametrize("password", ["", "postgres", "wrong"])
def test_nobody_enters_without_the_right_password(lease: Lease, ask: Ask, user: str, password: str) -> None:
    with pytest.raises((asyncpg.InvalidPasswordError, asyncpg.InterfaceError)):
        ask(lease.urls.app, "SELECT 1", user=user, password=password)


def test_every_way_in_asks_for_a_scram_password(lease: Lease, ask: Ask) -> None:
    methods = "SELECT array_agg(DISTINCT auth_method) FROM pg_hba_file_rules"
    assert ask(lease.urls.superuser, methods) == ["scram-sha-256"]


def test_it_listens_on_loopback_only_and_on_no_socket_file(lease: Lease, ask: Ask) -> None:
    assert ask(lease.urls.superuser, "SHOW listen_addresses") == "127.0.0.1"
    assert ask(lease.urls.superuser, "SHOW unix_socket_directories") == ""


def test_text_sorts_and_folds_the_same_on_every_machine(lease: Lease, ask: Ask) -> None:
    assert ask(lease.urls.app, "SHOW server_encoding") == "UTF8"
    assert ask(lease.urls.app, "SELECT upper('élan') || ('a' < 'B')") == "ÉLANfalse"


def test_passwords_and_logs_are_for_our_eyes_only(lease: Lease) -> None:
    layout = _layout_of(lease)
    for directory in (layout.run, layout.passwords.parent, layout.pg):
        assert directory.stat().st_mode & 0o777 == 0o700
    assert layout.passwords.stat().st_mode & 0o777 == 0o600
    assert "password" not in repr(lease.urls) and ":" not in repr(lease.urls)


def test_no_password_is_on_a_command_line_or_in_a_log(lease: Lease) -> None:
    layout = _layout_of(lease)
    secrets = [url.split(":")[2].split("@")[0] for url in vars(lease.urls).values()]
    seen = [Path(f"/proc/{pid}/{what}") for pid in _pids(lease) for what in ("cmdline", "environ")]
    seen += [layout.server_log, layout.holder_log]
    texts = [path.read_text("utf-8", "replace") for path in seen]
    assert all(texts[::2]) and not [secret for secret in secrets for text in texts if secret in text]


def test_the_script_for_operators_can_be_run_again_and_again(lease: Lease, ask: Ask) -> None:
    for _ in range(2):
        done = _psql(lease, "\n".join(line for line in role_script().splitlines() if not line.startswith("\\")))
        assert done.returncode == 0, done.stderr
    assert ask(lease.urls.superuser, "SELECT count(*) FROM pg_database WHERE datname = 'overprint'") == 1
    assert role_script().count("\\password") == len(ROLES)


def test_the_script_for_operators_refuses_a_role_that_is_too_powerful(lease: Lease) -> None:
    asyncio.run(_execute(lease.urls.superuser, "ALTER ROLE overprint_app BYPASSRLS"))
    try:
        done = _psql(lease, "\n".join(line for line in role_script().splitlines() if not line.startswith("\\")))
        assert done.returncode != 0 and "too powerful" in done.stderr
    finally:
        asyncio.run(_execute(lease.urls.superuser, "ALTER ROLE overprint_app NOBYPASSRLS"))


def test_the_server_never_runs_as_root(lease: Lease) -> None:
    server = Path(f"/proc/{lease.ready.server_pid}").stat()
    assert server.st_uid != 0
    assert server.st_uid == _layout_of(lease).pg.stat().st_uid
    assert os.geteuid() in (0, server.st_uid)


def _pids(lease: Lease) -> tuple[int, int]:
    return lease.ready.server_pid, lease.ready.holder_pid


def _layout_of(lease: Lease) -> DataLayout:
    return DataLayout.of(Path(f"/proc/{lease.ready.server_pid}/cwd").resolve().parent)


def _psql(lease: Lease, script: str) -> "subprocess.CompletedProcess[str]":
    command: list[str | Path] = [find_binaries().get_tool("psql"), "-X", "-v", "ON_ERROR_STOP=1", lease.urls.superuser]
    return subprocess.run(command, input=script, text=True, capture_output=True, timeout=30, check=False)


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(statement)
    await connection.close()
