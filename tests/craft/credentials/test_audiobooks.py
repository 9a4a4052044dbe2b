"""Audiobooks: signed without touching a sound, a chapter or the cover."""

import io
from typing import Any

import av
import numpy as np
import pytest

from overprint.core.problems import Invalid
from overprint.craft.credentials import Credentials, State
from overprint.craft.credentials.reading import read
from overprint.craft.credentials.signing import sign
from tests.craft.credentials.conftest import STATEMENT, flipped
from tests.craft.narration.conftest import Told, told
from tests.craft.narration.test_files import book, cover, heard

__all__ = ["told"]

M4B = "audio/mp4"


@pytest.fixture(scope="module")
def plain(told: dict[int, Told]) -> bytes:
    return book(told, cover())


@pytest.fixture(scope="module")
def signed(plain: bytes, identity: bytes) -> bytes:
    return sign(plain, M4B, STATEMENT, identity)


def test_a_signed_audiobook_sounds_the_same_and_has_the_same_chapters_and_cover(plain: bytes, signed: bytes) -> None:
    assert np.array_equal(heard(signed), heard(plain))
    assert _shown(signed) == _shown(plain)
    assert [chapter[2] for chapter in _shown(signed)["chapters"]] == ["The Lamp", "The Hill", "The Lamp – ü"]
    assert len(signed) - len(plain) < 5000


def test_it_can_still_be_played_while_it_loads(signed: bytes) -> None:
    assert signed[4:12] == b"ftypM4B "
    assert signed.index(b"moov") < signed.index(b"mdat")


def test_the_statement_is_found_in_it_and_a_changed_sound_shows(plain: bytes, signed: bytes, identity: bytes) -> None:
    found = _read(signed, identity)
    assert (found.state, found.ours, found.codes) == (State.INTACT, True, ())
    assert (found.facts.title, found.facts.author) == (STATEMENT.title, STATEMENT.author)
    assert _read(flipped(signed, len(signed) - 200), identity).state is State.CHANGED
    assert read(plain, M4B, identity) is None


@pytest.mark.parametrize("data", [b"", b"no sound", b"\x00\x00\x00\x1cftypM4B "])
def test_what_is_no_audiobook_is_neither_signed_nor_read(data: bytes, identity: bytes) -> None:
    with pytest.raises(Invalid):
        sign(data, M4B, STATEMENT, identity)
    with pytest.raises(Invalid):
        read(data, M4B, identity)


def _read(data: bytes, identity: bytes) -> Credentials:
    found = read(data, M4B, identity)
    assert found is not None
    return found


def _shown(data: bytes) -> dict[str, Any]:
    """What a player shows of it."""
    with av.open(io.BytesIO(data)) as opened:
        chapters = [(each["start"], each["end"], each["metadata"]["title"]) for each in opened.chapters()]
        pictures = [bytes(packet) for stream in opened.streams.video for packet in opened.demux(stream)]
        return {"metadata": dict(opened.metadata), "chapters": chapters, "pictures": pictures}
