"""The embedded writer behind the ``text`` port: words without any model, account or network."""

import asyncio
import re
from collections.abc import AsyncIterator

from overprint.core.codec import canonical, decode, encode
from overprint.core.problems import Invalid
from overprint.core.story import ChapterScenes, ChapterTask, ChapterText, Plan, PlanTask, ScenesTask, StoryTask
from overprint.ports.errors import Refused
from overprint.ports.provider import Provider, Usage
from overprint.ports.text import T, TextAnswer, TextDelta, TextRequest

_PIECE = re.compile(r"\S+\s*")
_WORDS_A_DELTA = 6
_CHARACTERS_A_TOKEN = 4


class EmbeddedWriter:
    """Implements ``TextPort``. Reads only the typed task; the prompt is for models that read words."""

    def __init__(self, delay_seconds: float = 0.0) -> None:
        self._delay_seconds = delay_seconds

    @property
    def provider(self) -> Provider:
        return Provider(name="embedded", model="writer@7", label="procedural words", is_idempotent=True)

    async def stream(self, request: TextRequest[T]) -> AsyncIterator[TextDelta | TextAnswer[T]]:
        """Deltas of a few words each, then the answer. Raises ``Refused`` when the task cannot be done as asked."""
        try:
            answer = await asyncio.to_thread(_answer, request.task, request.seed)
            value = decode(request.answer, encode(answer))
        except Invalid as problem:
            raise Refused(str(problem), provider="embedded") from problem
        words = _PIECE.findall(shown(answer))
        for start in range(0, len(words), _WORDS_A_DELTA):
            yield TextDelta("".join(words[start : start + _WORDS_A_DELTA]))
            await asyncio.sleep(self._delay_seconds)
        yield TextAnswer(value, _usage(request.task, answer))


def _answer(task: StoryTask, seed: int) -> Plan | ChapterText | ChapterScenes:
    """The writer's vocabulary is read with its first answer: a process that never writes starts without it."""
    from overprint.craft.writing.planning import plan
    from overprint.craft.writing.staging import scenes
    from overprint.craft.writing.telling import write

    match task:
        case PlanTask():
            return plan(task, seed)
        case ChapterTask():
            return write(task, seed)
        case ScenesTask():
            return scenes(task, seed)


def shown(answer: Plan | ChapterText | ChapterScenes) -> str:
    """The answer as a person likes to watch it appear."""
    match answer:
        case Plan():
            outline = answer.outline
            beats = [
                f"{chapter.title}\n" + "\n".join(beat.summary for beat in chapter.beats) for chapter in outline.chapters
            ]
            return "\n\n".join([outline.title, outline.logline, *beats])
        case ChapterText():
            return "\n\n".join(paragraph for page in answer.pages for paragraph in page.paragraphs)
        case ChapterScenes():
            return "\n".join(scene.caption for scene in answer.scenes)


def _usage(task: StoryTask, answer: Plan | ChapterText | ChapterScenes) -> Usage:
    """An estimate, four characters a token; the embedded writer costs nothing."""
    return Usage(len(canonical(task)) // _CHARACTERS_A_TOKEN, len(canonical(answer)) // _CHARACTERS_A_TOKEN, 0)
