"""The person, cut out of the photo, from where the face is."""

import cv2
import numpy as np

from overprint.craft.matting import Cover, Trimap, cut, guided
from overprint.craft.photos.faces import Face
from overprint.craft.photos.opening import Picture

_CUT_SIDE_PX = 280


def person_cover(picture: Picture, face: Face) -> Cover:
    """Where the person with this face is. The same photo gives the same answer."""
    height, width = picture.shape[:2]
    shrink = min(1.0, _CUT_SIDE_PX / max(height, width))
    size = max(8, round(width * shrink)), max(8, round(height * shrink))
    small = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    rough = _cut(small, face, shrink)
    grown = np.asarray(cv2.resize(rough, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
    return guided(picture, grown, radius=max(2, round(max(height, width) / 90)))


def cut_out(picture: Picture, cover: Cover) -> bytes:
    """A PNG of the person on nothing, no larger than the person."""
    alpha = np.clip(cover * 255 + 0.5, 0, 255).astype(np.uint8)
    rows, columns = np.flatnonzero(alpha.max(axis=1) > 8), np.flatnonzero(alpha.max(axis=0) > 8)
    part = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] if rows.size else np.s_[:, :]
    pixels = np.dstack([picture[part], alpha[part]])
    pixels[pixels[..., 3] == 0] = 0  # what was behind the person is not left under the transparency
    return bytes(cv2.imencode(".png", pixels, [cv2.IMWRITE_PNG_COMPRESSION, 4])[1])


def _cut(small: Picture, face: Face, shrink: float) -> Cover:
    trimap = _guess(small.shape[0], small.shape[1], face, shrink)
    inside = cut(small, trimap)
    _, labels = cv2.connectedComponents(inside)
    middle = (
        min(small.shape[0] - 1, max(0, round((face.y + face.side * 0.5) * shrink))),
        min(small.shape[1] - 1, max(0, round((face.x + face.side * 0.5) * shrink))),
    )
    return np.asarray((labels == labels[middle]).astype(np.float32) * inside, np.float32)


def _guess(height: int, width: int, face: Face, shrink: float) -> Trimap:
    """What must, may and cannot be the person, from where the face is: head, neck and shoulders below it."""
    x, y, side = (round(value * shrink) for value in (face.x, face.y, face.side))
    trimap = np.full((height, width), cv2.GC_PR_BGD, np.uint8)

    def fill(left: float, top: float, right: float, bottom: float, value: int) -> None:
        trimap[max(0, int(top)) : max(0, int(bottom)), max(0, int(left)) : max(0, int(right))] = value

    middle = x + side / 2
    fill(middle - 1.6 * side, y + 1.25 * side, middle + 1.6 * side, height, cv2.GC_PR_FGD)
    fill(middle - 0.8 * side, y - 0.35 * side, middle + 0.8 * side, y + 1.4 * side, cv2.GC_PR_FGD)
    fill(0, 0, width, y - 0.75 * side, cv2.GC_BGD)
    fill(0, 0, middle - 2.6 * side, height, cv2.GC_BGD)
    fill(middle + 2.6 * side, 0, width, height, cv2.GC_BGD)
    fill(0, 0, middle - 1.25 * side, y + 0.6 * side, cv2.GC_BGD)
    fill(middle + 1.25 * side, 0, width, y + 0.6 * side, cv2.GC_BGD)
    corner = max(2, min(height, width) // 8)  # a head that fills the picture leaves at least these to the background
    fill(0, 0, corner, corner, cv2.GC_PR_BGD)
    fill(width - corner, 0, width, corner, cv2.GC_PR_BGD)
    centre = (int(middle), int(y + side * 0.5))
    cv2.ellipse(trimap, centre, (int(side * 0.38), int(side * 0.5)), 0, 0, 360, int(cv2.GC_FGD), -1)
    fill(middle - 0.22 * side, y + side, middle + 0.22 * side, y + 1.5 * side, cv2.GC_FGD)
    fill(middle - 0.6 * side, y + 1.75 * side, middle + 0.6 * side, y + 2.4 * side, cv2.GC_FGD)
    return trimap
