"""``overprint fonts install``."""

import re
from pathlib import Path

import pytest

from overprint.craft.typesetting.fontfile import ADDED
from overprint.main.environment import ADDITIONS
from overprint.main.exits import Exit
from overprint.main.fonts import KNOWN, install_fonts

REQUIREMENTS = Path(__file__).parents[2] / "requirements"


def test_fonts_that_nobody_knows_are_refused_with_the_names_that_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert install_fonts("klingon") is Exit.USAGE
    assert "cjk" in capsys.readouterr().err


def test_every_font_that_typesetting_looks_for_is_in_the_pinned_list() -> None:
    assert set(KNOWN) <= set(ADDITIONS)
    pinned = set(re.findall(r"^([\w-]+)==", (REQUIREMENTS / "cjk.txt").read_text(), re.MULTILINE))
    assert {package.replace("_", "-") for package, _, _ in ADDED.values()} | {"fonttools"} == pinned
