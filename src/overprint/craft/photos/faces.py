"""Where the face is: Haar cascades that OpenCV brings along, no weights to fetch.

A cascade also sees faces in badges and leaves. An eye inside and the colour of skin speak for a real one.
"""

import functools
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from overprint.core.problems import Invalid
from overprint.craft.photos.opening import Picture
from overprint.craft.photos.tones import labs

_SEARCH_SIDE_PX = 640
_FACE_LEAST = 0.05  # of the longer side; a smaller face has too few pixels to read
_TILTS_DEGREES = (-18, 18)
_SURE = 0.55
_SAME = 0.4  # a face at least this high, against the largest, is another person and not a poster
Grey = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Face:
    """A square in pixels of the picture it was found in. ``eyes`` are their middles, left to right, at most two."""

    x: int
    y: int
    side: int
    eyes: tuple[tuple[float, float], ...]
    confidence: float


def find_faces(picture: Picture, *, thorough: bool = True) -> tuple[Face, ...]:
    """Faces that look at the camera, the largest first; if ``thorough``, which takes four times as long, also heads
    tilted by up to about 25 degrees."""
    shrink = min(1.0, _SEARCH_SIDE_PX / max(picture.shape[:2]))
    small = _resized(picture, shrink)
    plain = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)
    # Contrast is also evened out by parts of the picture: over the whole of it, dark skin was overlooked.
    local = np.asarray(cv2.createCLAHE(3.0, (8, 8)).apply(plain), np.uint8)
    looks = [(local, 0)]
    if thorough:
        looks += [(np.asarray(cv2.equalizeHist(plain), np.uint8), 0), *((local, tilt) for tilt in _TILTS_DEGREES)]
    found = [_judged(small, grey, box, tilt) for grey, tilt in looks for box in _candidates(grey, tilt)]
    sure = _apart(sorted((f for f in found if f.confidence >= _SURE), key=lambda f: -f.side * f.confidence))
    return tuple(_grown(face, 1 / shrink) for face in sure if face.side >= _SAME * sure[0].side)


def get_faces(picture: Picture) -> tuple[Face, ...]:
    """The faces, the largest first. Raises ``Invalid`` when there is none."""
    found = find_faces(picture)
    if not found:
        raise Invalid(
            "No face was found in this photo.",
            "Choose one in which the person looks at the camera, in good light, with the head not too small; "
            "or describe the character in words.",
        )
    return found


def _candidates(grey: Grey, tilt: int) -> list[tuple[int, int, int]]:
    """Squares that a cascade takes for faces: x, y and side."""
    height, width = grey.shape
    least = max(24, int(_FACE_LEAST * max(height, width)))
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), tilt, 1.0)
    turned = grey
    if tilt:
        turned = np.asarray(cv2.warpAffine(grey, turn, (width, height), borderMode=cv2.BORDER_REPLICATE), np.uint8)
    boxes = _cascade("frontalface_default").detectMultiScale(turned, 1.1, 6, minSize=(least, least))
    back = cv2.invertAffineTransform(turn)
    squares = []
    for x, y, side, _ in np.asarray(boxes, np.int64).reshape(-1, 4)[:50]:
        cx, cy = back @ (x + side / 2, y + side / 2, 1.0)
        squares.append((int(cx - side / 2), int(cy - side / 2), int(side)))
    return squares


def _judged(picture: Picture, grey: Grey, box: tuple[int, int, int], tilt: int) -> Face:
    x, y, side = box
    eyes = _eyes(grey, box)
    share = _skin_share(picture, box)
    confidence = 0.25 + 0.25 * min(len(eyes), 2) + 0.25 * share - (0.1 if tilt else 0.0)
    return Face(x, y, side, eyes, round(min(1.0, confidence), 2))


def _eyes(grey: Grey, box: tuple[int, int, int]) -> tuple[tuple[float, float], ...]:
    x, y, side = box
    top = grey[max(0, y + side // 6) : max(0, y + int(side * 0.6)), max(0, x) : max(0, x + side)]
    if min(top.shape) < 12:
        return ()
    scale = max(1.0, 160 / side)
    top = np.asarray(cv2.resize(top, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), np.uint8)
    least = int(side * scale * 0.14)
    seen: list[tuple[float, float]] = []
    for name in ("eye", "eye_tree_eyeglasses"):
        for ex, ey, ew, eh in _cascade(name).detectMultiScale(top, 1.08, 5, minSize=(least, least)):
            centre = max(0, x) + float(ex + ew / 2) / scale, max(0, y + side // 6) + float(ey + eh / 2) / scale
            if all(abs(centre[0] - other[0]) > side * 0.22 for other in seen):
                seen.append(centre)
    return tuple(sorted(seen, key=lambda eye: abs(eye[1] - (y + side * 0.4)))[:2])


def _skin_share(picture: Picture, box: tuple[int, int, int]) -> float:
    """How much of the middle of the square has a hue that skin can have, in any of its shades; 0.5 without colour."""
    x, y, side = box
    part = picture[max(0, y + side // 4) : y + side * 9 // 10, max(0, x + side // 4) : x + side * 3 // 4]
    if part.size == 0:
        return 0.0
    tones = labs(part[::2, ::2]).reshape(-1, 3)
    chroma = np.hypot(tones[:, 1], tones[:, 2])
    if float(np.median(chroma)) < 0.012:
        return 0.5
    hue = np.degrees(np.arctan2(tones[:, 2], tones[:, 1]))
    return float(((hue > 5) & (hue < 95) & (chroma > 0.015) & (chroma < 0.19)).mean())


def _apart(faces: list[Face]) -> list[Face]:
    """Without those that lie over a better one."""
    kept: list[Face] = []
    for face in faces:
        if all(
            max(abs(face.x + face.side / 2 - k.x - k.side / 2), abs(face.y + face.side / 2 - k.y - k.side / 2))
            > 0.6 * max(k.side, face.side)
            for k in kept
        ):
            kept.append(face)
    return sorted(kept, key=lambda face: -face.side)


def _grown(face: Face, factor: float) -> Face:
    eyes = tuple(sorted((x * factor, y * factor) for x, y in face.eyes))
    return Face(int(face.x * factor), int(face.y * factor), int(face.side * factor), eyes, face.confidence)


def _resized(picture: Picture, factor: float) -> Picture:
    if factor >= 1:
        return picture
    return np.asarray(cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8)


@functools.lru_cache(maxsize=4)
def _cascade(name: str) -> cv2.CascadeClassifier:
    return cv2.CascadeClassifier(str(Path(cv2.__file__).parent / "data" / f"haarcascade_{name}.xml"))
