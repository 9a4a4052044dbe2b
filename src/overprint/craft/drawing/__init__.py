"""The embedded illustrator: a scene in, layers and a picture out.

Pure: no files, no clock, no network; chance only from the seed. A new setting, creature, prop or style is one small
file in its folder and one line in that folder's list. ``draw_bytes`` is for a child process; nothing here loads what
draws until it runs.
"""

from overprint.craft.drawing.casting import NOT_HERE
from overprint.craft.drawing.child import Delivery, Order, delivery, draw_bytes, order_bytes

__all__ = ["NOT_HERE", "Delivery", "Order", "delivery", "draw_bytes", "order_bytes"]
