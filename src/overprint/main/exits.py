"""What a command's exit code says. Listed in the README."""

import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Coroutine
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from overprint.core.problems import Problem


class Exit(IntEnum):
    """0 all was made; 1 something could not be made; 2 the request cannot be used; 3 something needed is missing."""

    OK = 0
    INCOMPLETE = 1
    USAGE = 2
    UNAVAILABLE = 3
    INTERRUPTED = 130


def run(work: Callable[[], Coroutine[Any, Any, int]]) -> None:
    """Run an async command and leave with its exit code; problems are told in a sentence, not a traceback."""
    import asyncio

    from overprint.core.problems import Conflict, Denied, Invalid, LimitReached, NotFound, Problem
    from overprint.ports.errors import ProviderError

    try:
        code = asyncio.run(work())
    except (Invalid, NotFound, Denied, LimitReached, Conflict) as problem:
        _say(problem)
        code = Exit.USAGE
    except (Problem, ProviderError) as problem:
        _say(problem)
        code = Exit.UNAVAILABLE
    except KeyboardInterrupt:
        code = Exit.INTERRUPTED
    except Exception as error:
        _say(explained(error))
        code = Exit.UNAVAILABLE
    raise typer.Exit(code)


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
    return Unavailable(f"Something unforeseen went wrong ({type(error).__name__}).", _write_down(error))


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
