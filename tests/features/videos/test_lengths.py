"""Scenes that are longer than a hosted model films at once: parted, told of, and refused before anything is paid."""

import io
import json
import zipfile
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from overprint.core.film import FilmBrief
from overprint.craft.narration import Pace, told_within
from overprint.features.videos.pipeline import most, scenes, seconds
from overprint.features.videos.rules.lengths import paced, words_most
from overprint.features.videos.steps import GivenIn, MakeFilm, Target
from overprint.ports.provider import Lengths
from tests.features.videos.test_pipeline import BOARD, BRIEF
from tests.features.videos.test_storyboards import changed, laid_out, seen_through
from tests.support.database import TestDatabase
from tests.support.house import client_of, house_on

RUNWAY = {"PROVIDER": "runway", "MODEL": "gen4.5", "API_KEY": "k", "SECONDS": "5,10"}
LONG = "The keeper climbs the stairs and counts them as he goes up, one by one. " * 5


@pytest.fixture
async def client(database_urls: TestDatabase, tmp_path: Any) -> AsyncIterator[httpx.AsyncClient]:
    named = {f"OVERPRINT_VIDEO_{name}": value for name, value in RUNWAY.items()}
    async with house_on(database_urls, tmp_path / "data", **named) as house, client_of(house) as opened:
        yield opened


async def test_a_script_is_parted_so_that_each_scene_can_be_filmed_and_what_grows_too_long_is_refused(
    client: httpx.AsyncClient,
) -> None:
    film = await laid_out(client, script=LONG)
    cards = (await client.get(f"{film}/storyboard")).json()["cards"]
    assert len(cards) == 2 and sum(card["words"].count("stairs") for card in cards) == 5
    quote = (await client.get(f"{film}/quote")).json()
    assert quote["too_long"] == []
    assert quote["quote_credits"] > 2 * 10 * 15, "two scenes of ten seconds, at 12 cents and a quarter more"
    await changed(client, f"{film}/scenes/2", seconds=21)
    assert (await client.get(f"{film}/quote")).json()["too_long"] == [2]
    refused = await client.post(f"{film}/render", json={"target": "film"})
    assert refused.status_code == 422 and "Scene 2 is longer than can be filmed at once" in refused.text
    page = (await client.get(f"{film.removeprefix('/api')}/storyboard")).text
    assert "Scene 2 is longer than can be filmed at once" in page
    assert "2 scenes would be made" in page and '/render"' not in page
    assert len((await client.get("/api/jobs")).json()["items"]) == 1, "nothing was begun"
    await _stops_at_its_storyboard_where_it_arrives(client, (await client.get(f"{film}/archive")).content)
    animatic = await client.post(f"{film}/render", json={"target": "animatic"})
    assert animatic.status_code == 202, "it can be looked at"


async def _stops_at_its_storyboard_where_it_arrives(client: httpx.AsyncClient, archive: bytes) -> None:
    """It says that a film is to be made of it, which nobody here could film."""
    lying = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as sent, zipfile.ZipFile(lying, "w") as changed_to:
        for name in sent.namelist():
            said = sent.read(name)
            header = {"target": "film"} if name == "overprint.json" else {}
            changed_to.writestr(name, json.dumps(json.loads(said) | header) if header else said)
    answer = await client.post("/api/videos/import", files={"file": ("film.overprint", lying.getvalue())})
    job = answer.json()["job_id"]
    assert await seen_through(client, job) == "completed"
    steps = (await client.get(f"/api/jobs/{job}")).json()["steps"]
    assert [step["key"] for step in steps] == ["storyboard"], "nothing is paid for that cannot be filmed"


def test_a_film_that_cannot_be_filmed_stops_at_its_storyboard() -> None:
    long = replace(BOARD, cards=(replace(BOARD.cards[0], seconds=19.5), BOARD.cards[1]))
    cases = (
        (Target.FILM, 20.0, (), True),
        (Target.FILM, None, (), False),
        (Target.ANIMATIC, 20.0, (), False),
        (Target.FILM, 20.0, (long.cards[1].id,), True),
        (Target.FILM, 20.0, (long.cards[0].id,), False),  # its clip is there, and stays
    )
    for target, filmed, held, stops in cases:
        made = scenes(MakeFilm(BRIEF, target, filmed_most=filmed, held=held), GivenIn(long), long)
        assert (len(made) == 0) is stops


def test_the_quote_of_a_short_film_covers_an_opening_that_takes_longer() -> None:
    opening = "Far out at sea, where no ship had come by for a hundred years, a keeper lit the lamp for nobody at all."
    ((_, words),) = told_within([opening], 5.0, Pace(1, 5.0))
    request = MakeFilm(replace(BRIEF, seconds=5))
    board = replace(BOARD, cards=(replace(BOARD.cards[0], words=words, seconds=5.0),))
    lengths, kind = Lengths(tuple(range(2, 11)), 20.0), "videos.clip@1"
    (clip,) = [step for step in scenes(request, GivenIn(board), board) if step.kind == kind]
    assert 8 <= lengths.ordered(clip.seconds) <= lengths.ordered_most(most(request)[kind], seconds(request)[kind])


def test_scenes_are_paced_by_what_can_be_filmed_at_once() -> None:
    slow = FilmBrief("A fox", scene_seconds=15.0)
    assert paced(slow, None) == slow
    assert 12 < paced(slow, 20.0).scene_seconds < 15 > paced(slow, 4.0).scene_seconds == 2.257142857142857
    assert (words_most(None), words_most(20.0), words_most(4.0)) == (400, 228, 40)
