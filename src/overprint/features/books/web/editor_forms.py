"""What the editor's forms send, as what the service takes; whether it can be used, that says."""

from collections.abc import Mapping
from typing import Any

from overprint.core.codec import Json, encode
from overprint.core.scene import PROPS_MAX, Actor, Place
from overprint.core.story import Outline
from overprint.core.words import clean_text
from overprint.features.books.service import PageNow
from overprint.features.books.web.editor_words import ACTOR_FIELDS, COLOURS, LOOK_FIELDS, SCENE_FIELDS

CHOICE_MAX_CHARACTERS = 40
THING_FIELD = "thing:{}"  # no character is called so; where one stands and its colour are named after it
_TIMES_IN_FORM = tuple(name for name, _, _ in SCENE_FIELDS if name != "shot")


def picture_changes(form: Mapping[str, Any], now: PageNow, outline: Outline) -> dict[str, Json]:
    """What of a picture was chosen. What the form has no field for stays: the depth, the calm part."""
    if now.scene is None:
        return {}
    scene = encode(now.scene)
    changes: dict[str, Json] = {name: value for name in _TIMES_IN_FORM if (value := _choice(form, name))}
    if shot := _choice(form, "shot"):
        changes["camera"] = {**scene["camera"], "shot": shot}
    if "with_actors" in form:
        before = {actor["who"]: actor for actor in scene["actors"]}
        wanted = [character.id for character in outline.characters if f"on.{character.id}" in form]
        order = {who: n for n, who in enumerate(before)}
        wanted.sort(key=lambda who: order.get(who, len(order)))  # who was there keeps their turn
        changes["actors"] = [
            _actor(form, who, before.get(who) or encode(Actor(who, place=Place.RIGHT))) for who in wanted
        ]
    if "with_things" in form:
        changes["props"] = [
            {"kind": kind, "place": _choice(form, f"place.{field}"), "colour": _choice(form, f"colour.{field}") or None}
            for field in map(THING_FIELD.format, range(PROPS_MAX))
            if (kind := _choice(form, field))
        ]
    if "style" in form:
        changes["style"] = _choice(form, "style") or None
    told = form.get("told")
    # What was left as it is goes on following the picture. Fields change line breaks, which writers may send.
    if isinstance(told, str) and clean_text(told) != clean_text(told_of(now)):
        changes["told"] = clean_text(told)
    if "again" in form:
        changes["is_again"] = True
    return changes


def told_of(now: PageNow) -> str:
    """What is said of a page's picture to those who cannot see it, as the form shows it."""
    return now.touch.told or (now.scene.caption if now.scene else "")


def _actor(form: Mapping[str, Any], who: str, before: Mapping[str, Json]) -> dict[str, Json]:
    chosen: dict[str, Json] = {name: value for name, _, _ in ACTOR_FIELDS if (value := _choice(form, f"{name}.{who}"))}
    if f"holding.{who}" in form:
        chosen["holding"] = _choice(form, f"holding.{who}") or None  # empty hands are a choice, too
    return {**before, **chosen}


def look_changes(form: Mapping[str, Any]) -> dict[str, Json]:
    """What of a look was chosen."""
    names = [*(name for name, _ in COLOURS), *(name for name, _, _ in LOOK_FIELDS)]
    changes: dict[str, Json] = {name: value for name in names if (value := _choice(form, name))}
    if "with_accessories" in form:
        changes["accessories"] = sorted(key.removeprefix("wears.") for key in form if key.startswith("wears."))
    return changes


def _choice(form: Mapping[str, Any], name: str) -> str:
    """A file in place of a word is no word."""
    value = form.get(name)
    return value[:CHOICE_MAX_CHARACTERS] if isinstance(value, str) else ""
