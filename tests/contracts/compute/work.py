"""Pieces of work for the compute contract. Children import this module by name."""

import ctypes
import errno
import importlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from mmap import MAP_ANONYMOUS, MAP_SHARED, mmap
from pathlib import Path


def shout(payload: bytes) -> bytes:
    return payload.upper()


def fail(payload: bytes) -> bytes:
    raise ValueError(f"cannot use {payload.decode()}")


def answer_text(payload: bytes) -> bytes:
    return payload.decode()  # type: ignore[return-value]


def exit_quietly(payload: bytes) -> bytes:
    sys.exit(3)


def sleep(payload: bytes) -> bytes:
    time.sleep(float(payload))
    return b"slept"


def own_pid(payload: bytes) -> bytes:
    time.sleep(float(payload or b"0"))
    return str(os.getpid()).encode()


def tell_pids_and_hang(payload: bytes) -> bytes:
    """Writes its pid and a grandchild's into the file named by the payload, then holds the interpreter for ever."""
    grandchild = subprocess.Popen(["sleep", "300"])
    target = Path(payload.decode())
    partial = target.with_suffix(".partial")
    partial.write_text(f"{os.getpid()} {grandchild.pid}")
    partial.rename(target)
    while True:
        sum(range(10**8))


def leave_a_file_and_hang(payload: bytes) -> bytes:
    """Writes where its temporary folder is into the file named by the payload, and never removes that."""
    target = Path(payload.decode())
    partial = target.with_suffix(".partial")
    partial.write_text(tempfile.mkdtemp())
    partial.rename(target)
    while True:
        time.sleep(1)


def hog_slowly(payload: bytes) -> bytes:
    held = []
    while True:
        held.append(bytearray(os.urandom(1024) * 1024))
        time.sleep(0.001)


def hog_at_once(payload: bytes) -> bytes:
    return bytes(len(bytearray(int(payload))))


def hog_shared_memory(payload: bytes) -> bytes:
    """Memory that ``RLIMIT_DATA`` does not count."""
    size = int(payload)
    with mmap(-1, size, flags=MAP_SHARED | MAP_ANONYMOUS) as shared:
        for at in range(0, size, 4096):
            shared[at] = 1
        time.sleep(30)
    return b""


def hog_in_a_grandchild(payload: bytes) -> bytes:
    fill = f"[shared.write(bytes(1000)) for _ in range({int(payload) // 1000})]"
    code = f"import mmap, time; shared = mmap.mmap(-1, {int(payload)}); {fill}; time.sleep(30)"
    subprocess.run([sys.executable, "-c", code], check=False)
    return b""


def crash(payload: bytes) -> bytes:
    ctypes.string_at(0)
    return b""


def abort(payload: bytes) -> bytes:
    os.write(2, b"panicked at the typesetter\n")
    os.abort()


def be_noisy(payload: bytes) -> bytes:
    for _ in range(int(payload)):
        print("noise " * 100)
        os.write(1, b"\x00\xff noise of a library " * 100)
        os.write(2, b"more noise " * 100)
    return b"quiet"


def many_bytes(payload: bytes) -> bytes:
    return b"\x07" * int(payload)


def environment(payload: bytes) -> bytes:
    return "\n".join(f"{name}={value}" for name, value in sorted(os.environ.items())).encode()


def standing(payload: bytes) -> bytes:
    return f"{os.nice(0)} {os.getsid(0) == os.getpid()} {sys.stdin.read()!r}".encode()


def draw_with_everything(payload: bytes) -> bytes:
    """Loads and uses the heavy libraries a book needs."""
    # Here, so that every other child of these tests stays small.
    cv2, np, skia, typst = (importlib.import_module(name) for name in ("cv2", "numpy", "skia", "typst"))

    blurred = cv2.GaussianBlur(np.ones((800, 800, 3), np.uint8), (9, 9), 3)
    skia.Surface(2400, 2400).makeImageSnapshot()
    page = typst.compile(b"= Hello", format="pdf")
    return f"{blurred.shape[0]} {bytes(page)[:5].decode()}".encode()


def double_a_file(payload: bytes, folder: Path) -> bytes:
    """The file that the payload names, twice."""
    (folder / "doubled").write_bytes((folder / payload.decode()).read_bytes() * 2)
    return b"doubled"


def find_the_disk_full(payload: bytes, folder: Path) -> bytes:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder / "film.mp4"))


def write_too_much(payload: bytes, folder: Path) -> bytes:
    """Of a hole, so that no disk is filled."""
    with (folder / "film.mp4").open("wb") as file:
        file.seek(int(payload))
        file.write(b"the end")
    return b"written"


def count_up(payload: bytes) -> Generator[int, None, bytes]:
    yield from range(1, int(payload) + 1)
    return b"counted"
