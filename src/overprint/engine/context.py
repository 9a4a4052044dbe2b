"""What a step body works with. The ports are offered already metered, limited and ledgered."""

import asyncio
import hashlib
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import asyncpg

from overprint.core.codec import decode, encode
from overprint.core.files import FileKind, StoredFile
from overprint.core.narration import Voice
from overprint.core.pixels import picture_size
from overprint.core.problems import Invalid, LimitReached
from overprint.core.shown import Shown
from overprint.db.database import passing_over, patiently
from overprint.engine import blobs, claims, ledger, limits
from overprint.engine.asking import EMBEDDED, Ask, Asked, Resume, by_task
from overprint.engine.spec import LOG_LINES_PER_STEP_MAX, InDoubt
from overprint.engine.telling import FramesTold
from overprint.ports.compute import ComputePort
from overprint.ports.credentials import CredentialsPort
from overprint.ports.errors import Misconfigured, ProviderError, Unavailable
from overprint.ports.image import PICTURE_MAX_BYTES, ImageAnswer, ImagePort, ImageRequest, TaskImagePort
from overprint.ports.provider import Provider, Usage
from overprint.ports.speech import SpeechAnswer, SpeechPort, SpeechRequest, WordMark
from overprint.ports.storage import StoragePort
from overprint.ports.text import TextAnswer, TextPort, TextRequest
from overprint.ports.video import CLIP_MEDIA_TYPE, TaskVideoPort, VideoAnswer, VideoPort, VideoRequest

T = TypeVar("T")

PROGRESS_INTERVAL_SECONDS = 0.1
TEXT_INTERVAL_SECONDS = 0.08
SILENT_SECONDS = 5.0
HASH_INLINE_MAX_BYTES = 1_000_000
FILE_MAX_BYTES = 500_000_000
NOBODY = Provider("none", "", "nobody")

_EXTENSIONS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "image/svg+xml": "svg",
    "audio/wav": "wav",
    "audio/mp4": "m4a",
    "video/mp4": "mp4",
    "video/webm": "webm",
    "video/iso.segment": "m4s",
    "application/vnd.apple.mpegurl": "m3u8",
    "image/gif": "gif",
    "text/vtt": "vtt",
    "application/pdf": "pdf",
    "application/epub+zip": "epub",
    "application/json": "json",
    "text/plain": "txt",
}


@dataclass(frozen=True, slots=True)
class Ports:
    """What the engine was wired with. Without ``credentials`` nothing is signed, without ``video`` nothing moves."""

    text: TextPort
    image: ImagePort
    storage: StoragePort
    compute: ComputePort
    speech: SpeechPort
    credentials: CredentialsPort | None = None
    video: VideoPort | None = None

    def providers(self) -> dict[str, Provider]:
        signs = self.credentials.provider if self.credentials else NOBODY
        return {
            "text": self.text.provider,
            "image": self.image.provider,
            "speech": self.speech.provider,
            "credentials": signs,
            "video": self.video.provider if self.video else NOBODY,
        }


