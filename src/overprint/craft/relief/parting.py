"""A flat picture as slices, far to near: what is behind everything, what rises before it, the ground, the subject.

The ground is one slice that lies rather than stands: it is nearer the lower it is, so whoever stands on it does not
slide over it. At its far edge it moves as what is behind does, so that edge is never seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from overprint.craft.matting import Cover, Picture, guided
from overprint.craft.photos.tones import labs
from overprint.craft.relief.seams import Seam, find_seams
from overprint.craft.relief.slices import Slice, behind, fitted
from overprint.craft.relief.subjects import Subject, find_subjects, small

HORIZON_DEPTH, GROUND_DEPTH = 0.1, 1.05
"""How deep what is behind everything lies, and the lower edge of the picture."""
_STEP = 0.07  # how much nearer the far edge of what is below a seam is than what it hides
_STANDING = 0.03  # before the ground that it stands on
_PERSON_DEPTH, _THING_DEPTH = 1.0, 0.45  # of who and what goes on below the picture
_SURE = 0.16  # how strong the strongest seam is where a ground is beyond doubt
_DOUBTED_DEPTH = 0.5
_SOFT_GROUND = 0.05  # of the height, over which a ground without a seam begins: there it moves as what is behind it


def parted(picture: Picture) -> tuple[Slice, ...]:
    """One slice, which is the picture itself, where nothing tells how deep anything is."""
    subjects = find_subjects(picture)
    tones = labs(small(picture))
    covered = np.zeros(tones.shape[:2], np.uint8)
    for subject in subjects:
        covered |= subject.mask
    seams = find_seams(tones, np.asarray(cv2.dilate(covered, np.ones((5, 5), np.uint8)), np.uint8))
    if not subjects and not seams:
        return (Slice("picture", HORIZON_DEPTH, picture),)
    covers = [_cover_of(picture, subject) for subject in subjects]
    ground = _ground(seams, subjects)
    slices = [*_behind_all(picture, seams, ground, covers)]
    for number, (subject, cover) in enumerate(zip(subjects, covers, strict=True)):
        nearer = covers[number + 1 :]
        depth = ground.depth_at(subject.foot) + _STANDING
        if subject.is_cut:
            depth = _PERSON_DEPTH if subject.is_person else max(_THING_DEPTH, depth)
        slices.append(Slice("subject", depth, behind(picture, nearer), cover))
    return tuple(slices)


@dataclass(frozen=True, slots=True)
class _Ground:
    """Where it begins, as a share of the height, and how deep the picture's lower edge lies; ``horizon`` is 1 where
    none is seen."""

    horizon: float
    low_depth: float

    def depth_at(self, row: float) -> float:
        share = min(1.0, max(0.0, (row - self.horizon) / max(0.05, 1 - self.horizon)))
        return HORIZON_DEPTH + (self.low_depth - HORIZON_DEPTH) * share


def _ground(seams: Sequence[Seam], subjects: Sequence[Subject]) -> _Ground:
    if seams:
        sure = min(1.0, max(seam.strength for seam in seams) / _SURE)
        return _Ground(seams[0].height, _DOUBTED_DEPTH + (GROUND_DEPTH - _DOUBTED_DEPTH) * sure)
    feet = [subject.foot for subject in subjects if not subject.is_cut]
    return _Ground(max(0.25, min(feet) - 0.4) if feet else 1.0, _DOUBTED_DEPTH)


def _behind_all(picture: Picture, seams: Sequence[Seam], ground: _Ground, covers: Sequence[Cover]) -> list[Slice]:
    """All that is behind the subjects."""
    below = [_below(picture, seam) for seam in seams]
    slices = [Slice("far", HORIZON_DEPTH, behind(picture, [*covers, *below[:1]]))]
    if not seams and ground.horizon < 1:
        cover = _soft_below(picture, ground.horizon)
        slices.append(Slice("ground", HORIZON_DEPTH, slices[0].pixels, cover, ground.low_depth, ground.horizon))
    for number, (seam, cover) in enumerate(zip(seams, below, strict=True)):
        shown = behind(picture, [*covers, *below[number + 1 : number + 2]])
        depth = ground.depth_at(seam.height) + _STEP * (number + 1)
        slices.append(Slice("ground", depth, shown, cover, max(depth, ground.low_depth), seam.height))
    return slices


def _cover_of(picture: Picture, subject: Subject) -> Cover:
    """A little more than the subject: its drawn outline is its own."""
    return fitted(picture, subject.mask.astype(np.float32))


def _below(picture: Picture, seam: Seam) -> Cover:
    height, width = picture.shape[:2]
    rows = cv2.resize(seam.rows[None, :], (width, 1), interpolation=cv2.INTER_LINEAR)[0] * height
    rough = (np.arange(height, dtype=np.float32)[:, None] >= rows).astype(np.float32)
    fine = guided(picture, rough, max(2, round(max(height, width) / 160)))
    # What is far from the seam is on one side of it, whatever the guide says.
    away = np.abs(np.arange(height, dtype=np.float32)[:, None] - rows) > 0.03 * height
    return np.asarray(np.where(away, rough, fine), np.float32)


def _soft_below(picture: Picture, horizon: float) -> Cover:
    height, width = picture.shape[:2]
    rows = np.arange(height, dtype=np.float32) / height
    share = np.clip((rows - horizon) / _SOFT_GROUND, 0, 1)
    soft = share * share * (3 - 2 * share)
    return np.repeat(soft[:, None], width, axis=1).astype(np.float32)
