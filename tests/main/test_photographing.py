"""Photos on the command line, without anybody at the terminal."""

from pathlib import Path

import pytest

from overprint.core.problems import Conflict
from overprint.main.photographing import MakePictureOptions, make_picture
from tests.features.photos.people import photo


async def test_a_picture_never_takes_the_place_of_the_photo_it_is_made_from(tmp_path: Path) -> None:
    original, linked = tmp_path / "picture.jpg", tmp_path / "linked.jpg"
    original.write_bytes(photo())
    linked.symlink_to(original)
    for out in (original, linked, tmp_path / "." / "picture.jpg"):
        with pytest.raises(Conflict, match="is the photo itself"):
            await make_picture(MakePictureOptions(original, "ink", out))
    assert original.read_bytes() == photo()
