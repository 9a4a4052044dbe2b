"""A small book, whole and valid: what writers are asked for in tests, and what they may answer."""

from typing import Any

from overprint.core.codec import encode
from overprint.core.scene import (
    Accessory,
    Actor,
    Area,
    Camera,
    Constraint,
    ConstraintKind,
    Garment,
    Hair,
    Mood,
    Place,
    Pose,
    Prop,
    PropKind,
    Relation,
    RelationKind,
    Scene,
    Season,
    Setting,
    Sheet,
    Species,
    Time,
)
from overprint.core.story import (
    Age,
    Beat,
    Brief,
    ChapterPlan,
    ChapterScenes,
    ChapterTask,
    ChapterText,
    Character,
    CharacterRole,
    Genre,
    Outline,
    PageText,
    Plan,
    PlanTask,
    Pronouns,
    ScenesTask,
    StoryTask,
    Tone,
)

BRIEF = Brief(
    "A fox called Ember, who never wears a hat, and a lighthouse keeper look for a lost star.", chapters=2, pages=6
)
SHEETS = {
    "ember": Sheet(Species.FOX, "#d9722c", "#fbf3dc", "#2a8a88", "#cf2f2f", accessories=(Accessory.SCARF,), height=0.7),
    "ada": Sheet(
        Species.WOMAN, "#8d5a34", "#c89b6c", "#1f2c56", "#f2b136", hair=Hair.BRAIDS, garment=Garment.COAT, height=1.3
    ),
}
NO_HAT = Constraint(ConstraintKind.FORBID, "witch_hat", "ember")


def _beat(number: int) -> Beat:
    return Beat(
        "attempt",
        f"Ember and Ada climb step {number} of the tower.",
        Setting.SEA,
        "the old lighthouse on the point",
        ("ember", "ada"),
        time=Time.NIGHT,
        props=(PropKind.LANTERN,),
    )


OUTLINE = Outline(
    title="Ember and the Lost Star",
    logline="A fox and a keeper bring a star home.",
    season=Season.AUTUMN,
    characters=(
        Character(
            "ember", "Ember", "fox", CharacterRole.HERO, Pronouns.SHE, ("curious",), facts=("never wears a hat",)
        ),
        Character(
            "ada", "Ada", "lighthouse keeper", CharacterRole.COMPANION, Pronouns.SHE, want="to see the star again"
        ),
    ),
    chapters=(
        ChapterPlan("The Dark Lamp", tuple(_beat(n) for n in (1, 2, 3))),
        ChapterPlan("Up", tuple(_beat(n) for n in (4, 5, 6))),
    ),
    constraints=(NO_HAT,),
)
PLAN = Plan(OUTLINE, SHEETS)
TEXT = ChapterText(
    tuple(PageText((f"“Step {n},” said Ada — and Ember counted.", "The sea said nothing.")) for n in (1, 2, 3))
)
SCENE = Scene(
    setting=Setting.SEA,
    place="the old lighthouse on the point",
    caption="Ember the fox and Ada the keeper climb the lighthouse stairs with a lantern.",
    time=Time.NIGHT,
    season=Season.AUTUMN,
    mood=Mood.WONDER,
    camera=Camera(quiet=Area.TOP),
    actors=(
        Actor("ember", pose=Pose.WALK, place=Place.LEFT, holding=PropKind.LANTERN),
        Actor("ada", pose=Pose.POINT, place=Place.RIGHT),
    ),
    props=(Prop(PropKind.STAR, Place.CENTRE, "#f2cb4a"),),
    relations=(Relation("ember", RelationKind.FOLLOWING, "ada"),),
    constraints=(NO_HAT,),
)
SCENES = ChapterScenes((SCENE, SCENE, SCENE))

TASKS: dict[str, tuple[StoryTask, Plan | ChapterText | ChapterScenes]] = {
    "plan": (PlanTask(BRIEF), PLAN),
    "chapter": (ChapterTask(OUTLINE, 0, Age.YOUNG, Tone.WARM, Genre.ADVENTURE), TEXT),
    "scenes": (ScenesTask(OUTLINE, 0, TEXT), SCENES),
}


def in_strict_form(answer: Plan | ChapterText | ChapterScenes) -> Any:
    """``answer`` as strict structured output has it: objects with free keys are lists of keys and values."""
    data = encode(answer)
    if isinstance(answer, Plan):
        data["sheets"] = [{"key": key, "value": value} for key, value in data["sheets"].items()]
    return data
