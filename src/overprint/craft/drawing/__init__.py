"""The embedded illustrator: a scene in, layers and a picture out.

Pure: no files, no clock, no network; chance only from the seed. A new setting, creature, prop or style is one small
file in its folder and one line in that folder's list.
"""

from overprint.craft.drawing.drawing import SIDE_MAX_PX, Box, Drawing, Shown, draw
from overprint.craft.drawing.work import Delivery, Order, delivery, draw_bytes, order_bytes

__all__ = [
    "SIDE_MAX_PX",
    "Box",
    "Delivery",
    "Drawing",
    "Order",
    "Shown",
    "delivery",
    "draw",
    "draw_bytes",
    "order_bytes",
]
