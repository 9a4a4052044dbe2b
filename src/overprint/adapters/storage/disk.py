"""The folder that the local store keeps its blobs in. Everything here blocks: it runs in threads.

``blobs/<key>``      the bytes, as a plain file that any program can open
``about/<key>~``     what they are: hash, media type, and the size and time of the file that this is true of
``incoming/``        files that are being written; on the same file system, so that a rename puts them in place
``locks/``           256 lock files; a writer holds its key's one while it moves the two files into place
``scratch/``         folders of who works with files; see ``scratch.py``

A writer that is killed leaves something in ``incoming`` only, or (between the two renames) new bytes with an old
description. The description then disagrees with the file, and the next reader hashes the file and writes it anew.
"""

import fcntl
import hashlib
import mimetypes
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path
from stat import S_ISREG

from overprint.adapters.storage.about import ABOUT_MAX_BYTES, About, decoded
from overprint.adapters.storage.folders import make_folders, prune, sync_folder, walk
from overprint.adapters.storage.rules import CHUNK_BYTES
from overprint.ports.storage import BlobInfo, BlobMissing

LEFTOVER_SECONDS = 3600.0
_PLACE_TRIES = 5
_LOCK_MAX_SECONDS = 10.0
_UNKNOWN = "application/octet-stream"


class KeyTaken(Exception):
    """The key is the folder of another key, or another key is its folder."""


