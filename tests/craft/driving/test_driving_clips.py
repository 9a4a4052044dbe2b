"""Driving clips: what their camera and figures did is found again, and a picture that follows does it too."""

import math
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest

from overprint.adapters.compute.frames import run_to_end
from overprint.core.film import Move
from overprint.core.motion import SECONDS_MAX, TRAVEL_MAX, Curves, Orientation, is_moving
from overprint.core.problems import Invalid, LimitReached
from overprint.core.scene import Actor, Setting
from overprint.core.story import Style
from overprint.craft.driving import Driven, DrivingOrder, driven, driving_bytes, driving_order
from overprint.craft.editing import FinishOrder
from overprint.craft.editing.captions import Caption
from overprint.craft.media import FilmBounds
from overprint.craft.motion import ClipOrder, clip_order, film_clip
from overprint.craft.motion.following import Following
from overprint.craft.motion.moves import path_for
from tests.craft.drawing.people import SHEETS, scene
from tests.support.films import blotted, changing, claiming, driving, film, quarter_turned
from tests.support.works import clip_left, finished

Numbers = npt.NDArray[np.float64]
BOUNDS = FilmBounds(seconds_max=60)
STANDING = Move(shake=0)


def found(clip: bytes, orientation: Orientation = Orientation.CLIP) -> Driven:
    return driven(run_to_end(driving_bytes(driving_order(clip, DrivingOrder(BOUNDS, orientation))), lambda count: None))


def filmed(order: ClipOrder, picture: bytes = b"") -> bytes:
    return clip_left(film_clip, clip_order(order, picture))


def camera_at(seconds: float) -> tuple[float, float, float, float]:
    return 0.03 * seconds, 0.02 * math.sin(3 * seconds), 2 * math.sin(2 * seconds), 1 + 0.03 * seconds


def figure_at(seconds: float) -> tuple[float, float]:
    return 0.08 * math.sin(4 * seconds), 0.03 * math.sin(8 * seconds)


@cache
def clip() -> bytes:
    """Its camera and its figure both move."""
    return driving(camera_at, figure_at, seconds=2.4, fps=20)


@cache
def clip_found() -> Driven:
    return found(clip())


def centred(values: Numbers) -> Numbers:
    return values - (values.max() + values.min()) / 2


def test_the_camera_of_a_clip_and_who_moves_before_it_are_found_to_three_thousandths_of_a_picture() -> None:
    curves = clip_found().curves
    at = np.arange(len(curves.x)) / 30
    x, y, lean, zoom = np.array([camera_at(seconds) for seconds in at]).T
    sway, bob = 1000 * np.array([figure_at(seconds) for seconds in at]).T
    assert curves.seconds == pytest.approx(2.35, abs=0.04)
    assert np.abs(curves.x - centred(1000 * zoom * x)).max() < 3
    assert np.abs(curves.y - centred(1000 * zoom * y)).max() < 3
    assert np.abs(curves.roll_degrees - lean).max() < 0.1
    assert np.abs(curves.zoom - zoom).max() < 0.003
    assert np.abs(curves.sway - (sway - sway.mean())).max() < 3
    assert np.abs(curves.bob - (bob - bob.mean())).max() < 3


def test_a_clip_that_goes_farther_than_a_picture_has_room_for_is_followed_in_small() -> None:
    far = found(driving(lambda seconds: (0.4 * seconds, 0.1 * seconds, 0.0, 1.0), seconds=1.2, fps=15))
    assert max(far.curves.x) == pytest.approx(TRAVEL_MAX, abs=0.01)
    assert far.camera_share == pytest.approx(2 * TRAVEL_MAX / (400 * 17 / 15), abs=0.02)
    assert max(far.curves.y) / max(far.curves.x) == pytest.approx(0.25, abs=0.01), "it goes another way"


def test_a_picture_that_keeps_its_own_way_up_does_not_lean() -> None:
    leaning = driving(lambda seconds: (0.0, 0.0, 4 * seconds, 1.0), seconds=0.8, fps=15)
    assert max(found(leaning).curves.roll_degrees) == pytest.approx(4 * 0.8 * 11 / 12, abs=0.1)
    assert found(leaning, Orientation.PICTURE).curves.roll_degrees == ()


@pytest.mark.parametrize("way", [1, -1])
def test_who_goes_somewhere_says_which_way_to_face_even_where_the_camera_goes_along(way: int) -> None:
    def follow(seconds: float) -> tuple[float, float, float, float]:
        return (0.2 * way * seconds, 0.0, 0.0, 1.0)

    walk = driving(follow, lambda seconds: (0.2 * way * seconds, 0.0), seconds=1.0, fps=15)
    assert found(walk).curves.facing == way
    assert found(walk, Orientation.PICTURE).curves.facing == 0


