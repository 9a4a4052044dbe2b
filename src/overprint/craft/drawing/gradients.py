"""Gradients, and a quick way to fill large areas with them.

Skia works out every pixel of a gradient by itself. Where all pixels of a row are alike, one of them is enough; and
a light that fades over hundreds of pixels to nothing looks the same worked out small and enlarged.
"""

import numpy as np
import skia

from overprint.craft.drawing.buffers import Pixels, draw_pixels, enlarged, surface_on
from overprint.craft.drawing.colour import Colour, rgb
from overprint.craft.drawing.nodes import Gradient

_LARGE_PX = 30_000  # from this area on the detour is worth its overhead
_SHRINK = 4
_STRIP_PX = 8


def ink(colour: Colour, opacity: float = 1.0) -> int:
    r, g, b = rgb(colour)
    return int(skia.Color4f(r, g, b, opacity).toColor())


def shader(gradient: Gradient) -> skia.Shader:
    colours = [ink(colour, opacity) for _, colour, opacity in gradient.stops]
    places = [place for place, _, _ in gradient.stops]
    if gradient.kind == "linear":
        x0, y0, x1, y1 = gradient.geometry
        return skia.GradientShader.MakeLinear([skia.Point(x0, y0), skia.Point(x1, y1)], colours, places)
    cx, cy, radius = gradient.geometry
    return skia.GradientShader.MakeRadial(skia.Point(cx, cy), radius, colours, places)


def fill_large(
    canvas: skia.Canvas,
    path: skia.Path,
    gradient: Gradient,
    *,
    opacity: float,
    blend: skia.BlendMode,
    is_own_disc: bool,
) -> bool:
    """Fills ``path`` with the gradient if it is large and there is a quick way; says whether it did.

    ``is_own_disc``: the path is where a radial gradient ends.
    """
    matrix = canvas.getTotalMatrix()
    if not matrix.isScaleTranslate():
        return False
    reach = matrix.mapRect(path.getBounds()).roundOut()
    if not reach.intersect(canvas.getDeviceClipBounds()) or reach.width() * reach.height() < _LARGE_PX:
        return False
    if gradient.kind == "linear" and gradient.geometry[0] == gradient.geometry[2]:
        tones = _alike_in_rows(reach, matrix, gradient)
    elif is_own_disc and gradient.stops[-1][2] == 0:
        tones = _worked_out_small(reach, matrix, gradient)
    else:
        return False
    canvas.save()
    if not is_own_disc:
        canvas.clipPath(path, skia.ClipOp.kIntersect, True)
    canvas.resetMatrix()
    draw_pixels(canvas, tones, reach.left(), reach.top(), paint=skia.Paint(Alphaf=opacity, BlendMode=blend))
    canvas.restore()
    return True


def _alike_in_rows(reach: skia.IRect, matrix: skia.Matrix, gradient: Gradient) -> Pixels:
    strip = _painted(reach, matrix, gradient, _STRIP_PX, reach.height(), shrink=1)
    column = strip.view(np.uint32)[:, :1, 0]
    return np.repeat(column, reach.width(), axis=1).view(np.uint8).reshape(reach.height(), reach.width(), 4)


def _worked_out_small(reach: skia.IRect, matrix: skia.Matrix, gradient: Gradient) -> Pixels:
    """May reach a little over the right and the lower side, where a light has ended."""
    wide, tall = -(-reach.width() // _SHRINK), -(-reach.height() // _SHRINK)
    small = _painted(reach, matrix, gradient, wide, tall, shrink=_SHRINK)
    return enlarged(small, wide * _SHRINK, tall * _SHRINK)


def _painted(
    reach: skia.IRect, matrix: skia.Matrix, gradient: Gradient, width: int, height: int, *, shrink: int
) -> Pixels:
    pixels = np.zeros((height, width, 4), np.uint8)
    canvas = surface_on(pixels).getCanvas()
    canvas.scale(1 / shrink, 1 / shrink)
    canvas.translate(-reach.left(), -reach.top())
    canvas.concat(matrix)
    canvas.drawPaint(skia.Paint(Shader=shader(gradient)))
    return pixels
