"""A character is the same on every page: the sheet's colours and features are found again in the rendered picture."""

from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from overprint.core.scene import Accessory, Actor, Garment, Hair, Pose, Scene, Setting, Sheet, Species, Time, View
from overprint.core.shown import Box
from overprint.core.story import Style
from overprint.craft.drawing.drawing import Drawing, draw
from tests.craft.drawing.people import SHEETS, scene

SIDE_PX = 300
PLAIN = Setting.BEACH  # drawn in a sixth of the time of a meadow's trees and flowers
STRANGER = "#ff00d0"  # on nobody's sheet, and nowhere under the sea
STYLES = [style for style in Style if style is not Style.PIXEL]  # whose palette is its own
PLAIN_FURS = [who for who, sheet in SHEETS.items() if sheet.species not in (Species.ROBOT, Species.GHOST)]


def drawn(pictured: Scene, sheets: dict[str, Sheet], style: Style = Style.FLAT) -> Drawing:
    return draw(pictured, sheets, style=style, width_px=SIDE_PX, height_px=SIDE_PX, seed=3)


def pixels(picture: Drawing, box: Box) -> npt.NDArray[np.float32]:
    """The part of the rendered picture inside ``box``, in OKLab's elder sister CIELAB, one row a pixel."""
    whole = cv2.imdecode(np.frombuffer(picture.raster("png"), np.uint8), cv2.IMREAD_COLOR)
    assert whole is not None
    y0, y1 = int(box.y * SIDE_PX), max(int(box.y * SIDE_PX) + 1, int((box.y + box.height) * SIDE_PX))
    x0, x1 = int(box.x * SIDE_PX), max(int(box.x * SIDE_PX) + 1, int((box.x + box.width) * SIDE_PX))
    return cv2.cvtColor(whole[y0:y1, x0:x1].astype(np.float32) / 255, cv2.COLOR_BGR2LAB).reshape(-1, 3)


def share_of(found: npt.NDArray[np.float32], colour: str) -> float:
    """The share of pixels that a person would call the same colour: light and shade count less than hue."""
    wanted = np.array([[[int(colour[i : i + 2], 16) / 255 for i in (5, 3, 1)]]], np.float32)
    target = cv2.cvtColor(wanted, cv2.COLOR_BGR2LAB).reshape(3)
    away = (found - target) * np.array([0.45, 1.0, 1.0], np.float32)
    return float((np.linalg.norm(away, axis=1) < 21).mean())


def seen(picture: Drawing, what: str) -> Box:
    box = next(item.box for item in picture.shown if item.what == what)
    assert box is not None
    return box


@pytest.mark.parametrize("who", PLAIN_FURS)
def test_skin_or_coat_is_found_in_every_view_and_style_and_a_strangers_is_not(who: str) -> None:
    """Each kind in three poses of three views and three styles: together they take all."""
    turn = PLAIN_FURS.index(who)
    for n, view in enumerate(View):
        pose, style = [*Pose][(turn + 5 * n) % len(Pose)], STYLES[(turn + n) % len(STYLES)]
        picture = drawn(scene(Actor(who, pose=pose, view=view), setting=Setting.UNDERWATER), SHEETS, style)
        item = next(item for item in picture.shown if item.what == who)
        where = item.box if who == "ladybird" else item.face  # whose colour is on its back
        assert where is not None
        found = pixels(picture, where)
        assert share_of(found, SHEETS[who].body) > 0.08, (pose, style)
        assert share_of(found, STRANGER) < 0.02, (pose, style)


DRESSED = {
    "ada": Sheet(
        Species.CHILD,
        "#9c6644",
        "#fff1de",
        "#2f9a4a",
        "#c93a8a",
        hair_colour="#d9702a",
        hair=Hair.BOB,
        garment=Garment.STRIPES,
        accessories=(Accessory.SCARF, Accessory.CAP),
    )
}


@pytest.mark.parametrize("style", Style)
@pytest.mark.parametrize("view", View)
def test_skin_hair_garment_and_cap_are_found_in_every_style_and_view(style: Style, view: View) -> None:
    sheet = DRESSED["ada"]
    for pose in (Pose.STAND, Pose.RUN, Pose.SIT, Pose.CHEER):
        picture = drawn(scene(Actor("ada", pose=pose, view=view), setting=PLAIN, time=Time.DAY), DRESSED, style)
        body = pixels(picture, seen(picture, "ada"))
        for colour, least in ((sheet.body, 0.04), (sheet.hair_colour, 0.01), (sheet.outfit, 0.015)):
            assert share_of(body, colour) > least, (pose, colour)
        cap = pixels(picture, seen(picture, "cap"))
        assert share_of(cap, sheet.accent) > 0.2, pose


@pytest.mark.parametrize("view", View)
def test_dark_eyes_are_found_on_a_pale_face_in_every_view(view: View) -> None:
    for who in PLAIN_FURS:
        pale = {who: replace(SHEETS[who], body="#f3e6d0", marking="#f3e6d0", hair_colour="#f0c050", accessories=())}
        picture = drawn(scene(Actor(who, view=view), setting=Setting.BEACH), pale)
        face = next(item.face for item in picture.shown if item.what == who)
        assert face is not None
        assert float((pixels(picture, face)[:, 0] < 35).mean()) > 0.006, who


@pytest.mark.parametrize("accessory", Accessory)
@pytest.mark.parametrize("view", View)
def test_what_is_worn_is_worn_in_every_view(accessory: Accessory, view: View) -> None:
    for who in ("woman", "bear", "dragon", "frog"):
        sheets = {who: replace(SHEETS[who], accessories=(accessory,))}
        for pose in (Pose.STAND, Pose.WALK, Pose.SIT, Pose.WAVE):
            worn = seen(drawn(scene(Actor(who, pose=pose, view=view), setting=PLAIN), sheets), accessory)
            assert worn.width > 0.01 and worn.height > 0.01


def test_the_three_views_are_three_drawings() -> None:
    pages = {
        view: draw(
            scene(Actor("fox", view=view)), SHEETS, style=Style.FLAT, width_px=120, height_px=120, seed=1
        ).raster()
        for view in View
    }
    assert len(set(pages.values())) == 3


def test_every_pose_is_a_drawing_of_its_own_in_every_view() -> None:
    for view in View:
        pages = [
            draw(
                scene(Actor("child", pose=pose, view=view), setting=PLAIN),
                SHEETS,
                style=Style.FLAT,
                width_px=160,
                height_px=160,
                seed=1,
            ).raster()
            for pose in Pose
        ]
        assert len(set(pages)) == len(pages)
