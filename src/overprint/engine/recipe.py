"""What makes two steps the same work, and how a step's input reaches into other steps' outputs.

An input is JSON in which ``{"$ref": "plan#/outline"}`` stands for a part of the output of step ``plan`` (JSON
Pointer, RFC 6901) and ``{"$all": "picture/"}`` for an object of all delivered outputs whose step key starts so.
The recipe hashes the input with these filled in, so a step depends on exactly the parts it reads.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from overprint.core.codec import Json, digest
from overprint.core.problems import Invalid
from overprint.ports.provider import Provider

_REF, _ALL = "$ref", "$all"


def ref(step: str, pointer: str = "") -> Json:
    """A part of another step's output; the whole of it by default. Null when that step delivered nothing."""
    return {_REF: f"{step}#{pointer}"}


def all_of(prefix: str) -> Json:
    """The outputs of all needed steps whose key starts with ``prefix``, by the rest of the key."""
    return {_ALL: prefix}


def referred_steps(value: Json) -> Iterator[str]:
    """Keys of the steps that ``value`` names by ``ref``."""
    if isinstance(value, Mapping):
        if set(value) == {_REF}:
            yield str(value[_REF]).partition("#")[0]
            return
        for item in value.values():
            yield from referred_steps(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from referred_steps(item)


def resolve(value: Json, outputs: Mapping[str, Json]) -> Json:
    """``value`` with every reference replaced by what the delivered ``outputs`` hold."""
    if isinstance(value, Mapping):
        if set(value) == {_REF}:
            key, _, pointer = str(value[_REF]).partition("#")
            return _point(outputs[key], pointer, key) if key in outputs else None
        if set(value) == {_ALL}:
            prefix = str(value[_ALL])
            return {key[len(prefix) :]: outputs[key] for key in sorted(outputs) if key.startswith(prefix)}
        return {key: resolve(item, outputs) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [resolve(item, outputs) for item in value]
    return value


def _point(value: Json, pointer: str, key: str) -> Json:
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        try:
            value = value[int(name)] if isinstance(value, list) else value[name]
        except (KeyError, IndexError, ValueError, TypeError):
            raise Invalid(f"Step {key} answered nothing at {pointer}.") from None
    return value


def recipe(kind: str, resolved_input: Json, providers: Mapping[str, Provider], seed: int) -> str:
    """SHA-256 in hex over the kind, the filled-in input, the providers' identities and the seed.

    The input carries other steps' outputs in full, so their hashes need not be added. Stored files count by their
    content, not by where they lie.
    """
    identities: dict[str, Any] = {
        port: [provider.name, provider.model, dict(provider.settings)] for port, provider in providers.items()
    }
    return digest({"kind": kind, "input": _by_content(resolved_input), "providers": identities, "seed": seed})


def essence(kind: str, resolved_input: Json, seed: int) -> str:
    """As ``recipe``, whoever the providers are: what an answer from elsewhere was made of."""
    return recipe(kind, resolved_input, {}, seed)


_PLACES = frozenset({"key", "thumbnail_key", "thumbnail_size_bytes"})


def _by_content(value: Json) -> Json:
    """``value`` with stored files (``core.files.StoredFile``) reduced to what is in them."""
    if isinstance(value, Mapping):
        is_file = "content_hash" in value and "key" in value
        return {name: _by_content(item) for name, item in value.items() if not (is_file and name in _PLACES)}
    if isinstance(value, (list, tuple)):
        return [_by_content(item) for item in value]
    return value
