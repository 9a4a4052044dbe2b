"""What holds for every test: no socket leaves the machine, and generated examples are the same on every run."""

import ipaddress
import os
import re
import shutil
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.support.plugin"]

# A slow machine is no failure, and a failure that comes and goes is no use: the same examples every time.
settings.register_profile(
    "overprint", deadline=None, derandomize=True, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("overprint")

# Premises and pages are looked through for thousands of words, one expression each, in every book that a test writes.
# Python keeps 512 of them, so nearly all are compiled again for each: half of a book's time.
vars(re)["_MAXCACHE"] = 20_000

# Databases are made and dropped by the hundred: on a disk that takes ten times as long as in memory.
MEMORY, MEMORY_MIN_BYTES = Path("/dev/shm"), 3_000_000_000


def _has_room_for_tests(folder: Path) -> bool:
    """Whether programs may be started in it, too: containers often forbid that."""
    if not os.access(folder, os.W_OK) or shutil.disk_usage(folder).free < MEMORY_MIN_BYTES:
        return False
    return not os.statvfs(folder).f_flag & os.ST_NOEXEC


if "TMPDIR" not in os.environ and _has_room_for_tests(MEMORY):
    os.environ["TMPDIR"], tempfile.tempdir = str(MEMORY), None

LOCAL_NAMES = {"", "localhost", "localhost.localdomain", "ip6-localhost"}
INTERNET = {socket.AF_INET, socket.AF_INET6}


class LeavesTheMachine(RuntimeError):
    """A test tried to reach something that is not on this machine."""


def _is_local(host: object) -> bool:
    name = host.decode(errors="replace") if isinstance(host, bytes) else str(host or "")
    if name in LOCAL_NAMES or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name.split("%", 1)[0])
    except ValueError:
        return name == socket.gethostname()
    return address.is_loopback or address.is_unspecified


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        opened, address = arguments
        if opened.family in INTERNET and isinstance(address, tuple) and not _is_local(address[0]):
            raise LeavesTheMachine(f"A test tried to reach {address}. Use a server on 127.0.0.1.")
    elif event == "socket.getaddrinfo" and not _is_local(arguments[0]):
        raise LeavesTheMachine(f"A test asked for the address of {arguments[0]!r}. Use a server on 127.0.0.1.")


sys.addaudithook(_watch)
