"""``overprint shots`` takes pictures of screens: here of one, as of all of them."""

from pathlib import Path

from PIL import Image

from tests.support.command_line import run_afresh

THEMES, WIDTHS_PX = ("light", "dark"), (1280, 820, 390)


def test_a_screen_is_pictured_at_three_widths_and_in_both_themes(tmp_path: Path) -> None:
    done = run_afresh("shots", "--only", "styleguide", "--out", str(tmp_path / "shots"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith("6 pictures")
    grounds = {}
    for width_px in WIDTHS_PX:
        for theme in THEMES:
            with Image.open(tmp_path / "shots" / f"styleguide-{width_px}-{theme}.png") as shot:
                assert shot.width == width_px and shot.height > width_px
                grounds[theme] = shot.convert("L").resize((1, 1)).tobytes()[0]
    assert grounds["light"] > 128 > grounds["dark"]
