"""What a signature says of a file: who made it, with what, from what. Nothing about a person but the author's name."""

from collections.abc import Sequence
from datetime import UTC
from typing import Any

from overprint import __version__
from overprint.core.credentials import Statement

TEXT_MAX = 300
GENERATOR = "Overprint"
RECIPE, PROVIDER, MODEL, CONTENT = (f"overprint.{name}" for name in ("recipe", "provider", "model", "content_sha256"))
SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_PARENT = "source"
_JOINERS = "\u200c\u200d"


def definition(
    statement: Statement, media_type: str, content_sha256: str, parts: Sequence[str] = (), *, has_parent: bool = False
) -> dict[str, Any]:
    """The statement as a C2PA manifest definition. ``parts`` are ids of ingredients that will be added under them."""
    actions = [_making(statement, content_sha256, has_parent)]
    if parts:
        actions.append({"action": "c2pa.placed", "parameters": {"ingredientIds": list(parts)}})
    assertions: list[dict[str, Any]] = [{"label": "c2pa.actions.v2", "created": True, "data": {"actions": actions}}]
    if statement.author:
        assertions.append(_author(plain(statement.author)))
    return {
        "claim_generator_info": [{"name": GENERATOR, "version": __version__}],
        "title": plain(statement.title) or "Untitled",
        "format": media_type,
        "assertions": assertions,
    }


def ingredient(identifier: str, title: str, media_type: str) -> dict[str, str]:
    """A part that was placed in the whole."""
    return {"title": plain(title), "format": media_type, "relationship": "componentOf", "label": identifier}


def parent(media_type: str) -> dict[str, str]:
    """The file as it came, with the credentials that it had."""
    return {"title": "As it came", "format": media_type, "relationship": "parentOf", "label": _PARENT}


def plain(text: str) -> str:
    """``text`` on one line, bounded, without control characters; joiners stay, for some scripts need them."""
    kept = text[: 4 * TEXT_MAX]
    shown = "".join(letter if letter.isprintable() or letter in _JOINERS else " " for letter in kept)
    return " ".join(shown.split())[:TEXT_MAX]


def _making(statement: Statement, content_sha256: str, has_parent: bool) -> dict[str, Any]:
    facts = {RECIPE: statement.recipe, PROVIDER: statement.provider, MODEL: statement.model, CONTENT: content_sha256}
    parameters: dict[str, Any] = {key: plain(value) for key, value in facts.items() if value}
    if has_parent:
        parameters["ingredientIds"] = [_PARENT]
    made = {
        "action": "c2pa.opened" if has_parent else "c2pa.created",
        "digitalSourceType": SOURCE_TYPES + statement.source,
        "softwareAgent": {"name": plain(f"{statement.provider} {statement.model}") or GENERATOR},
        "parameters": parameters,
    }
    if statement.made_at is not None:
        made["when"] = statement.made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return made


def _author(name: str) -> dict[str, Any]:
    terms = {"@context": {"dc": "http://purl.org/dc/elements/1.1/"}, "dc:creator": [name]}
    return {"label": "cawg.metadata", "kind": "Json", "created": True, "data": terms}
