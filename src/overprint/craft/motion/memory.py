"""Numbers in memory as what is compiled sees them: where the first lies, and nothing else.

numba counts who holds an array, by a call for each function that is given one, before which every swath is put away
and after which it is fetched again: on a row of a tile that takes longer than the row. Nobody counts these. Whoever
makes one keeps its array until nobody uses it any more, and callers stay within it.
"""

from typing import Any

from llvmlite import ir
from numba import extending
from numba.core import errors, types

Memory = Any
"""Read and written by index, as an array of one dimension is, but only from 0 on."""

_KEEP, _DATA = 3, 1
_PREFETCH = "llvm.prefetch.p0i8"
_BYTE, _WHOLE = ir.IntType(8).as_pointer(), ir.IntType(32)
_KIND = ir.FunctionType(ir.VoidType(), [_BYTE, _WHOLE, _WHOLE, _WHOLE])
_numba: Any = extending  # it says no types
_kinds: Any = types


def place_of(context: Any, builder: Any, kind: Any, held: Any, index: Any) -> Any:
    """For intrinsics: where number ``index`` of an array or of memory lies."""
    data = context.make_array(kind)(context, builder, held).data if isinstance(kind, types.Array) else held
    return builder.gep(data, [index])


def _memory(typing: Any, array: Any) -> Any:
    """What numba asks for: the types, and what writes the instruction."""
    if array.layout != "C":
        raise errors.TypingError("Rows of this array do not follow one another in memory.")

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return context.make_array(signature.args[0])(context, builder, arguments[0]).data

    return _kinds.CPointer(array.dtype)(array), build


def _beyond(typing: Any, held: Any, count: Any) -> Any:
    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return place_of(context, builder, signature.args[0], *arguments)

    return held(held, count), build


def _fetch(typing: Any, held: Any, index: Any) -> Any:
    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place = builder.bitcast(place_of(context, builder, signature.args[0], *arguments), _BYTE)
        prefetch = builder.module.globals.get(_PREFETCH) or ir.Function(builder.module, _KIND, _PREFETCH)
        builder.call(prefetch, [place, _WHOLE(0), _WHOLE(_KEEP), _WHOLE(_DATA)])
        return context.get_dummy_value()

    return types.void(held, index), build


memory: Any = _numba.intrinsic(_memory)
"""``memory(array)``: its numbers, row after row; an array whose rows do not lie so is refused when it is compiled."""
beyond: Any = _numba.intrinsic(_beyond)
"""``beyond(memory, count)``: the same from number ``count`` on, such as one of its rows."""
fetch: Any = _numba.intrinsic(_fetch)
"""``fetch(memory, index)``: asks memory for what lies there, which will be wanted soon, without waiting for it. Any
index will do."""
