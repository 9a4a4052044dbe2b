"""A model's text as the asked dataclass, or ``Invalid`` saying what is wrong with it."""

import json
from typing import TypeVar

from overprint.adapters.text.schemas import folded
from overprint.core.codec import Json, decode
from overprint.core.problems import Invalid

T = TypeVar("T")

_STARTS_TRIED_MAX = 20
_THINKING_END = "</think>"


def fitted(kind: type[T], text: str) -> T:
    """``text`` decoded. Models that were only asked nicely talk around their JSON; that is passed over."""
    return decode(kind, folded(kind, _storable(_json_in(text))))


def _json_in(text: str) -> Json:
    """The first JSON object in ``text``, after any thinking aloud."""
    spoken = text.rpartition(_THINKING_END)[2]
    reader = json.JSONDecoder(parse_constant=_refuse_constant)
    start = -1
    for _ in range(_STARTS_TRIED_MAX):
        start = spoken.find("{", start + 1)
        if start < 0:
            break
        try:
            return reader.raw_decode(spoken, start)[0]
        except (ValueError, RecursionError):
            continue
    raise Invalid("The answer is not JSON.")


def _refuse_constant(name: str) -> Json:
    raise ValueError(f"{name} is no JSON number")


def _storable(data: Json) -> Json:
    """``data`` itself, if a database can hold it: no NUL and no half of a surrogate pair."""
    try:
        plain = json.dumps(data, ensure_ascii=False)
        plain.encode()
    except (UnicodeEncodeError, RecursionError):
        raise Invalid("The answer has letters that are no letters.") from None
    if "\\u0000" in plain:
        raise Invalid("The answer has NUL characters.")
    return data
