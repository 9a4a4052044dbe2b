"""The embedded voice behind the ``speech`` port: espeak-ng, a formant synthesiser, as a program of its own."""

import asyncio
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from importlib.util import find_spec
from typing import Any

from overprint.adapters.speech import formant_frames as frames
from overprint.adapters.speech.formant_voices import LANGUAGES, TIMBRES, VOICES, WORDS_A_MINUTE
from overprint.adapters.speech.requests import answer_of, check_request, speakable
from overprint.core.narration import Voice
from overprint.craft.narration.scripts import readable
from overprint.ports.errors import Misconfigured, ProviderError, Refused, Unavailable
from overprint.ports.provider import Provider
from overprint.ports.speech import SpeechAnswer, SpeechRequest, WordMark

TIMEOUT_SECONDS = 90.0
_NAME = "embedded"
_PROGRAM = "overprint.adapters.speech.formant_child"
_RATE_HZ = 22_050
_SILENCE_SECONDS = 0.3


class FormantSpeech:
    """Needs no network and no key; the same request always gives the same sound. Robotic, and says so.

    Letters of a script that the language does not use it would spell out one by one; it leaves them unsaid.

    Starts its program when first asked, and again after it died; ``aclose`` ends it. Belongs to one event loop.
    """

    def __init__(self) -> None:
        self._program: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()

    @property
    def provider(self) -> Provider:
        return Provider(name=_NAME, model="espeak-ng@1", label="a formant synthesiser (espeak-ng)", is_idempotent=True)

    async def voices(self) -> tuple[Voice, ...]:
        _refuse_without_package()
        return VOICES

    async def speak(self, request: SpeechRequest) -> SpeechAnswer:
        check_request(request, VOICES, _NAME)
        if request.language.lower().partition("-")[0] not in LANGUAGES:
            raise _no_language(request.language)
        text = readable(speakable(request.text), request.language)
        if not any(map(str.isalnum, text)):
            return answer_of(bytes(2 * round(_SILENCE_SECONDS * _RATE_HZ)), _RATE_HZ, _NAME)
        async with self._turn:
            try:
                async with asyncio.timeout(TIMEOUT_SECONDS):
                    head, pcm = await self._exchange(_order(request, text))
            except BaseException as problem:
                await self._end()  # a half-read answer must never become the next one's
                if isinstance(problem, OSError | EOFError | TimeoutError | frames.BrokenFrame):
                    raise _gone() from problem
                raise
        _check_head(head, request)
        return answer_of(pcm, int(head["rate_hz"]), _NAME, words=_marks(head.get("words", []), len(text)))

    async def aclose(self) -> None:
        async with self._turn:
            await self._end()

    def pid(self) -> int | None:
        """The program while it runs, for the operator and for tests."""
        return self._program.pid if self._program else None

    async def _exchange(self, order: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
        program = await self._started()
        assert program.stdin and program.stdout
        program.stdin.write(frames.frame(dict(order)))
        await program.stdin.drain()
        head_bytes, body_bytes = frames.lengths_in(await program.stdout.readexactly(frames.LENGTHS.size))
        head = frames.head_in(await program.stdout.readexactly(head_bytes))
        return head, await program.stdout.readexactly(body_bytes)

    async def _started(self) -> asyncio.subprocess.Process:
        if self._program is None or self._program.returncode is not None:
            _refuse_without_package()
            self._program = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", _PROGRAM),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                start_new_session=True,
                env=_environment(),
            )
        return self._program

    async def _end(self) -> None:
        """Kills the program with what it forked, and waits until it is gone."""
        program, self._program = self._program, None
        if program is None:
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(program.pid, 9)
        if program.stdin:
            program.stdin.close()
        await asyncio.shield(program.wait())


def _refuse_without_package() -> None:
    if find_spec("espeakng_loader") is None:
        raise Misconfigured(
            "The formant voice is not installed. Add the package espeakng-loader, or choose another voice.",
            provider=_NAME,
        )


def _environment() -> dict[str, str]:
    """No key and no address reaches the program; its modules are found where this process finds them."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    paths = os.pathsep.join(entry for entry in sys.path if entry)
    return kept | {"PYTHONPATH": paths, "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8"}


def _order(request: SpeechRequest, text: str) -> dict[str, Any]:
    timbre = TIMBRES[request.voice]
    return {
        "text": text,
        "language": request.language,
        "variant": timbre.variant,
        "words_a_minute": round(WORDS_A_MINUTE * request.speed),
        "pitch": timbre.pitch,
        "pitch_range": timbre.pitch_range,
    }


def _check_head(head: Mapping[str, Any], request: SpeechRequest) -> None:
    match head.get("error"):
        case None:
            return
        case "language":
            raise _no_language(request.language)
        case "long":
            raise Refused("This is too much to say at once. Ask for less.", provider=_NAME)
        case _:
            raise _gone()


def _no_language(language: str) -> Refused:
    message = f"The formant voice cannot read {language[:20]!r}. Choose another provider for it."
    return Refused(message, provider=_NAME)


def _gone() -> ProviderError:
    return Unavailable("The formant voice stopped in the middle of a sentence. It is tried again.", provider=_NAME)


def _marks(words: list[tuple[int, int, int]], characters: int) -> tuple[WordMark, ...]:
    """In order, inside the text, each place once: a word that is spelled out is marked letter by letter."""
    marks: list[WordMark] = []
    for first, length, start_ms in words:
        if (not marks or first >= marks[-1].last) and first >= 0 and length > 0 and first + length <= characters:
            marks.append(WordMark(first, first + length, start_ms / 1000))
    return tuple(marks)
