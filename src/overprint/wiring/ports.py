"""Which adapter stands behind each port, by the settings."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from overprint.adapters.storage.scratch import Scratch
from overprint.core.clock import SystemClock
from overprint.engine.asking import EMBEDDED
from overprint.engine.context import Ports
from overprint.ports.compute import ComputePort
from overprint.ports.credentials import CredentialsPort, Reading
from overprint.ports.image import ImagePort
from overprint.ports.speech import SpeechPort
from overprint.ports.storage import StoragePort
from overprint.ports.text import TextPort
from overprint.ports.video import VideoPort
from overprint.settings import Settings
from overprint.settings.models import SpeechSettings, TextSettings, VideoSettings
from overprint.wiring.secrets import signing_identity_of, signing_keys_of


async def ports_of(settings: Settings, stack: AsyncExitStack, compute: ComputePort | None = None) -> Ports:
    """What the settings choose. The heavy work is done by ``compute``, or by children that end with ``stack``."""
    if compute is None:
        temporary = await _temporary(settings, stack)
        compute = await stack.enter_async_context(open_compute(settings.worker.cpu, temporary))
    return Ports(
        text=_text(settings),
        image=_image(settings, compute),
        storage=storage_of(settings),
        compute=compute,
        speech=_speech(settings, stack),
        credentials=credentials_of(settings, compute) if settings.credentials.enabled else None,
        video=_video(settings, compute),
    )


async def _temporary(settings: Settings, stack: AsyncExitStack) -> Path | None:
    """A folder that is swept if we are killed; none on a disk that takes nothing more: reading goes on there."""
    try:
        return await stack.enter_async_context(Scratch(_scratch_of(settings)).folder())
    except OSError:
        return None


@asynccontextmanager
async def open_compute(children: int = 1, temporary: Path | None = None) -> AsyncIterator[ComputePort]:
    """Child processes, for as long as the block runs: for who needs no more of the house. Their temporary files lie in
    ``temporary``, or where the system has them."""
    from overprint.adapters.compute.processes import PoolRules, ProcessCompute

    compute = ProcessCompute(PoolRules(children=children), temporary=temporary)
    try:
        yield compute
    finally:
        await compute.aclose()


def _scratch_of(settings: Settings) -> Path:
    return settings.data_dir / "run" / "scratch"


def _text(settings: Settings) -> TextPort:
    chosen = settings.text
    key = chosen.api_key.get_secret_value() if chosen.api_key else ""
    if chosen.provider != EMBEDDED:
        return _hosted_text(chosen, key)
    from overprint.adapters.text.embedded import EmbeddedWriter

    return EmbeddedWriter()


def _hosted_text(chosen: TextSettings, key: str) -> TextPort:
    from overprint.adapters.hosted.endpoint import Patience
    from overprint.adapters.hosted.prices import TokenPrice
    from overprint.adapters.text.conversation import Terms

    read, written = chosen.input_dollars_per_million, chosen.output_dollars_per_million
    price = None if read is None or written is None else TokenPrice(read, written)
    terms = Terms(chosen.max_output_tokens, chosen.temperature, price)
    patience = Patience(total_seconds=chosen.timeout_seconds)
    if chosen.provider == "openai":
        from overprint.adapters.text.openai_compatible import OpenAICompatibleText

        return OpenAICompatibleText(
            model=chosen.model or "",
            api_key=key,
            base_url=chosen.base_url,
            structured=chosen.structured,
            terms=terms,
            patience=patience,
        )
    from overprint.adapters.text.anthropic import AnthropicText

    return AnthropicText(
        model=chosen.model or "", api_key=key, base_url=chosen.base_url, terms=terms, patience=patience
    )


def _image(settings: Settings, compute: ComputePort) -> ImagePort:
    chosen = settings.image
    if chosen.provider == "openai":
        from overprint.adapters.hosted.endpoint import Patience
        from overprint.adapters.image.openai_compatible import Offer, OpenAICompatibleImages, size_of

        return OpenAICompatibleImages(
            model=chosen.model or "",
            compute=compute,
            api_key=chosen.api_key.get_secret_value() if chosen.api_key else "",
            base_url=chosen.base_url,
            offer=Offer(
                tuple(map(size_of, chosen.sizes)),
                chosen.quality,
                chosen.output_format,
                chosen.references,
                chosen.dollars_per_picture,
            ),
            patience=Patience(total_seconds=chosen.timeout_seconds),
        )
    from overprint.adapters.image.embedded import EmbeddedIllustrator

    return EmbeddedIllustrator(compute)


def _speech(settings: Settings, stack: AsyncExitStack) -> SpeechPort:
    chosen = settings.speech
    if chosen.provider != EMBEDDED:
        return _hosted_speech(chosen)
    from overprint.adapters.speech.embedded import FormantSpeech

    speech = FormantSpeech()
    stack.push_async_callback(speech.aclose)
    return speech


def _hosted_speech(chosen: SpeechSettings) -> SpeechPort:
    from overprint.adapters.hosted.endpoint import Patience
    from overprint.adapters.speech.elevenlabs import ElevenLabsSpeech
    from overprint.adapters.speech.named_voices import voices_named
    from overprint.adapters.speech.openai_compatible import OpenAICompatibleSpeech

    kind = OpenAICompatibleSpeech if chosen.provider == "openai" else ElevenLabsSpeech
    return kind(
        model=chosen.model or "",
        api_key=chosen.api_key.get_secret_value() if chosen.api_key else "",
        base_url=chosen.base_url,
        voices=voices_named(chosen.voices),
        price_microdollars=round(chosen.dollars_per_million_characters * 1000),
        patience=Patience(total_seconds=chosen.timeout_seconds),
    )


def _video(settings: Settings, compute: ComputePort) -> VideoPort:
    chosen = settings.video
    if chosen.provider != EMBEDDED:
        return _hosted_video(chosen, compute)
    from overprint.adapters.video.embedded import ProceduralMotion

    return ProceduralMotion(compute)


def _hosted_video(chosen: VideoSettings, compute: ComputePort) -> VideoPort:
    from overprint.adapters.video import fal, runway
    from overprint.adapters.video.tasks import Offer

    kind, usual = (
        (runway.RunwayFilms, runway.DEFAULT_OFFER) if chosen.provider == "runway" else (fal.FalFilms, fal.DEFAULT_OFFER)
    )
    return kind(
        model=chosen.model or "",
        compute=compute,
        api_key=chosen.api_key.get_secret_value() if chosen.api_key else "",
        base_url=chosen.base_url,
        offer=Offer(chosen.seconds or usual.seconds, chosen.resolution, chosen.dollars_per_second),
        task_seconds=chosen.timeout_seconds,
    )


def credentials_of(settings: Settings, compute: ComputePort) -> CredentialsPort:
    """Signs in the operator's name, or with a key that is made at the first start."""
    from overprint.adapters.credentials.embedded import EmbeddedCredentials

    identity = signing_identity_of(settings)
    assert identity is not None
    return EmbeddedCredentials(compute, SystemClock(), identity)


