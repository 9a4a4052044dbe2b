"""Vectors to pixels with Skia. Buffers are premultiplied BGRA, 8 bits: Skia's fast path on little-endian machines."""

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt
import skia  # type: ignore[import-not-found]

from overprint.craft.drawing.colour import Colour, rgb
from overprint.craft.drawing.nodes import Gradient, Group, Layer, Paint, Shape, extent
from overprint.craft.drawing.vector import Matrix, Path, Rect

Pixels = npt.NDArray[np.uint8]

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

    def window(self, area: Rect, margin: float) -> "tuple[Lens, int, int]":
        """A lens on the part of the picture around ``area``, and where its top left pixel is in the whole."""
        left = max(0, math.floor((area.x0 - margin - self.x0) * self.scale))
        top = max(0, math.floor((area.y0 - margin - self.y0) * self.scale))
        right = min(self.width_px, math.ceil((area.x1 + margin - self.x0) * self.scale))
        bottom = min(self.height_px, math.ceil((area.y1 + margin - self.y0) * self.scale))
        size = max(1, right - left), max(1, bottom - top)
        return Lens(*size, self.scale, self.x0 + left / self.scale, self.y0 + top / self.scale), left, top


def surface_on(pixels: Pixels) -> skia.Surface:
    """A surface that draws into ``pixels``, which must outlive it."""
    return skia.Surface(
        pixels, colorType=skia.ColorType.kBGRA_8888_ColorType, alphaType=skia.AlphaType.kPremul_AlphaType
    )


def draw_pixels(canvas: skia.Canvas, pixels: Pixels, x: float = 0, y: float = 0) -> None:
    """Draws ``pixels`` without copying them. The image borrows their memory, so it never leaves this function."""
    image = skia.Image.fromarray(
        pixels, skia.ColorType.kBGRA_8888_ColorType, alphaType=skia.AlphaType.kPremul_AlphaType, copy=False
    )
    canvas.drawImage(image, x, y)


def draw_enlarged(canvas: skia.Canvas, pixels: Pixels, x: float, y: float, width: float, height: float) -> None:
    """Draws ``pixels`` smoothly stretched over a rectangle of the canvas."""
    image = skia.Image.fromarray(
        pixels, skia.ColorType.kBGRA_8888_ColorType, alphaType=skia.AlphaType.kPremul_AlphaType, copy=False
    )
    place = skia.Rect.MakeXYWH(x, y, width, height)
    canvas.drawImageRect(image, place, skia.SamplingOptions(skia.FilterMode.kLinear))


def draw_layer(canvas: skia.Canvas, layer: Layer, view: Lens, *, lifted: float = 0.0) -> None:
    """Paints one layer. ``lifted`` above 0 lets groups with a lift cast shadows, that much as dark."""
    if layer.softness * view.scale > 0.3:
        sheet = view.empty()
        draw_layer(surface_on(sheet).getCanvas(), replace(layer, softness=0.0), view, lifted=lifted)
        deviation = layer.softness * view.scale
        draw_pixels(canvas, np.asarray(cv2.GaussianBlur(sheet, (0, 0), deviation), np.uint8))
        return
    canvas.save()
    canvas.scale(view.scale, view.scale)
    canvas.translate(-view.x0, -view.y0)
    _draw_group(canvas, layer.group, lifted)
    canvas.restoreToCount(1)


def _draw_group(canvas: skia.Canvas, group: Group, lifted: float) -> None:
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
    covered = extent(Group(items=group.items))
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
        if paint is None:
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


def _brush(paint: Paint, opacity: float) -> skia.Paint:
    brush = skia.Paint(AntiAlias=True)
    if isinstance(paint, Gradient):
        brush.setShader(_shader(paint))
        brush.setAlphaf(opacity)
    else:
        brush.setColor(ink(paint, opacity))
    return brush


def ink(colour: Colour, opacity: float = 1.0) -> int:
    r, g, b = rgb(colour)
    return int(skia.Color4f(r, g, b, opacity).toColor())


def _shader(gradient: Gradient) -> skia.Shader:
    colours = [ink(colour, opacity) for _, colour, opacity in gradient.stops]
    places = [place for place, _, _ in gradient.stops]
    if gradient.kind == "linear":
        x0, y0, x1, y1 = gradient.geometry
        return skia.GradientShader.MakeLinear([skia.Point(x0, y0), skia.Point(x1, y1)], colours, places)
    cx, cy, radius = gradient.geometry
    return skia.GradientShader.MakeRadial(skia.Point(cx, cy), radius, colours, places)


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
