"""``python -m overprint.adapters.speech.formant_child``: espeak-ng as a program that answers on its pipes.

Takes a frame with ``text``, ``language``, ``variant``, ``words_a_minute``, ``pitch`` and ``pitch_range`` on standard
input; answers with 16-bit samples, ``rate_hz`` and ``words``, or with ``error``. Ends when its input ends, so it never
outlives who started it. Each text is spoken by a fresh fork: the library keeps traces of what it said before, and the
same request must give the same bytes; and a text that crashes it takes only the fork along.
"""

import os
import resource
import signal
import sys
from typing import Any

from overprint.adapters.speech.formant_frames import BrokenFrame, frame, read_frame
from overprint.adapters.speech.formant_library import RATE_HZ, Formants, Manner

SPEAK_SECONDS_MAX = 60
MEMORY_BYTES = 512 * 1024 * 1024
_NICENESS = 5


def main() -> None:
    # The library may print; only frames may leave through the pipe.
    answers_fd = os.dup(1)
    os.dup2(2, 1)
    os.nice(_NICENESS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    formants = Formants()
    with os.fdopen(answers_fd, "wb") as answers:
        while (asked := read_frame(sys.stdin.buffer)) is not None:
            answers.write(answer(formants, asked[0]))
            answers.flush()


def answer(formants: Formants, asked: dict[str, Any]) -> bytes:
    """The fork's frame, or an error's when it died."""
    here, there = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(here)
        _speak_and_leave(formants, asked, there)
    os.close(there)
    with os.fdopen(here, "rb") as reading:
        said = reading.read()
    _, status = os.waitpid(pid, 0)
    return said if status == 0 else frame({"error": "died"})


def _speak_and_leave(formants: Formants, asked: dict[str, Any], there: int) -> None:
    signal.alarm(SPEAK_SECONDS_MAX)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    status = 1
    try:
        with os.fdopen(there, "wb") as writing:
            writing.write(speak(formants, asked))
        status = 0
    finally:
        os._exit(status)


def speak(formants: Formants, asked: dict[str, Any]) -> bytes:
    language = language_for(formants, str(asked["language"]))
    if language is None:
        return frame({"error": "language"})
    manner = Manner(int(asked["words_a_minute"]), int(asked["pitch"]), int(asked["pitch_range"]))
    variant = str(asked["variant"])
    try:
        pcm, words = formants.speak(str(asked["text"]), f"{language}+{variant}" if variant else language, manner)
        return frame({"rate_hz": RATE_HZ, "words": words}, pcm)
    except LookupError:
        return frame({"error": "voice"})
    except BrokenFrame:
        return frame({"error": "long"})


def language_for(formants: Formants, tag: str) -> str | None:
    """The library's voice for ``pt-BR``: that very tag, or the language alone."""
    wanted = tag.lower()
    return formants.languages.get(wanted) or formants.languages.get(wanted.partition("-")[0])


if __name__ == "__main__":
    main()
