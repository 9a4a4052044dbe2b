"""What a command's exit code says. Listed in the README."""

import sys
from collections.abc import Callable, Coroutine
from enum import IntEnum
from typing import Any

import typer


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
    raise typer.Exit(code)


def _say(problem: Exception) -> None:
    print(f"overprint: {problem}", file=sys.stderr)
