"""Functions that numba compiles when they are first called.

The result is kept beside the source, or in the person's cache folder: compiling takes some seconds, and only once on a
machine. Nothing is allowed to reorder sums, so every processor answers the same bits.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

_Function = TypeVar("_Function", bound=Callable[..., Any])


def compiled(function: _Function) -> _Function:
    """Compiled without the interpreter's lock, and without checks of indexes: callers stay within their arrays."""
    try:
        return cast(_Function, numba.njit(cache=True, nogil=True, error_model="numpy")(function))
    except RuntimeError:  # nowhere to keep it
        return cast(_Function, numba.njit(nogil=True, error_model="numpy")(function))
