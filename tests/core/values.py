"""Generated values of the core's types, drawn from the types themselves and the bounds on their fields."""

import dataclasses
import types
from collections.abc import Mapping
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

TEXT_MAX_CHARACTERS = 12
ITEMS_MAX = 3
_TEXT = st.characters(exclude_categories=("Cs",), exclude_characters="\x00")  # what can be stored as text


def values_of(kind: Any, limits: Mapping[str, Any] = types.MappingProxyType({})) -> st.SearchStrategy[Any]:
    """Values of ``kind`` that keep ``limits`` (the metadata that ``codec.bounds`` makes)."""
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return st.one_of(*(st.none() if arg is type(None) else values_of(arg, limits) for arg in args))
    if origin is tuple:
        least = limits.get("min_length", 0)
        most = min(limits.get("max_length", ITEMS_MAX), least + ITEMS_MAX)
        return st.lists(values_of(args[0]), min_size=least, max_size=most).map(tuple)
    if origin in (dict, Mapping):
        return st.dictionaries(values_of(args[0]), values_of(args[1]), max_size=ITEMS_MAX)
    if dataclasses.is_dataclass(kind):
        hints = get_type_hints(kind)
        fields = {field.name: values_of(hints[field.name], field.metadata) for field in dataclasses.fields(kind)}
        return st.builds(kind, **fields)
    return _plain(kind, limits)


def _plain(kind: Any, limits: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    if issubclass(kind, Enum):
        return st.sampled_from(list(kind))
    if kind is str:
        least = limits.get("min_length", 0)
        return st.text(_TEXT, min_size=least, max_size=min(limits.get("max_length", 999), least + TEXT_MAX_CHARACTERS))
    if kind is bool:
        return st.booleans()
    if kind is float:
        return st.floats(limits.get("at_least", -1e9), limits.get("at_most", 1e9), allow_nan=False)
    if kind is int:
        return st.integers(limits.get("at_least", -(2**53)), limits.get("at_most", 2**53))
    raise TypeError(f"no values of {kind}")
