"""Films: signed without touching a frame."""

import io

import av
import numpy as np
import pytest

from overprint.core.problems import Invalid
from overprint.craft.credentials import State
from overprint.craft.credentials.reading import read
from overprint.craft.credentials.signing import sign
from overprint.craft.motion.encoder import FINISHED, film_writer
from tests.craft.credentials.conftest import STATEMENT, flipped

MP4 = "video/mp4"


@pytest.fixture(scope="module")
def plain() -> bytes:
    with film_writer(96, 64, 24, FINISHED) as writer:
        for number in range(12):
            writer.add_bgra(np.full((64, 96, 4), 20 * number, np.uint8))
        return writer.finished()


def frames(film: bytes) -> list[bytes]:
    with av.open(io.BytesIO(film)) as opened:
        return [frame.to_ndarray().tobytes() for frame in opened.decode(video=0)]


def test_a_signed_film_shows_the_same_says_who_made_it_and_plays_while_it_loads(plain: bytes, identity: bytes) -> None:
    signed = sign(plain, MP4, STATEMENT, identity)
    assert frames(signed) == frames(plain)
    assert signed.index(b"moov") < signed.index(b"mdat")
    for media_type in (MP4, "audio/mp4"):  # first bytes do not tell a film from a sound
        found = read(signed, media_type, identity)
        assert found is not None
        assert (found.state, found.facts.title) == (State.INTACT, STATEMENT.title)
    changed = read(flipped(signed, len(signed) - 40), MP4, identity)
    assert changed is not None and changed.state is State.CHANGED


def test_what_is_no_film_is_not_signed(identity: bytes) -> None:
    with pytest.raises(Invalid):
        sign(b"no film", MP4, STATEMENT, identity)
