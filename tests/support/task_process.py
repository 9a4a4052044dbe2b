"""A worker whose illustrator accepts tasks and needs long for their pictures: somebody has to kill it."""

import asyncio
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from overprint.adapters.compute.inline import InlineCompute
from overprint.adapters.image.fake import FakeTaskImages
from overprint.adapters.speech.fake import FakeSpeech
from overprint.adapters.storage.links import SigningKey
from overprint.adapters.storage.local import LocalStorage
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
from overprint.ports.provider import Usage
from tests.contracts.image.conftest import REQUEST
from tests.support.journal import Journal
from tests.support.paid import quick

PRICE_MICRODOLLARS = 40_000


@dataclass(frozen=True)
class Sketch:
    name: str


@dataclass(frozen=True)
class Drawn:
    file: StoredFile


async def _draw(context: StepContext, sketch: Sketch) -> Drawn:
    request = replace(REQUEST, idempotency_key=context.call_id("draw"))
    return Drawn((await context.draw(request, name=f"{sketch.name}.png", folder="pictures")).file)


def task_pipeline() -> Pipeline:
    """One step that draws one picture."""
    return Pipeline(
        "sketch.make@1",
        Sketch,
        lambda sketch: (StepSpec("only", "sketch.only@1", "Draw", encode(sketch)),),
        (StepKind("sketch.only@1", Sketch, Drawn, _draw, Queue.IMAGE, ports=("image",)),),
    )


def task_ports(journal: Journal, objects: Path, *, seconds: float) -> Ports:
    """``seconds``: how long a picture takes."""
    images = FakeTaskImages(tell=journal.write, seconds=seconds, usage=Usage(cost_microdollars=PRICE_MICRODOLLARS))
    storage = LocalStorage(objects, [SigningKey("1", b"x" * 48)], public_url="")
    return Ports(quick(journal), images, storage, InlineCompute(), FakeSpeech())


async def main(app_url: str, system_url: str, journal: Path, objects: Path) -> None:
    database = await open_database(app_url, system_url, pool_size=2)
    ports = task_ports(Journal(journal), objects, seconds=600)
    rules = graph.Rules(Registry.of(task_pipeline()), (), ports.providers())
    poker = Poker(database.system, also=(queue.CHANNEL, queue.WAKE_PAYLOAD))
    listener = Listener(system_url)
    runner = Runner(database, rules, ports, "child", poker.poke)
    worker = Worker(runner, listener, system_url, [Lane("all", tuple(map(str, Queue)), 1)])
    await asyncio.gather(poker.run(), listener.run(), worker.run())


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4])))
