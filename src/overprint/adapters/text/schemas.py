"""JSON Schemas as models want them, and their answers back in the form that ``core.codec`` reads.

Strict structured output (OpenAI and those who imitate it) knows only objects whose every field is named and
required. So an object with free keys becomes a list of ``{"key": …, "value": …}``, and is folded back afterwards.
"""

from collections.abc import Mapping
from typing import Any

from overprint.core.codec import Json, schema_of
from overprint.core.problems import Invalid

_DEPTH_MAX = 40
# What every strict mode takes, and what only OpenAI's takes. The rest is told in the description instead.
_KEPT = frozenset({"type", "enum", "format"})
_BOUNDS = {"minItems": "at least {} items", "maxItems": "at most {} items", "minimum": "from {}", "maximum": "up to {}"}
_LENGTHS = {"minLength": "at least {} characters", "maxLength": "at most {} characters"}


def plain_schema(kind: type) -> dict[str, Any]:
    """The schema of ``kind`` with the object itself at the root, as tool inputs want it."""
    schema = schema_of(kind)
    definitions = dict(schema["$defs"])
    root = _resolved(schema, definitions)
    return {**root, "$defs": {name: definitions[name] for name in sorted(definitions)}}


def strict_schema(kind: type, *, knows_bounds: bool = True) -> dict[str, Any]:
    """The schema of ``kind`` for strict structured output: OpenAI's, which ``knows_bounds``, or Claude's."""
    schema = plain_schema(kind)
    definitions = {name: _strict(definition, knows_bounds) for name, definition in schema["$defs"].items()}
    return {**_strict(schema, knows_bounds), "$defs": definitions}


def _strict(node: Mapping[str, Any], knows_bounds: bool) -> dict[str, Any]:
    if "$ref" in node:
        return {"$ref": node["$ref"]}  # nothing may stand beside a reference
    known = _KEPT | set(_BOUNDS) if knows_bounds else _KEPT
    kept = {name: value for name, value in node.items() if name in known}
    about = _about(node, _LENGTHS if knows_bounds else _LENGTHS | _BOUNDS)
    if about:
        kept["description"] = about
    if "anyOf" in node:
        kept["anyOf"] = [_strict(option, knows_bounds) for option in node["anyOf"]]
    if "items" in node:
        kept["items"] = _strict(node["items"], knows_bounds)
    if "properties" in node:
        return kept | _closed({name: _strict(each, knows_bounds) for name, each in node["properties"].items()})
    if _is_free_keyed(node):
        entry = {"key": {"type": "string"}, "value": _strict(node["additionalProperties"], knows_bounds)}
        return {"type": "array", "items": _closed(entry)}
    return kept


def _about(node: Mapping[str, Any], told_in_words: Mapping[str, str]) -> str:
    bounds = [words.format(node[name]) for name, words in told_in_words.items() if name in node]
    return "; ".join([*([node["description"]] if "description" in node else []), *bounds])


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def folded(kind: type, data: Json) -> Json:
    """``data`` with every list of keys and values that stands for an object made one again. Raises ``Invalid``."""
    schema = schema_of(kind)
    return _folded(schema, schema["$defs"], data, 0)


def _folded(node: Mapping[str, Any], definitions: Mapping[str, Any], data: Json, depth: int) -> Json:
    if depth > _DEPTH_MAX:
        raise Invalid("The answer is nested too deeply.")
    node = _resolved(node, definitions)
    if "properties" in node and isinstance(data, dict):
        known = node["properties"]
        return {
            name: _folded(known[name], definitions, value, depth + 1) if name in known else value
            for name, value in data.items()
        }
    if "items" in node and isinstance(data, list):
        return [_folded(node["items"], definitions, item, depth + 1) for item in data]
    if _is_free_keyed(node):
        value_node = node["additionalProperties"]
        return {key: _folded(value_node, definitions, value, depth + 1) for key, value in _entries(data)}
    return data


def _entries(data: Json) -> list[tuple[str, Json]]:
    if isinstance(data, dict):
        return list(data.items())
    if not isinstance(data, list):
        raise Invalid("An object was asked for, or a list of keys and values.")
    entries: dict[str, Json] = {}
    for item in data:
        if not isinstance(item, dict) or set(item) != {"key", "value"} or not isinstance(item["key"], str):
            raise Invalid("Each of these should be a key and a value.")
        if item["key"] in entries:
            raise Invalid(f"The key {item['key'][:80]!r} comes twice.")
        entries[item["key"]] = item["value"]
    return list(entries.items())


def _is_free_keyed(node: Mapping[str, Any]) -> bool:
    return isinstance(node.get("additionalProperties"), Mapping)


def _resolved(node: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    """What ``node`` refers to, or itself."""
    reference = node.get("$ref")
    return definitions[str(reference).rpartition("/")[2]] if reference else node
