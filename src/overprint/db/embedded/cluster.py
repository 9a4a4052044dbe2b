"""Making a cluster, whole or not at all, and giving it its roles and passwords."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from overprint.core.problems import Problem
from overprint.db.embedded import roles
from overprint.db.embedded.account import Account, explain_refusal, server_account
from overprint.db.embedded.binaries import Binaries, find_binaries, usable_by
from overprint.db.embedded.diagnosis import disk_full, explain_os_error, explain_output
from overprint.db.embedded.layout import DataLayout
from overprint.db.embedded.linux import flush_file_system
from overprint.db.embedded.passwords import Passwords, read_passwords, scram_verifier, write_passwords
from overprint.db.embedded.postmaster_file import clear_leftovers
from overprint.db.embedded.processes import Place, end_servers, run

_NEEDED_BYTES = 128 * 1024 * 1024
_INITDB_TIMEOUT_SECONDS = 300.0
_FIRST_WITH_BUILTIN_LOCALES = 17
_ACCESS_RULES = "# Passwords over loopback, and nothing else.\nhost all all 127.0.0.1/32 scram-sha-256\n"


@dataclass(frozen=True)
class Cluster:
    """A cluster that is ready to be served: where it lies, by which programs, as which account."""

    layout: DataLayout
    binaries: Binaries
    account: Account | None

    @property
    def is_scratch(self) -> bool:
        return self.layout.scratch_mark.exists()

    @property
    def place(self) -> Place:
        return Place(self.layout.pg, self.account)


def open_cluster(layout: DataLayout) -> Cluster:
    """The cluster of a data directory, made if there is none. Call it with the holder's lock in hand.

    Raises Problem: another major version, full disk, no programs, no account to run as.
    """
    account = server_account(layout.pg)
    found = find_binaries()
    layout.check_major(found.major)
    return prepare_cluster(Cluster(layout, usable_by(found, account), account))


def prepare_cluster(cluster: Cluster) -> Cluster:
    """Make the cluster unless it is there; renew its passwords if their file was lost."""
    layout = cluster.layout
    try:
        if layout.pg.exists():
            _return_to_account(layout.pg, cluster.account)
            if read_passwords(layout.passwords) is None:
                clear_leftovers(layout.pg, patience_seconds=5.0)
                _set_up_roles(cluster, layout.pg, create_database=False)
        else:
            _create(cluster)
    except OSError as error:
        refusal = explain_refusal(error, cluster.account) if cluster.account else None
        raise refusal or explain_os_error(error, layout.root) from error
    return cluster


def _create(cluster: Cluster) -> None:
    layout, account = cluster.layout, cluster.account
    if shutil.disk_usage(layout.root).free < _NEEDED_BYTES:
        raise disk_full(layout.root)
    _discard(layout.unfinished_pg)
    layout.passwords.unlink(missing_ok=True)  # of a cluster that is gone
    layout.unfinished_pg.mkdir(mode=0o700)
    if account is not None:
        os.chown(layout.unfinished_pg, account.uid, account.gid)
    try:
        _initdb(cluster, Place(layout.unfinished_pg, account))
        _close_doors(layout.unfinished_pg)
        passwords = _set_up_roles(cluster, layout.unfinished_pg, create_database=True)
    except Problem:
        _discard(layout.unfinished_pg)
        raise
    if not cluster.is_scratch:
        flush_file_system(layout.root)  # one flush here is ten times faster than initdb's own, file by file
    layout.record_version(cluster.binaries.major)
    layout.unfinished_pg.rename(layout.pg)
    write_passwords(layout.passwords, passwords)


def _discard(directory: Path) -> None:
    end_servers(directory, patience_seconds=0.0)
    shutil.rmtree(directory, ignore_errors=True)


def _initdb(cluster: Cluster, place: Place) -> None:
    builtin = cluster.binaries.major >= _FIRST_WITH_BUILTIN_LOCALES
    command: list[str | Path] = [
        cluster.binaries.get_tool("initdb"),
        "--no-sync",
        "--no-instructions",
        f"--pgdata={place.data_argument}",
        f"--username={roles.SUPERUSER}",
        "--auth=reject",  # nobody enters before there are passwords
        "--encoding=UTF8",
        # The same order and letter cases on every machine, whatever its C library.
        *(("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8") if builtin else ("--locale=C",)),
    ]
    status, output = run(command, place, timeout_seconds=_INITDB_TIMEOUT_SECONDS)
    _require(status, output, cluster.layout)


def _close_doors(pg: Path) -> None:
    # Not following a link: as root we write into a directory of a lesser account.
    descriptor = os.open(pg / "pg_hba.conf", os.O_WRONLY | os.O_TRUNC | os.O_NOFOLLOW)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(_ACCESS_RULES)


def _set_up_roles(cluster: Cluster, pg: Path, *, create_database: bool) -> Passwords:
    """Run the bootstrap in PostgreSQL's single-user mode, which needs no server, socket or password."""
    passwords = Passwords.generate()
    verifiers = {
        roles.SUPERUSER: scram_verifier(passwords.superuser),
        roles.OWNER: scram_verifier(passwords.owner),
        roles.APP: scram_verifier(passwords.app),
        roles.SYSTEM: scram_verifier(passwords.system),
    }
    statements = roles.bootstrap_statements(verifiers, create_database=create_database)
    place = Place(pg, cluster.account)
    command: list[str | Path] = [cluster.binaries.get_tool("postgres"), "--single", "-D", place.data_argument, "-j"]
    command += ["-c", "exit_on_error=on", "-c", f"fsync={'off' if create_database else 'on'}", "postgres"]
    text = "".join(f"{statement};\n\n" for statement in statements)  # an empty line ends a statement here
    _require(*run(command, place, text=text, timeout_seconds=_INITDB_TIMEOUT_SECONDS), cluster.layout)
    if not create_database:
        write_passwords(cluster.layout.passwords, passwords)
    return passwords


def _require(status: int, output: str, layout: DataLayout) -> None:
    if status != 0:
        with layout.server_log.open("a", encoding="utf-8") as log:
            log.write(output)
        raise explain_output(output, layout.root, layout.server_log)


def _return_to_account(pg: Path, account: Account | None) -> None:
    """After root restored a cluster as plain files, everything in it belongs to root: give it back."""
    if account is None or pg.stat().st_uid == account.uid:
        return
    for path in (*pg.rglob("*"), pg):  # itself last: until then an interrupted run is repeated
        os.chown(path, account.uid, account.gid, follow_symlinks=False)
