"""Every page of the studio, at every width and in both themes, in the browser: axe finds nothing wrong, nothing is
wider than the window, and neither console nor policy complains; nor is anything wider or left in English where all is
said from right to left. The pages are found by their routes."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from tests.support.axe import COLOURS, LOOKS, Finding, judge, shown_parts
from tests.support.browser import Visitor
from tests.support.database import TestDatabase
from tests.support.mirror import choose_pseudo, untold
from tests.support.screens import Screen, Studio, dress, open_studio

WIDTHS_PX = (1280, 820, 320)
# What axe cannot decide by itself, and why it is right: rule and part of the place.
REVIEWED: dict[tuple[str, str], str] = {
    ("color-contrast", ".set-"): "words of the book over its picture: the typesetter measured their contrast",
    ("color-contrast", ".cover-"): "a title in white, on a shade of its own under which white paper is dark",
    ("label-content-name-mismatch", "button[data-do="): "a large and a small A stand for larger and smaller letters",
}


def unreviewed(found: Sequence[Finding], unsure: Sequence[Finding]) -> list[Finding]:
    return [*found, *(one for one in unsure if not any(one[0] == rule and at in one[1] for rule, at in REVIEWED))]


async def wrong_with(window: Visitor, site: str, screen: Screen) -> list[str]:
    """All rules for whatever it shows of itself; at further widths that show the same, and in the dark, its looks."""
    wrong: list[str] = []
    known: set[str] = set()
    await dress(window, WIDTHS_PX[0], "light")
    await window.goto(f"{site}{screen.path}")
    for width_px in WIDTHS_PX:
        await dress(window, width_px, "light")
        parts = await shown_parts(window)
        found = unreviewed(*await judge(window, LOOKS if parts in known else ()))
        known.add(parts)
        await dress(window, width_px, "dark")
        found += unreviewed(*await judge(window, COLOURS))
        wrong += [f"{screen.path} {width_px}: {': '.join(one)}" for one in found]
        wide = await window.eval("document.documentElement.scrollWidth") - width_px
        if wide > 0:
            wrong.append(f"{screen.path}: {wide} pixels wider than a window of {width_px}")
    return wrong


async def wrong_mirrored(window: Visitor, site: str, screen: Screen) -> list[str]:
    """On the narrowest window, from right to left: what is left in English, and what does not fit."""
    await window.goto(f"{site}{screen.path}")
    wrong = [f"{screen.path} is told in no language: {said}" for said in await untold(window)]
    wide = await window.eval("document.documentElement.scrollWidth") - WIDTHS_PX[-1]
    return [*wrong, f"{screen.path}: {wide} pixels too wide from right to left"] if wide > 0 else wrong


async def walked(studio: Studio, window: Visitor, screens: Sequence[Screen]) -> list[str]:
    """What is wrong with these in a window of somebody's own."""
    wrong = [said for screen in screens for said in await wrong_with(window, studio.site, screen)]
    return wrong + [f"console: {said}" for said in window.complaints]


async def mirrored(studio: Studio, window: Visitor, screens: Sequence[Screen]) -> list[str]:
    await choose_pseudo(window, studio.site)
    await dress(window, WIDTHS_PX[-1], "light")
    return [said for screen in screens for said in await wrong_mirrored(window, studio.site, screen)]


async def test_every_screen_can_be_used_by_everybody(database_urls: TestDatabase, tmp_path: Path) -> None:
    async with open_studio(database_urls, tmp_path) as studio:
        assert len(studio.screens) > 25
        keeper, nobody = studio.windows
        theirs = [screen for window, screen in studio.screens if window is keeper]
        open_to_all = [screen for window, screen in studio.screens if window is nobody]
        beside = await keeper.browser.visitor(beside=keeper)
        lanes = ((nobody, open_to_all), (keeper, theirs[::2]), (beside, theirs[1::2]))
        told = await asyncio.gather(*(walked(studio, window, screens) for window, screens in lanes))
        told += await asyncio.gather(*(mirrored(studio, window, screens) for window, screens in lanes))
    wrong = [said for lane in told for said in lane]
    assert not wrong, "\n".join(wrong)
