"""Overprint's command as tests run it: a process of its own, whose surroundings are the test's alone.

It is a fork of a process that has loaded Overprint (``tests.support.template``, which says what that cannot show), or
begins afresh.
"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.support.template import Command, template

_HOME = Path(__file__).parents[2]
TIMEOUT_SECONDS = 120.0
PREMISE = "A shy fox wants to fly a lantern boat to the moon"
SMALL_BOOK = ("--pages", "6", "--chapters", "2", "--dpi", "72")


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-P", "-m", "overprint", *arguments]


def environment(**variables: str) -> dict[str, str]:
    """What the process sees; none of this machine's settings reach it.

    One child draws and sets, in place of two: each loads for most of a second, and other tests need the other core.
    """
    return {
        "OVERPRINT_WORKER_CPU": "1",
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/"),
        "PYTHONPATH": str(_HOME / "src"),
        **variables,
    }


def run(
    *arguments: str,
    variables: Mapping[str, str] | None = None,
    stdin: int | None = None,
    stdout: int | None = None,
    file_max_bytes: int | None = None,
) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end. ``file_max_bytes``: it finds every disk full behind so many bytes of a file."""
    process = start(*arguments, variables=variables, stdin=stdin, stdout=stdout, file_max_bytes=file_max_bytes)
    written, complained = process.communicate(TIMEOUT_SECONDS)
    return subprocess.CompletedProcess(list(arguments), process.wait(), written, complained)


def run_afresh(*arguments: str, variables: Mapping[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end in a process that loads all it needs itself."""
    return subprocess.run(
        command(*arguments),
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        env=environment(**(variables or {})),
        check=False,
    )


def start(
    *arguments: str,
    variables: Mapping[str, str] | None = None,
    stdin: int | None = None,
    stdout: int | None = None,
    stderr: int | None = None,
    file_max_bytes: int | None = None,
) -> Command:
    """Start a command whose output is read while it runs. It reads nothing, and writes to pipes, unless descriptors
    are given."""
    seen = environment(**(variables or {}))
    with Path(os.devnull).open("rb") as nothing:
        return template(environment()).start(
            arguments,
            seen,
            stdin=nothing.fileno() if stdin is None else stdin,
            stdout=stdout,
            stderr=stderr,
            file_max_bytes=file_max_bytes,
        )


def make_book(out: Path, data: Path, *more: str) -> "subprocess.CompletedProcess[str]":
    """Make a small book; that has to succeed."""
    made = run("make", "book", PREMISE, *SMALL_BOOK, *more, "--out", str(out), "--data", str(data))
    assert made.returncode == 0, made.stderr
    return made


def the_ebook(out: Path) -> Path:
    """The reflowable e-book in a folder that ``make book`` wrote."""
    (found,) = (path for path in out.glob("*.epub") if not path.stem.endswith(("-fixed-pages", "-read-aloud")))
    return found


def told(output: str) -> list[dict[str, Any]]:
    """What ``--json`` said."""
    return [json.loads(line) for line in output.splitlines()]


def listen(process: Command) -> Iterator[dict[str, Any]]:
    """What ``--json`` says, while it says it."""
    assert process.stdout is not None
    for line in process.stdout:
        yield json.loads(line)


def files_in(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, hidden ones included."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def unsigned(out: Path) -> dict[str, str]:
    """The hash of every file that ``make book`` wrote to a folder, as it was before it was signed.

    What is signed twice has two signatures; what was signed is the same.
    """
    files = json.loads((out / "recipe.json").read_text())["files"]
    return {name: file["unsigned_sha256"] for name, file in files.items()}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetch(url: str, sent: dict[str, Any] | None = None) -> Any:
    """The JSON that a server answers; ``sent`` makes it a POST. Raises OSError when it does not answer well."""
    data = None if sent is None else json.dumps(sent).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.loads(answer.read())


def until(happened: Callable[[], bool], what: str, *, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
    """Wait for something; an OSError, as of a server that is away, means not yet."""
    deadline = time.monotonic() + timeout_seconds
    while time.monotonic() < deadline:
        try:
            if happened():
                return
        except OSError:
            pass
        time.sleep(0.05)
    raise AssertionError(f"It did not happen in {timeout_seconds:g} s: {what}")