def test_a_film_of_drawn_layers_is_followed_though_near_and_far_go_at_different_paces() -> None:
    """Such as one made here. Fewer and fewer points agree with the frame that they are compared with."""
    move = Move(horizontal=8, vertical=-4, shake=0)
    order = ClipOrder(scene(Actor("woman"), setting=Setting.SEA), SHEETS, Style.FLAT, move, 400, 224, 20, 40, 3)
    curves = found(filmed(replace(order, liveliness=0))).curves
    path = path_for(move, 1000 * 400 / 224, 1000)
    eyes = [path.at(n / 39, n / 20) for n in range(40)]
    for name in ("x", "y"):
        meant = np.interp(np.arange(len(curves.x)) / 30, np.arange(40) / 20, [getattr(eye, name) for eye in eyes])
        assert float(np.corrcoef(getattr(curves, name), meant)[0, 1]) > 0.98, name
    assert curves.facing == 0, "who stands nearer than the rest only seems to go"


def test_a_clip_in_which_nothing_moves_as_one_leaves_a_film_still_and_says_how_much_was_seen() -> None:
    assert clip_found().seen_share == 1
    nothing = found(film(320, 180, frames=20, flat=True))
    assert nothing.seen_share == 0 and set(nothing.curves.x) == {0.0}


def test_before_a_wall_that_is_all_but_blank_nothing_is_said_to_have_been_seen() -> None:
    """Of noise alone a camera was found that trembles, and of faint marks under it one that goes half of the way."""

    def right(seconds: float) -> tuple[float, float, float, float]:
        return 0.12 * seconds, 0.0, 0.0, 1.0

    for contrast, noise in ((0.0, 8.0), (1.0, 8.0)):
        blank = found(driving(right, seconds=1.0, fps=15, contrast=contrast, noise=noise))
        assert blank.seen_share < 0.1 and not is_moving(blank.curves), (contrast, noise)
    marked = found(driving(right, seconds=1.0, fps=15, contrast=12, noise=8))
    assert marked.seen_share == 1
    assert np.ptp(marked.curves.x) == pytest.approx(112, abs=6)


def test_a_clip_that_is_cut_into_another_scene_is_followed_on_both_sides_and_leaps_nowhere() -> None:
    """It went right before the cut and goes left after it."""

    def there_and_elsewhere(seconds: float) -> tuple[float, float, float, float]:
        return (0.12 * seconds if seconds < 0.8 else 0.7 - 0.12 * seconds), (0.0 if seconds < 0.8 else 0.8), 0.0, 1.0

    curves = found(driving(there_and_elsewhere, seconds=1.6, fps=15)).curves
    x = np.array(curves.x)
    assert np.abs(np.diff(x)).max() < 5 and np.ptp(curves.y) < 2
    assert x[22] - x[0] > 75 and x[-1] - x[26] < -60


CAPTIONS = tuple(
    Caption(words, start, end)
    for words, start, end in (
        ("“One day I want to befriend", 0.1, 0.6),
        ("a storm,” said Rosamund.", 0.6, 1.3),
        ("Quack!", 1.6, 2.0),
        ("Up came one moon.", 2.0, 2.3),
    )
)


def captioned(clip: bytes, frames: int) -> bytes:
    return finished(FinishOrder(CAPTIONS, frames, 20, opens=False, ends=False), clip)[1]


def test_words_that_come_and_go_before_a_wall_are_nobody_and_hide_nobody() -> None:
    alone = found(captioned(driving(seconds=2.4, fps=20), 48)).curves
    assert np.ptp(alone.sway) < 1 and np.ptp(alone.bob) < 1
    curves = found(captioned(clip(), 48)).curves
    sway, bob = 1000 * np.array([figure_at(number / 30) for number in range(len(curves.sway))]).T
    assert np.abs(curves.sway - (sway - sway.mean())).max() < 3
    assert np.abs(curves.bob - (bob - bob.mean())).max() < 3


def test_somebody_is_found_in_each_of_two_shots_wherever_they_stand_in_it() -> None:
    def elsewhere(seconds: float) -> tuple[float, float, float, float]:
        return 0.0, (0.0 if seconds < 1 else 0.7), 0.0, 1.0

    def left_then_right(seconds: float) -> tuple[float, float]:
        sways = 0.06 * math.sin(6 * seconds)
        return (sways - 0.5, 0.0) if seconds < 1 else (sways + 0.5, 0.7)

    sway = np.array(found(driving(elsewhere, left_then_right, seconds=2.0, fps=20)).curves.sway)
    for shot in (slice(0, 25), slice(33, len(sway))):
        meant = 60 * np.sin(6 * np.arange(len(sway))[shot] / 30)
        assert np.abs(centred(sway[shot]) - centred(meant)).max() < 4, shot


