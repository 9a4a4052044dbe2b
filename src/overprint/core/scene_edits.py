"""What a person may change of a scene, whichever product it is of."""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace

from overprint.core.codec import Json, decode, encode
from overprint.core.problems import Invalid
from overprint.core.scene import Constraint, ConstraintKind, PropKind, Relation, RelationKind, Scene

SCENE_FIELDS = frozenset({"time", "weather", "season", "mood", "camera", "actors", "props"})
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def scene_changed(scene: Scene, changes: Mapping[str, Json], known: Collection[str]) -> Scene:
    """``scene`` with ``changes`` of its ``SCENE_FIELDS``; whoever is shown is among the ``known`` characters. Whose
    ``holding`` is another lets go of what they held, and nobody is in or beside a thing that was taken away. Raises
    ``Invalid``."""
    unknown = sorted(changes.keys() - SCENE_FIELDS)
    if unknown:
        raise Invalid(f"{unknown[0][:40]!r} of a picture cannot be changed.", field=unknown[0][:40])
    changed = decode(Scene, {**encode(scene), **changes}, at="")
    who = [actor.who for actor in changed.actors]
    if set(who) - set(known) or len(set(who)) < len(who):
        raise Invalid("A picture shows each character of the story at most once.", field="actors")
    _check_things(scene, changed)
    taken = {prop.kind for prop in scene.props} - {prop.kind for prop in changed.props}
    return replace(
        changed,
        relations=tuple(one for one in changed.relations if _still_holds(one, scene, changed, taken)),
        constraints=tuple(one for one in changed.constraints if not _demands(one, taken)),
    )


def _still_holds(one: Relation, before: Scene, after: Scene, taken: Collection[PropKind]) -> bool:
    """Whether it is true of ``after`` as well, where the things that were ``taken`` no longer stand."""
    gone = {actor.who for actor in before.actors} - {actor.who for actor in after.actors}
    held = {actor.who: actor.holding for actor in before.actors}
    holding = {actor.who: actor.holding for actor in after.actors}
    if one.kind is RelationKind.HOLDING:
        return not {one.subject, one.object} & gone and held.get(one.subject) is holding.get(one.subject)
    away = {thing.value for thing in taken if thing not in holding.values()}
    return not {one.subject, one.object} & (gone | away)


def _demands(one: Constraint, taken: Collection[PropKind]) -> bool:
    """Whether the story asks for a thing here that a person took away: their word counts."""
    return one.kind is ConstraintKind.REQUIRE and one.of is None and one.subject in {thing.value for thing in taken}


def _check_things(before: Scene, after: Scene) -> None:
    """Raises ``Invalid`` for a colour that nobody knows, and for a new thing that the story is to be told without."""
    for prop in after.props:
        if prop in before.props:
            continue
        if prop.colour is not None and not _COLOUR.fullmatch(prop.colour):
            told = "Write the colour of a thing as #rrggbb, such as #3344aa, or leave it out."
            raise Invalid(f"{prop.colour[:40]!r} is not a colour.", told, field="props")
        if before.forbids(prop.kind):
            raise Invalid(
                f"This story is to be told without this: {prop.kind}.", "Choose another thing.", field="props"
            )


def with_full_hands(scene: Scene) -> Scene:
    """The same scene, with what is only said between somebody and a thing as their ``holding``."""
    things = {thing.value: thing for thing in PropKind}
    told = {one.subject: things.get(one.object) for one in scene.relations if one.kind is RelationKind.HOLDING}
    actors = (replace(actor, holding=actor.holding or told.get(actor.who)) for actor in scene.actors)
    return replace(scene, actors=tuple(actors))
