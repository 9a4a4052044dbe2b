"""Constraints, sheets and relations can be found again in the picture."""

from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from overprint.core.problems import Invalid
from overprint.core.scene import (
    Accessory,
    Actor,
    Area,
    Camera,
    Constraint,
    ConstraintKind,
    Expression,
    Place,
    Pose,
    Prop,
    PropKind,
    Relation,
    RelationKind,
    Setting,
    Shot,
    Time,
    Weather,
)
from overprint.core.shown import Box
from overprint.core.story import Style
from overprint.craft.drawing.drawing import Drawing, draw
from overprint.craft.drawing.nodes import named
from tests.craft.drawing.people import SHEETS, scene

TRIO = (Actor("fox", place=Place.LEFT), Actor("child"), Actor("bear", place=Place.RIGHT))


def drawn(pictured, *, seed: int = 3, style: Style = Style.FLAT, side_px: int = 200) -> Drawing:  # type: ignore[no-untyped-def]
    return draw(pictured, SHEETS, style=style, width_px=side_px, height_px=side_px, seed=seed)


def words(picture: Drawing) -> set[str]:
    return {item.what for item in picture.shown}


def drawn_names(picture: Drawing) -> set[str]:
    return {name for layer in picture.layers for name in [layer.name, *named(layer.group)]}


def boxes(picture: Drawing, what: str) -> list[Box]:
    return [item.box for item in picture.shown if item.what == what and item.box is not None]


def faces(picture: Drawing) -> list[Box]:
    return [item.face for item in picture.shown if item.face is not None]


def test_things_beside_a_boat_drift_on_the_side_that_was_chosen_and_hide_nobody() -> None:
    aboard = tuple(Relation(actor.who, RelationKind.IN, "boat") for actor in TRIO[:2])
    for setting in (Setting.SEA, Setting.SKY):
        middles = []
        for place in Place:
            props = tuple(Prop(kind, place) for kind in (PropKind.UMBRELLA, PropKind.BALL, PropKind.TELESCOPE))
            picture = drawn(scene(*TRIO[:2], setting=setting, props=props, relations=aboard))
            things = [box for prop in props for box in boxes(picture, prop.kind)]
            assert len(things) == 3 and not any(overlap(box, face) for box in things for face in faces(picture))
            middles.append([box.x + box.width / 2 for box in things])
        left, centre, right = middles
        assert max(left) < min(centre) and max(centre) < min(right)


def overlap(one: Box, two: Box) -> bool:
    slack = 0.004
    return (
        one.x + slack < two.x + two.width
        and two.x + slack < one.x + one.width
        and one.y + slack < two.y + two.height
        and two.y + slack < one.y + one.height
    )


def near(pixels: npt.NDArray[np.uint8], colour: str, reach: float) -> float:
    """The share of pixels whose colour is within ``reach`` of ``colour``."""
    wanted = np.array([int(colour[i : i + 2], 16) for i in (5, 3, 1)], np.float32)
    return float((np.linalg.norm(pixels.astype(np.float32) - wanted, axis=2) < reach).mean())


@pytest.mark.parametrize("style", Style)
def test_the_colours_of_a_foxs_sheet_are_found_where_the_fox_is(style: Style) -> None:
    for time in (Time.DAY, Time.GOLDEN):
        picture = drawn(scene(Actor("fox"), time=time), style=style, side_px=400)
        pixels = np.asarray(cv2.imdecode(np.frombuffer(picture.raster("png"), np.uint8), cv2.IMREAD_COLOR), np.uint8)
        box = boxes(picture, "fox")[0]
        there = pixels[
            int(box.y * 400) : int((box.y + box.height) * 400), int(box.x * 400) : int((box.x + box.width) * 400)
        ]
        assert near(there, "#e8793a", 48) > 0.2
        assert near(pixels[:80], "#e8793a", 48) < 0.02


@pytest.mark.parametrize("setting", Setting)
def test_a_forbidden_moon_is_neither_shown_nor_drawn(setting: Setting) -> None:
    allowed = drawn(scene(setting=setting, time=Time.NIGHT))
    assert "moon" in words(allowed)
    for seed in range(4):
        picture = drawn(scene(setting=setting, time=Time.NIGHT, forbid=("moon", "stars")), seed=seed)
        assert not {"moon", "stars"} & words(picture)
        assert "moon" not in drawn_names(picture)


def test_a_forbidden_sun_is_neither_shown_nor_drawn() -> None:
    assert "sun" in words(drawn(scene()))
    picture = drawn(scene(forbid=("sun",)))
    assert "sun" not in words(picture) | drawn_names(picture)


@pytest.mark.parametrize("weather", [Weather.RAIN, Weather.SNOW, Weather.FOG, Weather.WIND])
def test_weather_is_shown_unless_it_is_forbidden(weather: Weather) -> None:
    assert weather in words(drawn(scene(weather=weather)))
    assert weather in words(drawn(scene(weather=weather, setting=Setting.VILLAGE))) & drawn_names(
        drawn(scene(weather=weather))
    )
    dry = drawn(scene(weather=weather, forbid=(weather,)))
    assert weather not in words(dry) | drawn_names(dry)


