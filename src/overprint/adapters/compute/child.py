"""The child process: reads a frame, runs the work it names, answers with a frame, again and again.

It is started by ``processes.py`` with two descriptors: the socket of the frames, and the reading end of a pipe that
only the parent holds open (the *lifeline*). When the parent is gone, however it went, the kernel itself kills the
child's whole process group, even while native code holds the interpreter.
"""

import fcntl
import importlib
import os
import resource
import select
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Callable, Generator
from pathlib import Path
from types import FunctionType

from overprint.adapters.compute.frames import (
    BODY_MAX_BYTES,
    FILE_MAX_BYTES,
    GOING,
    LENGTHS,
    MESSAGE_MAX_CHARACTERS,
    TRACE_MAX_CHARACTERS,
    Head,
    is_allowed,
    kind_of,
    pack,
    run_to_end,
    told_too_large,
    unpack_head,
    unpack_lengths,
)

NICENESS = 5
_SEND_AT_ONCE_BYTES = 1024 * 1024


def main(arguments: list[str]) -> None:
    """``child FRAMES_FD LIFELINE_FD PREFIX…``"""
    frames_fd, lifeline_fd = int(arguments[0]), int(arguments[1])
    hold_lifeline(lifeline_fd)
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _limit_files()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with socket.socket(fileno=frames_fd) as channel:
        channel.set_inheritable(False)
        serve(channel, tuple(arguments[2:]))


def hold_lifeline(lifeline_fd: int) -> None:
    """From now on this process group dies with the holder of the pipe's other end."""
    os.set_inheritable(lifeline_fd, False)
    if hasattr(fcntl, "F_SETSIG"):
        fcntl.fcntl(lifeline_fd, fcntl.F_SETOWN, -os.getpgrp())
        fcntl.fcntl(lifeline_fd, fcntl.F_SETSIG, signal.SIGKILL)
        fcntl.fcntl(lifeline_fd, fcntl.F_SETFL, fcntl.fcntl(lifeline_fd, fcntl.F_GETFL) | os.O_ASYNC)
        # The parent may have died before the signal was armed.
        if select.select([lifeline_fd], [], [], 0)[0]:
            _die(lifeline_fd)
    else:
        threading.Thread(target=_die, args=(lifeline_fd,), daemon=True).start()


def _die(lifeline_fd: int) -> None:
    os.read(lifeline_fd, 1)
    os.killpg(0, signal.SIGKILL)


def serve(channel: socket.socket, prefixes: tuple[str, ...]) -> None:
    """Answers until the parent closes the socket."""
    while (opening := _receive(channel, LENGTHS.size)) is not None:
        head_bytes, body_bytes = unpack_lengths(opening)
        head = unpack_head(_receive(channel, head_bytes) or b"{}")
        body = _receive(channel, body_bytes)
        if body is None:
            return
        payload = bytes(body)
        del body
        answer_head, answer = perform(
            str(head.get("work")),
            payload,
            int(head["memory_bytes"]),
            prefixes,
            lambda done: channel.sendall(pack({"outcome": GOING, "done": done}, 0)),
            str(head.get("folder", "")),
        )
        channel.sendall(pack(answer_head, len(answer)))
        view = memoryview(answer)
        for start in range(0, len(answer), _SEND_AT_ONCE_BYTES):
            channel.sendall(view[start : start + _SEND_AT_ONCE_BYTES])


def perform(
    name: str,
    payload: bytes,
    memory_bytes: int,
    prefixes: tuple[str, ...],
    tell: Callable[[int], None],
    folder: str = "",
) -> tuple[Head, bytes]:
    """Runs the work under its memory limit. Never raises for anything the work does."""
    try:
        _limit_memory(memory_bytes)
        work = find_work(name, prefixes)
        answer = work(payload, Path(folder)) if folder else work(payload)
        if isinstance(answer, Generator):
            answer = run_to_end(answer, tell)
        if not isinstance(answer, bytes):
            raise TypeError(f"{name} answered {type(answer).__name__} instead of bytes")
        if len(answer) > BODY_MAX_BYTES:
            return {"outcome": "limit", "message": f"The answer has {len(answer)} bytes, over {BODY_MAX_BYTES}."}, b""
        return {"outcome": "done"}, answer
    except MemoryError:
        return {"outcome": "limit", "message": f"{name} needed more than {memory_bytes >> 20} MiB of memory."}, b""
    except BaseException as error:
        # BaseException: a work that calls sys.exit() must not take the pool's child along silently.
        if too_large := told_too_large(name, error):
            return {"outcome": "limit", "message": too_large}, b""
        return _failure(error), b""
    finally:
        _limit_memory(None)


def _limit_files() -> None:
    """Bounds every file, of this process and of those that it starts; whoever started us may have done so further.

    Python ignores the signal: writing fails.
    """
    given, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    bound = FILE_MAX_BYTES if given == resource.RLIM_INFINITY else min(FILE_MAX_BYTES, given)
    resource.setrlimit(resource.RLIMIT_FSIZE, (bound, most))


def _limit_memory(memory_bytes: int | None) -> None:
    """Bounds anonymous memory, of this process and of each that it starts; None lifts the bound again.

    ``RLIMIT_AS`` would also count mapped libraries: with it OpenCV and skia fail to load.
    """
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = resource.RLIM_INFINITY if memory_bytes is None else memory_bytes
    bounds = [bound for bound in (wanted, most) if bound != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_DATA, (min(bounds, default=resource.RLIM_INFINITY), most))


def _failure(error: BaseException) -> Head:
    trace = "".join(traceback.format_exception(error, limit=-20))
    return {
        "outcome": "failed",
        "kind": kind_of(error),
        "message": str(error)[:MESSAGE_MAX_CHARACTERS],
        "trace": trace[-TRACE_MAX_CHARACTERS:].encode("ascii", "backslashreplace").decode(),
    }


class UnknownWork(Exception):
    """No function at the top level of an allowed module has this name."""


def find_work(name: str, prefixes: tuple[str, ...]) -> Callable[..., object]:
    """The function called ``module:function``. Raises ``UnknownWork``; importing may raise anything."""
    if not is_allowed(name, prefixes):
        raise UnknownWork(f"{name[:200]!r} is not a function that may be run here")
    module_name, _, function_name = name.partition(":")
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        raise UnknownWork(f"{name[:200]!r} cannot be imported: {error}") from error
    work = getattr(module, function_name, None)
    if not isinstance(work, FunctionType) or work.__module__ != module_name:
        raise UnknownWork(f"{name[:200]!r} is not a function of that module")
    return work


def _receive(channel: socket.socket, size_bytes: int) -> bytearray | None:
    """Exactly so many bytes, or None when the parent closed the socket."""
    data = bytearray(size_bytes)
    view = memoryview(data)
    received = 0
    while received < size_bytes:
        count = channel.recv_into(view[received:])
        if count == 0:
            return None
        received += count
    return data


if __name__ == "__main__":
    main(sys.argv[1:])
