"""What a person may change of a scene, whichever product it is of."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from overprint.core.codec import Json, decode, encode
from overprint.core.problems import Invalid
from overprint.core.scene import PropKind, RelationKind, Scene

SCENE_FIELDS = frozenset({"time", "weather", "season", "mood", "camera", "actors"})


def scene_changed(scene: Scene, changes: Mapping[str, Json], known: Collection[str]) -> Scene:
    """``scene`` with ``changes`` of its ``SCENE_FIELDS``; whoever is shown is among the ``known`` characters. Whose
    ``holding`` is another lets go of what they held. Raises ``Invalid``."""
    unknown = sorted(changes.keys() - SCENE_FIELDS)
    if unknown:
        raise Invalid(f"{unknown[0][:40]!r} of a picture cannot be changed.", field=unknown[0][:40])
    changed = decode(Scene, {**encode(scene), **changes}, at="")
    who = [actor.who for actor in changed.actors]
    if set(who) - set(known) or len(set(who)) < len(who):
        raise Invalid("A picture shows each character of the story at most once.", field="actors")
    gone = {actor.who for actor in scene.actors} - set(who)
    held = {actor.who: actor.holding for actor in scene.actors}
    other_hands = {actor.who for actor in changed.actors if actor.holding is not held.get(actor.who)}
    relations = [
        encode(one)
        for one in changed.relations
        if not {one.subject, one.object} & gone
        and not (one.kind is RelationKind.HOLDING and one.subject in other_hands)
    ]
    return decode(Scene, {**encode(changed), "relations": relations}, at="")


def with_full_hands(scene: Scene) -> Scene:
    """The same scene, with what is only said between somebody and a thing as their ``holding``."""
    things = {thing.value: thing for thing in PropKind}
    told = {one.subject: things.get(one.object) for one in scene.relations if one.kind is RelationKind.HOLDING}
    actors = (replace(actor, holding=actor.holding or told.get(actor.who)) for actor in scene.actors)
    return replace(scene, actors=tuple(actors))
