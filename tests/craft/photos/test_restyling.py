"""Treatments of a photo: repeatable, different from each other, and the face stays where it was."""

import io

import numpy as np
import pytest
from PIL import Image

from overprint.core.problems import Invalid
from overprint.craft.framing import pack
from overprint.craft.photos import PhotoOrder, PhotoStyle, photo_payload, restyle_bytes
from overprint.craft.photos.faces import find_faces
from overprint.craft.photos.opening import open_photo
from overprint.craft.photos.restyling import restyled
from tests.craft.photos.portraits import encoded, portrait


@pytest.fixture(scope="module")
def photo() -> bytes:
    return encoded(portrait(side_px=320))


@pytest.mark.parametrize("style", PhotoStyle)
def test_a_style_changes_the_picture_and_keeps_the_face(style: PhotoStyle, photo: bytes) -> None:
    before = open_photo(photo)
    after = restyled(before, style, 3)
    assert after.shape == before.shape and after.dtype == np.uint8
    assert np.abs(after.astype(int) - before).mean() > 6
    was = find_faces(before)[0]
    inside = np.s_[was.y : was.y + was.side, was.x : was.x + was.side]
    one, two = (picture[inside].astype(float).mean(axis=2) for picture in (before, after))
    assert np.corrcoef(one.ravel(), two.ravel())[0, 1] > 0.45, "light and dark of the face are where they were"


@pytest.mark.parametrize("style", PhotoStyle)
def test_the_same_seed_gives_the_same_bytes(style: PhotoStyle, photo: bytes) -> None:
    order = photo_payload(photo, PhotoOrder(style=style, seed=7))
    first = restyle_bytes(order)
    assert first == restyle_bytes(order)
    with Image.open(io.BytesIO(first)) as image:
        assert image.format == "JPEG" and image.size == (320, 320) and not image.getexif()


def test_another_seed_lays_the_pigment_differently(photo: bytes) -> None:
    picture = open_photo(photo)
    one, two = (restyled(picture, PhotoStyle.WATERCOLOUR, seed) for seed in (1, 2))
    assert not np.array_equal(one, two)


def test_a_photo_without_anybody_can_be_restyled_too() -> None:
    wall = np.full((200, 300, 3), (120, 150, 180), np.uint8)
    assert restyled(wall, PhotoStyle.CARTOON, 1).shape == wall.shape


@pytest.mark.parametrize("size", [(64, 64), (700, 64)])
def test_the_smallest_photos_survive_every_style(size: tuple[int, int]) -> None:
    picture = np.random.default_rng(1).integers(0, 255, (*size, 3), dtype=np.uint8)
    for style in PhotoStyle:
        assert restyled(picture, style, 1).shape == picture.shape


def test_a_message_without_a_photo_is_refused() -> None:
    with pytest.raises(Invalid, match="no photo"):
        restyle_bytes(pack({}, {}))
