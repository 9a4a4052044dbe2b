"""Where words will stand the picture is calm, in every place and style, on any side; and nobody stands there."""

import cv2
import numpy as np
import pytest

from overprint.core.scene import Actor, Area, Camera, Place, Setting, Shot, Time
from overprint.core.story import Style
from overprint.craft.drawing.drawing import draw
from tests.craft.drawing.people import SHEETS, scene

SIDE_PX = 420
RESTLESS = 7.0  # mean step between neighbours, of 255; words are hard to read from about 9
SIDES = [area for area in Area if area is not Area.NONE]
SHOTS = ((Shot.WIDE, Time.DAY), (Shot.MEDIUM, Time.NIGHT), (Shot.CLOSE, Time.GOLDEN))


def restlessness(picture: bytes, area: Area) -> float:
    whole = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert whole is not None
    edge, third, wide = SIDE_PX // 14, SIDE_PX // 3, int(SIDE_PX * 0.4)  # words keep away from the edge
    part = {
        Area.TOP: whole[: third + edge],
        Area.BOTTOM: whole[-third - edge :],
        Area.LEFT: whole[:, : wide + edge],
        Area.RIGHT: whole[:, -wide - edge :],
    }[area]
    soft = cv2.blur(part[edge:-edge, edge:-edge], (5, 5)).astype(np.float32)
    return float(np.abs(soft[3:, 3:] - soft[:-3, :-3]).mean())


@pytest.mark.parametrize("setting", Setting)
def test_a_quiet_part_is_calm_and_free_of_faces(setting: Setting) -> None:
    """Each place with every side, in styles and shots that take turns."""
    turn = [*Setting].index(setting)
    for n, area in enumerate(SIDES):
        (shot, time), style = SHOTS[(turn + n) % len(SHOTS)], [*Style][(turn + n) % len(Style)]
        pair = (Actor("child", place=Place.LEFT), Actor("fox", place=Place.RIGHT))
        pictured = scene(*pair, setting=setting, time=time, camera=Camera(shot, area))
        picture = draw(pictured, SHEETS, style=style, width_px=SIDE_PX, height_px=SIDE_PX, seed=turn)
        found = restlessness(picture.raster("png"), area)
        assert found < RESTLESS, (found, area, shot, style)
        for face in (item.face for item in picture.shown if item.face is not None):
            middle = {
                Area.TOP: face.y > 1 / 3,
                Area.BOTTOM: face.y + face.height < 2 / 3,
                Area.LEFT: face.x > 0.35,
                Area.RIGHT: face.x + face.width < 0.65,
            }
            assert middle[area], (area, shot)
