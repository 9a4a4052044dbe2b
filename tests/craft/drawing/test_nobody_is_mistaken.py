"""Everybody in the same colours: a face is still whose it is, in another pose, mood, light and style.

The judge is crude, a small picture of the face compared with one of everybody's; whoever it knows, a child knows.
"""

from dataclasses import replace
from functools import cache

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from overprint.core.scene import Actor, Camera, Expression, Garment, Pose, Setting, Sheet, Shot, View
from overprint.core.story import Style
from overprint.craft.drawing.drawing import draw
from tests.craft.drawing.people import SHEETS, scene

SIDE_PX, FACE_PX = 200, 20
KNOWN_AT_LEAST = 0.88  # measured: 81 of 88 and more
Face = npt.NDArray[np.float32]


def alike(sheet: Sheet) -> Sheet:
    return replace(
        sheet, body="#b98a5a", marking="#f3e6d0", outfit="#4f86b8", accent="#d9544d", hair_colour="#5a3a28",
        accessories=(), garment=Garment.NONE, height=1.0,
    )  # fmt: skip


def face_of(who: str, actor: Actor, style: Style, seed: int) -> Face:
    picture = draw(
        scene(actor, setting=Setting.BEACH, camera=Camera(Shot.CLOSE)), {who: alike(SHEETS[who])},
        style=style, width_px=SIDE_PX, height_px=SIDE_PX, seed=seed,
    )  # fmt: skip
    box = next(item.face for item in picture.shown if item.what == who)
    whole = cv2.imdecode(np.frombuffer(picture.raster("png"), np.uint8), cv2.IMREAD_COLOR)
    assert whole is not None and box is not None
    x0, y0 = int(box.x * SIDE_PX), int(box.y * SIDE_PX)
    x1, y1 = int((box.x + box.width) * SIDE_PX), int((box.y + box.height) * SIDE_PX)
    round_it = int((x1 - x0) * 0.15)
    part = whole[max(0, y0 - 2 * round_it) : y1, max(0, x0 - round_it) : x1 + round_it]
    small = cv2.resize(part, (FACE_PX, FACE_PX), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2LAB), np.float32)


@cache
def everybody(view: View) -> Face:
    """Each face, a little shifted and turned round: who, way, pixels."""
    faces = [face_of(who, Actor(who, view=view), Style.FLAT, 1) for who in SHEETS]
    ways = [
        [np.roll(turned, across, axis=1) for across in (-2, -1, 0, 1, 2) for turned in (face, face[:, ::-1])]
        for face in faces
    ]
    return np.asarray(ways, np.float32)


def taken_for(face: Face, known: Face) -> str:
    apart = np.abs(known - face).mean(axis=(2, 3, 4)).min(axis=1)
    return [*SHEETS][int(apart.argmin())]


@pytest.mark.parametrize(
    ("style", "view", "pose", "expression"),
    [
        (Style.STORYBOOK, View.FRONT, Pose.SIT, Expression.JOY),
        (Style.INK, View.THREE_QUARTER, Pose.STAND, Expression.CALM),
    ],
)
def test_a_face_is_whose_it_is(style: Style, view: View, pose: Pose, expression: Expression) -> None:
    known = everybody(view)
    seen = {
        who: face_of(who, Actor(who, pose, expression, view=view), style, 7 + n) for n, who in enumerate(SHEETS)
    }  # fmt: skip
    mistaken = {who: other for who, face in seen.items() if (other := taken_for(face, known)) != who}
    assert 1 - len(mistaken) / len(SHEETS) >= KNOWN_AT_LEAST, mistaken
