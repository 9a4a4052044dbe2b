"""Credentials in plain words, for a terminal or a page."""

from collections.abc import Iterator
from textwrap import shorten

from overprint.core.credentials import Credentials, Facts, Source, State
from overprint.craft.credentials.identity import LOCAL

_NONE = ("It carries no Content Credentials: never signed, or they were taken out.",)
_STATES = {
    State.INTACT: "Nothing was changed since it was signed.",
    State.CHANGED: "It was changed after it was signed: the credentials do not belong to these bytes.",
    State.EXPIRED: "Nothing was changed since it was signed, but the signer's certificate is not valid now.",
    State.DAMAGED: "Its Content Credentials are damaged, repacked or forged: nothing that they say can be believed.",
}
_SOURCES: dict[str, str] = {
    Source.PROCEDURE: "made by rules, without a trained model",
    Source.MODEL: "made by a trained model",
    Source.MIXED: "put together from parts, some made by a trained model",
    Source.TREATED: "a photo, changed by rules",
    Source.UNKNOWN: "brought from elsewhere, or with parts that were; the signer does not know who made those",
    Source.PERSON: "made by a person",
}
_OURS = "Signed by this installation's own key; nobody outside vouches for it."
_SHOWN_MAX = 3
_TITLE_MAX = 60


def told(credentials: Credentials | None) -> tuple[str, ...]:
    """One sentence a line: the state, the signer, then what the statement says."""
    if credentials is None:
        return _NONE
    if credentials.state is State.DAMAGED:
        return (_STATES[State.DAMAGED],)
    return (
        _STATES[credentials.state],
        _signer(credentials),
        *_statements(credentials.facts),
        *_parts(credentials.parts),
    )


def _signer(credentials: Credentials) -> str:
    name, organisation = credentials.signer or "a key without a name", credentials.organisation or "no organisation"
    if credentials.ours:
        certified = f"Signed by this installation, with the certificate of “{name}” ({organisation})."
        return _OURS if name.startswith(LOCAL) else certified
    return f"Signed by “{name}” ({organisation}); nobody we know vouches for that name."


def _statements(facts: Facts) -> Iterator[str]:
    title, maker = facts.title or "untitled", facts.generator or "something unnamed"
    if facts.author:
        yield f"It says: “{title}” by {facts.author}, made with {maker}."
    else:
        yield f"It says: “{title}”, made with {maker}."
    source = _SOURCES.get(facts.source, facts.source)
    with_what = " ".join(word for word in (facts.provider, facts.model) if word) or facts.agent
    if source:
        yield f"It says: {source} ({with_what})." if with_what else f"It says: {source}."
    if facts.made_at:
        yield f"It says: signed at {facts.made_at}, by the signer's own clock."
    if facts.recipe:
        yield f"It says: recipe {facts.recipe}."


def _parts(parts: tuple[Facts, ...]) -> Iterator[str]:
    if not parts:
        return
    named = [f"“{shorten(part.title or 'untitled', _TITLE_MAX, placeholder=' …')}”" for part in parts[:_SHOWN_MAX]]
    more = len(parts) - _SHOWN_MAX
    told = ", ".join(named)
    yield f"It says: made from {told}, and {more} more." if more > 0 else f"It says: made from {told}."
