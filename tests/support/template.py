"""A program that has loaded most of Overprint, and of which each command that a test runs is a fork.

A command takes a second of a core to load what it needs; a fork has it. From there on it is a command like any: a
process of its own, with its own arguments, environment, folder, streams or terminal and limits, that is sent signals,
may be killed, and answers an exit code. It runs ``overprint/__main__.py`` from the first line, and loads itself what
belongs to one command alone (``overprint.main``).

What it cannot show is whatever is decided before that line: which parts a start loads, in which order and how long it
takes; Ctrl-C while they are loaded; the memory that they take; the locale; Python's own variables and the seed of its
hashes; how the process is called in ``/proc``, and with which environment. Tests of those start a command afresh:
``tests.support.command_line.run_afresh``, or ``command`` and ``environment`` there.

Each worker of pytest has one template. They talk over a socket: an order takes along the new process's streams, and
the test's end of a line of its own on which the template tells first who it is, and then how it ended.
"""

import atexit
import contextlib
import gc
import importlib
import json
import os
import resource
import runpy
import selectors
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Any, TextIO

ORDER_MAX_BYTES = 150_000  # a socket takes no more than about 200,000 at once
LOADED = (
    "overprint.main.cli",
    "overprint.main.home",
    "overprint.wiring",
    "overprint.db.migrate",
    "overprint.engine.worker",
    "overprint.craft.writing.planning",
    "overprint.adapters.credentials.embedded",
)


class Command:
    """A command that runs, or has ended. As ``subprocess.Popen`` is, as far as tests need it.

    ``stdout`` and ``stderr`` are what it writes, unless it was given other streams. Whoever reads no further closes
    them.
    """

    def __init__(self, line: socket.socket, stdout: TextIO | None, stderr: TextIO | None) -> None:
        said, descriptors, _, _ = socket.recv_fds(line, 100, 1)
        assert said, "the template has ended"
        self.pid, self._process, self._line = int(said), descriptors[0], line
        self.stdout, self.stderr = stdout, stderr
        self.returncode: int | None = None

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, or the number of the signal that ended it, below nought. Raises ``TimeoutError``."""
        if self.returncode is None:
            self._line.settimeout(timeout)
            self.returncode = int(self._line.recv(100))
            self._line.close()
            os.close(self._process)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Nothing happens when it has ended."""
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._process, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """What it writes from now on, to its end. Kills it and raises ``TimeoutError`` when that takes too long."""
        with ThreadPoolExecutor(2) as readers:
            both = [readers.submit(_rest_of, stream) for stream in (self.stdout, self.stderr)]
            try:
                written, complained = (reader.result(timeout) for reader in both)
                self.wait(timeout)
            except TimeoutError:
                self.kill()
                raise
        return written, complained


def _rest_of(stream: TextIO | None) -> str:
    if stream is None or stream.closed:
        return ""
    with stream:
        return stream.read()


class Template:
    """The program, as who orders commands of it sees it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen([sys.executable, "-P", __file__], stdin=theirs, env=dict(environment))
        atexit.register(self._close)

    def start(
        self,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        *,
        stdin: int,
        stdout: int | None = None,
        stderr: int | None = None,
        file_max_bytes: int | None = None,
    ) -> Command:
        """A new command, with these descriptors for streams; where there is none, it writes to a pipe.

        ``file_max_bytes``: it finds every disk full behind so many bytes of a file.
        """
        order = {
            "arguments": arguments,
            "environment": dict(environment),
            "folder": str(Path.cwd()),
            "file_max_bytes": file_max_bytes,
        }
        with contextlib.ExitStack() as ours:
            said, written = _piped(ours) if stdout is None else (None, stdout)
            complained, complaints = _piped(ours) if stderr is None else (None, stderr)
            line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            ours.enter_context(theirs)
            descriptors = [theirs.fileno(), stdin, written, complaints]
            socket.send_fds(self._orders, [json.dumps(order).encode()], descriptors)
        return Command(line, said, complained)

    def _close(self) -> None:
        self._orders.close()
        self._process.wait()


def _piped(until: contextlib.ExitStack) -> tuple[TextIO, int]:
    """Two ends of a pipe; the one to write to is closed with the block."""
    read, write = os.pipe()
    until.callback(os.close, write)
    return os.fdopen(read, encoding="utf-8"), write


_lock = Lock()
_templates: list[Template] = []


def template(environment: Mapping[str, str]) -> Template:
    """The one of this process, with the environment that its commands have mostly."""
    with _lock:
        if not _templates:
            _templates.append(Template(environment))
        return _templates[0]


def _serve(orders: socket.socket) -> list[str] | None:
    """Fork for each order. Answers once in every fork, with the command's arguments, and here when nobody is left."""
    selector = selectors.DefaultSelector()
    selector.register(orders, selectors.EVENT_READ)
    while True:
        for key, _ in selector.select():
            if key.data is not None:
                selector.unregister(key.fd)
                _tell_end(key.fd, *key.data)
                continue
            said, descriptors, _, _ = socket.recv_fds(orders, ORDER_MAX_BYTES, 4)
            if not said:
                return None
            line, streams = socket.socket(fileno=descriptors[0]), descriptors[1:]
            if (pid := os.fork()) == 0:
                line.close()
                _forget(selector)
                return _become(json.loads(said), streams)
            for descriptor in streams:
                os.close(descriptor)
            process = os.pidfd_open(pid)
            socket.send_fds(line, [str(pid).encode()], [process])
            selector.register(process, selectors.EVENT_READ, (pid, line))


def _tell_end(process: int, pid: int, line: socket.socket) -> None:
    os.close(process)
    _, status = os.waitpid(pid, 0)
    with line, contextlib.suppress(BrokenPipeError):  # nobody asks for it any more
        line.send(str(os.waitstatus_to_exitcode(status)).encode())


def _forget(selector: selectors.BaseSelector) -> None:
    """A new process has nothing to do with its parent's orders and other commands."""
    for key in list(selector.get_map().values()):
        if key.data is None:
            key.fileobj.close()
        else:
            os.close(key.fd)
            key.data[1].close()
    selector.close()


def _become(order: dict[str, Any], streams: Sequence[int]) -> list[str]:
    """Make of this process what ``subprocess`` and Python's start would have made of it."""
    for number, descriptor in enumerate(streams):
        os.dup2(descriptor, number)
        os.close(descriptor)
    text = {"encoding": sys.stdin.encoding, "errors": sys.stdin.errors, "closefd": False}
    sys.stdin = sys.__stdin__ = os.fdopen(0, **text)
    sys.stdout = sys.__stdout__ = os.fdopen(1, "w", **text)
    sys.stderr = sys.__stderr__ = os.fdopen(2, "w", 1, **(text | {"errors": "backslashreplace"}))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    if (size_bytes := order["file_max_bytes"]) is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, size_bytes))
    gc.enable()
    return list(order["arguments"])


def main() -> None:
    """Be the template; in its forks, be ``python -m overprint``."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever stops the tests with Ctrl-C ends what they talk to us on
    gc.disable()
    for name in LOADED:
        importlib.import_module(name)
    gc.freeze()  # pages that nobody looks through stay shared
    threads = list(Path("/proc/self/task").iterdir())
    assert len(threads) == 1, "a library starts threads as it is loaded, and a fork would be without them"
    arguments = _serve(socket.socket(fileno=0))
    if arguments is not None:
        sys.argv[1:] = arguments
        runpy.run_module("overprint", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
