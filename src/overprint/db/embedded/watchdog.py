"""Ends a server whose holder died, where the system has no parent-death signal.

Run as ``python -m overprint.db.embedded.watchdog PID`` with a pipe as its input whose other end only the
holder has open: the pipe ends when the holder does, however it dies.
"""

import os
import signal
import subprocess
import sys
import time

from overprint.db.embedded.processes import is_alive, python_command, python_environment

_PATIENCE_SECONDS = 5.0


def start_watchdog(server_pid: int) -> "subprocess.Popen[bytes]":
    """Watch over a child for as long as we live; close the ``stdin`` of what is returned to end both."""
    return subprocess.Popen(
        python_command("overprint.db.embedded.watchdog", str(server_pid)),
        env=python_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def end_when_input_ends(server_pid: int) -> None:
    while os.read(0, 1024):
        pass
    deadline = time.monotonic() + _PATIENCE_SECONDS
    try:
        os.kill(server_pid, signal.SIGINT)
        while time.monotonic() < deadline:
            if not is_alive(server_pid):
                return
            time.sleep(0.05)
        os.kill(server_pid, signal.SIGKILL)
    except ProcessLookupError:
        return


if __name__ == "__main__":
    end_when_input_ends(int(sys.argv[1]))
