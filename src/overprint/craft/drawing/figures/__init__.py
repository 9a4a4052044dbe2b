"""Who can be drawn: one kind a species, most of them on one shared rig."""

from overprint.core.scene import Pose, Species
from overprint.craft.drawing.colour import Colour
from overprint.craft.drawing.figures import beasts, canines, dragon, owl, people, robot
from overprint.craft.drawing.figures.biped import draw_biped
from overprint.craft.drawing.figures.kind import Kind
from overprint.craft.drawing.figures.look import Figure, Look, look_of
from overprint.craft.drawing.figures.sleeping import draw_sleeping
from overprint.craft.drawing.props import PropArt

KINDS: dict[Species, Kind] = {
    Species.CHILD: people.CHILD,
    Species.WOMAN: people.WOMAN,
    Species.MAN: people.MAN,
    Species.FOX: canines.FOX,
    Species.WOLF: canines.WOLF,
    Species.DOG: canines.DOG,
    Species.CAT: beasts.CAT,
    Species.BEAR: beasts.BEAR,
    Species.RABBIT: beasts.RABBIT,
    Species.MOUSE: beasts.MOUSE,
    Species.DRAGON: dragon.DRAGON,
    Species.OWL: owl.KIND,
    Species.ROBOT: robot.KIND,
}


def draw_figure(look: Look, pose: Pose, held: tuple[PropArt, Colour] | None, *, embraces: bool = False) -> Figure:
    """One character in figure units. Whoever sleeps holds nothing. ``embraces``: a hug for somebody at the right."""
    kind = KINDS[look.species]
    if pose is Pose.SLEEP:
        return draw_sleeping(look, kind)
    if look.species is Species.OWL:
        return owl.draw_owl(look, pose, held)
    if look.species is Species.ROBOT:
        return robot.draw_robot(look, pose, held)
    return draw_biped(look, kind, pose, held, embraces=embraces)


__all__ = ["KINDS", "Figure", "Look", "draw_figure", "look_of"]
