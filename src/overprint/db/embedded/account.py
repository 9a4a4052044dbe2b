"""Which account the server runs as: PostgreSQL refuses to run as root."""

import errno
import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from overprint.core.problems import Unavailable

# The first that exists is taken for a new cluster; afterwards the cluster's owner decides.
CANDIDATES = ("overprint", "postgres", "nobody")


@dataclass(frozen=True)
class Account:
    name: str
    uid: int
    gid: int


def server_account(pg_dir: Path) -> Account | None:
    """The account to give the server when we are root; None when we are not, and it runs as ourselves.

    Raises Unavailable where no unprivileged account exists.
    """
    if os.geteuid() != 0:
        return None
    owner = _owner(pg_dir)
    if owner is not None:
        return owner
    for name in CANDIDATES:
        try:
            return _account(pwd.getpwnam(name))
        except KeyError:
            continue
    raise Unavailable(
        "PostgreSQL refuses to run as root, and none of the accounts " + ", ".join(CANDIDATES) + " exists here.",
        "Create one (`useradd --system overprint`), run Overprint as an ordinary user, or set DATABASE_URL.",
    )


def _owner(pg_dir: Path) -> Account | None:
    try:
        uid = pg_dir.stat().st_uid
        return _account(pwd.getpwuid(uid)) if uid != 0 else None
    except FileNotFoundError:
        return None
    except KeyError as error:
        raise Unavailable(
            f"The database in {pg_dir} belongs to an account (id {uid}) that this machine does not know.",
            "Create that account, or give the directory to one of: " + ", ".join(CANDIDATES) + ".",
        ) from error


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def explain_refusal(error: OSError, account: Account) -> Unavailable | None:
    """What to tell when switching to the account failed; None when the error is about something else."""
    if error.errno not in (errno.EPERM, errno.EINVAL):
        return None
    return Unavailable(
        f"PostgreSQL refuses to run as root, and this environment does not let root become `{account.name}`.",
        "Run Overprint as an ordinary user, allow the container SETUID, SETGID and CHOWN, or set DATABASE_URL.",
    )
