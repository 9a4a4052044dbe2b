"""The small parts: contrast, places on the page, words, fonts, packing, reports."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overprint.core.problems import Invalid
from overprint.core.scene import Area
from overprint.core.story import Trim
from overprint.craft.framing import pack, unpack
from overprint.craft.typesetting.contrast import PROMISE, Colour, Tones, luminance, ratio, readable, veil_for, worst
from overprint.craft.typesetting.fontfile import FONTS, covered
from overprint.craft.typesetting.geometry import Box, contain, cover, format_of, hidden_share
from overprint.craft.typesetting.inspect import inspect_pdf
from overprint.craft.typesetting.words import cleaned, printable

channel = st.integers(0, 255)
names = st.text(max_size=8)
colours = st.tuples(channel, channel, channel)


def test_contrast_is_the_ratio_that_wcag_defines() -> None:
    assert ratio((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert ratio((118, 118, 118), (255, 255, 255)) == pytest.approx(4.54, abs=0.01)
    assert luminance((255, 255, 255)) == pytest.approx(1)


@given(colours, colours)
def test_a_veil_keeps_its_promise_on_any_picture(one: Colour, two: Colour) -> None:
    low = tuple(map(min, one, two))
    high = tuple(map(max, one, two))
    mean = tuple((a + b) // 2 for a, b in zip(one, two, strict=True))
    tones = Tones(low, high, mean)  # type: ignore[arg-type]
    assert worst(veil_for(tones), tones) >= PROMISE


def test_a_night_stays_dark_and_a_dusk_is_veiled_as_thinly_as_can_be() -> None:
    night = Tones((0, 0, 20), (215, 215, 225), (40, 40, 75))
    dusk = Tones((95, 85, 120), (225, 205, 220), (150, 135, 160))
    assert luminance(veil_for(night).colour) < 0.1
    thin = veil_for(dusk)
    assert luminance(thin.colour) > 0.5 and thin.alpha < 0.4


@given(colours, colours)
def test_a_colour_made_readable_is_readable_wherever_that_is_possible(colour: Colour, ground: Colour) -> None:
    best = max(ratio(end, ground) for end in ((0, 0, 0), (255, 255, 255)))
    assert ratio(readable(colour, ground), ground) >= min(PROMISE, best) - 0.01


def test_a_picture_gives_up_its_quiet_part_first() -> None:
    box = Box(0, 0, 100, 50)
    assert cover(100, 100, box, Area.TOP) == Box(0, -50, 100, 100)
    assert cover(100, 100, box, Area.BOTTOM) == Box(0, 0, 100, 100)
    assert contain(100, 100, box) == Box(25, 0, 50, 50)
    assert hidden_share(100, 100, box) == 0.5


@pytest.mark.parametrize("trim", list(Trim))
def test_no_type_size_is_below_eleven_points(trim: Trim) -> None:
    form = format_of(trim)
    assert min(*form.sizes_pt, form.reading_pt) >= 11


@given(st.text())
@settings(max_examples=300)
def test_cleaned_text_holds_nothing_that_xml_forbids(text: str) -> None:
    kept = cleaned(text)
    assert all(ord(c) >= 32 and not 0xD800 <= ord(c) <= 0xDFFF and ord(c) & 0xFFFE != 0xFFFE for c in kept)
    assert cleaned(kept) == kept


def test_ordinary_text_is_printed_as_it_is() -> None:
    line = "“Größe” – naïve œuvre; Привет; #let $x$ *b* @c \\ // `d`"
    assert printable(line) == line


def test_every_font_file_is_small_and_has_its_licence_beside_it() -> None:
    files = [path for path in FONTS.iterdir() if path.suffix in (".otf", ".ttf")]
    assert files and all(path.stat().st_size < 1_000_000 for path in files)
    for path in files:
        family = path.stem.split("-")[0].removesuffix("12").removesuffix("Soft")
        assert "SIL OPEN FONT LICENSE" in (FONTS / f"OFL-{family}.txt").read_text()
        assert path.name in (FONTS / "FONTS.md").read_text()
    assert {ord(c) for c in "AzßЖωא🦊م\ufffd"} <= covered()


@given(st.dictionaries(names, st.integers()), st.dictionaries(names, st.binary(max_size=40)))
def test_what_was_packed_comes_out_again(header: dict[str, int], blobs: dict[str, bytes]) -> None:
    assert unpack(pack(header, blobs)) == (header, blobs)


@given(st.binary(max_size=60), st.integers(0, 60))
def test_a_damaged_message_is_refused(noise: bytes, cut: int) -> None:
    whole = pack({"a": 1}, {"b": b"cd"})
    for damaged in (noise, whole[: min(cut, len(whole) - 1)], whole + b"x", b"OPF1" + noise):
        with pytest.raises(Invalid, match="damaged"):
            unpack(damaged)


def test_a_file_that_is_no_pdf_is_refused() -> None:
    with pytest.raises(Invalid, match="not a PDF"):
        inspect_pdf(b"hello")
