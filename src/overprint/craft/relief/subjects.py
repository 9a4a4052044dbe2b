"""Who or what a picture is of: people by their faces, else what differs from everything that touches its edges.

A guess counts only if it looks like one thing: neither tiny nor nearly everything, in one piece, and of other colours
than what is around it for most of its outline.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from overprint.craft.matting import Cover, Picture, cut
from overprint.craft.photos.faces import find_faces
from overprint.craft.photos.matte import person_cover
from overprint.craft.photos.tones import labs

Mask = npt.NDArray[np.uint8]
Labs = npt.NDArray[np.float32]

SUBJECTS_MAX = 3
_SIDE_PX = 280
_BORDER_COLOURS = 8
_AREA_LEAST, _AREA_MOST = 0.015, 0.6
_OUTLINE_LEAST, _OUTLINE_SHARE = 0.055, 0.8
_SOLID_LEAST = 0.42
_BESIDE_PX = 3
_GAP_PX = 15  # what lies nearer together is one thing
_FACE_SURE = 0.7


@dataclass(frozen=True, slots=True)
class Subject:
    """``mask`` is small; ``foot`` is its lowest place, as a share of the height. ``is_cut``: it goes on below the
    picture. ``is_person``: it has a face, so there is no doubt."""

    mask: Mask
    foot: float
    is_cut: bool
    is_person: bool = False


def find_subjects(picture: Picture) -> tuple[Subject, ...]:
    """Far to near."""
    people = _people(picture)
    found = people or _things(picture)
    return tuple(sorted(found, key=lambda subject: (subject.is_cut, subject.foot)))


def small(picture: Picture) -> Picture:
    """As large as masks are."""
    shrink = min(1.0, _SIDE_PX / max(picture.shape[:2]))
    size = max(8, round(picture.shape[1] * shrink)), max(8, round(picture.shape[0] * shrink))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _people(picture: Picture) -> list[Subject]:
    shown = small(picture)
    size = shown.shape[1], shown.shape[0]
    tones, found, taken = labs(shown), [], np.zeros(shown.shape[:2], np.uint8)
    for face in find_faces(picture, thorough=False)[:SUBJECTS_MAX]:
        if face.confidence < _FACE_SURE:
            continue
        cover: Cover = person_cover(picture, face)
        mask = (cv2.resize(cover, size, interpolation=cv2.INTER_AREA) > 0.5).astype(np.uint8)
        mask[taken == 1] = 0
        if _is_one_thing(mask, tones):
            taken |= mask
            found.append(replace(_subject(mask), is_person=True))
    return found


def _things(picture: Picture) -> list[Subject]:
    shown = small(picture)
    tones = labs(shown)
    unlike = _unlike_the_edges(tones)
    high, _ = cv2.threshold(np.rint(unlike * 255).astype(np.uint8), 0, 255, cv2.THRESH_OTSU)
    likely = _morphed((unlike * 255 > high).astype(np.uint8), cv2.MORPH_OPEN, 3)
    share = float(likely.mean())
    if not _AREA_LEAST <= share <= _AREA_MOST:
        return []
    mask = _morphed(_morphed(cut(shown, _trimap(likely, unlike)), cv2.MORPH_OPEN, 3), cv2.MORPH_CLOSE, _GAP_PX)
    return [_subject(part) for part in _parts(mask) if _is_one_thing(part, tones)]


def _morphed(mask: Mask, how: int, side: int) -> Mask:
    element = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return np.asarray(cv2.morphologyEx(mask, how, element), np.uint8)


def _unlike_the_edges(tones: Labs) -> Labs:
    """0 to 1: how far each colour is from all that is at the left, right and upper edge, more in the middle."""
    height, width = tones.shape[:2]
    edge = max(2, min(height, width) // 24)
    border = np.concatenate(
        [tones[:edge].reshape(-1, 3), tones[:, :edge].reshape(-1, 3), tones[:, -edge:].reshape(-1, 3)]
    )
    weight = np.array([0.7, 1.6, 1.6], np.float32)
    cv2.setRNGSeed(1)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 12, 0.002)
    rows = np.ascontiguousarray(border * weight)
    _, _, centres = cv2.kmeans(rows, _BORDER_COLOURS, np.empty(0, np.int32), stop, 2, cv2.KMEANS_PP_CENTERS)
    gaps = np.linalg.norm((tones * weight)[:, :, None, :] - centres, axis=3).min(axis=2)
    far = cv2.GaussianBlur(gaps.astype(np.float32), (0, 0), 2.0)
    down, across = np.ogrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    middle = np.exp(-(across**2) / 0.7 - (down - 0.15) ** 2 / 1.1)
    seen = far * middle
    return np.asarray(np.clip(seen / max(float(np.percentile(seen, 99)), 0.05), 0, 1), np.float32)


def _trimap(likely: Mask, unlike: Labs) -> Mask:
    height, width = likely.shape
    grown = cv2.dilate(likely, np.ones((9, 9), np.uint8))
    trimap = np.where(grown == 1, cv2.GC_PR_BGD, cv2.GC_BGD).astype(np.uint8)
    trimap[likely == 1] = cv2.GC_PR_FGD
    trimap[(unlike > 0.85) & (likely == 1)] = cv2.GC_FGD
    rim = max(2, min(height, width) // 40)
    trimap[:rim] = cv2.GC_BGD
    trimap[:, :rim] = trimap[:, -rim:] = cv2.GC_BGD
    if not (trimap == cv2.GC_FGD).any():
        trimap[np.unravel_index(int(unlike.argmax()), unlike.shape)] = cv2.GC_FGD
    return trimap


def _parts(mask: Mask) -> list[Mask]:
    """The largest pieces, none much smaller than the first; their own holes are theirs."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    order = sorted(range(1, count), key=lambda n: -int(stats[n, cv2.CC_STAT_AREA]))[:SUBJECTS_MAX]
    large = [n for n in order if stats[n, cv2.CC_STAT_AREA] > 0.25 * stats[order[0], cv2.CC_STAT_AREA]]
    return [_without_holes((labels == n).astype(np.uint8)) for n in large]


