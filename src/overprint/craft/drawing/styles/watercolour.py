"""Watercolour: pigment that pools at edges and granulates on rough paper, washes that bleed a little.

The layers are painted in a few washes, far to near. The slow maths runs on one channel or at half resolution.
"""

import cv2
import numpy as np
import numpy.typing as npt

from overprint.craft.drawing.buffers import Pixels, surface_on
from overprint.craft.drawing.nodes import Layer
from overprint.craft.drawing.raster import Lens, draw_layer
from overprint.craft.drawing.styles.bands import Field, Stretched, bands
from overprint.craft.drawing.styles.paper import noise, screened, texture

Picture = npt.NDArray[np.uint8]
_WHITE = (236, 248, 253)  # the paper, blue first


def paint(layers: list[Layer], view: Lens) -> Picture:
    unit = view.scale
    picture = np.empty((view.height_px, view.width_px, 3), np.uint8)
    picture[:] = _WHITE
    washes = _washes(layers)
    for number, (wash, is_figure) in enumerate(washes):
        _lay_down(picture, _drawn(wash, view), unit, number, is_figure=is_figure)
    lights = [layer for layer in layers if layer.is_light]
    if lights:
        _light_over(picture, _drawn(lights, view))
    return _on_paper(picture, unit)


def _drawn(layers: list[Layer], view: Lens) -> Pixels:
    sheet = view.empty()
    canvas = surface_on(sheet).getCanvas()
    for layer in layers:
        draw_layer(canvas, layer, view)
    return sheet


def _washes(layers: list[Layer]) -> list[tuple[list[Layer], bool]]:
    """Consecutive layers painted together: the sky, the distance, the stage, each time somebody stands there."""
    washes: list[tuple[list[Layer], bool, int]] = []
    for layer in layers:
        if layer.is_light:
            continue
        zone = (
            9
            if layer.is_figure
            else 0
            if layer.depth < 0.09
            else 1
            if layer.depth < 0.4
            else 2
            if layer.depth <= 0.8
            else 3
        )
        if washes and washes[-1][2] == zone:
            washes[-1][0].append(layer)
        else:
            washes.append(([layer], layer.is_figure, zone))
    return [(wash, is_figure) for wash, is_figure, _ in washes]


def _lay_down(picture: Picture, sheet: Pixels, unit: float, number: int, *, is_figure: bool) -> None:
    """One wash onto the paper, inside the rows and columns that it touches."""
    rows = np.flatnonzero(sheet[..., 3].any(axis=1))
    columns = np.flatnonzero(sheet[..., 3].any(axis=0))
    if rows.size == 0:
        return
    margin = int(8 * unit) + 2
    top, bottom = max(0, int(rows[0]) - margin), min(sheet.shape[0], int(rows[-1]) + margin)
    left, right = max(0, int(columns[0]) - margin), min(sheet.shape[1], int(columns[-1]) + margin)
    wash = _wobbled(sheet[top:bottom, left:right], unit, number, calm=0.4 if is_figure else 1.0)
    _glaze(picture[top:bottom, left:right], wash, unit, number, is_figure=is_figure)


def _glaze(below: Picture, wash: Pixels, unit: float, number: int, *, is_figure: bool) -> None:
    """The wash over what is below, which it bleaches a little around its edge."""
    cover = cv2.extractChannel(wash, 3)
    density = _density(wash, unit, number, is_figure=is_figure)
    halo = cv2.subtract(cv2.GaussianBlur(cover, (0, 0), max(0.4, 2.6 * unit)), cover)
    for rows in bands(below.shape[0]):
        part = below[rows]
        colour = _pigment(wash[rows], density[rows])
        rim = cv2.convertScaleAbs(halo[rows], alpha=0.5 if is_figure else 0.3)
        bleached = screened(part, np.asarray(cv2.merge([rim] * 3), np.uint8))
        solid = cv2.merge([cover[rows]] * 3)
        laid = cv2.multiply(colour, solid, scale=1 / 255)
        part[:] = cv2.add(laid, cv2.multiply(bleached, cv2.bitwise_not(solid), scale=1 / 255))