@asynccontextmanager
async def reader_of(settings: Settings) -> AsyncIterator[Callable[[bytes | Path, str], Awaitable[Reading]]]:
    """``CredentialsPort.read`` without a house around it, also of a film at a path. It makes no key: without one, no
    signature is ours."""
    from overprint.adapters.credentials.embedded import certificates_of, read_credentials

    identity = signing_identity_of(settings, makes=False)
    certificates = None if identity is None else certificates_of(identity)
    async with open_compute(settings.worker.cpu) as compute:
        yield lambda source, media_type: read_credentials(compute, source, media_type, certificates)


def storage_of(settings: Settings) -> StoragePort:
    """The storage that the settings choose."""
    chosen = settings.storage
    if chosen.kind == "s3":
        from overprint.adapters.storage.s3 import S3Storage
        from overprint.adapters.storage.s3_config import S3Config

        return S3Storage(
            S3Config(
                bucket=chosen.bucket or "",
                region=chosen.region,
                endpoint=chosen.endpoint or "",
                prefix=chosen.prefix,
                access_key_id=chosen.access_key.get_secret_value() if chosen.access_key else "",
                secret_access_key=chosen.secret_key.get_secret_value() if chosen.secret_key else "",
                path_style=chosen.path_style,
            ),
            _scratch_of(settings),
        )
    from overprint.adapters.storage.local import LocalStorage

    public_url = settings.web.public_url or ""
    return LocalStorage(settings.data_dir / "objects", signing_keys_of(settings), public_url=public_url)
