"""What Ctrl-C does: it is answered in one line from the first moment to the last, and leaves with 130.

While a command's parts are loaded, and again once its work is done, the process ends at once: an exception would come
out of whatever happens to run, or out of nowhere. In between it raises, so that work is tidied up.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

EXIT_CODE = 130
SENTENCE = "overprint: stopped. Nothing is lost: run the same command again to go on."


def end_at_once() -> None:
    """From now on Ctrl-C ends this process. Where it is ignored, as for commands in the background, it stays so."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, _end)


@contextmanager
def raising() -> Iterator[None]:
    """While the block runs, Ctrl-C raises ``KeyboardInterrupt``, or what asyncio makes of it."""
    before = signal.getsignal(signal.SIGINT)
    if before is _end:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def say_stopped() -> None:
    """Tell who pressed Ctrl-C what became of their work."""
    print(SENTENCE, file=sys.stderr, flush=True)


def _end(number: int, frame: FrameType | None) -> None:
    # Not through Python's own streams: they may be in the middle of something.
    try:
        os.write(2, f"{SENTENCE}\n".encode())
    finally:
        os._exit(EXIT_CODE)
