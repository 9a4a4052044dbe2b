"""A command on a terminal of a given size, as a person sees it."""

import contextlib
import fcntl
import os
import re
import struct
import subprocess
import termios

from tests.support.command_line import TIMEOUT_SECONDS, command, environment

_CONTROLS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def run_on_terminal(*arguments: str, columns: int = 80, **variables: str) -> tuple[int, str]:
    """The exit code, and all that was written to the terminal, controls included."""
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    seen = environment(**{"TERM": "xterm", **variables})
    process = subprocess.Popen(command(*arguments), stdin=theirs, stdout=theirs, stderr=theirs, env=seen)
    os.close(theirs)
    written = b""
    with contextlib.suppress(OSError):  # how a terminal ends on Linux
        while part := os.read(ours, 65_536):
            written += part
    os.close(ours)
    return process.wait(TIMEOUT_SECONDS), written.decode()


def lines_shown(written: str) -> list[str]:
    """What stood on each line at some time, without colours."""
    return [line for line in re.split(r"[\r\n]+", _CONTROLS.sub("", written)) if line.strip()]


def is_coloured(written: str) -> bool:
    """Whether any colour was set; bold and faint are none."""
    return re.search(r"\x1b\[[0-9;]*3[0-9]", written) is not None
