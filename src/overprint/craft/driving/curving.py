"""From what was seen between frames to curves: added up, smoothed, and made no larger than a picture has room for.

Curves are smoothed as Whittaker (1923) and Eilers ("A perfect smoother", 2003) do: the curve z that makes
Σ (y - z)² + λ Σ (Δ³ z)² least. Of a wave of f hertz it keeps 1 / (1 + λ (2 sin(π f / rate))⁶), so λ is chosen for half
of it to be left at ``_HALF_HERTZ``: 2 hertz keep 99.6 %, and what flickers from frame to frame is gone.
"""

import math

import cv2
import numpy as np

from overprint.core.motion import (
    RATE,
    ROLL_MAX_DEGREES,
    SECONDS_MAX,
    SWAY_MAX,
    TRAVEL_MAX,
    ZOOM_MAX,
    Curves,
    Orientation,
    levelled,
)
from overprint.craft.driving.child import Driven
from overprint.craft.driving.watching import Doubles, Floats, Mask, Numbers, Seen

_UNIT = 1000.0
_HALF_HERTZ = 5.0
_NOISE_LEAST, _NOISE_TIMES = 0.004, 7.0
"""What goes otherwise than the camera by more than this, in shares of the shorter side, moves by itself."""
_ALIKE_SHARE = 0.2
_REGION_SHARE, _REGION_POINTS = 0.3, 5
_LASTS_SHARE = 0.9
_AT_ONCE_SHARE, _AT_ONCE_FRAMES = 0.6, 5
"""Nobody goes so much of their way between two of so many frames: there words came, or went."""
_GONE_LEAST, _GONE_SHARE, _SEEMS_TO_GO = 40.0, 0.6, (1.5, 0.85)
_DIGITS = 3


def curves_of(seen: Seen, orientation: Orientation) -> Driven:
    """The curves, from the first frame on, and how much of the clip's way is left of them."""
    way, roll, log_zoom = _camera_path(seen)
    even = np.arange(0.0, min(seen.times[-1], SECONDS_MAX) + 1e-6, 1 / RATE)

    def curve(values: Doubles) -> Doubles:
        return smoothed(np.interp(even, seen.times, values))

    x, y = (_centred(curve(-_UNIT * way[:, axis])) for axis in (0, 1))
    figure = _UNIT * _figure_path(seen, roll, log_zoom)
    sway, bob = (curve(figure[:, axis]) for axis in (0, 1))
    facing = _facing(sway, x)
    sway, bob = sway - sway.mean(), bob - bob.mean()
    turn, growth = curve(np.degrees(roll)), curve(log_zoom)
    growth = growth - growth.min()
    room = (
        _room(x, TRAVEL_MAX),
        _room(y, TRAVEL_MAX),
        _room(turn, ROLL_MAX_DEGREES),
        _room(growth, math.log(ZOOM_MAX)),
    )
    travel, figures = min(room[:2]), min(_room(sway, SWAY_MAX), _room(bob, SWAY_MAX))
    curves = Curves(
        seconds=round(float(even[-1]), _DIGITS),
        facing=facing,
        x=_told(travel * x),
        y=_told(travel * y),
        roll_degrees=_told(room[2] * turn),
        zoom=_told(np.exp(room[3] * growth)),
        sway=_told(figures * sway),
        bob=_told(figures * bob),
    )
    seen_share = float(seen.is_known.any(axis=(1, 2)).mean())
    shares = (round(share, _DIGITS) for share in (min(room), figures, seen_share))
    return Driven(levelled(curves, orientation), *shares)


def _facing(way: Doubles, camera: Doubles) -> int:
    """Where whoever is filmed goes, seen by a camera that stands still: right (1) or left (-1); 0 where that is not
    far, or where they go back as much: somebody who sways or dances faces whom they did. While a camera goes, what
    stands nearer or farther than the rest seems to go, too: whom it follows goes as far as it does."""
    gone, both_ways = float(way[-1] - way[0]), float(np.abs(np.diff(way)).sum())
    went = float(camera[-1] - camera[0])
    seems = -_SEEMS_TO_GO[0] * abs(went) < gone * math.copysign(1, went) < _SEEMS_TO_GO[1] * abs(went)
    is_far = abs(gone) > max(_GONE_LEAST, _GONE_SHARE * both_ways)
    return round(math.copysign(1, gone)) if is_far and not seems else 0


def smoothed(values: Doubles) -> Doubles:
    """At ``RATE`` numbers a second."""
    if len(values) < 4:
        return values
    weight = (2 * math.sin(math.pi * _HALF_HERTZ / RATE)) ** -6
    bend = np.diff(np.eye(len(values)), 3, axis=0)
    return np.asarray(np.linalg.solve(np.eye(len(values)) + weight * bend.T @ bend, values))


def _camera_path(seen: Seen) -> tuple[Doubles, Doubles, Doubles]:
    """Of each frame, since the first one: how far the picture was shifted before it was turned, by how much it was
    turned (radians), and the logarithm of how much larger it is."""
    found = [np.eye(3)]
    for base, camera in zip(seen.bases, seen.cameras, strict=True):
        found.append(np.vstack([camera, [0, 0, 1]]) @ found[base])
    matrices = np.array(found)
    roll = np.unwrap(np.arctan2(matrices[:, 1, 0], matrices[:, 0, 0]))
    log_zoom = np.log(np.hypot(matrices[:, 0, 0], matrices[:, 1, 0]))
    return _turned(matrices[:, :2, 2], -roll), roll, log_zoom