def _wobbled(part: Pixels, unit: float, number: int, *, calm: float) -> Pixels:
    """Edges that no ruler drew: displaced by smooth noise, computed small."""
    height, width = part.shape[:2]
    small = max(2, height // 4), max(2, width // 4)
    pushes = []
    for axis in (0, 1):
        push = noise(*small, 12 * unit, 10 + 7 * number + axis) * np.float32(2.3 * unit * calm)
        push += noise(*small, 3.4 * unit, 90 + 7 * number + axis, 1) * np.float32(0.8 * unit * calm)
        pushes.append(Stretched(push, height, width))
    out = np.empty_like(part)
    across, down = np.arange(width, dtype=np.float32)[None, :], np.arange(height, dtype=np.float32)[:, None]
    for rows in bands(height):
        x, y = pushes[0][rows] + across, pushes[1][rows] + down[rows]
        cv2.remap(part, x, y, cv2.INTER_LINEAR, dst=out[rows], borderMode=cv2.BORDER_REPLICATE)
    return out


def _density(part: Pixels, unit: float, number: int, *, is_figure: bool) -> Stretched:
    """How much pigment lies where: 1 is as mixed, more is darker. One value a pixel."""
    height, width = part.shape[:2]
    half = (max(1, width // 2), max(1, height // 2))
    cover = cv2.resize(part[..., 3], half, interpolation=cv2.INTER_AREA)
    grey = cv2.resize(cv2.cvtColor(part, cv2.COLOR_BGRA2GRAY), half, interpolation=cv2.INTER_AREA)
    pooled = cv2.subtract(cover, cv2.GaussianBlur(cover, (0, 0), max(0.4, 2.3 * unit)))
    edges = cv2.subtract(cv2.GaussianBlur(grey, (0, 0), max(0.4, 1.6 * unit)), grey)
    calm = 0.45 if is_figure else 1.0
    wash = noise(half[1], half[0], 95 * unit, 200 + number, 3) * np.float32(0.15 * calm)
    wash += noise(half[1], half[0], 11 * unit, 300 + number, 2) * np.float32(0.05 * calm)
    wash += pooled * np.float32(1.15 / 255)
    wash += edges * np.float32(0.95 / 255)
    wash += np.float32(0.94)
    return Stretched(wash, height, width)


def _pigment(part: Pixels, density: Field) -> Picture:
    """The colours with ``density`` applied as a power, as layers of glaze do. Tabulated: 64 densities."""
    levels = np.linspace(0.3, 2.4, 64, dtype=np.float32)
    tones = np.clip(np.arange(256, dtype=np.float32) / 255, 0.02, 1)
    table = np.power(tones[None, :], levels[:, None]) * 0.93 + 0.07
    lookup = np.clip(table * 255 + 0.5, 0, 255).astype(np.uint8).reshape(-1)
    index = np.clip((density - 0.3) * (63 / 2.1), 0, 63).astype(np.uint16) << 8
    colours = _unmultiplied(part)
    out = np.empty_like(colours)
    for channel in range(3):
        out[..., channel] = np.take(lookup, index + colours[..., channel])
    return out


def _unmultiplied(part: Pixels) -> Picture:
    cover = part[..., 3]
    if int(cover.min()) == 255:
        return part[..., :3]
    scale = np.zeros(256, np.float32)
    scale[1:] = 255.0 / np.arange(1, 256, dtype=np.float32)
    factor = np.take(scale, cover)
    return np.asarray(cv2.multiply(part[..., :3], cv2.merge([factor] * 3), dtype=cv2.CV_8U), np.uint8)


def _light_over(picture: Picture, lights: Pixels) -> None:
    for rows in bands(picture.shape[0]):
        soft = cv2.convertScaleAbs(lights[rows, :, :3], alpha=0.6)
        picture[rows] = screened(picture[rows], np.asarray(soft, np.uint8))


def _on_paper(picture: Picture, unit: float) -> Picture:
    """A torn, unpainted border, and the tooth of the sheet over all."""
    height, width = picture.shape[:2]
    ragged = _ragged(height, width, unit)
    across = np.minimum(np.arange(width, dtype=np.float32), width - np.arange(width, dtype=np.float32))[None, :]
    down = np.minimum(np.arange(height, dtype=np.float32), height - np.arange(height, dtype=np.float32))[:, None]
    for rows in bands(height):
        edge = ragged[rows] + np.minimum(across, down[rows])  # pixels to the ragged edge of the paint, below 0 outside
        edge -= np.float32(22 * unit)
        inside = np.clip(edge / np.float32(3 * unit), 0, 1)
        pool = 1 - np.clip(1 - np.abs(edge - 6 * unit) / np.float32(8 * unit), 0, 1) * np.float32(0.16)
        factor = texture(edge.shape[0], width, unit, tooth=0.03, grain=0.012, top=rows.start)
        painted, bare, part = pool * inside * factor, (1 - inside) * factor, picture[rows]
        for channel in range(3):
            laid = part[..., channel] * painted + np.float32(_WHITE[channel]) * bare
            part[..., channel] = np.clip(laid + np.float32(0.5), 0, 255)
    return picture


def _ragged(height: int, width: int, unit: float) -> Stretched:
    """How far the edge of the paint strays from a straight line, in pixels."""
    small = max(2, height // 4), max(2, width // 4)
    ragged = noise(*small, 20 * unit, 7, 4) * np.float32(5 * unit)
    ragged += noise(*small, 3 * unit, 8, 1) * np.float32(1.6 * unit)
    return Stretched(ragged, height, width)
