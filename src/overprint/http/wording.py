"""What does not validate, in plain words: which part of the request it is, what is wrong with it, what to do."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from overprint.core.words import counted

NAME_MAX_CHARACTERS = 120
_DESCRIBED = "/api/openapi.json says what every field has to be."
_LISTS = {"book_id": "books", "job_id": "jobs", "asset_id": "assets", "project_id": "projects"}
_SOURCES = frozenset({"body", "query", "path", "header", "cookie"})
_QUOTED = re.compile(r"'([^']*)'")


class Wording(NamedTuple):
    """``field`` is the place in the request, as ``query.limit`` or ``pages.0``; empty for the body as a whole."""

    message: str
    next_step: str
    field: str = ""


def in_words(error: Mapping[str, Any]) -> Wording:
    """One finding of the validation."""
    kind, place = str(error["type"]), [str(part) for part in error["loc"]]
    if kind == "json_invalid":
        return Wording("The body is not sound JSON.", f"Look at it near character {place[-1]} and send it again.")
    field = ".".join(place[1:] if place[:1] == ["body"] else place)[:NAME_MAX_CHARACTERS]
    name = ".".join(place[1:] if place[:1] and place[0] in _SOURCES else place)[:NAME_MAX_CHARACTERS]
    if not name:
        return Wording("The body of the request is not as it has to be.", f"Send a JSON object. {_DESCRIBED}")
    if kind.startswith("uuid"):
        return Wording(f"{name} is not an id.", _where_ids_are(place[-1]), field)
    said = _SAYINGS.get(kind, _UNUSABLE)(error.get("ctx") or {}, error.get("input"))
    return Wording(f"{name} {said.message}", said.next_step, field)


def _where_ids_are(name: str) -> str:
    known = _LISTS.get(name)
    return f"GET /api/{known} lists the ids that there are." if known else "Use an id that an earlier answer gave."


_Saying = Callable[[Mapping[str, Any], object], Wording]


def _plain(message: str, next_step: str) -> _Saying:
    return lambda context, given: Wording(message, next_step)


def _limit(message: str, limit: str, next_step: str = "Choose a number within the bounds.") -> _Saying:
    return lambda context, given: Wording(message.format(context.get(limit)), next_step)


def _too_short(context: Mapping[str, Any], given: object) -> Wording:
    least = counted(context.get("min_length"), "character")
    if given == "":
        return Wording("is empty.", f"Write at least {least} and send it again.")
    return Wording(f"is too short: it needs at least {least}.", "Write more and send it again.")


def _too_long(context: Mapping[str, Any], given: object) -> Wording:
    return Wording(f"is too long: at most {counted(context.get('max_length'), 'character')}.", "Shorten it.")


def _choice(context: Mapping[str, Any], given: object) -> Wording:
    choices = _QUOTED.findall(str(context.get("expected", "")))
    return Wording(f"must be one of {', '.join(choices)}.", "Choose one of these.")


_UNUSABLE = _plain("cannot be used as it is.", _DESCRIBED)
_WHOLE = _plain("must be a whole number.", "Send digits only.")
_TEXT = _plain("must be text.", _DESCRIBED)
_OBJECT = _plain("must be a JSON object.", _DESCRIBED)
_NUMBER = _plain("must be a number.", _DESCRIBED)
_TRUTH = _plain("must be true or false.", "Send one of these.")

_SAYINGS: dict[str, _Saying] = {
    "missing": _plain("is missing.", "Add it and send the request again."),
    "extra_forbidden": _plain("is not a field of this request.", f"Leave it out. {_DESCRIBED}"),
    "string_too_short": _too_short,
    "string_too_long": _too_long,
    "string_pattern_mismatch": _plain("has characters that cannot stand there.", _DESCRIBED),
    "string_type": _TEXT,
    "string_unicode": _plain("holds a character that cannot be stored.", "Leave it out."),
    "enum": _choice,
    "literal_error": _choice,
    "int_parsing": _WHOLE,
    "int_type": _WHOLE,
    "int_from_float": _WHOLE,
    "int_parsing_size": _plain("is too large a number.", "Send a smaller one."),
    "float_parsing": _NUMBER,
    "float_type": _NUMBER,
    "finite_number": _NUMBER,
    "bool_parsing": _TRUTH,
    "bool_type": _TRUTH,
    "greater_than": _limit("must be more than {}.", "gt"),
    "greater_than_equal": _limit("must be at least {}.", "ge"),
    "less_than": _limit("must be less than {}.", "lt"),
    "less_than_equal": _limit("must be at most {}.", "le"),
    "list_type": _plain("must be a list.", _DESCRIBED),
    "too_short": _limit("has too few entries: at least {}.", "min_length", "Add some and send it again."),
    "too_long": _limit("has too many entries: at most {}.", "max_length", "Send fewer."),
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "value_error": _UNUSABLE,
}


def http_words(status: int, method: str, methods: Sequence[str]) -> Wording:
    """What to say where no route answered, or none could."""
    if status == 404:
        return Wording("There is nothing at this address.", "Check it against /api/openapi.json.")
    if status == 405:
        return Wording(f"This address does not take {method[:20]}.", f"It takes {', '.join(methods)}.")
    if status == 400:
        message = "The body of the request cannot be read, or it is a form with more in it than is taken here."
        return Wording(message, "Send it in the form that its Content-Type says, with the fields that are asked for.")
    return Wording("This request cannot be answered.", "Check it against /api/openapi.json.")


def N_(sentence: str) -> str:
    """Marks a sentence that a page says in its reader's language once it is chosen among others."""
    return sentence
