"""Voices that cost money: a sentence is paid for once, whatever happens to the worker or to the storage."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

import pytest

from overprint.adapters.compute.inline import InlineCompute
from overprint.adapters.speech.fake import FakeSpeech
from overprint.adapters.storage.memory import MemoryStorage
from overprint.core.codec import encode
from overprint.core.narration import Voice
from overprint.db.database import Database
from overprint.engine import pauses
from overprint.engine.asking import EMBEDDED
from overprint.engine.context import Ports, StepContext
from overprint.engine.job import JobState
from overprint.engine.pipeline import Pipeline, StepKind
from overprint.engine.spec import Queue, StepSpec
from overprint.ports.errors import Misconfigured, Unavailable
from overprint.ports.provider import Provider, Usage
from overprint.ports.speech import SpeechAnswer, SpeechRequest
from overprint.ports.storage import BlobInfo
from tests.support.database import TestDatabase
from tests.support.engine import Engine, open_engine
from tests.support.journal import Journal
from tests.support.paid import NoPictures, quick


@dataclass(frozen=True)
class Wish:
    text: str


@dataclass(frozen=True)
class Heard:
    size_bytes: int
    voices: int


class PaidSpeech(FakeSpeech):
    """Every sentence costs."""

    async def speak(self, request: SpeechRequest) -> SpeechAnswer:
        answer = await super().speak(request)
        return SpeechAnswer(answer.data, answer.media_type, answer.duration_seconds, Usage(cost_microdollars=30))


class OwnSpeech(FakeSpeech):
    """A voice in the box."""

    @property
    def provider(self) -> Provider:
        return Provider(EMBEDDED, "own", "an own voice")


class HiccupStorage(MemoryStorage):
    """Away for the first ``misses`` files."""

    misses = 2

    async def put(self, key: str, data: bytes, *, media_type: str, content_hash: str = "") -> BlobInfo:
        if self.misses:
            self.misses -= 1
            raise Unavailable("The store is away.", provider="storage")
        return await super().put(key, data, media_type=media_type, content_hash=content_hash)


After = Callable[[StepContext], Awaitable[None]]
Opens = Callable[..., AbstractAsyncContextManager[Engine]]


async def nothing(context: StepContext) -> None:
    return None


async def fail_once(context: StepContext) -> None:
    if context.claim.tries == 0:
        raise Unavailable("Not now.")


def saying(after: After) -> Pipeline:
    async def say(context: StepContext, wish: Wish) -> Heard:
        voices = await context.voices()
        request = SpeechRequest(wish.text, voices[0].id, "en", 1.0, context.call_id("speak"))
        data = (await context.speak(request)).data
        await after(context)
        return Heard(len(data), len(voices))

    kind = StepKind("wish.said@1", Wish, Heard, say, Queue.SPEECH, ports=("speech",))
    return Pipeline("wish.say@1", Wish, lambda wish: (StepSpec("only", kind.name, "Say", encode(wish)),), (kind,))


@pytest.fixture
def opens(database: Database, database_urls: TestDatabase, journal: Journal) -> Opens:
    def open_speech(
        speech: FakeSpeech, after: After = nothing, storage: MemoryStorage | None = None
    ) -> AbstractAsyncContextManager[Engine]:
        ports = Ports(quick(journal), NoPictures(), storage or MemoryStorage(), InlineCompute(), speech)
        return open_engine(database, database_urls.system, saying(after), ports=ports)

    return open_speech


async def test_a_sentence_that_was_paid_for_is_heard_again_and_not_bought_again(opens: Opens) -> None:
    speech, storage = PaidSpeech(), MemoryStorage()
    async with opens(speech, fail_once, storage) as engine, engine.worker():
        job = await engine.submit(Wish("Good night."))
        assert await engine.ended(job) is JobState.COMPLETED
        step = (await engine.steps(job))["only"]
        sounds = [info async for info in storage.list("teams")]
    assert [request.idempotency_key for request in speech.requests] == [f"{job.id}:only:speak"]
    assert (step["tries"], step["cost_microdollars"], step["provider"]) == (1, 30, "fake")
    assert [(info.key.rpartition(".")[2], info.size_bytes) for info in sounds] == [
        ("wav", step["output"]["size_bytes"])
    ]


async def test_a_storage_that_is_away_for_a_moment_costs_no_second_sentence(opens: Opens) -> None:
    speech = PaidSpeech()
    async with opens(speech, storage=HiccupStorage()) as engine, engine.worker():
        assert await engine.ended(await engine.submit(Wish("Good night."))) is JobState.COMPLETED
    assert len(speech.requests) == 1


async def test_a_voice_in_the_box_needs_no_ledger_and_no_storage(opens: Opens) -> None:
    storage = MemoryStorage()
    async with opens(OwnSpeech(), storage=storage) as engine, engine.worker():
        job = await engine.submit(Wish("Good night."))
        assert await engine.ended(job) is JobState.COMPLETED
        assert await engine.database.system.fetchval("SELECT count(*) FROM step_calls WHERE job_id = $1", job.id) == 0
    assert [info async for info in storage.list("teams")] == []


async def test_a_voice_that_is_not_set_up_is_paused(opens: Opens) -> None:
    speech = PaidSpeech([Misconfigured("Wrong key.", provider="fake")])
    async with opens(speech) as engine, engine.worker(waits_while_paused=False):
        assert await engine.ended(await engine.submit(Wish("Good night."))) is JobState.FAILED
        (pause,) = await pauses.read_pauses(engine.database.system)
    assert pause.place == "speech:fake"
    assert "OVERPRINT_SPEECH_" in pause.cure


class ListedSpeech(PaidSpeech):
    """Counts how often it is asked who can speak."""

    listings = 0

    async def voices(self) -> tuple[Voice, ...]:
        self.listings += 1
        return await super().voices()


async def test_a_voice_that_is_paused_is_not_even_asked_who_can_speak(opens: Opens) -> None:
    speech = ListedSpeech()
    async with opens(speech) as engine:
        async with engine.worker(waits_while_paused=False):  # a worker that starts lifts what is paused
            await pauses.begin(engine.database.system, "speech:fake", "Wrong key.")
            job = await engine.submit(Wish("Good night."))
            assert await engine.ended(job) is JobState.FAILED
    assert (speech.listings, speech.requests) == (0, [])
