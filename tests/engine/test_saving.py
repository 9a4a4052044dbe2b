"""A picture that was paid for is not thrown away because the storage is away for a moment."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from overprint.adapters.compute.inline import InlineCompute
from overprint.adapters.image.fake import FakeImages
from overprint.adapters.speech.fake import FakeSpeech
from overprint.adapters.storage.memory import MemoryStorage
from overprint.core.codec import encode
from overprint.core.files import FileKind, StoredFile
from overprint.db.database import Database
from overprint.engine import blobs
from overprint.engine.context import Ports, StepContext
from overprint.engine.job import JobState
from overprint.engine.pipeline import Pipeline, StepKind
from overprint.engine.spec import Queue, StepSpec
from overprint.ports.errors import Busy, ProviderError, Unavailable
from overprint.ports.image import ImageAnswer, ImageRequest
from overprint.ports.provider import Provider
from overprint.ports.storage import BlobInfo
from tests.contracts.image.conftest import REQUEST
from tests.support.database import TestDatabase
from tests.support.engine import open_engine
from tests.support.journal import Journal
from tests.support.paid import PaidText

AWAY = (Unavailable("The store is away.", provider="store"), Busy("Slow down.", provider="store"))


@dataclass(frozen=True)
class Wish:
    name: str = "a"


@dataclass(frozen=True)
class Made:
    file: StoredFile


class CountedImages(FakeImages):
    """They cost something each."""

    drawn = 0

    @property
    def provider(self) -> Provider:
        return Provider("paid", "pictures", "a paid illustrator")

    async def draw(self, request: ImageRequest) -> ImageAnswer:
        self.drawn += 1
        return await super().draw(request)


class HiccupStorage(MemoryStorage):
    """Fails its first writes."""

    def __init__(self, *failures: ProviderError) -> None:
        super().__init__()
        self.failures = list(failures)

    async def put(self, key: str, data: bytes, *, media_type: str, content_hash: str = "") -> BlobInfo:
        if self.failures:
            raise self.failures.pop(0)
        return await super().put(key, data, media_type=media_type, content_hash=content_hash)


async def _draw(context: StepContext, wish: Wish) -> Made:
    return Made((await context.draw(REQUEST, name="a.png", folder="pictures")).file)


PIPELINE = Pipeline(
    "wish.draw@1",
    Wish,
    lambda wish: (StepSpec("only", "wish.drawn@1", "Draw", {"name": wish.name}),),
    (StepKind("wish.drawn@1", Wish, Made, _draw, Queue.IMAGE, ports=("image",)),),
)


async def test_a_storage_that_is_away_for_a_moment_costs_no_second_picture(
    database: Database, database_urls: TestDatabase, journal: Journal
) -> None:
    images, storage = CountedImages(), HiccupStorage(*AWAY)
    ports = Ports(PaidText(journal), images, storage, InlineCompute(), FakeSpeech())
    async with open_engine(database, database_urls.system, PIPELINE, ports=ports) as engine, engine.worker():
        job = await engine.submit(Wish())
        assert await engine.ended(job) is JobState.COMPLETED
        step = (await engine.steps(job))["only"]
    assert (images.drawn, step["attempt"], storage.failures) == (1, 1, [])


async def test_a_storage_that_stays_away_is_given_up_with_its_own_words() -> None:
    with pytest.raises(Unavailable, match="The store is away"):
        await blobs.patiently_stored(_fails(AWAY[0]), patience_seconds=0.5)


async def test_what_waiting_does_not_mend_is_not_tried_again() -> None:
    tried: list[int] = []
    with pytest.raises(ValueError):
        await blobs.patiently_stored(_fails(ValueError("No."), tried))
    assert tried == [1]


def _fails(error: Exception, tried: list[int] | None = None) -> Callable[[], Awaitable[None]]:
    async def store() -> None:
        if tried is not None:
            tried.append(1)
        raise error

    return store


@pytest.mark.parametrize("size_bytes", [10, 2_000_000])
async def test_a_file_of_any_size_is_named_by_its_hash(
    database: Database, database_urls: TestDatabase, journal: Journal, size_bytes: int
) -> None:
    data = b"x" * size_bytes

    async def save(context: StepContext, wish: Wish) -> Made:
        return Made(
            await context.save(data, media_type="text/plain", kind=FileKind.OTHER, name=wish.name, folder="notes")
        )

    kind = StepKind("wish.saved@1", Wish, Made, save, Queue.RENDER)
    pipeline = Pipeline("wish.make@1", Wish, lambda wish: (StepSpec("only", kind.name, "Save", encode(wish)),), (kind,))
    storage = MemoryStorage()
    ports = Ports(PaidText(journal), FakeImages(), storage, InlineCompute(), FakeSpeech())
    async with open_engine(database, database_urls.system, pipeline, ports=ports) as engine, engine.worker():
        job = await engine.submit(Wish())
        assert await engine.ended(job) is JobState.COMPLETED
        output = (await engine.steps(job))["only"]["output"]
    content_hash = hashlib.sha256(data).hexdigest()
    assert output["file"]["content_hash"] == content_hash
    assert f"/notes/{content_hash}." in output["file"]["key"]
