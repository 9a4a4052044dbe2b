"""Reading aloud: sentences in, a stored sound of their page out; and the sounds of pages, bound into an audiobook."""

from collections.abc import Sequence

from overprint.core.files import FileKind, StoredFile
from overprint.core.narration import Casting, Cue, Line
from overprint.craft.narration import (
    AUDIOBOOK_MEDIA_TYPE,
    AUDIOBOOK_MEMORY_BYTES,
    AUDIOBOOK_TIMEOUT_SECONDS,
    PAGE_MEMORY_BYTES,
    PAGE_TIMEOUT_SECONDS,
    SOUND_MEDIA_TYPE,
    SpokenPage,
    audiobook_bytes,
    audiobook_order,
    bound_audiobook,
    page_order,
    page_sound,
    page_sound_bytes,
    voice_for,
)
from overprint.engine.context import StepContext
from overprint.ports.speech import SpeechRequest

FOLDER = "audio"
SPEED = 1.0


async def read_page_aloud(
    context: StepContext, lines: Sequence[Line], casting: Casting, *, language: str, name: str
) -> tuple[StoredFile, tuple[Cue, ...]]:
    """Speak ``lines`` one after the other; answers their sound, and when in it each of them is heard."""
    spoken: list[list[bytes]] = []
    for number, line in enumerate(lines):
        spoken.append(
            [await _speak(context, said.text, voice_for(casting, said.who), language) for said in line.utterances]
        )
        await context.progress(0.9 * (number + 1) / len(lines), "Speaking")
    answer = await context.compute.run(
        page_sound_bytes,
        page_order(lines, casting, spoken),
        timeout_seconds=PAGE_TIMEOUT_SECONDS,
        memory_bytes=PAGE_MEMORY_BYTES,
    )
    sound = page_sound(answer)
    file = await context.save(
        sound.data,
        media_type=SOUND_MEDIA_TYPE,
        kind=FileKind.AUDIO,
        name=name,
        folder=f"{FOLDER}/pages",
        duration_seconds=sound.facts.duration_seconds,
    )
    return file, sound.facts.cues


async def _speak(context: StepContext, text: str, voice: str, language: str) -> bytes:
    return await context.speak(SpeechRequest(text, voice, language, SPEED, context.call_id("speak")))


async def bind_audiobook(
    context: StepContext,
    pages: Sequence[tuple[StoredFile, str]],
    *,
    title: str,
    author: str,
    reader: str,
    cover: StoredFile | None,
    name: str,
) -> StoredFile:
    """One file of ``pages``; each comes with the title of the chapter that begins with it, or with nothing."""
    sounds = [SpokenPage(await context.read(file.key), chapter) for file, chapter in pages]
    picture = await context.read(cover.key) if cover else b""
    answer = await context.compute.run(
        audiobook_bytes,
        audiobook_order(sounds, title=title, author=author, narrator=reader, cover=picture),
        timeout_seconds=AUDIOBOOK_TIMEOUT_SECONDS,
        memory_bytes=AUDIOBOOK_MEMORY_BYTES,
    )
    bound = bound_audiobook(answer)
    return await context.save(
        bound.data,
        media_type=AUDIOBOOK_MEDIA_TYPE,
        kind=FileKind.AUDIO,
        name=name,
        folder=FOLDER,
        duration_seconds=bound.duration_seconds,
    )
