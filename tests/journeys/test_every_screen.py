"""Every page of the studio, at every width and in both themes, in the browser: axe finds nothing wrong, nothing is
wider than the window, and neither console nor policy complains. The pages are found by their routes."""

from pathlib import Path

import pytest

from tests.support.axe import judge
from tests.support.database import TestDatabase
from tests.support.screens import THEMES, dress, open_studio

# What axe cannot decide by itself, and why it is right: rule and part of the place.
REVIEWED: dict[tuple[str, str], str] = {
    ("color-contrast", ".set-"): "words of the book over its picture: the typesetter measured their contrast",
    ("label-content-name-mismatch", "button[data-do="): "a large and a small A stand for larger and smaller letters",
}


@pytest.mark.parametrize("width_px", [1280, 820, 320])
async def test_every_screen_can_be_used_by_everybody(
    database_urls: TestDatabase, tmp_path: Path, width_px: int
) -> None:
    wrong: list[str] = []
    async with open_studio(database_urls, tmp_path) as studio:
        assert len(studio.screens) > 25
        for window, screen in studio.screens:
            for theme in THEMES:
                await dress(window, width_px, theme)
                if theme == THEMES[0]:
                    await window.goto(f"{studio.site}{screen.path}")
                found, unsure = await judge(window)
                unreviewed = [
                    one for one in unsure if not any(one[0] == rule and at in one[1] for rule, at in REVIEWED)
                ]
                wrong += [f"{screen.path} {theme}: {': '.join(one)}" for one in (*found, *unreviewed)]
            wide = await window.eval("document.documentElement.scrollWidth") - width_px
            if wide > 0:
                wrong.append(f"{screen.path}: {wide} pixels wider than the window")
        wrong += [f"console: {said}" for window in studio.windows for said in window.complaints]
    assert not wrong, "\n".join(wrong)
