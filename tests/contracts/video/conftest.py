"""Everybody who films, ready to."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

import cv2
import numpy as np
import pytest

from overprint.adapters.compute.inline import InlineCompute
from overprint.adapters.video.embedded import ProceduralMotion
from overprint.adapters.video.fal import FalFilms
from overprint.adapters.video.runway import RunwayFilms
from overprint.adapters.video.tasks import HostedFilms, Offer, Pace
from overprint.core.film import Move
from overprint.core.scene import Setting
from overprint.core.story import Style
from overprint.ports.errors import ProviderError
from overprint.ports.video import VideoAnswer, VideoPort, VideoRequest
from tests.craft.drawing.people import SHEETS, scene
from tests.support.film_server import FAL_MODEL, RUNWAY_MODEL, FilmServer, film_server
from tests.support.hosted_failures import IMPATIENT

HURRIED = Pace(0.005, 0.01)
PICTURE = bytes(cv2.imencode(".png", np.full((88, 160, 3), (60, 140, 200), np.uint8))[1])
REQUEST = VideoRequest(
    scene=scene(setting=Setting.SEA),
    sheets=SHEETS,
    style=Style.FLAT,
    move=Move(zoom=5),
    width_px=160,
    height_px=88,
    fps=25,
    frames=22,
    seed=1,
    picture=PICTURE,
    is_layered=True,
    prompt="The camera slowly comes nearer. Mira waves.",
    idempotency_key="job-1:clip/01:film",
)


@dataclass
class Set:
    """Somebody who films, and the server behind them if they are a hosted one. ``heard``: how many frames were done."""

    name: str
    films: VideoPort
    server: FilmServer
    folder: Path
    heard: list[int] = field(default_factory=list)

    async def told(self, frames: int) -> None:
        self.heard.append(frames)

    async def film(self, **changes: object) -> bytes:
        """The clip."""
        return (await self.answer(**changes)).clip.read_bytes()

    async def answer(self, **changes: object) -> VideoAnswer:
        return await self.films.film(replace(REQUEST, **changes), self.told, self.folder)  # type: ignore[arg-type]

    async def failure(self, **changes: object) -> ProviderError:
        with pytest.raises(ProviderError) as failed:
            await self.film(**changes)
        return failed.value


@dataclass
class HostedSet(Set):
    """A set whose films come by tasks."""

    films: HostedFilms


@pytest.fixture
async def server() -> AsyncIterator[FilmServer]:
    async with film_server() as running:
        yield running


def runway_films(server: FilmServer, *, seconds: tuple[int, ...] = (2, 5, 10), task_seconds: float = 20) -> RunwayFilms:
    return RunwayFilms(
        model=RUNWAY_MODEL,
        compute=InlineCompute(),
        api_key=server.key,
        base_url=server.url,
        offer=Offer(seconds),
        task_seconds=task_seconds,
        pace=HURRIED,
        patience=IMPATIENT,
    )


def fal_films(
    server: FilmServer, *, resolution: str = "", task_seconds: float = 20, own: Decimal | None = None
) -> FalFilms:
    return FalFilms(
        model=FAL_MODEL,
        compute=InlineCompute(),
        api_key=server.key,
        base_url=server.url,
        offer=Offer((5, 10), resolution, own),
        task_seconds=task_seconds,
        pace=HURRIED,
        patience=IMPATIENT,
    )


def hosted_films(name: str, server: FilmServer, *, task_seconds: float = 20) -> HostedFilms:
    kind = runway_films if name == "runway" else fal_films
    return kind(server, task_seconds=task_seconds)


@pytest.fixture(params=("embedded", "runway", "fal"))
def a_set(request: pytest.FixtureRequest, server: FilmServer, tmp_path: Path) -> Set:
    name = request.param
    films = ProceduralMotion(InlineCompute()) if name == "embedded" else hosted_films(name, server)
    return Set(name, films, server, tmp_path)


@pytest.fixture(params=("runway", "fal"))
def hosted(request: pytest.FixtureRequest, server: FilmServer, tmp_path: Path) -> HostedSet:
    return HostedSet(request.param, hosted_films(request.param, server), server, tmp_path)
