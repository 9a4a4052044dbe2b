"""A character alone: the picture after which a hosted model draws them again on every page."""

from collections.abc import Sequence

from overprint.core.scene import Actor, Constraint, ConstraintKind, Expression, Pose, Scene, Setting, Sheet
from overprint.core.story import Style
from overprint.steps.picture_prompt import BARE, STYLES, looks_of, rules_of


def portrait_scene(who: str, constraints: Sequence[Constraint]) -> Scene:
    """``who`` and nobody else, with what must not be seen on them."""
    theirs = tuple(each for each in constraints if each.kind is ConstraintKind.FORBID and each.of in (None, who))
    return Scene(
        setting=Setting.MEADOW,
        place="before a plain, light background",
        caption=f"A portrait of {who}.",
        actors=(Actor(who, Pose.STAND, Expression.CALM),),
        constraints=theirs,
    )


def portrait_prompt(scene: Scene, sheet: Sheet, style: Style) -> str:
    """A model sheet in words, as illustrators make one before they begin."""
    (actor,) = scene.actors
    parts = [
        f"Style: {STYLES[style]}. A character design for a children's book: one single character.",
        f"The character: {looks_of(actor.who, sheet, scene)}",
        "The whole body from head to feet, standing upright, seen from slightly to one side, face clearly visible, "
        "calm and friendly, hands empty.",
        "A plain, light, empty background and even light. Nobody and nothing else.",
        *rules_of(scene),
        BARE,
    ]
    return "\n".join(parts)
