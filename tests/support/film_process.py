"""A worker that films with a hosted model, whose server is elsewhere: somebody has to kill it."""

import asyncio
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from overprint.adapters.compute.inline import InlineCompute
from overprint.adapters.hosted.endpoint import Patience
from overprint.adapters.speech.fake import FakeSpeech
from overprint.adapters.storage.links import SigningKey
from overprint.adapters.storage.local import LocalStorage
from overprint.adapters.video.runway import RunwayFilms
from overprint.adapters.video.tasks import Offer, Pace
from overprint.core.codec import encode
from overprint.core.files import StoredFile
from overprint.db.database import open_database
from overprint.engine import graph, queue
from overprint.engine.context import Ports, StepContext
from overprint.engine.pipeline import Pipeline, Registry, StepKind
from overprint.engine.runner import Runner
from overprint.engine.signals import Listener, Poker
from overprint.engine.spec import Queue, StepSpec
from overprint.engine.worker import Lane, Worker
from overprint.ports.video import VideoPort
from tests.contracts.video.conftest import REQUEST
from tests.support.film_server import RUNWAY_MODEL
from tests.support.journal import Journal
from tests.support.paid import NoPictures, quick

LEASE_SECONDS = 2.0
PRICE_MICRODOLLARS = 5 * 50_000
_PATIENT = Patience(connect_seconds=5, silence_seconds=60, total_seconds=60)


@dataclass(frozen=True)
class Reel:
    name: str
    frames: int = REQUEST.frames
    width_px: int = REQUEST.width_px
    height_px: int = REQUEST.height_px


@dataclass(frozen=True)
class Filmed:
    file: StoredFile


async def _film(context: StepContext, reel: Reel) -> Filmed:
    size = {"width_px": reel.width_px, "height_px": reel.height_px}
    request = replace(REQUEST, frames=reel.frames, **size, idempotency_key=context.call_id("film"))
    return Filmed(await context.film(request, name=f"{reel.name}.mp4", folder="clips"))


def film_pipeline() -> Pipeline:
    """One step that films one clip."""
    return Pipeline(
        "reel.make@1",
        Reel,
        lambda reel: (StepSpec("only", "reel.only@1", "Film", encode(reel)),),
        (StepKind("reel.only@1", Reel, Filmed, _film, Queue.VIDEO, ports=("video",)),),
    )


def film_ports(url: str, key: str, folder: Path, patience: Patience = _PATIENT) -> Ports:
    """``url`` and ``key`` are of a vendor's server."""
    films = RunwayFilms(
        model=RUNWAY_MODEL,
        compute=InlineCompute(),
        api_key=key,
        base_url=url,
        offer=Offer((5,)),
        pace=Pace(0.02, 0.05),
        patience=patience,
    )
    return ports_with(films, folder)


def ports_with(films: VideoPort, folder: Path) -> Ports:
    storage = LocalStorage(folder / "objects", [SigningKey("1", b"x" * 48)], public_url="")
    return Ports(quick(Journal(folder / "journal")), NoPictures(), storage, InlineCompute(), FakeSpeech(), video=films)


async def main(app_url: str, system_url: str, url: str, key: str, folder: Path) -> None:
    database = await open_database(app_url, system_url, pool_size=2)
    ports = film_ports(url, key, folder)
    rules = graph.Rules(Registry.of(film_pipeline()), (), ports.providers())
    poker = Poker(database.system, also=(queue.CHANNEL, queue.WAKE_PAYLOAD))
    listener = Listener(system_url)
    runner = Runner(database, rules, ports, "child", poker.poke)
    worker = Worker(runner, listener, system_url, [Lane("all", tuple(map(str, Queue)), 1)], lease_seconds=LEASE_SECONDS)
    await asyncio.gather(poker.run(), listener.run(), worker.run())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:5], Path(sys.argv[5])))