@dataclass(slots=True)
class Meter:
    """What the step's calls used, summed. What they cost stands in the ledger."""

    provider: str | None = None
    input_tokens: int = 0
    output_tokens: int = 0

    def add(self, provider: Provider, usage: Usage) -> None:
        self.provider = provider.name
        self.input_tokens += usage.input_tokens
        self.output_tokens += usage.output_tokens


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn picture, already stored; ``vector`` is the same as SVG."""

    file: StoredFile
    shown: tuple[Shown, ...] = ()
    vector: StoredFile | None = None


@dataclass(frozen=True, slots=True)
class Spoken:
    """A WAV file. ``words``: when each is heard; none where the provider did not say, or is not asked again."""

    data: bytes
    words: tuple[WordMark, ...] = ()


@dataclass(slots=True)
class StepContext:
    """One running step. Everything it writes is fenced: after a lost lease every call raises ``LostLease``.

    ``provider_limits`` are by port.
    """

    claim: claims.Claim
    ports: Ports
    pool: asyncpg.Pool
    in_doubt: InDoubt
    provider_limits: Mapping[str, limits.ProviderLimits]
    meter: Meter = field(default_factory=Meter)
    _calls: Counter[str] = field(default_factory=Counter)
    _last_progress_at: float = 0.0
    _silent_until: float = 0.0

    @property
    def seed(self) -> int:
        return self.claim.seed

    def call_id(self, call: str) -> str:
        """The idempotency key of the step's next ``call``: the same on every attempt of this step."""
        return ledger.idempotency_key(self.claim, self._call_key(call, self._calls[call] + 1))

    @property
    def compute(self) -> ComputePort:
        return self.ports.compute

    async def progress(self, fraction: float, note: str = "") -> None:
        """Tell watchers how far it is, 0 to 1. Told at most ten times a second."""
        now = time.monotonic()
        if now - self._last_progress_at < PROGRESS_INTERVAL_SECONDS and fraction < 1:
            return
        self._last_progress_at = now
        bounded = min(1.0, max(0.0, fraction))
        await self._tell("step.progress", {"fraction": bounded, "note": note}, fraction=bounded, note=note)

    def frames_told(self, frames: int) -> FramesTold:
        """What a work calls with how many of ``frames`` are done; watchers hear as much of it as there is time for."""
        return FramesTold(frames, self.progress)

    async def log(self, message: str, level: str = "info") -> None:
        """Keep a line that operators can read with the step."""
        with passing_over("a line of a step's log"):
            await claims.log_line(self.pool, self.claim, level, message, lines_max=LOG_LINES_PER_STEP_MAX)

    async def recipe_of(self, key: str) -> str:
        """The recipe of another step of this job, or nothing for one that a person wrote."""
        return await patiently(lambda: claims.recipe_of(self.pool, self.claim.job.id, key))

    async def read(self, key: str) -> bytes:
        """A stored file."""
        return await self.ports.storage.get(key)

    async def save(
        self,
        data: bytes,
        *,
        media_type: str,
        kind: FileKind,
        name: str,
        folder: str,
        width_px: int | None = None,
        height_px: int | None = None,
        duration_seconds: float | None = None,
    ) -> StoredFile:
        """Store bytes under their hash. They become an asset when the step is delivered, or are swept.

        ``folder`` says where in the work it belongs: ``chapters/2/pictures``, ``print``.
        """
        if len(data) > FILE_MAX_BYTES:
            raise LimitReached(f"{name} is larger than {FILE_MAX_BYTES // 1_000_000} MB.")
        content_hash = await _hash(data)
        key = await self._doomed_key(content_hash, media_type, folder)
        await self.ports.storage.put(key, data, media_type=media_type, content_hash=content_hash)
        return StoredFile(key, content_hash, len(data), media_type, kind, name, width_px, height_px, duration_seconds)

    def scratch(self) -> AbstractAsyncContextManager[Path]:
        """An empty folder for what is too large to be held, gone when the block ends."""
        return self.ports.storage.scratch()

    async def lend(self, key: str, path: Path) -> None:
        """A stored file as a file in a folder of ``scratch``: for reading only."""
        await self.ports.storage.lend(key, path)

    async def save_file(
        self,
        path: Path,
        *,
        media_type: str,
        kind: FileKind,
        name: str,
        folder: str,
        width_px: int | None = None,
        height_px: int | None = None,
        duration_seconds: float | None = None,
    ) -> StoredFile:
        """As ``save``, of a file that nobody writes to any more: it is never held as a whole."""
        content_hash, size_bytes = await asyncio.to_thread(measured, path)
        key = await self._doomed_key(content_hash, media_type, folder)
        await self.ports.storage.put_file(key, path, media_type=media_type, content_hash=content_hash)
        return StoredFile(key, content_hash, size_bytes, media_type, kind, name, width_px, height_px, duration_seconds)

    async def _doomed_key(self, content_hash: str, media_type: str, folder: str) -> str:
        job = self.claim.job
        place = f"teams/{job.team_id}/{job.kind.partition('.')[0]}/{job.lineage}/{folder}"
        key = f"{place}/{content_hash}.{_EXTENSIONS.get(media_type, 'bin')}"
        await patiently(lambda: blobs.doom(self.pool, key, job.team_id, job.lineage))
        return key

    async def write(self, request: TextRequest[T], check: Callable[[T], None]) -> T:
        """Ask the text provider; watchers see the words as they come.

        An answer that ``check`` finds ``Invalid`` is not kept: it is the provider's failure, and it is asked again.
        """
        asked = self._asked("text", self.ports.text.provider)

        async def ask(_: ledger.RememberTask) -> ledger.Answered:
            async with asked.answering():
                answer = await self._stream(request)
            try:
                check(answer.value)
            except Invalid as problem:
                raise Unavailable(problem.message, provider=asked.provider.name, usage=answer.usage) from problem
            return ledger.Answered({"value": encode(answer.value)}, answer.usage)

        answered = await self._call("write", asked, ask)
        return decode(request.answer, answered.body["value"])

    async def _stream(self, request: TextRequest[T]) -> TextAnswer[T]:
        heard: list[str] = []
        told_at = time.monotonic()
        async for piece in self.ports.text.stream(request):
            if isinstance(piece, TextAnswer):
                await self._tell_text(heard)
                return piece
            heard.append(piece.text)
            if time.monotonic() - told_at >= TEXT_INTERVAL_SECONDS:
                await self._tell_text(heard)
                told_at = time.monotonic()
        raise Unavailable("The answer ended before it was complete.", provider=self.ports.text.provider.name)

    async def _tell_text(self, heard: list[str]) -> None:
        """What could not be told now is told with the next words."""
        if heard and await self._tell("step.text", {"text": "".join(heard)}):
            heard.clear()

    async def _tell(self, event: str, data: Mapping[str, Any], **told: Any) -> bool:
        """Whether watchers were told; they need not be, and the work goes on.

        While somebody holds the job's row, its steps say nothing for a while: all of them waiting for that row would
        take every connection from other jobs.
        """
        if time.monotonic() < self._silent_until:
            return False
        with passing_over(event):
            await claims.speak(self.pool, self.claim, event, data, **told)
            return True
        self._silent_until = time.monotonic() + SILENT_SECONDS
        return False

    async def draw(self, request: ImageRequest, *, name: str, folder: str) -> Picture:
        """Ask the image provider for a picture and store it."""
        port = self.ports.image
        asked = self._asked("image", port.provider)

        async def keep(drawing: Awaitable[ImageAnswer]) -> ledger.Answered:
            async with asked.answering():
                answer = await drawing
            _check_picture(answer, request, port.provider)
            with billed(answer.usage):
                file = await self._save_picture(answer, name, folder)
            vector = await self._save_vector(answer, name, folder)
            return ledger.Answered(encode(Picture(file, answer.shown, vector)), answer.usage)

        if isinstance(port, TaskImagePort):
            tasks = by_task(asked, lambda: port.submit(request), lambda task_id: keep(port.collect(task_id, request)))
            answered = await self._call("draw", asked, *tasks)
        else:
            answered = await self._call("draw", asked, lambda _: keep(port.draw(request)))
        return decode(Picture, answered.body)

    async def _save_picture(self, answer: ImageAnswer, name: str, folder: str) -> StoredFile:
        """If it was paid for, a storage that is away is waited for."""
        is_free = self.ports.image.provider.name == EMBEDDED
        return await blobs.patiently_stored(
            lambda: self.save(
                answer.data,
                media_type=answer.media_type,
                kind=FileKind.IMAGE,
                name=name,
                folder=folder,
                width_px=answer.width_px,
                height_px=answer.height_px,
            ),
            patience_seconds=0.0 if is_free else blobs.STORE_PATIENCE_SECONDS,
        )

    async def _save_vector(self, answer: ImageAnswer, name: str, folder: str) -> StoredFile | None:
        if not answer.vector:
            return None
        media_type, size = "image/svg+xml", {"width_px": answer.width_px, "height_px": answer.height_px}
        return await self.save(
            answer.vector, media_type=media_type, kind=FileKind.OTHER, name=f"{name} for print", folder=folder, **size
        )

    async def film(self, request: VideoRequest, *, name: str, folder: str) -> StoredFile:
        """Ask the video provider for a clip and store it; watchers hear how many frames are done."""
        port = self.ports.video
        if port is None:
            raise Misconfigured("Nobody here sets pictures in motion.")
        asked = self._asked("video", port.provider)

        told = self.frames_told(request.frames)

        async def keep(filming: Awaitable[VideoAnswer]) -> ledger.Answered:
            async with asked.answering():
                answer = await filming
            with billed(answer.usage):
                file = await self._save_clip(answer, request, asked.is_free, name, folder)
            return ledger.Answered(encode(file), answer.usage)

        async with self.scratch() as place:
            if isinstance(port, TaskVideoPort):
                tasks = by_task(
                    asked,
                    lambda: port.submit(request),
                    lambda task_id: keep(port.collect(task_id, request, told, place)),
                )
                answered = await self._call("film", asked, *tasks)
            else:
                answered = await self._call("film", asked, lambda _: keep(port.film(request, told, place)))
        return decode(StoredFile, answered.body)

    async def _save_clip(
        self, answer: VideoAnswer, request: VideoRequest, is_free: bool, name: str, folder: str
    ) -> StoredFile:
        """If it was paid for, a storage that is away is waited for."""
        return await blobs.patiently_stored(
            lambda: self.save_file(
                answer.clip,
                media_type=CLIP_MEDIA_TYPE,
                kind=FileKind.VIDEO,
                name=name,
                folder=folder,
                width_px=request.width_px,
                height_px=request.height_px,
                duration_seconds=request.seconds,
            ),
            patience_seconds=0.0 if is_free else blobs.STORE_PATIENCE_SECONDS,
        )

    async def voices(self) -> tuple[Voice, ...]:
        """Who can speak, the narrator's voice first. Nothing is billed for that."""
        asked = self._asked("speech", self.ports.speech.provider)
        await asked.refuse_paused()
        async with asked.answering():
            return await self.ports.speech.voices()

    async def speak(self, request: SpeechRequest) -> Spoken:
        """Ask the speech provider. What was paid for is stored first, as long as the job goes on, and is not asked for
        again."""
        asked = self._asked("speech", self.ports.speech.provider)
        heard: list[Spoken] = []

        async def ask(_: ledger.RememberTask) -> ledger.Answered:
            async with asked.answering():
                answer = await self.ports.speech.speak(request)
            heard.append(Spoken(answer.data, answer.words))
            if asked.provider.name == EMBEDDED:
                return ledger.Answered(None, answer.usage)
            with billed(answer.usage):
                file = await blobs.patiently_stored(lambda: self._save_sound(answer))
            return ledger.Answered(encode(file), answer.usage)

        answered = await self._call("speak", asked, ask)
        return heard[0] if heard else Spoken(await self.read(decode(StoredFile, answered.body).key))

    async def _save_sound(self, answer: SpeechAnswer) -> StoredFile:
        return await self.save(
            answer.data,
            media_type=answer.media_type,
            kind=FileKind.AUDIO,
            name="utterance",
            folder="spoken",
            duration_seconds=answer.duration_seconds,
        )

    def _asked(self, port: str, provider: Provider) -> Asked:
        bounds = self.provider_limits.get(port, limits.ProviderLimits())
        return Asked(self.pool, self.claim, port, provider, self.in_doubt, bounds)

    async def _call(self, name: str, asked: Asked, ask: Ask, resume: Resume | None = None) -> ledger.Answered:
        self._calls[name] += 1
        try:
            answered = await asked.call(self._call_key(name, self._calls[name]), ask, resume)
        except ProviderError as failure:
            self.meter.add(asked.provider, failure.usage)
            raise
        self.meter.add(asked.provider, answered.usage)
        return answered

    @staticmethod
    def _call_key(name: str, number: int) -> str:
        return name if number == 1 else f"{name}#{number}"


async def _hash(data: bytes) -> str:
    """SHA-256 in hex; of much data in a thread, because the loop would stand still."""
    if len(data) <= HASH_INLINE_MAX_BYTES:
        return hashlib.sha256(data).hexdigest()
    return (await asyncio.to_thread(hashlib.sha256, data)).hexdigest()


def measured(path: Path) -> tuple[str, int]:
    """SHA-256 in hex, and how many bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size


@contextmanager
def billed(usage: Usage) -> Iterator[None]:
    """An answer that came and could not be kept was billed all the same."""
    try:
        yield
    except ProviderError as error:
        error.usage += usage
        raise


def _check_picture(answer: ImageAnswer, request: ImageRequest, provider: Provider) -> None:
    """What cannot be the picture that was asked for is never kept: asked again, there may be a better one."""
    wanted = (request.width_px, request.height_px)
    if len(answer.data) > PICTURE_MAX_BYTES or picture_size(answer.data) != wanted:
        message = f"{provider.label} answered with something that is no picture of the size that was asked for."
        raise Unavailable(message, provider=provider.name, usage=answer.usage)
