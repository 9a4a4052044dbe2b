"""Starting PostgreSQL's programs, and finding and ending those that outlived their parent."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from overprint.db.embedded.account import Account
from overprint.db.embedded.linux import parent_death_hook

_POLL_SECONDS = 0.01
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "TMPDIR")


@dataclass(frozen=True)
class Place:
    """The directory a program works in, and the account it runs as (None: our own)."""

    directory: Path
    account: Account | None = None

    @property
    def data_argument(self) -> str:
        """How PostgreSQL is told where its data lies.

        On Linux the working directory itself: root enters it before giving up its rights, so an account
        that may not traverse the parents (/root is 0700) still works in it, whatever the path is called.
        """
        return "/proc/self/cwd" if sys.platform == "linux" else str(self.directory)


def spawn(
    command: Sequence[str | Path],
    place: Place,
    *,
    end_with_us: signal.Signals,
    stdin: int = subprocess.DEVNULL,
    output: int | IO[bytes] = subprocess.PIPE,
) -> "subprocess.Popen[bytes]":
    """Start a program in its place, in a session of its own, which gets ``end_with_us`` when we die."""
    account = place.account
    return subprocess.Popen(
        [str(part) for part in command],
        cwd=place.directory,
        env=_environment(),
        stdin=stdin,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        preexec_fn=parent_death_hook(end_with_us),
    )


def _environment() -> dict[str, str]:
    """Little: keys and passwords of our own environment are none of the server's business."""
    passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {**passed, "LC_ALL": "C", "TZ": "UTC"}


def run(command: Sequence[str | Path], place: Place, *, text: str = "", timeout_seconds: float) -> tuple[int, str]:
    """Run a program to its end with ``text`` as its input; its exit status and the end of its output."""
    with spawn(command, place, end_with_us=signal.SIGKILL, stdin=subprocess.PIPE) as child:
        try:
            output, _ = child.communicate(text.encode(), timeout=timeout_seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            return 124, f"{Path(command[0]).name} took longer than {timeout_seconds:g} seconds"
    return child.returncode, output[-20_000:].decode("utf-8", "replace")


def python_command(module: str, *arguments: str) -> list[str]:
    """Run a module of this package with this interpreter; never one that lies in the working directory."""
    return [sys.executable, "-P", "-m", module, *arguments]


def python_environment() -> dict[str, str]:
    """Our environment, in which this very package is found from any working directory."""
    ours = str(Path(__file__).resolve().parents[3])
    others = (str(Path(place).absolute()) for place in os.environ.get("PYTHONPATH", "").split(os.pathsep) if place)
    return {**os.environ, "PYTHONPATH": os.pathsep.join(dict.fromkeys((ours, *others)))}


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def servers_inside(directory: Path) -> list[int]:
    """The PostgreSQL processes that work in a cluster, whoever started them.

    A pid file can name a stranger after a crash; a working directory cannot.
    """
    try:
        wanted = directory.stat()
    except FileNotFoundError:
        return []
    if sys.platform != "linux":
        return _servers_named(directory)
    return [int(process.name) for process in Path("/proc").glob("[0-9]*") if _works_in(process, wanted)]


def _works_in(process: Path, wanted: os.stat_result) -> bool:
    try:
        if not os.path.samestat((process / "cwd").stat(), wanted):
            return False
        return (process / "comm").read_text("utf-8", "replace").strip() == "postgres"
    except OSError:  # it ended meanwhile, or it belongs to an account we may not look into
        return False


def _servers_named(directory: Path) -> list[int]:
    listing = subprocess.run(["ps", "-axo", "pid=,command="], capture_output=True, text=True, check=False).stdout
    named = (line.split(maxsplit=1) for line in listing.splitlines() if f"-D {directory}" in line)
    return [int(pid) for pid, _command in named]


def end_servers(directory: Path, *, patience_seconds: float) -> None:
    """Leave no PostgreSQL process in a cluster: ask for a fast shutdown, wait, then kill.

    Killing is safe for the data: whatever was committed is in the write-ahead log.
    """
    asked_at = time.monotonic()
    signal_all(servers_inside(directory), signal.SIGINT)
    while remaining := servers_inside(directory):
        if time.monotonic() - asked_at >= patience_seconds:
            signal_all(remaining, signal.SIGKILL)
        time.sleep(_POLL_SECONDS)


def signal_all(pids: Iterable[int], signal_number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal_number)
        except ProcessLookupError:
            continue
