"""Presets at the command line: listed before anything was made, and told what is wrong with a name."""

import json
from pathlib import Path

import pytest

from tests.support.command_here import run_here


def test_presets_are_listed_before_there_is_a_house(tmp_path: Path) -> None:
    listed = run_here("presets", "list", "--category", "social", "--json", "--data", str(tmp_path / "new"))
    assert listed.returncode == 0, listed.stderr
    presets = json.loads(listed.stdout)
    assert [preset["key"] for preset in presets] == ["quick-cuts", "endless-loop", "vlog", "teaser"]
    assert presets[0]["config"]["duration"] == 2
    table = run_here("presets", "list", "--data", str(tmp_path / "new"))
    assert "dolly-zoom" in table.stdout and "film noir" not in table.stdout
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("presets", "list", "--category", "odd"), "No preset is of the category 'odd'"),
        (("make", "video", "A fox", "--preset", "Nowhere"), "There is no preset called 'Nowhere'"),
    ],
)
def test_what_there_is_not_is_told_in_a_sentence(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    refused = run_here(*arguments, "--data", str(tmp_path / "new"))
    assert refused.returncode == 2
    assert said in refused.stderr
