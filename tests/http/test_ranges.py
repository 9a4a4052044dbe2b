"""Byte ranges as RFC 9110 gives them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overprint.core.problems import Invalid
from overprint.http.ranges import RangeNotSatisfiable, content_range, parse_range
from overprint.ports.storage import Span


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("bytes=0-499", Span(0, 499)),
        ("bytes=500-999", Span(500, 999)),
        ("bytes=-500", Span(9500, 9999)),
        ("bytes=9500-", Span(9500, 9999)),
        ("bytes=0-0", Span(0, 0)),
        ("bytes=-1", Span(9999, 9999)),
        ("bytes=-99999", Span(0, 9999)),
        ("bytes=9990-99999", Span(9990, 9999)),
        ("  Bytes= 5-6 ", Span(5, 6)),
    ],
)
def test_one_range_is_understood(header: str, span: Span) -> None:
    assert parse_range(header, 10_000) == span


@pytest.mark.parametrize("header", ["", "   ", "pages=1-2", "bytes=0-0,-1", "bytes=500-600,601-999"])
def test_no_range_another_unit_or_several_ranges_give_the_whole_file(header: str) -> None:
    assert parse_range(header, 10_000) is None


@pytest.mark.parametrize("header", ["bytes=10000-", "bytes=10000-10001", "bytes=-0", "bytes=99999999999999999999-"])
def test_a_range_behind_the_end_cannot_be_satisfied(header: str) -> None:
    with pytest.raises(RangeNotSatisfiable) as caught:
        parse_range(header, 10_000)
    assert caught.value.size_bytes == 10_000


@pytest.mark.parametrize(
    "header",
    [
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=5",
        "bytes=6-5",
        "bytes=1-2-3",
        "bytes=--1",
        "bytes=0x1-2",
        "bytes=١-٢",
    ],
)
def test_what_is_no_range_is_invalid(header: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_range(header, 10_000)
    assert not isinstance(caught.value, RangeNotSatisfiable)


def test_a_header_of_many_digits_is_refused_before_it_is_read() -> None:
    with pytest.raises(Invalid):
        parse_range("bytes=" + "9" * 100_000 + "-", 10_000)


def test_an_empty_file_has_no_ranges_but_may_be_sent_whole() -> None:
    assert parse_range("bytes=-5", 0) is None
    with pytest.raises(RangeNotSatisfiable):
        parse_range("bytes=0-", 0)


@given(st.integers(0, 100), st.one_of(st.none(), st.integers(0, 100)), st.integers(1, 50))
def test_a_range_is_the_slice_that_python_gives(first: int, last: int | None, size_bytes: int) -> None:
    data = bytes(range(size_bytes))
    expected = data[first : None if last is None else last + 1]
    try:
        span = parse_range(f"bytes={first}-{'' if last is None else last}", size_bytes)
    except Invalid:
        assert expected == b""
        return
    assert span is not None
    assert data[span.first : span.last + 1] == expected
    assert content_range(span, size_bytes) == f"bytes {span.first}-{span.last}/{size_bytes}"


@given(st.text(max_size=300), st.integers(0, 2**60))
def test_any_header_gives_a_part_of_the_file_or_a_clear_error(header: str, size_bytes: int) -> None:
    for text in (header, f"bytes={header}"):
        try:
            span = parse_range(text, size_bytes)
        except Invalid:
            continue
        assert span is None or 0 <= span.first <= span.last < size_bytes