class Disk:
    """Reads and writes whole blobs below ``root``. Keys must have been checked. Raises ``OSError`` as it comes."""

    def __init__(self, root: Path) -> None:
        self._blobs, self._about = root / "blobs", root / "about"
        self._incoming, self._locks = root / "incoming", root / "locks"
        self._root = root

    def prepare(self) -> None:
        """Makes the folders, as far as they are missing; only their owner may enter."""
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in (self._blobs, self._about, self._incoming, self._locks):
            folder.mkdir(mode=0o700, exist_ok=True)

    def write(self, key: str, data: bytes, media_type: str, content_hash: str) -> BlobInfo:
        """Puts the blob in place, whole and safe from a power cut when this returns."""
        return self._write(key, [data], media_type, content_hash)

    def write_file(self, key: str, path: Path, media_type: str, content_hash: str) -> BlobInfo:
        """The same of a file, of which one piece at a time is held."""
        with path.open("rb", buffering=0) as file:
            return self._write(key, iter(lambda: file.read(CHUNK_BYTES), b""), media_type, content_hash)

    def lend(self, key: str, path: Path) -> None:
        """The blob's own file by a second name, or a copy where there can be none."""
        with self.open(key) as blob:
            try:
                os.link(self._blobs / key, path)
            except OSError:
                with path.open("xb") as copy:
                    shutil.copyfileobj(blob, copy, CHUNK_BYTES)

    def _write(self, key: str, pieces: Iterable[bytes], media_type: str, content_hash: str) -> BlobInfo:
        self.prepare()
        hashed = hashlib.sha256()
        incoming = self._write_aside(pieces, (lambda _: None) if content_hash else hashed.update)
        try:
            stat = incoming.stat()
            about = About(content_hash or hashed.hexdigest(), media_type, stat.st_size, stat.st_mtime_ns)
            described = self._write_aside([about.encoded()])
            try:
                with self._lock(key):
                    self._place(incoming, self._blobs, key)
                    self._place(described, self._about, f"{key}~")
            finally:
                described.unlink(missing_ok=True)
        finally:
            incoming.unlink(missing_ok=True)
        return about.info(key)

    def open(self, key: str) -> BufferedReader:
        """The blob's file, open at its start; it stays the same blob though the key be overwritten or deleted."""
        try:
            return (self._blobs / key).open("rb")
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            raise BlobMissing(key) from None

    def describe(self, key: str) -> BlobInfo | None:
        """What is stored under ``key``; mends the description if it is lost or of other bytes."""
        for attempt in range(2):
            try:
                stat, about = (self._blobs / key).stat(), self._read_about(key)
            except (FileNotFoundError, NotADirectoryError):
                return None
            if not S_ISREG(stat.st_mode):
                return None
            if about is not None and about.is_true_of(stat):
                return about.info(key)
            if attempt == 0:
                # Perhaps a writer stands between its two renames: it is done when we hold the lock.
                self.prepare()
                with self._lock(key):
                    pass
        return self._mend(key)

    def delete(self, key: str) -> None:
        """Takes the blob away, and the folders that become empty."""
        if not self._locks.is_dir():
            return
        with self._lock(key):
            for path, top in ((self._blobs / key, self._blobs), (self._about / f"{key}~", self._about)):
                try:
                    path.unlink()
                except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
                    continue
                sync_folder(path.parent)
                prune(path.parent, top)

    def keys(self, folder: str) -> Iterator[str]:
        """Every key below ``folder``, in the order of their text."""
        yield from walk(self._blobs / folder if folder else self._blobs, f"{folder}/" if folder else "")

    def try_out(self) -> None:
        """Writes and removes a small file, as ``write`` would, and sweeps what killed writers left."""
        self.prepare()
        self._write_aside([b"Overprint can write here."]).unlink()
        oldest = time.time() - LEFTOVER_SECONDS
        for path in self._incoming.iterdir():
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < oldest:
                    path.unlink()

    def _write_aside(self, pieces: Iterable[bytes], seen: Callable[[bytes], None] = lambda _: None) -> Path:
        """``seen`` is shown every piece that was written."""
        descriptor, name = tempfile.mkstemp(dir=self._incoming)
        try:
            with os.fdopen(descriptor, "wb", buffering=0) as file:
                for piece in pieces:
                    rest = memoryview(piece)
                    while rest:
                        rest = rest[file.write(rest) :]
                    seen(piece)
                os.fsync(descriptor)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return Path(name)

    def _place(self, source: Path, top: Path, name: str) -> None:
        target = top / name
        for tries_left in reversed(range(_PLACE_TRIES)):
            try:
                make_folders(target.parent, top)
                source.replace(target)
                break
            except (IsADirectoryError, NotADirectoryError, FileExistsError):
                raise KeyTaken(name) from None
            except FileNotFoundError:
                # A delete pruned the folder between our two calls.
                if tries_left == 0:
                    raise
        sync_folder(target.parent)

    def _read_about(self, key: str) -> About | None:
        try:
            with (self._about / f"{key}~").open("rb") as file:
                return decoded(file.read(ABOUT_MAX_BYTES))
        except (FileNotFoundError, NotADirectoryError):
            return None

    def _mend(self, key: str) -> BlobInfo | None:
        with self._lock(key):
            try:
                file = self.open(key)
            except BlobMissing:
                return None
            with file:
                stat = os.fstat(file.fileno())
                content_hash = hashlib.file_digest(file, "sha256").hexdigest()
            old = self._read_about(key)
            known = old.media_type if old is not None and old.content_hash == content_hash else None
            media_type = known or mimetypes.guess_type(key)[0] or _UNKNOWN
            about = About(content_hash, media_type, stat.st_size, stat.st_mtime_ns)
            with suppress(OSError):  # a full or read-only disk takes no new description; reading goes on all the same
                self._place(self._write_aside([about.encoded()]), self._about, f"{key}~")
        return about.info(key)

    @contextmanager
    def _lock(self, key: str) -> Iterator[None]:
        """Holds the key's lock; the kernel lets go of it when this process ends, however it ends."""
        shard = hashlib.sha256(key.encode()).hexdigest()[:2]
        descriptor = os.open(self._locks / shard, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            _wait_for_lock(descriptor)
            yield
        finally:
            os.close(descriptor)


def read_part(file: BufferedReader, wanted_bytes: int) -> bytes:
    """Up to one chunk of what is wanted."""
    return file.read(min(wanted_bytes, CHUNK_BYTES))


def _wait_for_lock(descriptor: int) -> None:
    """Raises ``TimeoutError`` rather than wait for ever on a writer that was stopped while it held the lock."""
    deadline = time.monotonic() + _LOCK_MAX_SECONDS
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise TimeoutError("another program holds the lock of this file") from None
            time.sleep(0.002)
