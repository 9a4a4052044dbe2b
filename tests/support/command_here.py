"""Overprint's command run in the tests' own process, which has its parts loaded already.

For sentences, refusals and exit codes. Whatever a process of its own takes part in (signals, pipes, terminals, limits,
two commands at once) is shown with ``tests.support.command_line.run``, and so is every command once.
"""

import io
import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from subprocess import CompletedProcess

import structlog

from overprint.main.cli import app
from tests.support.command_line import environment


def run_here(
    *arguments: str, variables: Mapping[str, str] | None = None, piped: bytes = b""
) -> "CompletedProcess[str]":
    """Run a command to its end, in surroundings like those of ``run``. ``piped`` is its standard input."""
    said, complained = _stream(), _stream()
    with _surroundings(environment(**(variables or {})), piped), redirect_stdout(said), redirect_stderr(complained):
        code = _ended(arguments)
    return CompletedProcess(list(arguments), code, _written(said), _written(complained))


def _ended(arguments: tuple[str, ...]) -> int:
    """The exit code."""
    try:
        app(list(arguments), prog_name="overprint")
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def _stream(content: bytes = b"") -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(content), encoding="utf-8")


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode()


@contextmanager
def _surroundings(variables: Mapping[str, str], piped: bytes) -> Iterator[None]:
    """The command's environment, standard input and logs; afterwards all is as it was."""
    root, configured = logging.getLogger(), structlog.get_config()
    handlers, level, stdin, before = root.handlers[:], root.level, sys.stdin, dict(os.environ)
    sys.stdin = _stream(piped)
    _change_environment(variables)
    try:
        yield
    finally:
        _change_environment(before)
        sys.stdin = stdin
        root.handlers[:], root.level = handlers, level
        structlog.configure(**configured)


def _change_environment(variables: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(variables)
