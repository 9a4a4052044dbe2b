"""A writer that follows a script: for tests of whatever asks for words."""

from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable
from typing import Any

from overprint.core.codec import decode, encode
from overprint.core.problems import Invalid
from overprint.core.story import StoryTask
from overprint.ports.errors import ProviderError, Unavailable
from overprint.ports.provider import Provider, Usage
from overprint.ports.text import T, TextAnswer, TextDelta, TextRequest

Scripted = object | ProviderError | Callable[[TextRequest[Any]], object]


class ScriptedText:
    """Implements ``TextPort``. Answers by type of task, first in first out; the last one stays.

    A scripted answer is a value, an error to raise, or a function of the request. ``requests`` records all calls.
    """

    def __init__(self, name: str = "scripted", deltas: tuple[str, ...] = ("once ", "upon ")) -> None:
        self._name = name
        self._deltas = deltas
        self._answers: dict[type[StoryTask], deque[Scripted]] = defaultdict(deque)
        self.requests: list[TextRequest[Any]] = []

    @property
    def provider(self) -> Provider:
        return Provider(name=self._name, model="script", label="scripted words")

    def answers(self, task: type[StoryTask], *answers: Scripted) -> "ScriptedText":
        """Adds answers for tasks of one type."""
        self._answers[task].extend(answers)
        return self

    async def stream(self, request: TextRequest[T]) -> AsyncIterator[TextDelta | TextAnswer[T]]:
        self.requests.append(request)
        for text in self._deltas:
            yield TextDelta(text)
        answer = self._next(type(request.task))
        if callable(answer):
            answer = answer(request)
        if isinstance(answer, ProviderError):
            raise answer
        try:
            value = decode(request.answer, encode(answer))
        except (Invalid, TypeError) as problem:
            raise Unavailable(f"The script answers something else: {problem}", provider=self._name) from problem
        yield TextAnswer(value, Usage(10, 20, 0))

    def _next(self, task: type[StoryTask]) -> Scripted:
        waiting = self._answers[task]
        if not waiting:
            return Unavailable(f"Nothing is scripted for {task.__name__}.", provider=self._name)
        return waiting.popleft() if len(waiting) > 1 else waiting[0]
