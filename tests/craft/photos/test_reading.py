"""A portrait whose colours are known must be read as what it is, and nothing of the photo may leave with the answer."""

from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest

from overprint.core.codec import canonical
from overprint.core.problems import Invalid
from overprint.core.scene import Hair, Species
from overprint.craft.drawing.colour import lab
from overprint.craft.photos import HAIRS, SKINS, person_reading, photo_payload, read_person_bytes
from overprint.craft.photos.child import PhotoOrder, cut_out_bytes
from overprint.craft.photos.faces import find_faces, get_faces
from overprint.craft.photos.matte import person_cover
from overprint.craft.photos.opening import open_photo
from overprint.craft.photos.person import PersonReading
from overprint.craft.photos.reading import read_person
from tests.craft.photos.portraits import CLOTHES, HAIR, SKIN, encoded, portrait

PEOPLE = [
    (SKIN, HAIR, CLOTHES),
    ("#f2c9a5", "#cba562", "#c8452f"),
    ("#6f4630", "#1f1a1a", "#e9b83a"),
    ("#a8714a", "#2f231e", "#5f8f55"),
    ("#f0c0a0", "#b9b5ae", "#33303a"),
]


@cache
def _read(photo: bytes, which: int = 0) -> PersonReading:
    """A photo that several tests look at is read once."""
    return read_person(photo, which=which)


def _gap(one: str | None, two: str) -> float:
    assert one is not None
    return float(np.linalg.norm(np.subtract(lab(one), lab(two))))


@pytest.mark.parametrize(("skin", "hair", "clothes"), PEOPLE)
def test_known_colours_are_read_again(skin: str, hair: str, clothes: str) -> None:
    reading = _read(encoded(portrait(skin, hair, clothes)))
    assert len(reading.faces) == 1
    assert _gap(reading.trait("body").measured, skin) < 0.06
    assert _gap(reading.trait("hair_colour").measured, hair) < 0.08
    assert _gap(reading.trait("outfit").measured, clothes) < 0.08
    assert _gap(reading.sheet.body, skin) < 0.08 and _gap(reading.sheet.hair_colour, hair) < 0.09
    assert reading.sheet.body in SKINS.values() and reading.sheet.hair_colour in HAIRS.values()
    assert not any("shadow" in note for note in reading.notes)


@pytest.mark.parametrize("wall", ["#d8a060", "#6f93c0"])
def test_a_coloured_wall_does_not_tint_the_person(wall: str) -> None:
    reading = read_person(encoded(portrait(wall=wall)))
    assert _gap(reading.trait("body").measured, SKIN) < 0.06
    assert _gap(reading.trait("outfit").measured, CLOTHES) < 0.06


def test_a_real_photo_is_read_as_people_would_say_it() -> None:
    """Colonel Eileen Collins in 1995, by NASA, in the public domain."""
    reading = read_person((Path(__file__).parent / "data" / "astronaut.jpg").read_bytes(), Species.WOMAN)
    assert len(reading.faces) == 1 and reading.trait("outfit").name == "orange"
    assert {reading.trait("hair_colour").name, *reading.trait("hair_colour").others} & {"light brown", "dark blond"}
    assert reading.trait("body").name in ("fair", "light", "rosy") and reading.sheet.hair is Hair.SHORT


def test_long_hair_is_told_from_short() -> None:
    short, long = (_read(encoded(portrait(long_hair=is_long))).trait("hair") for is_long in (False, True))
    assert (short.value, long.value) == (Hair.SHORT, Hair.LONG)
    assert 0 < short.confidence < 0.8 and 0 < long.confidence < 0.8


def test_a_photo_without_colours_says_so_and_is_not_sure_of_any() -> None:
    grey = np.repeat(portrait().mean(axis=2, keepdims=True), 3, axis=2).astype(np.uint8)
    reading = read_person(encoded(grey))
    assert any("no colours" in note for note in reading.notes)
    assert max(reading.trait(of).confidence for of in ("body", "hair_colour", "outfit")) <= 0.1


def test_blue_hair_or_a_hat_is_kept_as_seen_and_pointed_out() -> None:
    reading = read_person(encoded(portrait(hair="#2f5fb8", clothes="#c8452f")))
    assert _gap(reading.sheet.hair_colour, "#2f5fb8") < 0.08
    assert reading.trait("hair_colour").confidence < 0.4 and any("covered" in note for note in reading.notes)


def test_any_of_several_faces_can_be_read_and_all_are_counted() -> None:
    both = encoded(np.hstack([portrait(), portrait("#6f4630", "#1f1a1a", "#e9b83a")]))
    readings = [_read(both, which=n) for n in (0, 1)]
    assert all(len(reading.faces) == 2 for reading in readings)
    assert all(any("2 faces" in note for note in reading.notes) for reading in readings)
    assert {reading.trait("outfit").name for reading in readings} == {"blue", "yellow"}
    assert readings[0].faces == readings[1].faces and [reading.which for reading in readings] == [0, 1]
    with pytest.raises(Invalid, match="There are 2 faces"):
        read_person(both, which=2)


def test_a_photo_with_no_face_says_what_to_do() -> None:
    y, x = np.mgrid[0:400, 0:500]
    hills = np.dstack([x // 3, 120 + y // 5, 200 - y // 3]).astype(np.uint8)
    with pytest.raises(Invalid, match="No face") as caught:
        read_person(encoded(hills))
    assert "looks at the camera" in caught.value.next_step


def test_a_tilted_head_is_found() -> None:
    turn = cv2.getRotationMatrix2D((100, 100), 20, 1.0)
    tilted = cv2.warpAffine(portrait(side_px=200), turn, (200, 200), borderMode=cv2.BORDER_REPLICATE)
    assert len(find_faces(np.ascontiguousarray(tilted[..., ::-1]))) == 1


def test_only_people_are_read() -> None:
    with pytest.raises(Invalid, match="a person only"):
        read_person(encoded(portrait()), Species.FOX)


def test_the_child_process_answers_with_the_same_reading_and_no_pixels() -> None:
    photo = encoded(portrait())
    answer = read_person_bytes(photo_payload(photo, PhotoOrder(species=Species.WOMAN)))
    assert len(answer) < 4000
    reading = person_reading(answer)
    assert canonical(reading) == answer
    assert reading.sheet.species is Species.WOMAN and reading.traits == _read(photo).traits


def test_the_person_is_cut_out_and_the_wall_is_gone() -> None:
    """A photo larger than the copy on which it is cut."""
    photo = encoded(portrait(side_px=400))
    picture = open_photo(photo)
    cover = person_cover(picture, get_faces(picture)[0])
    assert cover[187, 200] > 0.95 and cover[375, 200] > 0.95 and cover[81, 200] > 0.9
    assert cover[37, 37] < 0.05 and cover[187, 368] < 0.05
    png = cut_out_bytes(photo_payload(photo))
    cut = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)
    assert cut.shape[2] == 4 and cut.shape[0] < 375 and not cut[cut[..., 3] == 0].any()
