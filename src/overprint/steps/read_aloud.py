"""Reading aloud: sentences in, a stored sound of their page out; and the sounds of pages, bound into an audiobook."""

from collections.abc import Sequence
from dataclasses import dataclass

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
from overprint.engine.context import Spoken, StepContext
from overprint.ports.speech import SpeechRequest

FOLDER = "audio"
SPEED = 1.0


@dataclass(frozen=True, slots=True)
class ReadAloud:
    """The sound of a page; ``cues``: when in it each line is heard. ``words``: for each utterance of each line, where
    in its text a word begins and when that is heard, as far as the voice told."""

    file: StoredFile
    cues: tuple[Cue, ...]
    words: tuple[tuple[tuple[tuple[int, float], ...], ...], ...]


async def read_page_aloud(
    context: StepContext, lines: Sequence[Line], casting: Casting, *, language: str, name: str
) -> ReadAloud:
    """Speak ``lines`` one after the other."""
    spoken: list[list[Spoken]] = []
    for number, line in enumerate(lines):
        spoken.append(
            [await _speak(context, said.text, voice_for(casting, said.who), language) for said in line.utterances]
        )
        await context.progress(0.9 * (number + 1) / len(lines), "Speaking")
    answer = await context.compute.run(
        page_sound_bytes,
        page_order(lines, casting, [[said.data for said in line] for line in spoken]),
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
    words = tuple(
        tuple(
            tuple((word.first, begins + word.start_seconds) for word in said.words)
            for said, begins in zip(line, begun, strict=True)
        )
        for line, begun in zip(spoken, sound.facts.begins_seconds, strict=True)
    )
    return ReadAloud(file, sound.facts.cues, words)


async def _speak(context: StepContext, text: str, voice: str, language: str) -> Spoken:
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