def _without_holes(mask: Mask) -> Mask:
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return np.asarray(cv2.drawContours(np.zeros_like(mask), outlines, -1, 1, cv2.FILLED), np.uint8)


def _is_one_thing(mask: Mask, tones: Labs) -> bool:
    area = float(mask.mean())
    if not _AREA_LEAST <= area <= _AREA_MOST or mask[:, 0].mean() + mask[:, -1].mean() > 0.9 or mask[0].mean() > 0.4:
        return False
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    largest = max(outlines, key=cv2.contourArea)
    hull = cv2.contourArea(cv2.convexHull(largest))
    if hull <= 0 or cv2.contourArea(largest) / hull < _SOLID_LEAST:
        return False
    return _stands_out(mask, tones)


def _stands_out(mask: Mask, tones: Labs) -> bool:
    """Whether colours differ across most of the outline."""
    across = np.ones((2 * _BESIDE_PX + 1,) * 2, np.uint8)
    inner, outer = mask - cv2.erode(mask, across), cv2.dilate(mask, across) - mask
    weight = mask.astype(np.float32)
    size = (4 * _BESIDE_PX + 1,) * 2

    def mean(share: Cover) -> Labs:
        return np.asarray(
            cv2.blur(tones * share[:, :, None], size) / (cv2.blur(share, size)[:, :, None] + 1e-4), np.float32
        )

    gap = np.linalg.norm(mean(weight * inner) - mean((1 - weight) * outer), axis=2)
    edge = cv2.dilate(mask, np.ones((3, 3), np.uint8)) - mask
    values = gap[edge == 1]
    return bool(values.size) and float((values > _OUTLINE_LEAST).mean()) >= _OUTLINE_SHARE


def _subject(mask: Mask) -> Subject:
    rows = np.flatnonzero(mask.any(axis=1))
    foot = (int(rows[-1]) + 1) / mask.shape[0]
    return Subject(mask, foot, is_cut=foot > 0.975)
