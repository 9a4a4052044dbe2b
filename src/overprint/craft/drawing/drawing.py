"""A finished picture: layers, what can be seen in them, and its encodings."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import cv2

from overprint.core.problems import Invalid
from overprint.core.scene import Scene, Sheet
from overprint.core.shown import Box, Shown
from overprint.core.story import Style
from overprint.craft.drawing.compose import Acting, Seen, compose
from overprint.craft.drawing.nodes import Layer
from overprint.craft.drawing.raster import Lens
from overprint.craft.drawing.styles import STYLES, Picture
from overprint.craft.drawing.styles.flat import flattened
from overprint.craft.drawing.svg import svg_document
from overprint.craft.drawing.vector import Rect

SIDE_MAX_PX = 8192
Encoding = Literal["jpeg", "png"]


@dataclass(frozen=True, slots=True)
class Drawing:
    """``layers`` far to near, in world units; ``view`` says how they become pixels. ``acting`` draws those of them
    again that begin at ``acting_at``."""

    layers: tuple[Layer, ...]
    shown: tuple[Shown, ...]
    view: Lens
    style: Style
    caption: str
    acting: Acting
    acting_at: int

    def again(self, *, blinks: bool = False, stride: float | None = None) -> "Drawing":
        """The same at another moment. ``blinks``: with everybody's eyes shut. ``stride``: with those who walk or run at
        this place (0 to 1) of two steps. Costs what it takes to draw everybody; what is around them is kept."""
        acting, begin = tuple(self.acting(blinks, stride)), self.acting_at
        return replace(self, layers=(*self.layers[:begin], *acting, *self.layers[begin + len(acting) :]))

    def painted(self, up_to: int | None = None) -> Picture:
        """The picture in its style. ``up_to``: without the layer of this number, from 0, and all that is nearer; what
        those do not cover, nor cast a shadow on, is the same to the pixel."""
        return STYLES[self.style](list(self.layers[:up_to]), self.view)

    def raster(self, encoding: Encoding = "jpeg", *, quality: int = 90) -> bytes:
        """The picture, encoded. The same drawing gives the same bytes (with the same library versions)."""
        picture = self.painted()
        if encoding == "jpeg":
            options = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_OPTIMIZE, 1]
            return bytes(cv2.imencode(".jpg", picture, options)[1])
        return bytes(cv2.imencode(".png", picture, [cv2.IMWRITE_PNG_COMPRESSION, 4])[1])

    def svg(self) -> str:
        """The picture as vectors. Paint styles come out without their paper and pigment."""
        layers = list(self.layers)
        if self.style is Style.FLAT:
            layers = [flattened(layer, bands=number == 0) for number, layer in enumerate(layers)]
        return svg_document(layers, self.view, self.caption)


def draw(
    scene: Scene,
    sheets: Mapping[str, Sheet],
    *,
    style: Style,
    width_px: int,
    height_px: int,
    seed: int,
    is_spread: bool = False,
    facing: int = 0,
) -> Drawing:
    """One picture. The same arguments always give the same picture. ``is_spread``: it will lie across two facing pages,
    so everybody stands in one half and nothing that matters on the fold. ``facing``: everybody who can turns to the
    left (-1) or to the right (1).

    Raises ``Invalid`` for an impossible size or an actor without a sheet.
    """
    if not (1 <= width_px <= SIDE_MAX_PX and 1 <= height_px <= SIDE_MAX_PX):
        raise Invalid(
            f"A picture cannot be {width_px} × {height_px} pixels.", f"Ask for 1 to {SIDE_MAX_PX} pixels a side."
        )
    made = compose(scene, sheets, width_px, height_px, seed, is_spread=is_spread, facing=facing)
    shown = tuple(_shown(seen, made.view) for seen in made.seen)
    return Drawing(tuple(made.layers), shown, made.view, style, scene.caption, made.acting, made.acting_at)


def _shown(seen: Seen, view: Lens) -> Shown:
    return Shown(seen.what, _fraction(seen.box, view), _fraction(seen.face, view))


def _fraction(area: Rect | None, view: Lens) -> Box | None:
    if area is None:
        return None
    wide, tall = view.width_px / view.scale, view.height_px / view.scale
    x0, x1 = (min(1.0, max(0.0, (x - view.x0) / wide)) for x in (area.x0, area.x1))
    y0, y1 = (min(1.0, max(0.0, (y - view.y0) / tall)) for y in (area.y0, area.y1))
    return Box(round(x0, 5), round(y0, 5), round(x1 - x0, 5), round(y1 - y0, 5))
