"""The style sheets of pages and of the frame around them share one space of names."""

import re
from itertools import combinations
from pathlib import Path

from overprint.http.assets import FOLDER, assets

FRAME = ("base.css", "frame.css", "parts.css")


def named(sheet: Path) -> set[str]:
    """The classes of which a rule of this sheet says by itself what they look like."""
    plain = re.sub(r"/\*.*?\*/|\([^()]*\)", "()", sheet.read_text(), flags=re.DOTALL)
    rules = re.findall(r"([^{}]+)\{", plain)
    alone = (re.fullmatch(r"\s*\.([a-z0-9-]+)\s*", one) for selectors in rules for one in selectors.split(","))
    return {found[1] for found in alone if found}


def test_no_page_gives_a_part_of_the_frame_another_look() -> None:
    sheets = {sheet.name: named(sheet) for sheet in (FOLDER / "css").glob("*.css")}
    frame = set().union(*(sheets[name] for name in FRAME))
    assert len(frame) > 20
    twice = {name: both for name, classes in sheets.items() if name not in FRAME and (both := classes & frame)}
    assert twice == {}


def test_no_two_sheets_of_the_frame_name_the_same_part() -> None:
    sheets = {name: named(FOLDER / "css" / name) for name in FRAME}
    twice = {pair: both for pair in combinations(FRAME, 2) if (both := sheets[pair[0]] & sheets[pair[1]])}
    assert twice == {}


def test_what_every_page_asks_for_first_is_small() -> None:
    assert len(assets()["studio.css"].packed) <= 8_000
    assert len(assets()["js/work.js"].packed) <= 20_000
    assert len(assets()["fonts/bricolage-latin.woff2"].data) <= 50_000


def test_style_sheets_name_only_files_that_are_served() -> None:
    urls = {asset.url for asset in assets().values()}
    asked = re.findall(r"url\(([^)]+)\)", assets()["studio.css"].data.decode())
    assert len(asked) == 4
    assert set(asked) <= urls
