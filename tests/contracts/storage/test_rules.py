"""Keys, spans and names, tried with anything."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overprint.adapters.storage import rules
from overprint.core.problems import Invalid, LimitReached
from overprint.ports.storage import KEY_MAX_CHARACTERS, Span

PARTS = st.from_regex(re.compile(r"[A-Za-z0-9._-]{1,60}", re.ASCII), fullmatch=True).filter(
    lambda p: p not in (".", "..")
)
ODD = st.lists(st.sampled_from(["a", "..", ".", "", "/", "\\", "\x00", "\n", "é", "~", "%2e", "b.c"]), max_size=8)


@given(st.lists(PARTS, min_size=1, max_size=8))
def test_every_path_of_plain_parts_is_a_key(parts: list[str]) -> None:
    assert rules.check_key("/".join(parts)) == "/".join(parts)


@given(st.one_of(st.text(max_size=600), ODD.map("/".join), ODD.map("".join)))
def test_whatever_passes_as_a_key_stays_below_its_root(text: str) -> None:
    try:
        key = rules.check_key(text)
    except Invalid:
        return
    path = PurePosixPath("/root") / key
    assert len(key) <= KEY_MAX_CHARACTERS
    assert key.isascii() and key.isprintable() and " " not in key
    assert str(path) == f"/root/{key}"
    assert ".." not in path.parts


@given(st.integers(-5, 40), st.integers(-5, 40), st.integers(0, 30))
def test_a_cut_span_is_what_slicing_gives(first: int, last: int, size_bytes: int) -> None:
    data = bytes(range(size_bytes))
    wanted = [byte for byte in data if first <= byte <= last]
    try:
        start, stop = rules.cut(Span(first, last), size_bytes)
    except Invalid:
        assert first < 0 or not wanted
        return
    assert list(data[start:stop]) == wanted


@given(st.text(max_size=250))
def test_whatever_passes_as_a_file_name_is_one_plain_line(text: str) -> None:
    try:
        name = rules.check_file_name(text)
    except Invalid:
        return
    assert name == text == text.strip()
    assert not set(name) & set('/\\"\r\n\x00\x85\u2028\u202e')
    name.encode()


@given(st.floats(-1e6, 1e6))
def test_a_link_lives_one_second_to_seven_days(life_seconds: float) -> None:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    life = timedelta(seconds=life_seconds)
    if timedelta(seconds=1) <= life <= rules.LINK_MAX:
        assert 0 <= life.total_seconds() - rules.link_seconds(now, now + life) < 1
    else:
        with pytest.raises(Invalid):
            rules.link_seconds(now, now + life)


def test_a_blob_has_a_largest_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "BLOB_MAX_BYTES", 10)
    rules.check_blob(b"0123456789", "text/plain")
    with pytest.raises(LimitReached):
        rules.check_blob(b"0123456789+", "text/plain")


@pytest.mark.parametrize(
    "media_type", ["image/png", "text/html; charset=utf-8", "application/epub+zip", "image/svg+xml"]
)
def test_the_media_types_that_overprint_makes_are_fine(media_type: str) -> None:
    rules.check_blob(b"", media_type)
