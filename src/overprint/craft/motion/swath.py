"""A swath: 32 numbers of 16 bits that what is compiled handles as one, by few instructions of a processor.

A compiler finds such instructions in a loop by itself, but asks before every loop whether what is written there is also
read, and does what is left over one by one: for rows of a tile, which are short, that takes longer than the rows.
Sums are modulo 65536 and every processor answers the same bits. Indexes are not checked: callers stay within their
arrays, in which 32 numbers from an index on are read or written.
"""

import operator
from collections.abc import Callable, Mapping
from typing import Any

from llvmlite import ir
from numba import extending
from numba.core import types

from overprint.craft.motion.memory import place_of

SWATH = 32
Swath = Any
"""Can be added, subtracted and multiplied, shifted to the right and combined by ``&``, number by number."""

_WORD, _TWICE = ir.VectorType(ir.IntType(16), SWATH), ir.VectorType(ir.IntType(32), SWATH)
_WIDTHS = {types.uint8: ir.VectorType(ir.IntType(8), SWATH), types.uint16: _WORD}
_PART = "llvm.umul.fix.v32i16"
_LESS = "llvm.usub.sat.v32i16"
_SOME = "llvm.masked.store.v32i{}.p0"
_Swath = type("_Swath", (types.Type,), {})
_KIND = _Swath("Swath")
_OPERATORS: Mapping[Callable[[Any, Any], Any], str] = {
    operator.add: "add",
    operator.sub: "sub",
    operator.mul: "mul",
    operator.and_: "and_",
    operator.rshift: "lshr",
}
_numba: Any = extending  # it says no types


