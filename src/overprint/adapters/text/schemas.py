"""JSON Schemas as models want them, and their answers back in the form that ``core.codec`` reads.

Strict structured output (OpenAI and those who imitate it) knows only objects whose every field is named and
required. So an object with free keys becomes a list of ``{"key": …, "value": …}``, and is folded back afterwards.
"""

from collections.abc import Mapping
from typing import Any

from overprint.core.codec import Json, schema_of
from overprint.core.problems import Invalid

_DEPTH_MAX = 40
# OpenAI's list of what strict mode takes; what is missing there is told in the description instead.
_KEPT_WHEN_STRICT = frozenset({"type", "enum", "minItems", "maxItems", "minimum", "maximum", "format"})


def plain_schema(kind: type) -> dict[str, Any]:
    """The schema of ``kind`` with the object itself at the root, as tool inputs want it."""
    schema = schema_of(kind)
    definitions = dict(schema["$defs"])
    root = _resolved(schema, definitions)
    return {**root, "$defs": {name: definitions[name] for name in sorted(definitions)}}


def strict_schema(kind: type) -> dict[str, Any]:
    """The schema of ``kind`` in the dialect of strict structured output."""
    schema = plain_schema(kind)
    definitions = {name: _strict(definition) for name, definition in schema["$defs"].items()}
    return {**_strict(schema), "$defs": definitions}


def _strict(node: Mapping[str, Any]) -> dict[str, Any]:
    if "$ref" in node:
        return {"$ref": node["$ref"]}  # nothing may stand beside a reference
    kept = {name: value for name, value in node.items() if name in _KEPT_WHEN_STRICT}
    about = _about(node)
    if about:
        kept["description"] = about
    if "anyOf" in node:
        kept["anyOf"] = [_strict(option) for option in node["anyOf"]]
    if "items" in node:
        kept["items"] = _strict(node["items"])
    if "properties" in node:
        properties = {name: _strict(each) for name, each in node["properties"].items()}
        return {**kept, "properties": properties, "required": list(properties), "additionalProperties": False}
    if _is_free_keyed(node):
        return {"type": "array", "items": _entry(node["additionalProperties"])}
    return kept


def _about(node: Mapping[str, Any]) -> str:
    told = [node["description"]] if "description" in node else []
    told += [f"at least {node['minLength']} characters"] if node.get("minLength", 0) > 1 else []
    told += [f"at most {node['maxLength']} characters"] if "maxLength" in node else []
    return "; ".join(told)


def _entry(value: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"key": {"type": "string"}, "value": _strict(value)},
        "required": ["key", "value"],
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
