"""Drawing in a child process: a request as bytes in, a picture as bytes out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from overprint.core.codec import canonical, decode, encode
from overprint.core.problems import Invalid
from overprint.core.scene import Scene, Sheet
from overprint.core.shown import Shown
from overprint.core.story import Style
from overprint.craft.framing import pack, unpack

VECTOR_STYLES = frozenset({Style.FLAT})
"""Styles that lose nothing as vectors; paint, paper, pencil and printers' dots are pixels."""
VECTOR_MAX_BYTES = 4_000_000


@dataclass(frozen=True, slots=True)
class Order:
    """What to draw; see :func:`overprint.craft.drawing.drawing.draw`."""

    scene: Scene
    sheets: Mapping[str, Sheet]
    style: Style
    width_px: int
    height_px: int
    seed: int
    is_spread: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """A JPEG of the ordered size, and what can be seen on it. ``vector``: the same as SVG, if the style is such."""

    data: bytes
    shown: tuple[Shown, ...]
    width_px: int
    height_px: int
    vector: bytes = b""


@dataclass(frozen=True, slots=True)
class _Seen:
    shown: tuple[Shown, ...]


def order_bytes(order: Order) -> bytes:
    return canonical(order)


def draw_bytes(payload: bytes) -> bytes:
    """Draws the order in ``payload`` (JSON). For :meth:`ports.compute.ComputePort.run`; read the answer with
    :func:`delivery`. Raises ``Invalid`` for an order that makes no sense."""
    from overprint.craft.drawing.drawing import draw

    try:
        data: Any = json.loads(payload)
    except ValueError:
        raise Invalid("This drawing order is damaged.", "Order the picture again.") from None
    order = decode(Order, data)
    size = {"width_px": order.width_px, "height_px": order.height_px}
    drawing = draw(
        order.scene,
        order.sheets,
        style=order.style,
        width_px=order.width_px,
        height_px=order.height_px,
        seed=order.seed,
        is_spread=order.is_spread,
    )
    parts = {"picture": drawing.raster()}
    if order.style in VECTOR_STYLES:
        vector = drawing.svg().encode()
        if len(vector) <= VECTOR_MAX_BYTES:
            parts["vector"] = vector
    return pack({"shown": encode(drawing.shown), **size}, parts)


def delivery(answer: bytes) -> Delivery:
    """What :func:`draw_bytes` answered."""
    header, blobs = unpack(answer)
    shown = decode(_Seen, {"shown": header["shown"]}).shown
    return Delivery(blobs["picture"], shown, header["width_px"], header["height_px"], blobs.get("vector", b""))