@pytest.mark.parametrize("kind", PropKind)
def test_a_forbidden_prop_is_neither_held_nor_standing(kind: PropKind) -> None:
    actors = (Actor("child", pose=Pose.HOLD, holding=kind), Actor("fox", pose=Pose.READ, place=Place.RIGHT))
    relations = (Relation("fox", RelationKind.HOLDING, kind), Relation("child", RelationKind.IN, PropKind.BOAT))
    for time in (Time.DAY, Time.NIGHT):
        picture = drawn(scene(*actors, props=(Prop(kind),), relations=relations, forbid=(kind,), time=time))
        assert kind not in words(picture)


def test_a_forbidden_species_stays_away() -> None:
    assert {"fox", "bear"} & words(drawn(scene(*TRIO, forbid=("fox",)))) == {"bear"}


def test_the_witch_hat_is_on_the_cat_only() -> None:
    sheets = {**SHEETS, "fox": SHEETS["cat"], "cat": SHEETS["cat"]}
    off = (Constraint(ConstraintKind.FORBID, Accessory.WITCH_HAT, of="fox"),)
    pictured = replace(scene(Actor("fox", place=Place.LEFT), Actor("cat", place=Place.RIGHT)), constraints=off)
    picture = draw(pictured, sheets, style=Style.FLAT, width_px=200, height_px=200, seed=1)
    hats = boxes(picture, "witch_hat")
    assert len(hats) == 1
    assert overlap(hats[0], boxes(picture, "cat")[0])
    assert not overlap(hats[0], boxes(picture, "fox")[0])


def test_what_is_required_is_added() -> None:
    wanted = (
        Constraint(ConstraintKind.REQUIRE, "moon"),
        Constraint(ConstraintKind.REQUIRE, "snow"),
        Constraint(ConstraintKind.REQUIRE, PropKind.KEY),
        Constraint(ConstraintKind.REQUIRE, Accessory.CROWN, of="bear"),
    )
    picture = drawn(replace(scene(*TRIO), constraints=wanted))
    assert {"moon", "snow", "key", "crown"} <= words(picture)
    assert overlap(boxes(picture, "crown")[0], boxes(picture, "bear")[0])


@pytest.mark.parametrize("shot", Shot)
@pytest.mark.parametrize("quiet", Area)
def test_faces_never_overlap_and_leave_the_quiet_area_free(shot: Shot, quiet: Area) -> None:
    crowd = tuple(
        Actor(who, place=place, pose=pose, expression=Expression.JOY)
        for who, place, pose in zip(sorted(SHEETS)[::2], [*Place] * 5, [*Pose, Pose.WAVE, Pose.WALK], strict=False)
    )
    for count in (2, 3, 4, 6):
        for start in range(0, len(crowd) - count, 5):
            for setting in (Setting.BEACH, Setting.BEDROOM):
                picture = drawn(
                    scene(*crowd[start : start + count], setting=setting, camera=Camera(shot, quiet)), seed=start
                )
                found = faces(picture)
                assert len(found) == count
                assert not any(overlap(a, b) for n, a in enumerate(found) for b in found[n + 1 :])
                if quiet is Area.TOP:
                    assert min(face.y for face in found) > 0.2
                if quiet is Area.BOTTOM:
                    assert max(face.y + face.height for face in found) < 0.8


def test_whoever_is_in_the_boat_sits_inside_it() -> None:
    aboard = (Relation("fox", RelationKind.IN, "boat"), Relation("child", RelationKind.IN, "boat"))
    for setting in (Setting.SEA, Setting.SKY, Setting.MOON, Setting.MEADOW):
        picture = drawn(scene(Actor("fox"), Actor("child"), setting=setting, relations=aboard))
        boat = boxes(picture, "boat")[0]
        found = faces(picture)
        assert all(boat.x < face.x and face.x + face.width < boat.x + boat.width for face in found)
        assert not overlap(found[0], found[1])


def test_a_close_up_shows_larger_faces_than_a_wide_shot() -> None:
    sizes = [
        faces(drawn(scene(Actor("fox"), camera=Camera(shot))))[0].height
        for shot in (Shot.WIDE, Shot.MEDIUM, Shot.CLOSE)
    ]
    assert sizes[0] * 1.3 < sizes[1] and sizes[1] * 1.3 < sizes[2]


def test_an_actor_without_a_sheet_is_a_clear_error() -> None:
    with pytest.raises(Invalid, match="'nobody'"):
        drawn(scene(Actor("nobody")))


@pytest.mark.parametrize("style", [Style.STORYBOOK, Style.PAPERCUT, Style.PENCIL, Style.INK])
def test_the_light_of_a_lantern_fades_slowly_and_ends_at_no_edge(style: Style) -> None:
    """The picture less the same one without it, ever farther to both sides."""
    lit = scene(props=(Prop(PropKind.LANTERN),), time=Time.NIGHT)
    pictures = [drawn(one, style=style, side_px=240) for one in (lit, replace(lit, props=()))]
    grey = [cv2.imdecode(np.frombuffer(one.raster("png"), np.uint8), cv2.IMREAD_GRAYSCALE) for one in pictures]
    light = np.asarray(grey[0], np.float32) - np.asarray(grey[1], np.float32)
    (lantern,) = boxes(pictures[0], "lantern")
    left, right = int(lantern.x * 240), int((lantern.x + lantern.width) * 240)
    rows = light[int(lantern.y * 240) : int((lantern.y + lantern.height) * 240)]
    for sides in ([left - 22, left - 16, left - 10, left - 4], [right + 22, right + 16, right + 10, right + 4]):
        seen = [float(rows[:, at - 2 : at + 3].mean()) for at in sides]
        assert 1 < seen[0] < seen[1] < seen[2] < seen[3]
