"""Layers as an SVG document. Needs no font and no outside file; text inside is escaped."""

from html import escape  # xml.sax has one too, and loads an HTTP client for it: a sixth of a child's start

from overprint.craft.drawing.nodes import Blend, Gradient, Group, Layer, Paint, Shape
from overprint.craft.drawing.raster import Lens
from overprint.craft.drawing.vector import Path


def svg_document(layers: list[Layer], view: Lens, title: str) -> str:
    """``title`` is what people who cannot see it are told."""
    writer = _Writer()
    body = "".join(writer.layer(layer) for layer in layers)
    width, height = view.width_px / view.scale, view.height_px / view.scale
    shown = escape(_legal(title))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view.x0:.1f} {view.y0:.1f} {width:.1f} {height:.1f}" '
        f'width="{view.width_px}" height="{view.height_px}" role="img" aria-label="{shown}">'
        f"<title>{shown}</title><defs>{''.join(writer.definitions)}</defs>{body}</svg>"
    )


def _legal(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return "".join(
        c for c in text if c in "\t\n\r" or "\x20" <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff"
    )


class _Writer:
    """Writes groups and collects the definitions that they refer to."""

    def __init__(self) -> None:
        self.definitions: list[str] = []
        self._known: dict[object, str] = {}
        self._count = 0

    def layer(self, layer: Layer) -> str:
        soft = f' filter="url(#{self._blur(layer.softness)})"' if layer.softness > 0 else ""
        return f'<g id="layer-{self._next()}" class="{escape(layer.name)}"{soft}>{self._group(layer.group)}</g>'

    def _group(self, group: Group) -> str:
        if group.opacity <= 0:
            return ""
        attributes = ""
        if group.matrix is not None:
            attributes += f' transform="matrix({",".join(f"{value:.5g}" for value in group.matrix)})"'
        if group.clip is not None:
            clip = self._define("clip", f'<clipPath id="{{id}}"><path d="{_data(group.clip)}"/></clipPath>')
            attributes += f' clip-path="url(#{clip})"'
        if group.opacity < 1:
            attributes += f' opacity="{group.opacity:.3g}"'
        inner = "".join(self._shape(item) if isinstance(item, Shape) else self._group(item) for item in group.items)
        return f"<g{attributes}>{inner}</g>" if attributes else inner

    def _shape(self, shape: Shape) -> str:
        attributes = f'd="{_data(shape.path)}" fill="{self._paint(shape.fill)}"'
        if shape.stroke is not None:
            attributes += f' stroke="{self._paint(shape.stroke)}" stroke-width="{shape.stroke_width:.4g}"'
            attributes += ' stroke-linecap="round" stroke-linejoin="round"'
        if shape.opacity < 1:
            attributes += f' opacity="{max(0.0, shape.opacity):.3g}"'
        if shape.even_odd:
            attributes += ' fill-rule="evenodd"'
        if shape.blur > 0:
            attributes += f' filter="url(#{self._blur(shape.blur)})"'
        return f"<path {attributes}{_blending(shape.blend)}/>"

    def _paint(self, paint: Paint | None) -> str:
        if paint is None:
            return "none"
        if isinstance(paint, str):
            return paint
        return f"url(#{self._gradient(paint)})"

    def _gradient(self, gradient: Gradient) -> str:
        if gradient not in self._known:
            names = ("x1", "y1", "x2", "y2") if gradient.kind == "linear" else ("cx", "cy", "r")
            places = " ".join(f'{name}="{value:.2f}"' for name, value in zip(names, gradient.geometry, strict=True))
            stops = "".join(
                f'<stop offset="{place:g}" stop-color="{colour}"'
                + (f' stop-opacity="{opacity:.3g}"' if opacity < 1 else "")
                + "/>"
                for place, colour, opacity in gradient.stops
            )
            tag = f"{gradient.kind}Gradient"
            self._known[gradient] = self._define(
                "paint", f'<{tag} id="{{id}}" gradientUnits="userSpaceOnUse" {places}>{stops}</{tag}>'
            )
        return self._known[gradient]

    def _blur(self, deviation: float) -> str:
        key = ("blur", round(deviation, 1))
        if key not in self._known:
            effect = f'<feGaussianBlur stdDeviation="{key[1]:g}"/>'
            area = 'x="-50%" y="-50%" width="200%" height="200%"'
            self._known[key] = self._define("soft", f'<filter id="{{id}}" {area}>{effect}</filter>')
        return self._known[key]

    def _define(self, kind: str, template: str) -> str:
        name = f"{kind}-{self._next()}"
        self.definitions.append(template.replace("{id}", name))
        return name

    def _next(self) -> int:
        self._count += 1
        return self._count


def _data(path: Path) -> str:
    return "".join(op + " ".join(f"{value:.1f}" for value in values) for op, values in path.segments)


def _blending(blend: Blend) -> str:
    return "" if blend == "normal" else f' style="mix-blend-mode:{blend}"'
