"""What a person may change of a scene."""

from dataclasses import replace

import pytest

from overprint.core.codec import encode
from overprint.core.problems import Invalid
from overprint.core.scene import (
    Actor,
    Constraint,
    ConstraintKind,
    Place,
    Prop,
    PropKind,
    Relation,
    RelationKind,
    Scene,
    Setting,
)
from overprint.core.scene_edits import scene_changed, with_full_hands

LANTERN, BESIDE = Relation("fox", RelationKind.HOLDING, "lantern"), Relation("owl", RelationKind.BESIDE, "fox")
SCENE = Scene(
    Setting.FOREST,
    "the old wood",
    "A fox and an owl.",
    actors=(Actor("fox"), Actor("owl", holding=PropKind.MAP)),
    relations=(LANTERN, BESIDE),
)
KNOWN = ("fox", "owl")


def test_what_is_only_said_between_somebody_and_a_thing_is_in_their_hands() -> None:
    fox, owl = with_full_hands(SCENE).actors
    assert (fox.holding, owl.holding) == (PropKind.LANTERN, PropKind.MAP)
    assert with_full_hands(replace(SCENE, relations=(BESIDE,))) == replace(SCENE, relations=(BESIDE,))


def test_who_is_given_something_else_lets_go_of_what_they_held_and_of_nothing_else() -> None:
    scene = with_full_hands(SCENE)
    fox, owl = scene.actors
    for holding in (PropKind.KITE, None):
        others = [encode(replace(fox, holding=holding)), encode(owl)]
        assert scene_changed(scene, {"actors": others}, KNOWN).relations == (BESIDE,)
    same = [encode(fox), encode(replace(owl, holding=None))]
    assert scene_changed(scene, {"actors": same}, KNOWN).relations == (LANTERN, BESIDE)
    assert scene_changed(SCENE, {"time": "night"}, KNOWN).relations == SCENE.relations


def test_whoever_was_carried_is_carried_no_more_once_they_are_not_shown() -> None:
    carried = Relation("fox", RelationKind.HOLDING, "owl")
    scene = replace(SCENE, relations=(carried,))
    assert scene_changed(scene, {"actors": [encode(SCENE.actors[0])]}, KNOWN).relations == ()
    assert scene_changed(scene, {"mood": "sad"}, KNOWN).relations == (carried,)


def test_nobody_is_in_or_beside_a_thing_that_was_taken_away_and_the_story_asks_for_it_no_more() -> None:
    aboard, at_fire = Relation("fox", RelationKind.IN, "boat"), Relation("owl", RelationKind.BESIDE, "campfire")
    asked = Constraint(ConstraintKind.REQUIRE, "boat")
    scene = replace(
        SCENE, props=(Prop(PropKind.BOAT), Prop(PropKind.CAMPFIRE)), relations=(aboard, at_fire), constraints=(asked,)
    )
    kept = [encode(Prop(PropKind.CAMPFIRE, Place.LEFT, "#3f74b5")), encode(Prop(PropKind.KITE))]
    changed = scene_changed(scene, {"props": kept}, KNOWN)
    assert [prop.kind for prop in changed.props] == [PropKind.CAMPFIRE, PropKind.KITE]
    assert (changed.relations, changed.constraints) == ((at_fire,), ())
    assert scene_changed(scene, {"mood": "sad"}, KNOWN).relations == (aboard, at_fire)


@pytest.mark.parametrize(
    "props", [[{"kind": "volcano"}], [{"kind": "kite", "colour": "red"}], [{"kind": "ball"}], [{"kind": "key"}] * 9]
)
def test_a_scene_takes_no_thing_that_is_unknown_or_banned_or_one_too_many(props: list[dict[str, str]]) -> None:
    scene = replace(SCENE, constraints=(Constraint(ConstraintKind.FORBID, "ball"),))
    with pytest.raises(Invalid):
        scene_changed(scene, {"props": props}, KNOWN)
