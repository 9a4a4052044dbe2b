"""The scene of a page is read from the page's own words, whoever wrote them."""

from dataclasses import replace

import pytest

from overprint.core.scene import Actor, Expression, Pose, Prop, PropKind, RelationKind, Scene, Season, Setting, Time
from overprint.core.story import (
    Beat,
    ChapterPlan,
    ChapterText,
    Character,
    CharacterRole,
    Outline,
    PageText,
    Pronouns,
    ScenesTask,
)
from overprint.craft.writing.captions import retold
from overprint.craft.writing.staging import scenes

MIRA = Character("mira", "Mira", "girl", CharacterRole.HERO, Pronouns.SHE)
SOOT = Character("soot", "Soot", "cat", CharacterRole.COMPANION, Pronouns.HE)
OWL = Character("owl", "Mrs Inkwell", "owl", CharacterRole.HELPER, Pronouns.SHE)


def scene_of(*paragraphs: str) -> Scene:
    beat = Beat("attempt", "Something happens.", Setting.SEA, "the end of the jetty", ("mira", "soot"))
    outline = Outline("A Book", "", Season.SUMMER, (MIRA, SOOT, OWL), (ChapterPlan("One", (beat,)),))
    return scenes(ScenesTask(outline, 0, ChapterText((PageText(paragraphs),))), 1).scenes[0]


@pytest.mark.parametrize(
    ("text", "pose"),
    [
        ("Mira sat down in the boat.", Pose.SIT),
        ("Mira slept under the jetty.", Pose.SLEEP),
        ("Mira walked along the jetty.", Pose.WALK),
        ("Mira ran along the jetty.", Pose.RUN),
        ("Mira jumped over the rope.", Pose.JUMP),
        ("Mira reached up.", Pose.REACH),
        ("Mira waved to the gulls.", Pose.WAVE),
        ("Mira flew over the water.", Pose.FLY),
        ("Mira read her book.", Pose.READ),
        ("Mira pointed at a sail.", Pose.POINT),
        ("Mira danced on the planks.", Pose.CHEER),
        ("Mira hugged Soot.", Pose.HUG),
        ("Mira did not sit down.", Pose.STAND),
        ("Mira told a story, and the ember sat up.", Pose.STAND),
        ("Mira wanted to fly.", Pose.STAND),
        ("Mira laughed, and then she sat on the wall.", Pose.SIT),
    ],
)
def test_a_verb_becomes_a_pose(text: str, pose: Pose) -> None:
    assert scene_of(text).actors[0].pose is pose


def test_who_is_named_is_on_the_picture_and_nobody_else() -> None:
    assert [a.who for a in scene_of("Soot looked at the sea. The tide was out.").actors] == ["soot"]
    assert {a.who for a in scene_of("Mira and Soot met Mrs Inkwell.").actors} == {"mira", "soot", "owl"}
    assert [a.who for a in scene_of("The cat yawned.").actors] == ["soot"]
    assert {a.who for a in scene_of("Nothing moved.").actors} == {"mira", "soot"}


def test_things_are_held_by_the_one_who_holds_them() -> None:
    scene = scene_of("Mira carried a lantern. Soot had nothing at all.")
    held = {actor.who: actor.holding for actor in scene.actors}
    assert held == {"mira": PropKind.LANTERN, "soot": None}
    assert ("mira", RelationKind.HOLDING, "lantern") in {(r.subject, r.kind, r.object) for r in scene.relations}


def test_somebody_in_a_boat_is_in_the_boat() -> None:
    scene = scene_of("Mira and Soot climbed into the little boat.")
    relations = {(r.subject, r.kind, r.object) for r in scene.relations}
    assert {("mira", RelationKind.IN, "boat"), ("soot", RelationKind.IN, "boat")} <= relations
    assert PropKind.BOAT in {prop.kind for prop in scene.props}


def test_feelings_are_seen() -> None:
    faces = {a.who: a.expression for a in scene_of("Mira smiled. Soot trembled.").actors}
    assert faces == {"mira": Expression.HAPPY, "soot": Expression.WORRIED}


def test_a_thing_that_is_not_there_is_not_drawn() -> None:
    assert PropKind.LANTERN not in {prop.kind for prop in scene_of("Mira had no lantern.").props}


def test_what_is_only_said_aloud_does_not_happen() -> None:
    assert scene_of("“I flew over it,” said Mira.").actors[0].pose is Pose.STAND


def test_the_caption_is_one_plain_sentence() -> None:
    assert (
        scene_of("Mira held a key. Soot sat down.").caption
        == "Mira holds a key and Soot the cat sits at the end of the jetty."
    )


def test_a_caption_of_nobody_nowhere_still_says_what_is_there() -> None:
    empty = Scene(Setting.SEA, "", "Mira waves.")
    assert retold(empty, ()) == "A sea."
    assert retold(replace(empty, props=(Prop(PropKind.KITE),), time=Time.NIGHT), ()) == "With a kite, at night."
    assert retold(replace(empty, actors=(Actor("mira"),), time=Time.NIGHT), (MIRA,)) == "Mira stands, at night."
