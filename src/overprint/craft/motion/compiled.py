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
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

_Function = TypeVar("_Function", bound=Callable[..., Any])
FILES = (
    "compiled.py",
    "drops.py",
    "forms.py",
    "laying.py",
    "seeing.py",
    "shedding.py",
    "sheets.py",
    "straight.py",
    "swath.py",
)
"""All that hold what is compiled, or what is compiled into it."""
_SOURCE = hashlib.sha256(b"".join(Path(__file__).with_name(name).read_bytes() for name in FILES)).hexdigest()
_KEEP, _DATA = 3, 1
_PREFETCH = "llvm.prefetch.p0i8"
_BYTE, _WHOLE = ir.IntType(8).as_pointer(), ir.IntType(32)
_KIND = ir.FunctionType(ir.VoidType(), [_BYTE, _WHOLE, _WHOLE, _WHOLE])


def compiled(function: _Function) -> _Function:
    """Compiled without the interpreter's lock, and without checks of indexes: callers stay within their arrays."""
    try:
        made: Any = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
        kept = made._cache._cache_file
        kept._source_stamp = (kept._source_stamp, _SOURCE)
        return cast(_Function, made)
    except RuntimeError:  # nowhere to keep it
        return cast(_Function, numba.njit(nogil=True, error_model="numpy")(function))


def _fetch(typing: Any, array: Any, index: Any) -> Any:
    """What numba asks for: the types, and what writes the instruction."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        place = builder.bitcast(builder.gep(data, [arguments[1]]), _BYTE)
        prefetch = builder.module.globals.get(_PREFETCH) or ir.Function(builder.module, _KIND, _PREFETCH)
        builder.call(prefetch, [place, _WHOLE(0), _WHOLE(_KEEP), _WHOLE(_DATA)])
        return context.get_dummy_value()

    return types.void(array, index), build


fetch: Any = intrinsic(_fetch)
"""``fetch(array, index)``, within what is compiled: asks memory for what lies there, which will be wanted soon, without
waiting for it. Any index will do."""