def _figure_path(seen: Seen, roll: Doubles, log_zoom: Doubles) -> Doubles:
    """How far whoever moves by themselves has gone, as they would be seen by a camera that stood still."""
    far = np.hypot(seen.others[..., 0], seen.others[..., 1])
    noise = np.array([_noise(step[known]) for step, known in zip(far, seen.is_known, strict=True)])
    moves = (far > noise[:, None, None]) & _lasting(seen)
    gone = np.zeros((len(seen.others), 2))
    for shot in _shots(seen):
        region = _region(moves[shot].astype(np.float32))
        for base in np.unique(seen.bases[shot]):
            steps = shot[seen.bases[shot] == base]
            points = _figure(seen.others[steps], moves[steps] & region)
            if int(points.sum()) >= _REGION_POINTS:
                gone[steps] = _on_their_way(np.median(seen.others[steps][:, points], axis=1))
    there = _turned(gone, -roll[1:]) / np.exp(log_zoom[1:])[:, None]
    found = [np.zeros(2)]
    for base, way in zip(seen.bases, there, strict=True):
        found.append(found[base] + way)
    return np.array(found)


def _lasting(seen: Seen) -> Mask:
    """The points that were found again nearly as long as their base was one."""
    lasting = seen.is_found.copy()
    for base in np.unique(seen.bases):
        steps = seen.bases == base
        lasting[steps] &= seen.is_found[steps].mean(axis=0) >= _LASTS_SHARE
    return lasting


def _shots(seen: Seen) -> list[Numbers]:
    """The frames after the first, by number, parted where nothing could be said: there it is cut, if not blank."""
    steps = np.arange(len(seen.is_known))
    parted = np.split(steps, steps[~seen.is_known.any(axis=(1, 2))])
    return [shot for shot in parted if len(shot)]


def _on_their_way(gone: Doubles) -> Doubles:
    """Nothing, where all but all of the way is gone at once."""
    leaps = np.hypot(*np.diff(gone, axis=0, prepend=np.zeros((1, 2))).T)
    is_leap = len(gone) >= _AT_ONCE_FRAMES and leaps.max() > _AT_ONCE_SHARE * np.hypot(*gone.T).max()
    return np.zeros_like(gone) if is_leap else gone


def _figure(others: Floats, moves: Mask) -> Mask:
    """The points of a base that went the same way: of those that ever move by themselves, when they are farthest away,
    the most that are near each other. Around somebody others seem to move that are only covered by them."""
    farthest = int(np.argmax(np.where(moves, np.hypot(others[..., 0], others[..., 1]), 0).sum(axis=(1, 2))))
    ways, points = others[farthest], moves[farthest]
    if int(points.sum()) < _REGION_POINTS:
        return np.asarray(points)
    chosen = ways[points]
    near = max(_NOISE_LEAST, _ALIKE_SHARE * float(np.median(np.hypot(chosen[:, 0], chosen[:, 1]))))
    apart = np.hypot(chosen[:, None, 0] - chosen[None, :, 0], chosen[:, None, 1] - chosen[None, :, 1])
    middle = chosen[int(np.argmax((apart < near).sum(axis=1)))]
    return np.asarray(points & (np.hypot(ways[..., 0] - middle[0], ways[..., 1] - middle[1]) < near))


def _noise(far: Floats) -> float:
    """A fifth of all points at least do as the camera does."""
    return max(_NOISE_LEAST, _NOISE_TIMES * float(np.quantile(far, 0.2))) if far.size else math.inf


def _region(moves: Floats) -> Mask:
    """The points in one piece in which most happens."""
    often = moves.mean(axis=0)
    is_busy = (often > _REGION_SHARE * float(often.max())) & (often > 0)
    count, pieces = cv2.connectedComponents(is_busy.astype(np.uint8), connectivity=8)
    if count < 2:
        return np.zeros_like(is_busy)
    weights = [float(often[pieces == number].sum()) for number in range(1, count)]
    return np.asarray(pieces == 1 + int(np.argmax(weights)))


def _turned(vectors: Doubles, radians: Doubles) -> Doubles:
    across, down = np.cos(radians), np.sin(radians)
    x, y = vectors[:, 0], vectors[:, 1]
    return np.stack([across * x - down * y, down * x + across * y], axis=1)


def _centred(values: Doubles) -> Doubles:
    """As far to one side as to the other: there is the same room at both."""
    return values - (float(values.max()) + float(values.min())) / 2


def _room(values: Doubles, most: float) -> float:
    """How much of a curve there is room for, 0 to 1."""
    farthest = float(np.abs(values).max())
    return min(1.0, most / farthest) if farthest > 0 else 1.0


def _told(values: Doubles) -> tuple[float, ...]:
    """Rounded, and without negative zeros: the same motion is the same file."""
    return tuple(round(float(value), _DIGITS) + 0.0 for value in values)
