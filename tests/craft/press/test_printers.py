import pytest

from overprint.core.problems import Invalid
from overprint.core.story import Trim
from overprint.craft.press import get_printer, printers


@pytest.mark.parametrize(
    ("key", "pages", "inches"),
    [
        ("lulu-paperback", 32, 32 / 444 + 0.06),
        ("lulu-paperback", 300, 300 / 444 + 0.06),
        ("lulu-casewrap", 24, 0.25),
        ("lulu-casewrap", 84, 0.25),
        ("lulu-casewrap", 85, 0.5),
        ("lulu-casewrap", 800, 2.125),
        ("gelato-softcover", 28, (0.24 + 0.155 * 16) / 25.4),
        ("gelato-softcover", 200, (0.24 + 0.155 * 102) / 25.4),
        ("gelato-hardcover", 28, 6 / 25.4),
        ("gelato-hardcover", 68, 9 / 25.4),
        ("gelato-hardcover", 200, 19 / 25.4),
    ],
)
def test_spines_are_as_wide_as_the_printer_says(key: str, pages: int, inches: float) -> None:
    assert get_printer(key).spine.width_mm(pages) == pytest.approx(inches * 25.4, abs=0.01)


def test_every_number_of_pages_that_a_printer_binds_has_one_spine_that_never_gets_thinner() -> None:
    for printer in printers().values():
        widths = [printer.spine.width_mm(pages) for pages in range(printer.pages_least, printer.pages_most + 1)]
        assert widths == sorted(widths)
        assert widths[0] > 0


def test_thicker_books_need_a_wider_gutter() -> None:
    printer = get_printer("lulu-paperback")
    assert printer.gutter_mm(32) < printer.gutter_mm(100) < printer.gutter_mm(300) < printer.gutter_mm(700)


def test_a_book_too_thick_for_a_binding_is_refused_in_words() -> None:
    with pytest.raises(Invalid, match="900 pages"):
        get_printer("lulu-casewrap").spine.width_mm(900)


def test_an_unknown_printer_is_answered_with_those_there_are() -> None:
    with pytest.raises(Invalid) as refused:
        get_printer("gutenberg")
    assert "lulu-paperback" in refused.value.next_step


@pytest.mark.parametrize(
    ("key", "trim", "wide_mm", "tall_mm"),
    [
        ("gelato-photobook", Trim.SQUARE_20, 408.72, 206.0),
        ("gelato-photobook", Trim.PORTRAIT_21, 428.72, 286.0),
        ("gelato-hardcover", Trim.SQUARE_20, 458.0, 246.0),
        ("gelato-hardcover", Trim.PORTRAIT_21, 478.0, 326.0),
    ],
)
def test_a_cover_of_28_pages_is_as_large_as_gelatos_own_template(
    key: str, trim: Trim, wide_mm: float, tall_mm: float
) -> None:
    printer = get_printer(key)
    side_mm, outside_mm = printer.cover.side_mm(trim), printer.cover.outside_mm
    assert 2 * side_mm[0] + printer.spine.width_mm(28) + 2 * outside_mm == pytest.approx(wide_mm, abs=0.005)
    assert side_mm[1] + 2 * outside_mm == pytest.approx(tall_mm)


def test_every_printer_says_where_its_terms_were_read() -> None:
    assert all(printer.source for printer in printers().values())
