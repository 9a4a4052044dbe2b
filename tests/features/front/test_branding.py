"""A house under its own name: on its pages, in its mails, on somebody's screen, and in what others show of it."""

from pathlib import Path

import pytest

from overprint.core.problems import Invalid
from overprint.settings import load
from overprint.wiring.branding import brand_of, sender_of
from tests.features.accounts.conftest import Opens, open_town
from tests.support.house import settings_in

__all__ = ["open_town"]

PAGE = {"Accept": "text/html"}
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8z"/></svg>'


async def test_a_house_wears_its_own_name_logo_and_colour_everywhere(open_town: Opens, tmp_path: Path) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_text(LOGO)
    town = await open_town(
        OVERPRINT_BRAND_NAME="Papermoon & Sons", OVERPRINT_BRAND_LOGO=str(logo), OVERPRINT_BRAND_COLOUR="#0b6e4f"
    )
    visitor, brand = await town.visitor(), brand_of(town.house.settings)
    assert brand.logo and brand.sheet
    for path in ("/", "/pricing", "/login", "/offline", "/styleguide", "/nothing-here"):
        page = (await visitor.get(path, headers=PAGE)).text
        assert "Papermoon &amp; Sons</title>" in page or "<title>Papermoon &amp; Sons: " in page, path
        assert brand.logo.url in page and brand.sheet.url in page, path
    landing = (await visitor.get("/", headers=PAGE)).text
    assert 'og:site_name" content="Papermoon &amp; Sons"' in landing and "card-plain.png" in landing
    sheet = await visitor.get(brand.sheet.url)
    assert "--accent:light-dark(#0b6e4f, #" in sheet.text and "immutable" in sheet.headers["cache-control"]
    assert (await visitor.get(brand.logo.url)).text == LOGO
    manifest = (await visitor.get("/app.webmanifest")).json()
    assert (manifest["name"], manifest["theme_color"]) == ("Papermoon & Sons", "#0b6e4f")
    assert manifest["icons"][0]["src"] == brand.logo.url in (await visitor.get("/offline-worker.js")).text
    mira = await town.person()
    letter = (await town.mails("mira@example.org"))[-1]
    assert "wants to use Papermoon & Sons with" in letter["text"] and "Papermoon &amp; Sons, http" in letter["html"]
    assert "issuer=Papermoon" in (await mira.post("/api/auth/second-factor")).json()["uri"]


@pytest.mark.parametrize(
    ("given", "sender"),
    [
        ({}, "Overprint <overprint@localhost>"),
        ({"OVERPRINT_BRAND_NAME": "Papermoon"}, "Papermoon <overprint@localhost>"),
        ({"OVERPRINT_BRAND_NAME": "Papermoon", "OVERPRINT_MAIL_SENDER": "a@b.example"}, "Papermoon <a@b.example>"),
        ({"OVERPRINT_BRAND_NAME": "Papermoon", "OVERPRINT_MAIL_SENDER": "Ann <a@b.example>"}, "Ann <a@b.example>"),
    ],
)
def test_mails_come_from_the_house_unless_the_sender_has_a_name(
    given: dict[str, str], sender: str, tmp_path: Path
) -> None:
    assert sender_of(settings_in(tmp_path, **given)) == sender


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("COLOUR", "#ffd91c", "the nearest that has it is #806c08"),
        ("COLOUR", "blue", "six digits"),
        ("NAME", "<b>", "plain words"),
        ("NAME", "x" * 41, "at most 40"),
    ],
)
def test_a_brand_that_cannot_be_worn_is_refused_before_anything_begins(
    name: str, value: str, said: str, tmp_path: Path
) -> None:
    with pytest.raises(Invalid, match=f"OVERPRINT_BRAND_{name}.*{said}"):
        load(tmp_path, env={f"OVERPRINT_BRAND_{name}": value})


@pytest.mark.parametrize(("content", "said"), [(None, "No such file"), ("<svg", "well-formed"), ("x" * 300_000, "kB")])
def test_a_logo_that_cannot_be_used_is_refused_by_name(content: str | None, said: str, tmp_path: Path) -> None:
    file = tmp_path / "logo.svg"
    if content is not None:
        file.write_text(content)
    with pytest.raises(Invalid, match=f"OVERPRINT_BRAND_LOGO cannot be used.*{said}"):
        brand_of(settings_in(tmp_path, OVERPRINT_BRAND_LOGO=str(file)))