def test_a_still_picture_as_a_film_and_a_black_one_give_nothing_to_follow() -> None:
    for still in (driving(seconds=0.8, fps=10), film(320, 180, frames=20, flat=True, shade=0)):
        assert not is_moving(found(still).curves)


def test_a_clip_of_a_telephone_that_was_held_upright_is_followed_as_it_is_seen() -> None:
    """Turned by its header: what goes right in the stored frames goes down, or up."""

    def right(seconds: float) -> tuple[float, float, float, float]:
        return 0.1 * seconds, 0.0, 0.0, 1.0

    turned = found(quarter_turned(driving(right, seconds=0.8, fps=15))).curves
    assert np.ptp(turned.x) < 2 and np.ptp(turned.y) == pytest.approx(73, abs=4)


def test_a_clip_of_240_frames_a_second_goes_as_one_of_20_does() -> None:
    fast, slow = (found(driving(camera_at, seconds=0.6, fps=fps)).curves for fps in (240, 20))
    assert fast.seconds == pytest.approx(0.6, abs=0.04)
    assert np.ptp(fast.x) == pytest.approx(np.ptp(slow.x) * 0.6 / 0.55, rel=0.08)


def test_who_only_sways_leaves_everybody_facing_whom_they_did() -> None:
    assert clip_found().curves.facing == 0


def test_the_film_of_a_still_picture_goes_where_the_clip_went() -> None:
    """Measured as the clip was. What is far goes less far, and the picture is enlarged so that no edge is seen."""
    curves = replace(clip_found().curves, sway=(), bob=())
    order = ClipOrder(
        scene(setting=Setting.SEA), SHEETS, Style.WATERCOLOUR, STANDING, 320, 180, 20, 48, 3, curves=curves
    )
    seen = found(filmed(order, blotted())).curves
    moments = [Following(curves, order.seconds).at(number / 30) for number in range(len(seen.x))]
    for name in ("x", "y", "roll_degrees", "zoom"):
        went, meant = np.array(getattr(seen, name)), np.array([getattr(moment, name) for moment in moments])
        enlarged = np.ptp(went) / np.ptp(meant)
        assert float(np.corrcoef(went, meant)[0, 1]) > 0.995, name
        assert (0.6 if name in ("x", "y", "zoom") else 0.97) < enlarged < 1.3, name


def test_somebody_in_a_still_scene_sways_as_the_one_in_the_clip_did() -> None:
    curves = Curves(2.0, loops=True, sway=(0, 60, 0, -60), bob=(0, 8, 0, -8, 0, 8, 0, -8))
    who = scene(Actor("woman"), setting=Setting.BEDROOM)
    order = ClipOrder(who, SHEETS, Style.FLAT, STANDING, 320, 180, 20, 41, 3, liveliness=0, curves=curves)
    clip = filmed(order)
    for shown in (clip, captioned(clip, 41)):
        went = np.array(found(shown).curves.sway)
        meant = np.array([curves.at(number / 30).sway for number in range(len(went))])
        assert float(np.corrcoef(went, meant)[0, 1]) > 0.98
        assert 0.7 < np.ptp(went) / np.ptp(meant) < 1.4


def test_a_clip_whose_frames_change_their_size_is_followed() -> None:
    assert found(changing((160, 90), (90, 160), (320, 180))).curves.seconds == pytest.approx(2.36, abs=0.04)


def test_of_a_long_clip_only_the_beginning_is_looked_at() -> None:
    assert found(film(times=range(0, 20 * 25, 10))).curves.seconds <= SECONDS_MAX


DISHONEST: dict[str, tuple[Callable[[], bytes], type[Exception]]] = {
    "nothing": (lambda: b"", Invalid),
    "a picture": (blotted, Invalid),
    "a moment": (lambda: film(frames=5), Invalid),
    "ten hours that say three seconds": (lambda: claiming(film(times=[0, 1, 25 * 36_000]), 3), LimitReached),
    "far too many pixels": (lambda: film(4000, 4000, frames=1), LimitReached),
}


@pytest.mark.parametrize("name", DISHONEST)
def test_what_cannot_be_followed_is_refused_in_words(name: str) -> None:
    made, problem = DISHONEST[name]
    dishonest = made()
    with pytest.raises(problem) as refused:
        found(dishonest)
    assert refused.value.next_step
