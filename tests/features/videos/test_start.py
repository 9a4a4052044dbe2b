"""Where films begin, by the form alone: from words of one's own and a picture, and again as they were asked for."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from overprint.features.videos.rules.credits import credit_lines
from overprint.ports.provider import Provider
from tests.support.database import TestDatabase
from tests.support.house import client_of, house_on

PICTURE = Path(__file__).parents[2] / "craft" / "photos" / "data" / "astronaut.jpg"
SCRIPT = "A fox named Mira walks along the sea.\n\nMIRA: Where is the moon?"
ASKED = {"begins": "script", "script": SCRIPT, "aspect": "1:1", "preset": "orbit", "mood": "calm", "outputs": "gif"}
MENDED = {"denoise": "4", "is_steadied": ["", "true"]}
CUBE = b'TITLE "none"\nLUT_3D_SIZE 2\n' + b"".join(
    f"{red} {green} {blue}\n".encode() for blue in (0, 1) for green in (0, 1) for red in (0, 1)
)


@pytest.fixture
async def client(database_urls: TestDatabase, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with house_on(database_urls, tmp_path / "data", works=False) as house, client_of(house) as opened:
        yield opened


def _ticked(page: str, name: str) -> list[str]:
    """What is chosen of the boxes of this name."""
    return re.findall(rf'name="{name}" value="([^"]+)" checked', page)


def _chosen(page: str, name: str) -> list[str]:
    """What is chosen in the list of this name."""
    options = page.partition(f'<select name="{name}"')[2].partition("</select>")[0]
    return re.findall(r'<option value="([^"]*)" selected', options)


async def test_a_picture_goes_along_with_the_form_once_and_the_film_can_be_asked_for_again(
    client: httpx.AsyncClient,
) -> None:
    sent = {
        "picture_file": (PICTURE.name, PICTURE.read_bytes(), "image/jpeg"),
        "lut_file": ("warm.cube", CUBE, "application/octet-stream"),
    }
    for _ in range(2):  # pressed twice, the files are kept once
        priced = await client.post("/make/film/price", data=ASKED | MENDED, files=sent)
        assert priced.status_code == 200, priced.text
    [picture], [lut] = _ticked(priced.text, "picture"), _ticked(priced.text, "lut")
    assert {file["id"] for file in (await client.get("/api/assets")).json()["items"]} == {picture, lut}
    begun = await client.post("/videos", data={**ASKED, **MENDED, "picture": picture, "lut": lut, "act": "board"})
    assert begun.status_code == 303, begun.text
    film = (await client.get(f"/api{begun.headers['location']}")).json()
    brief = film["brief"]
    assert (brief["preset"], brief["mood"], brief["outputs"]) == ("Orbit", "calm", ["gif"])
    assert (brief["denoise"], brief["is_steadied"]) == (4, True)
    again = (await client.get("/make/film", params={"again": film["id"]})).text
    ticked = {
        "begins": "script",
        "picture": picture,
        "aspect": "1:1",
        "outputs": "gif",
        "is_steadied": "true",
        "lut": lut,
    }
    assert {name: _ticked(again, name) for name in ticked} == {name: [value] for name, value in ticked.items()}
    assert 'name="denoise" value="4"' in again
    assert "walks along the sea.\n\n“Where is the moon?” asked Mira." in again
    # What the preset says is left to it, what somebody chose instead is not.
    assert [_chosen(again, name) for name in ("mood", "grade")] == [["calm"], []]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"begins": "book"}, "No book is chosen."),
        ({"begins": "book", "book": str(UUID(int=7))}, "There is no such book."),
        ({"begins": "script", "script": "  "}, "This script says nothing."),
        ({"begins": "idea", "premise": "A fox", "picture": str(UUID(int=7))}, "There is no such asset."),
    ],
)
async def test_what_a_film_cannot_be_made_of_is_said_on_the_form(
    client: httpx.AsyncClient, asked: dict[str, str], said: str
) -> None:
    refused = await client.post("/videos", data=asked)
    assert refused.status_code in (404, 422)
    assert said in refused.text and "data-making" in refused.text
    assert (await client.get("/api/videos")).json()["items"] == []


def test_the_end_of_a_film_speaks_its_language_and_names_the_house() -> None:
    drawn = Provider("embedded", "illustrator@5", "procedural picture")
    filmed = Provider("runway", "gen4_turbo", "gen4_turbo via Runway")
    assert credit_lines(drawn, filmed, drawn, "Laternenhaus", "de") == (
        "Bilder: nach Regeln gezeichnet",
        "Bewegung: gen4_turbo via Runway",
        "Stimme: ein Formantsynthesizer (espeak-ng)",
        "Gemacht mit Laternenhaus",
    )
