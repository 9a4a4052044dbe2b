"""Whatever a scene may say, it can be drawn."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overprint.core.scene import (
    Accessory,
    Actor,
    Area,
    Camera,
    Constraint,
    ConstraintKind,
    Depth,
    Expression,
    Garment,
    Hair,
    Mood,
    Place,
    Pose,
    Prop,
    PropKind,
    Relation,
    RelationKind,
    Scene,
    Season,
    Setting,
    Sheet,
    Shot,
    Species,
    Time,
    Weather,
)
from overprint.core.story import Style
from overprint.craft.drawing.drawing import Drawing, draw
from tests.craft.drawing.people import SHEETS, scene

SMALL = {"width_px": 96, "height_px": 96}


def size_of(picture: bytes) -> tuple[int, int]:
    decoded = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None
    return decoded.shape[1], decoded.shape[0]


def drawn(pictured: Scene, *, style: Style = Style.FLAT, seed: int = 1) -> Drawing:
    return draw(pictured, SHEETS, style=style, seed=seed, **SMALL)


@pytest.mark.parametrize("setting", Setting)
@pytest.mark.parametrize("style", Style)
def test_every_setting_is_drawn_in_every_style(setting: Setting, style: Style) -> None:
    picture = drawn(scene(Actor("fox"), setting=setting), style=style)
    assert size_of(picture.raster()) == (96, 96)


@pytest.mark.parametrize("time", Time)
@pytest.mark.parametrize("weather", Weather)
def test_every_hour_and_weather_is_drawn(time: Time, weather: Weather) -> None:
    """Places take turns, so that each is seen at every hour, in every weather and in every season."""
    hour, sky = [*Time].index(time), [*Weather].index(weather)
    for turn, setting in enumerate([*Setting][(hour + sky) % len(Time) :: len(Time)]):
        season = [*Season][(hour + turn) % len(Season)]
        assert size_of(drawn(scene(setting=setting, time=time, weather=weather, season=season)).raster()) == (96, 96)


@pytest.mark.parametrize("pose", Pose)
def test_every_species_is_drawn_in_every_pose_with_its_face_in_the_picture(pose: Pose) -> None:
    """Three in a picture, and no trees behind them: it takes a tenth of the time."""
    everybody = sorted(SHEETS)
    for trio in (everybody[n : n + 3] for n in range(0, len(everybody), 3)):
        row = (Actor(who, pose, place=place) for who, place in zip(trio, Place, strict=False))
        shown = {item.what: item for item in drawn(scene(*row, setting=Setting.BEACH)).shown}
        for face, box in ((shown[who].face, shown[who].box) for who in trio):
            assert face is not None and box is not None
            assert face.width > 0.03 and face.height > 0.03
            assert box.height >= face.height * 0.9


@pytest.mark.parametrize("kind", PropKind)
def test_every_prop_is_drawn_in_a_hand_and_standing(kind: PropKind) -> None:
    for who in ("child", "owl", "robot"):
        held = drawn(scene(Actor(who, pose=Pose.HOLD, holding=kind), setting=Setting.BEACH))
        assert any(item.what == kind and item.box is not None and item.box.width > 0.01 for item in held.shown)
    standing = drawn(scene(Actor("child", place=Place.LEFT), props=(Prop(kind, Place.RIGHT, "#3366cc"),)))
    assert any(item.what == kind and item.box is not None for item in standing.shown)


COLOURS = st.one_of(st.from_regex(r"#[0-9a-f]{6}", fullmatch=True), st.text(max_size=8))
LOOKS = st.builds(
    Sheet,
    species=st.sampled_from(Species),
    body=COLOURS,
    marking=COLOURS,
    outfit=COLOURS,
    accent=COLOURS,
    hair_colour=COLOURS,
    eye_colour=COLOURS,
    hair=st.sampled_from(Hair),
    garment=st.sampled_from(Garment),
    accessories=st.lists(st.sampled_from(Accessory), max_size=4).map(tuple),
    height=st.floats(0.4, 1.6),
)
NAMES = st.sampled_from(["a", "b", "c", "<x>", "\x00", "boat"])
WORDS = st.one_of(NAMES, st.sampled_from([*PropKind, *Accessory, *Species, *Weather, "moon", "sun", "stars", "clouds"]))
ACTORS = st.builds(
    Actor,
    who=NAMES,
    pose=st.sampled_from(Pose),
    expression=st.sampled_from(Expression),
    place=st.sampled_from(Place),
    depth=st.sampled_from(Depth),
    holding=st.none() | st.sampled_from(PropKind),
)
PROPS = st.builds(Prop, st.sampled_from(PropKind), st.sampled_from(Place), st.none() | COLOURS)
SCENES = st.builds(
    Scene,
    setting=st.sampled_from(Setting),
    place=st.text(max_size=20),
    caption=st.text(min_size=1, max_size=40),
    time=st.sampled_from(Time),
    weather=st.sampled_from(Weather),
    season=st.sampled_from(Season),
    mood=st.sampled_from(Mood),
    camera=st.builds(Camera, st.sampled_from(Shot), st.sampled_from(Area)),
    actors=st.lists(ACTORS, max_size=6).map(tuple),
    props=st.lists(
        st.builds(Prop, st.sampled_from(PropKind), st.sampled_from(Place), st.none() | COLOURS), max_size=8
    ).map(tuple),
    relations=st.lists(st.builds(Relation, WORDS, st.sampled_from(RelationKind), WORDS), max_size=6).map(tuple),
    constraints=st.lists(
        st.builds(Constraint, st.sampled_from(ConstraintKind), WORDS, st.none() | NAMES), max_size=6
    ).map(tuple),
)


@settings(max_examples=60)
@given(
    pictured=SCENES,
    looks=st.tuples(*[LOOKS] * 6),
    style=st.sampled_from(Style),
    sides=st.tuples(st.integers(1, 130), st.integers(1, 130)),
    seed=st.integers(0, 2**31 - 1),
)
def test_any_scene_is_drawn_at_exactly_the_asked_size(
    pictured: Scene, looks: tuple[Sheet, ...], style: Style, sides: tuple[int, int], seed: int
) -> None:
    sheets = dict(zip(["a", "b", "c", "<x>", "\x00", "boat"], looks, strict=True))
    picture = draw(pictured, sheets, style=style, width_px=sides[0], height_px=sides[1], seed=seed)
    assert size_of(picture.raster("png")) == sides
    for item in picture.shown:
        for box in (item.box, item.face):
            assert box is None or (0 <= box.x <= 1 and 0 <= box.y <= 1 and box.x + box.width <= 1.001)
