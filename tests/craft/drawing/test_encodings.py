"""The same order gives the same bytes; SVG is safe to parse; orders travel as bytes."""

import xml.etree.ElementTree as ElementTree

import pytest

from overprint.core.problems import Invalid
from overprint.core.scene import Actor, Pose, Scene, Setting
from overprint.core.story import Style
from overprint.craft.drawing import Order, delivery, draw_bytes, order_bytes
from overprint.craft.drawing.drawing import draw
from tests.craft.drawing.people import SHEETS, scene


def picture(seed: int, *, style: Style = Style.STORYBOOK, setting: Setting = Setting.FOREST) -> bytes:
    pictured = scene(Actor("fox", pose=Pose.WAVE), setting=setting)
    return draw(pictured, SHEETS, style=style, width_px=120, height_px=90, seed=seed).raster()


@pytest.mark.parametrize("style", Style)
def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(style: Style) -> None:
    one, again, other = (picture(seed, style=style) for seed in (7, 7, 8))
    assert one == again != other


@pytest.mark.parametrize("setting", Setting)
def test_no_two_pages_of_a_setting_look_alike(setting: Setting) -> None:
    pages = {picture(seed, setting=setting, style=Style.FLAT) for seed in range(4)}
    assert len(pages) == 4


HOSTILE = "</title><script>alert(1)</script> & \"quotes\" 'too' \x00\x0b\ud800 ]]> <!-- 🦊"


@pytest.mark.parametrize("style", [Style.FLAT, Style.STORYBOOK])
@pytest.mark.parametrize("setting", Setting)
def test_svg_is_well_formed_whatever_the_caption_says(style: Style, setting: Setting) -> None:
    pictured = Scene(setting, "<place>", HOSTILE, actors=(Actor("fox"), Actor("owl")))
    text = draw(pictured, SHEETS, style=style, width_px=120, height_px=120, seed=1).svg()
    root = ElementTree.fromstring(text.encode())
    title = root.find("{http://www.w3.org/2000/svg}title")
    assert title is not None and title.text is not None
    assert title.text.startswith("</title><script>") and "🦊" in title.text
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert "script" not in tags and "image" not in tags
    known = {element.get("id") for element in root.iter() if element.get("id")}
    used = {value[5:-1] for element in root.iter() for value in element.attrib.values() if value.startswith("url(#")}
    assert used <= known


def test_a_flat_picture_has_no_blur_and_no_gradient() -> None:
    text = draw(scene(Actor("fox")), SHEETS, style=Style.FLAT, width_px=120, height_px=120, seed=1).svg()
    assert "Gradient" not in text and "filter" not in text and "mix-blend-mode" not in text


def test_an_order_travels_as_bytes_and_comes_back_as_the_same_picture() -> None:
    order = Order(scene(Actor("fox")), SHEETS, Style.STORYBOOK, 120, 80, 5)
    back = delivery(draw_bytes(order_bytes(order)))
    direct = draw(order.scene, SHEETS, style=order.style, width_px=120, height_px=80, seed=5)
    assert back.data == direct.raster()
    assert back.shown == direct.shown
    assert (back.width_px, back.height_px) == (120, 80)


@pytest.mark.parametrize("payload", [b"", b"{", b"[]", b"{}", b'{"scene": 1}', b"\xff"])
def test_a_damaged_order_is_a_clear_error(payload: bytes) -> None:
    with pytest.raises(Invalid):
        draw_bytes(payload)


@pytest.mark.parametrize(("width_px", "height_px"), [(0, 10), (10, -1), (10, 100_000)])
def test_an_impossible_size_is_a_clear_error(width_px: int, height_px: int) -> None:
    with pytest.raises(Invalid):
        draw(scene(), SHEETS, style=Style.FLAT, width_px=width_px, height_px=height_px, seed=1)
