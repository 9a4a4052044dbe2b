"""Frozen dataclasses to JSON and back, and the JSON Schema that describes them.

One mapping for step inputs, step outputs, published schemas and what a model must answer:
dataclasses become objects, tuples arrays, enums and dates strings, ``None`` null. Decoding is
strict: an unknown key, a missing field or a wrong type raises ``Invalid`` naming the place.
A field may carry bounds in its metadata, made by :func:`bounds`.
"""

import dataclasses
import hashlib
import json
import math
import re
import types
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from overprint.core.problems import Invalid

T = TypeVar("T")
Json: TypeAlias = Any  # str, int, float, bool, None, list of Json or dict of Json

_PLAIN: dict[type, str] = {str: "string", int: "integer", float: "number", bool: "boolean"}
_SPOKEN: dict[type, str] = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}
_TEXT_FORMATS: dict[type, str] = {UUID: "uuid", datetime: "date-time", date: "date"}
# Most of what is encoded and decoded is one of these, so they are looked for first.
_AS_THEY_ARE = frozenset((*_PLAIN, type(None)))
_SCALARS = frozenset((*_PLAIN, *_TEXT_FORMATS))

# JSON can write these, but no UTF-8 text holds half a surrogate pair, and no text in PostgreSQL a NUL.
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")


def bounds(
    *,
    min_length: int | None = None,
    max_length: int | None = None,
    at_least: float | None = None,
    at_most: float | None = None,
    about: str = "",
) -> dict[str, Any]:
    """Metadata for ``dataclasses.field``: lengths of text or arrays, limits of numbers, a description."""
    given = {
        "min_length": min_length,
        "max_length": max_length,
        "at_least": at_least,
        "at_most": at_most,
        "about": about or None,
    }
    return {key: value for key, value in given.items() if value is not None}


def encode(value: Any) -> Json:
    """``value`` as plain JSON types."""
    if type(value) in _AS_THEY_ARE:
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: encode(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(encode(key)): encode(item) for key, item in value.items()}
    if isinstance(value, (tuple, list, frozenset)):
        return [encode(item) for item in (sorted(value) if isinstance(value, frozenset) else value)]
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (str, int, float)):
        return value
    raise TypeError(f"{type(value).__name__} has no JSON form")


