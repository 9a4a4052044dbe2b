"""What a person may change of a scene."""

from dataclasses import replace

from overprint.core.codec import encode
from overprint.core.scene import Actor, PropKind, Relation, RelationKind, Scene, Setting
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