def _operated(function: Callable[[Any, Any], Any], instruction: str) -> None:
    def typed(context: Any) -> Any:
        return lambda one, other: _KIND if one == _KIND and other == _KIND else None

    def built(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return getattr(builder, instruction)(*arguments)

    _numba.type_callable(function)(typed)
    _numba.lower_builtin(function, _Swath, _Swath)(built)


_numba.register_model(_Swath)(lambda manager, kind: _numba.models.PrimitiveModel(manager, kind, _WORD))
for _function, _instruction in _OPERATORS.items():
    _operated(_function, _instruction)


def _constant(numbers: range) -> Any:
    return ir.Constant(_WORD, list(numbers))


def _place(context: Any, builder: Any, kind: Any, array: Any, index: Any) -> Any:
    return builder.bitcast(place_of(context, builder, kind, array, index), _WIDTHS[kind.dtype].as_pointer())


def _spread(builder: Any, number: Any) -> Any:
    short = builder.trunc(number, ir.IntType(16)) if number.type.width > 16 else number
    one = builder.insert_element(ir.Constant(_WORD, ir.Undefined), short, ir.IntType(32)(0))
    return builder.shuffle_vector(one, one, ir.Constant(ir.VectorType(ir.IntType(32), SWATH), [0] * SWATH))


def _is_first(builder: Any, count: Any) -> Any:
    return builder.icmp_unsigned("<", _constant(range(SWATH)), _spread(builder, count))


def _read(typing: Any, array: Any, index: Any) -> Any:
    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        found = builder.load(_place(context, builder, signature.args[0], *arguments), align=1)
        return found if found.type == _WORD else builder.zext(found, _WORD)

    return _KIND(array, index), build


def _read_twice(typing: Any, array: Any, index: Any) -> Any:
    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        half = ir.VectorType(_WIDTHS[signature.args[0].dtype].element, SWATH // 2).as_pointer()
        place = builder.bitcast(_place(context, builder, signature.args[0], *arguments), half)
        found = builder.load(place, align=1)
        twice = builder.shuffle_vector(found, found, ir.Constant(_TWICE, [n // 2 for n in range(SWATH)]))
        return twice if twice.type == _WORD else builder.zext(twice, _WORD)

    return _KIND(array, index), build


def _write(typing: Any, array: Any, index: Any, swath: Any) -> Any:
    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = signature.args[0]
        kept = arguments[2] if kind.dtype == types.uint16 else builder.trunc(arguments[2], _WIDTHS[kind.dtype])
        builder.store(kept, _place(context, builder, kind, *arguments[:2]), align=1)
        return context.get_dummy_value()

    return types.void(array, index, swath), build


def _write_first(typing: Any, array: Any, index: Any, swath: Any, count: Any) -> Any:
    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind, width = signature.args[0], _WIDTHS[signature.args[0].dtype]
        place = _place(context, builder, kind, *arguments[:2])
        kept = arguments[2] if width == _WORD else builder.trunc(arguments[2], width)
        which = _is_first(builder, arguments[3])
        shape = ir.FunctionType(ir.VoidType(), [width, place.type, ir.IntType(32), which.type])
        name = _SOME.format(width.element.width)
        known = builder.module.globals.get(name) or ir.Function(builder.module, shape, name)
        builder.call(known, [kept, place, ir.IntType(32)(1), which])
        return context.get_dummy_value()

    return types.void(array, index, swath, count), build


def _same(typing: Any, number: Any) -> Any:
    return _KIND(number), lambda context, builder, signature, arguments: _spread(builder, arguments[0])


def _ramp(typing: Any) -> Any:
    return _KIND(), lambda context, builder, signature, arguments: _constant(range(SWATH))


def _first(typing: Any, count: Any) -> Any:
    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.sext(_is_first(builder, arguments[0]), _WORD)

    return _KIND(count), build


def _part(typing: Any, swath: Any, shares: Any) -> Any:
    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = ir.FunctionType(_WORD, [_WORD, _WORD, ir.IntType(32)])
        known = builder.module.globals.get(_PART) or ir.Function(builder.module, kind, _PART)
        return builder.call(known, [*arguments, ir.IntType(32)(16)])

    return _KIND(swath, shares), build


def _less(typing: Any, swath: Any, other: Any) -> Any:
    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = ir.FunctionType(_WORD, [_WORD, _WORD])
        known = builder.module.globals.get(_LESS) or ir.Function(builder.module, kind, _LESS)
        return builder.call(known, arguments)

    return _KIND(swath, other), build


def _exceeds(typing: Any, swath: Any, least: Any) -> Any:
    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        which = builder.icmp_unsigned(">", arguments[0], _spread(builder, arguments[1]))
        return builder.icmp_unsigned("!=", builder.bitcast(which, ir.IntType(SWATH)), ir.IntType(SWATH)(0))

    return types.boolean(swath, least), build


read: Any = _numba.intrinsic(_read)
"""``read(array, index)``: 32 numbers of memory, or of an array, of bytes or of numbers of 16 bits."""
read_twice: Any = _numba.intrinsic(_read_twice)
"""``read_twice(array, index)``: 16 numbers of either kind, each twice."""
write: Any = _numba.intrinsic(_write)
"""``write(array, index, swath)``: into either kind; of what goes into bytes the lower half is kept."""
write_first: Any = _numba.intrinsic(_write_first)
"""``write_first(array, index, swath, count)``: so many of them."""
same: Any = _numba.intrinsic(_same)
"""``same(number)``: the lower 16 bits of one number, 32 times."""
ramp: Any = _numba.intrinsic(_ramp)
"""``ramp()``: 0 to 31."""
first: Any = _numba.intrinsic(_first)
"""``first(count)``: 65535 so many times, then 0."""
part: Any = _numba.intrinsic(_part)
"""``part(swath, shares)``: so many 65536ths of each."""
less: Any = _numba.intrinsic(_less)
"""``less(swath, other)``: what is left of each when the other's is taken away; nothing where that is more."""
exceeds: Any = _numba.intrinsic(_exceeds)
"""``exceeds(swath, number)``: whether any of them is more than that."""
