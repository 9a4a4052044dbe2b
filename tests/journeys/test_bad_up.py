"""``overprint up`` on a bad day: its processes are killed one by one, then all is told to stop."""

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from tests.support.bad_days import BRIEF
from tests.support.command_here import run_here
from tests.support.command_line import TIMEOUT_SECONDS, command, environment, fetch, free_port, until
from tests.support.database import home_like
from tests.support.terminal import lines_shown, rest_of, start_on_terminal

MARK = "A_TEST_STARTED_THIS"


@dataclass(frozen=True)
class Up:
    """A running ``overprint up``. ``mark`` is in the environment of all that it starts."""

    process: "subprocess.Popen[bytes]"
    url: str
    port: int
    mark: str

    def child(self, name: str) -> int:
        """The process id of its ``web`` or ``worker``."""
        (found,) = [pid for pid in self.children() if name in _read(pid, "cmdline").split(b"\0")[4:5][0].decode()]
        return found

    def children(self) -> list[int]:
        threads = Path(f"/proc/{self.process.pid}/task").iterdir()
        return [int(pid) for thread in threads for pid in (thread / "children").read_text().split()]

    def all_processes(self) -> list[int]:
        pids = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
        return [pid for pid in pids if f"{MARK}={self.mark}".encode() in _read(pid, "environ").split(b"\0")]


def _read(pid: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""


@contextmanager
def running_up(data: Path) -> Iterator[Up]:
    """It serves as soon as it says so."""
    port, mark = free_port(), uuid4().hex
    told, seen = command("up", "--port", str(port), "--data", str(data)), environment(**{MARK: mark})
    process = subprocess.Popen(told, stdout=subprocess.PIPE, env=seen)
    up = Up(process, f"http://127.0.0.1:{port}", port, mark)
    try:
        assert process.stdout is not None
        assert process.stdout.readline().decode() == f"Overprint is at {up.url} (stop with Ctrl-C)\n"
        assert fetch(f"{up.url}/readyz")["status"] == "ready"
        yield up
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=TIMEOUT_SECONDS)


def assert_it_ends_and_leaves_nothing_behind(up: Up, code: int) -> None:
    """No process and no port."""
    assert up.process.wait(TIMEOUT_SECONDS) == code
    until(lambda: not up.all_processes(), "everything that it started has ended", timeout_seconds=30)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", up.port))


def test_up_refuses_a_second_one_begins_its_killed_processes_again_and_leaves_none_when_asked_to_stop(
    tmp_path: Path, empty_home: Path
) -> None:
    data = home_like(empty_home, tmp_path / "data")
    with running_up(data) as up:
        job = fetch(f"{up.url}/api/books", {**BRIEF, "picture_dpi": 100})
        second = run_here("up", "--port", str(free_port()), "--data", str(data))
        assert second.returncode == 2
        assert "already up" in second.stderr

        at = f"{up.url}/api/jobs/{job['job_id']}"
        until(lambda: fetch(at)["steps_ended"] >= 4, "four steps have ended")
        assert fetch(at)["state"] == "running"
        worker = up.child("worker")
        os.kill(worker, signal.SIGKILL)
        until(lambda: fetch(at)["state"] == "completed", "the job completes")
        assert up.child("worker") != worker

        web = up.child("web")
        os.kill(web, signal.SIGKILL)
        book = f"{up.url}/api/books/{job['book_id']}"
        until(lambda: fetch(book)["state"] == "ready", "pages answer again, with the book")
        assert up.child("web") != web

        fetch(f"{up.url}/api/books", {**BRIEF, "title": "One in the making"})
        assert len(up.all_processes()) >= 3
        up.process.send_signal(signal.SIGTERM)
        assert_it_ends_and_leaves_nothing_behind(up, 0)


WAYS = {"asked twice": [signal.SIGINT] * 2, "killed": [signal.SIGKILL]}


@pytest.mark.parametrize("way", WAYS)
def test_an_ended_up_leaves_no_process_and_no_port_behind(tmp_path: Path, empty_home: Path, way: str) -> None:
    with running_up(home_like(empty_home, tmp_path / "data")) as up:
        fetch(f"{up.url}/api/books", BRIEF)
        assert len(up.all_processes()) >= 3
        for number in WAYS[way]:
            up.process.send_signal(number)
            time.sleep(0.1)  # two signals that are not yet heard are one
        assert_it_ends_and_leaves_nothing_behind(up, -signal.SIGKILL if way == "killed" else 0)


def test_up_on_a_terminal_tells_its_address_first_and_then_short_lines(data: Path) -> None:
    port = free_port()
    process, terminal = start_on_terminal("up", "--port", str(port), "--data", str(data))
    until(lambda: fetch(f"http://127.0.0.1:{port}/readyz")["status"] == "ready", "up answers")
    job = fetch(f"http://127.0.0.1:{port}/api/books", BRIEF)["job_id"]
    until(lambda: fetch(f"http://127.0.0.1:{port}/api/jobs/{job}")["state"] == "completed", "the worker works")
    process.send_signal(signal.SIGINT)
    asked_before = "GET /readyz"  # by us, to know when it is up
    first, *lines = (line for line in lines_shown(rest_of(terminal)) if asked_before not in line)
    assert process.wait(TIMEOUT_SECONDS) == 0
    assert first == f"Overprint is at http://127.0.0.1:{port} (stop with Ctrl-C)"
    lines.remove(next(line for line in lines if line.startswith("overprint: stopping")))  # answers may be told after it
    assert any("POST /api/books 202" in line for line in lines)
    for line in lines:
        assert re.match(r"\d\d:\d\d:\d\d \S", line), line
        assert "{" not in line.replace("{job_id}", "").replace("{book_id}", "")
        assert len(line) <= 100
        assert "uvicorn" not in line
