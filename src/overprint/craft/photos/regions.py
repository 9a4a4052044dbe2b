"""Which pixels are skin, hair and clothes, from where the face is and what belongs to the person."""

from dataclasses import dataclass

import numpy as np

from overprint.craft.matting import Cover
from overprint.craft.photos.faces import Face
from overprint.craft.photos.tones import Labs, Mask

_LEAST_PIXELS = 60
_SKIN_SPREAD = 0.105  # how far at most, in OKLab, a person's own skin lies from its median; lightness counts half
_HAIR_SPREAD = 0.12


@dataclass(frozen=True, slots=True)
class Regions:
    """Pixels as OKLab rows; empty where there are too few to say anything.

    ``glint`` is the lightness of the brightest parts of the face: eyes, teeth, a shine. ``hair_share`` is how much of
    the crown above the forehead is hair, ``bare_share`` how much is skin. ``hangs`` is how much of the space beside the
    jaw, and beside the neck below it, has the colour of the hair.
    """

    skin: Labs
    glint: float
    hair: Labs
    clothes: Labs
    hair_share: float
    bare_share: float
    hangs: tuple[float, float]


def regions(tones: Labs, cover: Cover, face: Face) -> Regions:
    height, width = cover.shape
    columns, rows = np.arange(width, dtype=np.float32)[None, :], np.arange(height, dtype=np.float32)[:, None]
    across = np.asarray((columns - np.float32(face.x + face.side / 2)) / np.float32(face.side), np.float32)
    down = np.asarray((rows - np.float32(face.y)) / np.float32(face.side), np.float32)
    person = cover > 0.75
    skin, spread = _skin(tones, across, down)
    skin_like = _near(tones, skin, spread)
    crown = person & (np.abs(across) < 0.5) & (down > -0.3) & (down < 0.16)
    hair_tones = _hair(tones, crown & ~skin_like, across, down)
    top = crown & (np.abs(across) < 0.3) & (down > -0.2) & (down < 0.06)
    share = float((top & ~skin_like).sum()) / max(1, int(top.sum()))
    hair_like = person & _near(tones, hair_tones, _HAIR_SPREAD) & ~skin_like
    clothes = person & (np.abs(across) < 1.4) & (down > 1.4) & (down < 3.0) & ~skin_like
    hangs = _both_sides(hair_like, across, down, 0.6, 0.95), _both_sides(hair_like, across, down, 1.05, 1.45)
    if hangs[1] > 0.3:
        clothes &= ~(hair_like & (down < 2.2))
    scalp = (np.abs(across) < 0.25) & (down > -0.14) & (down < 0.06)
    bare = _share(person & skin_like, scalp)
    inner = tones[(across / 0.32) ** 2 + ((down - 0.55) / 0.38) ** 2 < 1]
    glint = float(np.percentile(inner[:, 0], 98.5)) if len(inner) else 0.0
    return Regions(_enough(skin), glint, _enough(hair_tones), _enough(tones[clothes]), share, bare, hangs)


def _both_sides(found: Mask, across: Labs, down: Labs, top: float, bottom: float) -> float:
    """The smaller of the shares to the left and right of the face: hair hangs on both sides, a dark wall on one."""
    rows = (down > top) & (down < bottom)
    left, right = (_share(found, (np.abs(across - side * 0.56) < 0.14) & rows) for side in (-1, 1))
    return min(left, right)


def _hair(tones: Labs, where: Mask, across: Labs, down: Labs) -> Labs:
    """What lies around the face, of the colour that lies nearest to it: a bright window behind is left out."""
    ring = (across / 0.36) ** 2 + ((down - 0.55) / 0.5) ** 2
    near = tones[where & (ring > 1) & (ring < 1.7)]
    if len(near) == 0:
        return near
    found = tones[where & (ring > 1)]
    return np.asarray(found[_gap(found, np.median(near, axis=0)) < _HAIR_SPREAD], np.float32)


def _skin(tones: Labs, across: Labs, down: Labs) -> tuple[Labs, float]:
    """Cheeks, nose and lower forehead, without eyes and mouth, and without what lies far from the rest; and how far
    from its median a pixel can be this person's skin: less in even light."""
    inside = (across / 0.3) ** 2 + ((down - 0.52) / 0.32) ** 2 < 1
    eyes = (np.abs(down - 0.4) < 0.1) & (np.abs(np.abs(across) - 0.19) < 0.13)
    mouth = (np.abs(down - 0.78) < 0.1) & (np.abs(across) < 0.2)
    found = tones[np.broadcast_to(inside & ~eyes & ~mouth, tones.shape[:2])]
    if len(found) == 0:
        return found, 0.0
    gaps = _gap(found, np.median(found, axis=0))
    spread = float(np.clip(2.2 * np.percentile(gaps, 70), 0.045, _SKIN_SPREAD))
    return np.asarray(found[gaps < spread], np.float32), spread


def _near(tones: Labs, group: Labs, spread: float) -> Mask:
    """Which pixels have the colour of a group."""
    if len(group) == 0:
        return np.zeros(tones.shape[:2], np.bool_)
    return np.asarray(_gap(tones, np.median(group, axis=0)) < spread, np.bool_)


def _gap(tones: Labs, centre: Labs) -> Labs:
    """Distance with lightness counted half: shadows change it most."""
    return np.asarray(np.linalg.norm((tones - centre) * np.array([0.5, 1.4, 1.4], np.float32), axis=-1), np.float32)


def _share(found: Mask, where: Mask) -> float:
    return float((found & where).sum()) / max(1, int(where.sum()))


def _enough(tones: Labs) -> Labs:
    return tones if len(tones) >= _LEAST_PIXELS else tones[:0]
