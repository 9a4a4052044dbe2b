"""A command on a terminal of a given size, as a person sees it."""

import contextlib
import fcntl
import os
import re
import struct
import termios

from tests.support.command_line import TIMEOUT_SECONDS, start
from tests.support.template import Command

_CONTROLS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def start_on_terminal(*arguments: str, columns: int = 80, **variables: str) -> tuple[Command, int]:
    """The process, and the descriptor that all it writes to its terminal is read from; reading fails once it ended."""
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    seen = {"TERM": "xterm", **variables}
    process = start(*arguments, variables=seen, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    return process, ours


def run_on_terminal(*arguments: str, columns: int = 80, **variables: str) -> tuple[int, str]:
    """The exit code, and all that was written to the terminal, controls included."""
    process, ours = start_on_terminal(*arguments, columns=columns, **variables)
    written = rest_of(ours)
    return process.wait(TIMEOUT_SECONDS), written


def shown_until(wanted: str, terminal: int) -> str:
    """All that is written until ``wanted`` is. Raises OSError when the process ends without."""
    written = b""
    while wanted.encode() not in written:
        written += os.read(terminal, 65_536)
    return written.decode()


def rest_of(terminal: int) -> str:
    """All that is written from now on to the end."""
    written = b""
    with contextlib.suppress(OSError):  # how a terminal ends on Linux
        while part := os.read(terminal, 65_536):
            written += part
    os.close(terminal)
    return written.decode()


def lines_shown(written: str) -> list[str]:
    """What stood on each line at some time, without colours."""
    return [line for line in re.split(r"[\r\n]+", _CONTROLS.sub("", written)) if line.strip()]


def is_coloured(written: str) -> bool:
    """Whether any colour was set; bold and faint are none."""
    return re.search(r"\x1b\[[0-9;]*3[0-9]", written) is not None
