"""Functions that numba compiles when they are first called.

The result is kept beside the source, or in the person's cache folder: compiling takes some seconds, and only once on a
machine. It is made anew when one of the files changes that hold what is compiled: numba by itself looks at that of a
function, not at those of what it calls. Nothing is allowed to reorder sums, so every processor answers the same bits.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

_Function = TypeVar("_Function", bound=Callable[..., Any])
FILES = (
    "compiled.py",
    "drops.py",
    "forms.py",
    "laying.py",
    "memory.py",
    "rows.py",
    "seeing.py",
    "shedding.py",
    "sheets.py",
    "swath.py",
)
"""All that hold what is compiled, or what is compiled into it."""
_SOURCE = hashlib.sha256(b"".join(Path(__file__).with_name(name).read_bytes() for name in FILES)).hexdigest()


def compiled(function: _Function) -> _Function:
    """Compiled without the interpreter's lock, and without checks of indexes: callers stay within their arrays."""
    return _made(function, is_written_in=False)


def written_in(function: _Function) -> _Function:
    """The same, but as if it stood wherever it is called: for a few instructions on a row, a call takes longer."""
    return _made(function, is_written_in=True)


def _made(function: _Function, is_written_in: bool) -> _Function:
    options: Any = {"nogil": True, "error_model": "numpy", "forceinline": is_written_in}
    try:
        made: Any = numba.njit(cache=True, **options)(function)
        kept = made._cache._cache_file
        kept._source_stamp = (kept._source_stamp, _SOURCE)
        return cast(_Function, made)
    except RuntimeError:  # nowhere to keep it
        return cast(_Function, numba.njit(**options)(function))
