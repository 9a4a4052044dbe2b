"""What a command's exit code says. Listed in the README."""

import os
import select
import sys
import tempfile
import traceback
from collections.abc import Callable, Coroutine
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import typer

from overprint.main.interrupts import EXIT_CODE, raising, say_stopped

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop

    from overprint.core.problems import Problem
    from overprint.core.tasks import TaskDied


class Exit(IntEnum):
    """0 all was made; 1 something could not be made; 2 the request cannot be used; 3 something needed is missing;
    4 a part of the process broke, so that it ended and has to be started again; 130 interrupted; 141 whoever read the
    output went away, as ``head`` does."""

    OK = 0
    INCOMPLETE = 1
    USAGE = 2
    UNAVAILABLE = 3
    BROKEN = 4
    INTERRUPTED = EXIT_CODE
    UNHEARD = 141


def run(work: Callable[[], Coroutine[Any, Any, int]], *, serves: bool = False) -> None:
    """Run an async command and leave with its exit code; problems are told in a sentence, not a traceback.

    ``serves``: on the loop that costs a server a third less.
    """
    import asyncio

    from overprint.core.problems import Conflict, Denied, Invalid, NotFound, Problem, Unavailable
    from overprint.core.tasks import TaskDied
    from overprint.ports.errors import ProviderError

    try:
        with raising():
            with asyncio.Runner(loop_factory=_server_loop() if serves else None) as runner:
                code = runner.run(work())
            sys.stdout.flush()
    except SystemExit:  # how rich ends a program whose output is closed
        code = Exit.UNHEARD
    except (Invalid, NotFound, Denied, Conflict) as problem:
        _say(problem)
        code = Exit.USAGE
    except (Problem, ProviderError) as problem:
        _say(problem)
        code = Exit.UNAVAILABLE
    except KeyboardInterrupt:
        say_stopped()
        code = Exit.INTERRUPTED
    except TaskDied as death:
        _say(Unavailable(f"{death} This process stopped, so that it is started again.", _reason(death)))
        code = Exit.BROKEN
    except Exception as error:
        code = Exit.UNHEARD if isinstance(error, BrokenPipeError) and _is_unheard() else Exit.UNAVAILABLE
        if code is not Exit.UNHEARD:
            _say(explained(error))
    _end_output()
    raise typer.Exit(code)


def _server_loop() -> Callable[[], "AbstractEventLoop"]:
    import uvloop

    return uvloop.new_event_loop


def run_programs(work: Callable[[], int]) -> None:
    """Run a command that starts other programs, and leave with its exit code."""
    try:
        with raising():
            code = work()
    except KeyboardInterrupt:
        say_stopped()
        code = Exit.INTERRUPTED
    raise typer.Exit(code)


def _is_unheard() -> bool:
    """Whether nobody reads our output any more."""
    outputs = select.poll()
    for descriptor in (1, 2):
        outputs.register(descriptor, 0)
    return any(event & select.POLLERR for _, event in outputs.poll(0))


def _end_output() -> None:
    """Write what is left. What cannot be written is dropped, or Python would complain of it when it ends."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
        return
    except OSError:
        pass
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(nowhere, descriptor)


def _reason(death: "TaskDied") -> str:
    return _write_down(death.__cause__) if isinstance(death.__cause__, Exception) else ""


def explained(error: Exception) -> "Problem":
    """What to tell of an error that is none of our own problems. What nobody foresaw is written down in full."""
    from overprint.core.problems import Problem, Unavailable
    from overprint.db.database import DatabaseAway, is_passing
    from overprint.ports.storage import BlobMissing

    if isinstance(error, Problem):
        return error
    if isinstance(error, BlobMissing):
        return Unavailable(
            f"A stored file is missing: {error}.", "Check the storage (`overprint doctor`), or restore a backup."
        )
    if isinstance(error, DatabaseAway) or (not isinstance(error, OSError) and is_passing(error)):
        return Unavailable("The database does not answer.", "Is it running? See `overprint doctor`.")
    what = type(error).__name__
    if isinstance(error, OSError) and error.strerror:
        what = f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    return Unavailable(f"Something unforeseen went wrong ({what}).", _write_down(error))


def _write_down(error: Exception) -> str:
    """Keep the traceback for whoever looks into it, readable by this user only. Answers where it is."""
    try:
        descriptor, path = tempfile.mkstemp(prefix="overprint-error-", suffix=".log")
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.writelines(traceback.format_exception(error))
    except OSError as refusal:
        return f"The details could not be written down ({refusal.strerror})."
    return f"Details: {path}"


def _say(problem: Exception) -> None:
    print(f"overprint: {problem}", file=sys.stderr)
