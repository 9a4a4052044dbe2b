"""Presets: looks of films that have a name. Some come along, site admins change those and add others, and teams and
people keep their own.

What comes along is data of the package, and a row exists only for what a site admin changed about it: an upgrade brings
better presets, and takes no change back.
"""

from overprint.features.presets.service import Presets, Samples

__all__ = ["Presets", "Samples"]
