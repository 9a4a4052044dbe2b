"""Photos for the tests of this room."""

import functools

import numpy as np

from overprint.core.scene import Accessory, Garment, Species
from overprint.features.photos import Confirmed, Handling, consent_to
from tests.craft.photos.portraits import encoded, portrait

MIA = Confirmed("Mia", Species.CHILD, Garment.DUNGAREES, (Accessory.GLASSES,))
CONSENT = consent_to(Handling())
FORM = {"name": "Mia", "species": "child", "garment": "dungarees", "accessories": ["glasses"]}


@functools.cache
def photo() -> bytes:
    """Somebody with auburn hair and a blue jersey."""
    return encoded(portrait())


@functools.cache
def two_people() -> bytes:
    """A fair one on the left and, larger, a dark one on the right."""
    small = np.full((240, 210, 3), (201, 198, 192), np.uint8)
    small[30:] = portrait("#f2c9a5", "#cba562", "#c8452f", side_px=210)
    return encoded(np.hstack([small, portrait("#6f4630", "#1f1a1a", "#e9b83a", side_px=240)]))


@functools.cache
def hills() -> bytes:
    """Nobody at all."""
    y, x = np.mgrid[0:400, 0:500]
    return encoded(np.dstack([x // 3, 120 + y // 5, 200 - y // 3]).astype(np.uint8))