def canonical(value: Any) -> bytes:
    """The one byte string of a JSON value: sorted keys, no spaces, UTF-8. What gets hashed."""
    return json.dumps(
        encode(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def digest(value: Any) -> str:
    """SHA-256 of the canonical form, in hex."""
    return hashlib.sha256(canonical(value)).hexdigest()


def decode(kind: type[T], data: Json, at: str = "$") -> T:
    """``data`` as ``kind``. Raises ``Invalid`` with the JSON path of the first thing that does not fit."""
    decoded: T = _decode(kind, data, at)
    return decoded


def _wrong(at: str, expected: str, data: Json) -> Invalid:
    shown = json.dumps(data, ensure_ascii=False, default=str)
    return Invalid(f"{at or 'This'} should be {expected}, not {shown[:80]}.", field=at)


def _decode(kind: Any, data: Json, at: str) -> Any:
    if isinstance(kind, type) and kind in _SCALARS:
        return _decode_scalar(kind, data, at)
    origin = get_origin(kind)
    if kind is Any:
        return data
    if origin in (Union, types.UnionType):
        return _decode_union(kind, data, at)
    if origin in (tuple, list, frozenset):
        return _decode_array(origin, get_args(kind), data, at)
    if origin in (dict, Mapping) or kind is dict:
        return _decode_mapping(kind, data, at)
    if dataclasses.is_dataclass(kind):
        return _decode_object(kind, data, at)
    return _decode_scalar(kind, data, at)


def _decode_union(kind: Any, data: Json, at: str) -> Any:
    options = get_args(kind)
    if data is None and type(None) in options:
        return None
    rest = [option for option in options if option is not type(None)]
    first: Invalid | None = None
    for option in rest:
        try:
            return _decode(option, data, at)
        except Invalid as problem:
            first = first or problem
    raise first or _wrong(at, "null", data)


def _decode_array(origin: Any, args: tuple[Any, ...], data: Json, at: str) -> Any:
    if not isinstance(data, (list, tuple)):
        raise _wrong(at, "a list", data)
    if origin is tuple and Ellipsis not in args:
        if len(data) != len(args):
            raise _wrong(at, f"a list of {len(args)}", data)
        return tuple(_decode(arg, item, f"{at}[{n}]") for n, (arg, item) in enumerate(zip(args, data, strict=True)))
    return origin(_decode(args[0], item, f"{at}[{n}]") for n, item in enumerate(data))


def _decode_mapping(kind: Any, data: Json, at: str) -> Any:
    if not isinstance(data, Mapping):
        raise _wrong(at, "an object", data)
    key_kind, item_kind = get_args(kind) or (str, Any)
    return {_decode(key_kind, key, at): _decode(item_kind, item, f"{at}.{key}") for key, item in data.items()}


def _decode_object(kind: Any, data: Json, at: str) -> Any:
    if isinstance(data, kind):
        return data
    if not isinstance(data, Mapping):
        raise _wrong(at, "an object", data)
    hints = _hints(kind)
    unknown = sorted(set(data) - set(hints))
    if unknown:
        name = unknown[0][:80]
        raise Invalid(f"{at or 'This'} has no field called {name!r}.", field=f"{at}.{name}" if at else name)
    values: dict[str, Any] = {}
    for field in dataclasses.fields(kind):
        place = f"{at}.{field.name}" if at else field.name
        if field.name in data:
            values[field.name] = _bounded(_decode(hints[field.name], data[field.name], place), field.metadata, place)
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise Invalid(f"{place} is missing.", field=place)
    return kind(**values)


def _bounded(value: Any, limits: Mapping[str, Any], at: str) -> Any:
    if isinstance(value, (str, tuple, list)) and limits:
        unit = "characters" if isinstance(value, str) else "items"
        if len(value) < limits.get("min_length", 0):
            raise Invalid(f"{at} needs at least {limits['min_length']} {unit}.", field=at)
        if len(value) > limits.get("max_length", len(value)):
            raise Invalid(f"{at} may have at most {limits['max_length']} {unit}; this has {len(value)}.", field=at)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if value < limits.get("at_least", value):
            raise Invalid(f"{at} must be at least {limits['at_least']}.", field=at)
        if value > limits.get("at_most", value):
            raise Invalid(f"{at} must be at most {limits['at_most']}.", field=at)
    return value


def _decode_scalar(kind: Any, data: Json, at: str) -> Any:
    if isinstance(kind, type) and issubclass(kind, Enum):
        try:
            return kind(data)
        except ValueError:
            raise _wrong(at, "one of " + ", ".join(str(member.value) for member in kind), data) from None
    if kind is float and isinstance(data, (int, float)) and not isinstance(data, bool):
        return _finite(data, at)
    if kind in _PLAIN:
        if not isinstance(data, kind) or (isinstance(data, bool) and kind is not bool):
            raise _wrong(at, _SPOKEN[kind], data)
        if isinstance(data, str) and _NO_TEXT.search(data):
            raise Invalid(f"{at} holds a character that cannot be stored.", "Leave it out.", field=at)
        return data
    if kind in _TEXT_FORMATS:
        if isinstance(data, kind):
            return data
        try:
            return UUID(data) if kind is UUID else kind.fromisoformat(data)
        except (TypeError, ValueError, AttributeError):
            raise _wrong(at, f"a {_TEXT_FORMATS[kind]}", data) from None
    raise TypeError(f"{kind} cannot be decoded")


def _finite(data: int | float, at: str) -> float:
    """JSON has no infinities and no NaN, though many readers of JSON let them in."""
    try:
        number = float(data)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise _wrong(at, "a finite number", data)
    return number


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def schema_of(kind: Any) -> dict[str, Any]:
    """JSON Schema (2020-12) of ``kind``; named types are under ``$defs``."""
    definitions: dict[str, Any] = {}
    root = _schema(kind, definitions)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **root, "$defs": definitions}


def _schema(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    origin, args = get_origin(kind), get_args(kind)
    if kind is Any:
        return {}
    if kind is type(None):
        return {"type": "null"}
    if origin in (Union, types.UnionType):
        return {"anyOf": [_schema(arg, definitions) for arg in args]}
    if origin is tuple and Ellipsis not in args:
        return {
            "type": "array",
            "prefixItems": [_schema(arg, definitions) for arg in args],
            "minItems": len(args),
            "maxItems": len(args),
        }
    if origin in (tuple, list, frozenset):
        return {"type": "array", "items": _schema(args[0], definitions)}
    if origin in (dict, Mapping):
        return {"type": "object", "additionalProperties": _schema(args[1], definitions)}
    if kind in _PLAIN:
        return {"type": _PLAIN[kind]}
    if kind in _TEXT_FORMATS:
        return {"type": "string", "format": _TEXT_FORMATS[kind]}
    return _named_schema(kind, definitions)


def _named_schema(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    name = kind.__name__
    if name not in definitions:
        definitions[name] = {}
        if issubclass(kind, Enum):
            definitions[name] = {"type": "string", "enum": [member.value for member in kind]}
        else:
            definitions[name] = _object_schema(kind, definitions)
    return {"$ref": f"#/$defs/{name}"}


_KEYWORDS = {
    "string": {"min_length": "minLength", "max_length": "maxLength"},
    "array": {"min_length": "minItems", "max_length": "maxItems"},
    "number": {"at_least": "minimum", "at_most": "maximum"},
    "integer": {"at_least": "minimum", "at_most": "maximum"},
}


def _object_schema(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    hints = _hints(kind)
    properties: dict[str, Any] = {}
    required: list[str] = []
    for field in dataclasses.fields(kind):
        described = _schema(hints[field.name], definitions)
        for limit, keyword in _KEYWORDS.get(described.get("type", ""), {}).items():
            if limit in field.metadata:
                described[keyword] = field.metadata[limit]
        if "about" in field.metadata:
            described["description"] = field.metadata["about"]
        properties[field.name] = described
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            required.append(field.name)
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
