"""Films: signed without touching a frame."""

import hashlib
import io
from pathlib import Path

import av
import numpy as np
import pytest

from overprint.core.credentials import UNSIGNED
from overprint.core.problems import Invalid
from overprint.craft.credentials import (
    SIGNED,
    State,
    certificates_of,
    credentials_in,
    read_file_payload,
    read_film,
    sign_file_payload,
    sign_film,
)
from overprint.craft.credentials.reading import read, read_file
from overprint.craft.motion.encoder import FINISHED
from tests.craft.credentials.conftest import STATEMENT, flipped
from tests.support.works import encoded

MP4 = "video/mp4"


@pytest.fixture(scope="module")
def plain() -> bytes:
    return encoded((np.full((64, 96, 4), 20 * number, np.uint8) for number in range(12)), 24, FINISHED)


def frames(film: bytes) -> list[bytes]:
    with av.open(io.BytesIO(film)) as opened:
        return [frame.to_ndarray().tobytes() for frame in opened.decode(video=0)]


@pytest.fixture
def signed(plain: bytes, identity: bytes, tmp_path: Path) -> bytes:
    """From file to file."""
    (tmp_path / UNSIGNED).write_bytes(plain)
    sign_film(sign_file_payload(MP4, STATEMENT, identity), tmp_path)
    return (tmp_path / SIGNED).read_bytes()


def test_a_signed_film_shows_the_same_says_who_made_it_and_plays_while_it_loads(
    plain: bytes, signed: bytes, identity: bytes
) -> None:
    assert frames(signed) == frames(plain)
    assert signed.index(b"moov") < signed.index(b"mdat")
    for media_type in (MP4, "audio/mp4"):  # first bytes do not tell a film from a sound
        found = read(signed, media_type, identity)
        assert found is not None
        assert (found.state, found.facts.title) == (State.INTACT, STATEMENT.title)
        assert found.facts.content_sha256 == hashlib.sha256(plain).hexdigest()
    changed = read(flipped(signed, len(signed) - 40), MP4, identity)
    assert changed is not None and changed.state is State.CHANGED


def test_a_film_at_a_path_says_the_same_as_its_bytes(
    plain: bytes, signed: bytes, identity: bytes, tmp_path: Path
) -> None:
    whole = certificates_of(identity)
    for data in (signed, flipped(signed, len(signed) - 40), flipped(signed, signed.index(b"jumb") + 60), plain):
        (tmp_path / "film").write_bytes(data)
        answer = read_film(read_file_payload("film", MP4, whole), tmp_path)
        assert credentials_in(answer) == read(data, MP4, whole)
    with pytest.raises(Invalid):
        read_file(tmp_path / "film", "image/png")


def test_what_is_no_film_is_not_signed(identity: bytes, tmp_path: Path) -> None:
    (tmp_path / UNSIGNED).write_bytes(b"no film")
    for media_type in (MP4, "audio/mp4", "image/png"):
        with pytest.raises(Invalid):
            sign_film(sign_file_payload(media_type, STATEMENT, identity), tmp_path)
