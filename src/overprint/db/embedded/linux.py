"""The few system calls that Python does not offer, with what to do where they do not exist."""

import ctypes
import errno
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

HAS_PARENT_DEATH_SIGNAL = sys.platform == "linux"

_PR_SET_PDEATHSIG = 1
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_LIBC = ctypes.CDLL(None, use_errno=True)


def parent_death_hook(signal_number: signal.Signals) -> Callable[[], None]:
    """What a freshly forked child must call so that it gets the signal when its parent dies.

    Call it after the child changed its account: changing it clears the setting.
    """
    parent_pid = os.getpid()

    def tie() -> None:
        if HAS_PARENT_DEATH_SIGNAL:
            _LIBC.prctl(_PR_SET_PDEATHSIG, int(signal_number), 0, 0, 0)
        if os.getppid() != parent_pid:  # the parent died before the tie was made
            os._exit(1)

    return tie


def exchange(one: Path, other: Path) -> bool:
    """Let two files or folders trade names at once; False where the system or the file system cannot."""
    if not hasattr(_LIBC, "renameat2"):
        return False
    done = _LIBC.renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    if done == 0:
        return True
    if (number := ctypes.get_errno()) in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
        return False
    raise OSError(number, os.strerror(number), str(one))


def flush_file_system(path: Path) -> None:
    """Write everything on the file system of ``path`` to its disk."""
    if not hasattr(_LIBC, "syncfs"):
        os.sync()
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        _LIBC.syncfs(descriptor)
    finally:
        os.close(descriptor)
