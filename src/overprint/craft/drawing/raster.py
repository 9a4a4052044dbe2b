"""Vectors to pixels with Skia."""

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
import skia

from overprint.craft.drawing.buffers import Pixels, draw_pixels, enlarged, surface_on
from overprint.craft.drawing.gradients import fill_large, ink, shader
from overprint.craft.drawing.nodes import Gradient, Group, Layer, Paint, Shape, extent
from overprint.craft.drawing.vector import Matrix, Path, Rect, ellipse

_BLENDS = {
    "normal": skia.BlendMode.kSrcOver,
    "screen": skia.BlendMode.kScreen,
    "multiply": skia.BlendMode.kMultiply,
}


@dataclass(frozen=True, slots=True)
class Lens:
    """How world units become pixels: ``pixel = (world - origin) * scale``."""

    width_px: int
    height_px: int
    scale: float
    x0: float
    y0: float

    def empty(self) -> Pixels:
        return np.zeros((self.height_px, self.width_px, 4), np.uint8)

    def smaller(self, times: int) -> "Lens":
        """The same view in fewer pixels; its last column and row may reach over the edge."""
        return Lens(-(-self.width_px // times), -(-self.height_px // times), self.scale / times, self.x0, self.y0)

    def window(self, area: Rect, margin: float) -> "tuple[Lens, int, int]":
        """A lens on the part of the picture around ``area``, and where its top left pixel is in the whole."""
        left = max(0, math.floor((area.x0 - margin - self.x0) * self.scale))
        top = max(0, math.floor((area.y0 - margin - self.y0) * self.scale))
        right = min(self.width_px, math.ceil((area.x1 + margin - self.x0) * self.scale))
        bottom = min(self.height_px, math.ceil((area.y1 + margin - self.y0) * self.scale))
        size = max(1, right - left), max(1, bottom - top)
        return Lens(*size, self.scale, self.x0 + left / self.scale, self.y0 + top / self.scale), left, top


def draw_layer(canvas: skia.Canvas, layer: Layer, view: Lens, *, lifted: float = 0.0) -> None:
    """Paints one layer. ``lifted`` above 0 lets groups with a lift cast shadows, that much as dark."""
    if layer.softness * view.scale > 0.3:
        _draw_soft(canvas, layer, view, lifted)
        return
    canvas.save()
    canvas.scale(view.scale, view.scale)
    canvas.translate(-view.x0, -view.y0)
    _draw_group(canvas, layer.group, lifted)
    canvas.restoreToCount(1)


def _draw_soft(canvas: skia.Canvas, layer: Layer, view: Lens, lifted: float) -> None:
    """What is blurred is drawn as small as the blur allows, which looks the same and is many times faster."""
    deviation = layer.softness * view.scale
    shrink = 4 if deviation >= 6 else 2 if deviation >= 3 else 1
    small = view.smaller(shrink)
    sheet = small.empty()
    draw_layer(surface_on(sheet).getCanvas(), replace(layer, softness=0.0), small, lifted=lifted)
    # Drawing small and enlarging blur a little by themselves.
    own = shrink / 2 if shrink > 1 else 0.0
    blurred = cv2.GaussianBlur(sheet, (0, 0), math.sqrt(deviation**2 - own**2) / shrink)
    draw_pixels(canvas, enlarged(np.asarray(blurred, np.uint8), small.width_px * shrink, small.height_px * shrink))


def _draw_group(canvas: skia.Canvas, group: Group, lifted: float) -> None:
    if group.opacity <= 0:
        return
    depth = canvas.save()
    if group.matrix is not None:
        canvas.concat(_matrix(group.matrix))
    if group.clip is not None:
        canvas.clipPath(to_skia(group.clip), skia.ClipOp.kIntersect, True)
    if lifted and group.lift:
        _open_lifted(canvas, group, lifted)
    elif group.opacity < 1:
        canvas.saveLayerAlpha(None, round(group.opacity * 255))
    for item in group.items:
        if isinstance(item, Shape):
            _draw_shape(canvas, item)
        else:
            _draw_group(canvas, item, lifted)
    canvas.restoreToCount(depth)


def _open_lifted(canvas: skia.Canvas, group: Group, lifted: float) -> None:
    """Shadows are blurred over the group's own extent only: over the whole picture they cost ten times as much."""
    covered = extent(Group(items=group.items), lit=True)
    if covered is None:
        return
    area = covered.grown(6 * group.lift + 4)
    shade = skia.ImageFilters.DropShadow(
        -0.6 * group.lift,
        group.lift,
        group.lift * 1.2,
        group.lift * 1.2,
        skia.Color4f(0.1, 0.07, 0.12, lifted).toColor(),
    )
    canvas.saveLayer(skia.Rect.MakeLTRB(area.x0, area.y0, area.x1, area.y1), skia.Paint(ImageFilter=shade))


def _draw_shape(canvas: skia.Canvas, shape: Shape) -> None:
    path = to_skia(shape.path, even_odd=shape.even_odd)
    for paint, is_stroke in ((shape.fill, False), (shape.stroke, True)):
        if paint is None or (not is_stroke and _is_quickly_filled(canvas, shape, path)):
            continue
        brush = _brush(paint, shape.opacity)
        if is_stroke:
            brush.setStyle(skia.Paint.kStroke_Style)
            brush.setStrokeWidth(shape.stroke_width)
            brush.setStrokeJoin(skia.Paint.kRound_Join)
            brush.setStrokeCap(skia.Paint.kRound_Cap)
        if shape.blur > 0:
            brush.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, shape.blur))
        if shape.blend != "normal":
            brush.setBlendMode(_BLENDS[shape.blend])
        canvas.drawPath(path, brush)


def _is_quickly_filled(canvas: skia.Canvas, shape: Shape, path: skia.Path) -> bool:
    fill = shape.fill
    if not isinstance(fill, Gradient) or shape.blur > 0:
        return False
    is_own_disc = fill.kind == "radial" and shape.path == ellipse(*fill.geometry)
    blend = _BLENDS[shape.blend]
    return fill_large(canvas, path, fill, opacity=shape.opacity, blend=blend, is_own_disc=is_own_disc)


def _brush(paint: Paint, opacity: float) -> skia.Paint:
    brush = skia.Paint(AntiAlias=True)
    if isinstance(paint, Gradient):
        brush.setShader(shader(paint))
        brush.setAlphaf(opacity)
    else:
        brush.setColor(ink(paint, opacity))
    return brush


def to_skia(path: Path, *, even_odd: bool = False) -> skia.Path:
    out = skia.Path()
    draw = {"M": out.moveTo, "L": out.lineTo, "Q": out.quadTo, "C": out.cubicTo}
    for op, values in path.segments:
        if op == "Z":
            out.close()
        else:
            draw[op](*values)
    if even_odd:
        out.setFillType(skia.PathFillType.kEvenOdd)
    return out


def _matrix(matrix: Matrix) -> skia.Matrix:
    a, b, c, d, e, f = matrix
    return skia.Matrix.MakeAll(a, c, e, b, d, f, 0, 0, 1)
