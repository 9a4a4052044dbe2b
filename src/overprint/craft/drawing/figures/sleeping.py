"""Somebody asleep under a blanket, head on a pillow: the same for everybody with a head."""

from dataclasses import replace

from overprint.core.scene import Accessory, View
from overprint.craft.drawing.colour import Colour, mix, shade
from overprint.craft.drawing.figures import worn
from overprint.craft.drawing.figures.kind import Kind
from overprint.craft.drawing.figures.look import Figure, Look
from overprint.craft.drawing.nodes import Group, extent
from overprint.craft.drawing.vector import Path, apply_rect, at, box, smooth, star

_HATS = {
    Accessory.CROWN: worn.crown,
    Accessory.CAP: worn.cap,
    Accessory.BOW: worn.bow,
    Accessory.WITCH_HAT: worn.witch_hat,
}


def draw_sleeping(look: Look, kind: Kind) -> Figure:
    """The pillow lies on the ground at the left, the feet are to the right; about 220 wide."""
    look = replace(look, asleep=True, view=View.FRONT)
    root = Group("figure")
    size = kind.build.head
    root.solid(smooth([(-122, -10), (-114, -42), (-40, -48), (-22, -14), (-34, 4), (-110, 4)]), "#fff6e8", 0.07, soft=8)
    head = at(-70, -58, size * 0.98, turn=-11)
    tucked = root.group(clip=box(-260, -300, 520, 306)).group("head", matrix=head)
    if kind.hair_behind is not None:
        kind.hair_behind(tucked, look)
    kind.head(tucked, look)
    parts = {}
    for name, draw in _HATS.items():
        if name in look.worn:
            part = tucked.group(name)
            draw(part, look, kind)
            covered = extent(part)
            if covered is not None:
                parts[str(name)] = apply_rect(head, covered)
    _blanket(root.group("blanket", lift=2), look.outfit, look.accent)
    return Figure(root, apply_rect(head, kind.face), extent(root) or kind.face, parts, True, 112)


def _blanket(g: Group, colour: Colour, accent: Colour) -> None:
    mound = [(-66, 4), (-64, -22), (-40, -42), (-6, -62), (40, -64), (84, -50), (112, -44), (128, -22), (126, 4)]
    cloth = g.solid(smooth(mound, ease=1 / 7), colour, 0.1, light=(-6, -8), soft=8)
    patches = [shade(colour, 0.07), mix(colour, accent, 0.5), mix(colour, "#fff3d8", 0.55)]
    for column in range(7):
        for row in range(3):
            if (column + row) % 2 == 0:
                x, y = -48 + column * 27, -60 + row * 25
                cloth.fill(box(x, y, 25, 23, 3), patches[(column * 2 + row) % 3], opacity=0.8)
                cloth.fill(star(x + 12.5, y + 11.5, 5), "#fff6e0", opacity=0.7)
    fold = [(-72, 4), (-70, -24), (-44, -46), (-10, -66), (0, -56), (-26, -36), (-44, -14), (-44, 4)]
    g.solid(smooth(fold, ease=1 / 7), "#fff6e8", 0.06)
    g.stroke(Path().move(-40, 2).quad(40, -6, 124, 2), shade(colour, -0.12), 2.5, opacity=0.5)
