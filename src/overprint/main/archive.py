"""The archive that ``overprint backup`` writes: one plain tar that any program can open.

``manifest.json`` comes first and says what the archive is; then files, the database as ``pg_dump`` wrote it and the
secrets that sign; ``checksums.txt`` comes last, in the form that ``sha256sum -c`` reads. Without its last member an
archive was cut short; with another sum it was changed. Whoever can write an archive can also write its sums: they show
damage, not a forger.
"""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import IO, Any

from overprint.adapters.storage.rules import check_key
from overprint.core.problems import Conflict, Invalid

FORMAT = 1
MANIFEST, DUMP, CHECKSUMS = "manifest.json", "database.dump", "checksums.txt"
SECRETS = ("secrets/signing", "secrets/signing-identity.pem", "secrets/sealing")
"""What links to files are signed with, and what files are signed with."""
BLOBS, ABOUT = "objects/blobs", "objects/about"
"""What the local store keeps; its drafts and locks, which lie beside these, mean nothing to anybody else."""
MANIFEST_MAX_BYTES = 100_000
LINE_MAX_BYTES = 5_000
CHUNK_BYTES = 1024 * 1024


class Stopped(Exception):
    """Somebody set the event that stops the work."""


class ArchiveWriter:
    """Adds members one after another. Raises ``OSError`` as it comes, ``Stopped`` once ``stop`` is set."""

    def __init__(self, path: Path, manifest: dict[str, Any], stop: Event) -> None:
        self.names: set[str] = set()
        self._sums: list[str] = []
        self.stop = stop
        self._file = _open_new(path)
        self._tar = tarfile.open(fileobj=self._file, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - ended by us
        self._add_text(MANIFEST, json.dumps({"format": FORMAT, **manifest}))

    def add_file(self, name: str, path: Path) -> None:
        """Add a file, unless it is gone. One that is replaced meanwhile stays what it was when it was opened."""
        try:
            if not path.is_file():  # opening a pipe would wait for ever
                return
            file = path.open("rb")
        except (FileNotFoundError, NotADirectoryError):
            return
        with file:
            stat = os.fstat(file.fileno())
            self._add(name, file, stat.st_size, stat.st_mtime_ns)

    def add_new_files(self, name: str, top: Path) -> None:
        """Every file below ``top`` that is the store's own and not in the archive yet, in the order of their names."""
        for folder, inner, files in os.walk(top, onerror=_refuse_unreadable):
            inner.sort()
            for file in sorted(files):
                path = Path(folder, file)
                member = f"{name}/{path.relative_to(top).as_posix()}"
                if member not in self.names and _is_ours(member):
                    self.add_file(member, path)

    def close(self) -> None:
        """Add the sums and leave the archive safe from a power cut."""
        self._add_text(CHECKSUMS, "".join(self._sums))
        self._tar.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def abandon(self) -> None:
        """Let go of the file, whatever state it is in."""
        self._file.close()

    def _add_text(self, name: str, text: str) -> None:
        said = text.encode()
        self._add(name, io.BytesIO(said), len(said), 0)

    def _add(self, name: str, file: IO[bytes], size_bytes: int, modified_ns: int) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size_bytes, 0o600
        # Whole nanoseconds, which a float does not hold: the local store knows by them that a file is the same.
        entry.pax_headers = {"mtime": f"{modified_ns // 10**9}.{modified_ns % 10**9:09d}"}
        summed = _Summed(file, self.stop)
        self._tar.addfile(entry, summed)
        _forget_members(self._tar)
        self.names.add(name)
        self._sums.append(f"{summed.digest.hexdigest()}  {name}\n")


@dataclass(slots=True)
class _Summed:
    """A file that is hashed while it is read."""

    file: IO[bytes]
    stop: Event
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def read(self, size: int = -1) -> bytes:
        if self.stop.is_set():
            raise Stopped
        chunk = self.file.read(size)
        self.digest.update(chunk)
        return chunk


def _refuse_unreadable(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError | NotADirectoryError):
        raise error


def unpack(archive: Path, folder: Path, stop: Event) -> dict[str, Any]:
    """Unpack an archive of ours into ``folder``, which is made; answers its manifest. Ends when ``stop`` is set.

    Raises ``Invalid`` for an archive that is none of ours, cut short, changed, or reaches outside the folder;
    ``Conflict`` for one of another format; ``OSError`` when ``folder`` cannot be written.
    """
    try:
        opened = tarfile.open(archive, "r:")  # noqa: SIM115 - what opening raises is told by itself
    except OSError as error:
        raise Invalid(f"{archive} cannot be read ({error.strerror or error}).") from error
    except tarfile.TarError as error:
        raise _foreign(archive) from error
    with opened as tar:
        return _Reader(archive, tar, folder, stop).unpack()


class _Reader:
    def __init__(self, archive: Path, tar: tarfile.TarFile, folder: Path, stop: Event) -> None:
        self._archive, self._tar, self._folder, self._stop = archive, tar, folder, stop
        self._sums: dict[str, str] = {}

    def unpack(self) -> dict[str, Any]:
        manifest = self._manifest()
        self._folder.mkdir()
        while (member := self._next()) is not None and member.name != CHECKSUMS:
            self._unpack_file(member)
        if member is None:
            raise self._damaged("it ends too early")
        self._check_sums(member)
        if DUMP not in self._sums:
            raise self._damaged("it holds no database")
        return manifest

    def _manifest(self) -> dict[str, Any]:
        first = self._next()
        if first is None or first.name != MANIFEST or not first.isreg() or first.size > MANIFEST_MAX_BYTES:
            raise _foreign(self._archive)
        said = b"".join(self._chunks(first))
        self._sums[MANIFEST] = hashlib.sha256(said).hexdigest()
        try:
            manifest = json.loads(said)
        except ValueError:
            manifest = None
        if not isinstance(manifest, dict):
            raise _foreign(self._archive)
        if manifest.get("format") != FORMAT:
            raise Conflict(
                f"{self._archive} was written by another version of Overprint.",
                f"Use version {str(manifest.get('overprint'))[:20]}.",
            )
        return manifest

    def _next(self) -> tarfile.TarInfo | None:
        try:
            member = self._tar.next()
        except (tarfile.TarError, OSError, ValueError, EOFError) as error:
            raise self._damaged("it ends too early, or is damaged") from error
        _forget_members(self._tar)
        if member is not None and member.size < 0:
            raise self._damaged("it is damaged")
        return member

    def _unpack_file(self, member: tarfile.TarInfo) -> None:
        if member.name in self._sums or not (member.isreg() and not member.issparse() and _is_ours(member.name)):
            raise self._damaged(f"it holds {member.name[:200]!r}, which no backup does")
        path = self._folder / member.name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        digest = hashlib.sha256()
        with _open_new(path) as file:
            for chunk in self._chunks(member):
                digest.update(chunk)
                file.write(chunk)
        modified_ns = _nanoseconds(member)
        os.utime(path, ns=(modified_ns, modified_ns))
        self._sums[member.name] = digest.hexdigest()

    def _chunks(self, member: tarfile.TarInfo) -> Iterator[bytes]:
        """The bytes of a member; fewer than it should have are an error."""
        file = self._tar.extractfile(member)
        left = member.size
        while file is not None and left:
            if self._stop.is_set():
                raise Stopped
            try:
                chunk = file.read(min(left, CHUNK_BYTES))
            except (tarfile.TarError, OSError, EOFError) as error:
                raise self._damaged("it ends too early, or its disk is damaged") from error
            if not chunk:
                raise self._damaged("it ends too early")
            left -= len(chunk)
            yield chunk

    def _check_sums(self, member: tarfile.TarInfo) -> None:
        unseen = dict(self._sums)
        for line in self._lines(member):
            digest, _, name = line.partition("  ")
            if unseen.pop(name, None) != digest:
                raise self._damaged(f"{name[:200]!r} is not what was put into it")
        if unseen:
            raise self._damaged(f"{min(unseen)[:200]!r} was added later")

    def _lines(self, member: tarfile.TarInfo) -> Iterator[str]:
        rest = b""
        for chunk in self._chunks(member):
            *lines, rest = (rest + chunk).split(b"\n")
            if len(rest) > LINE_MAX_BYTES:
                break
            yield from (line.decode("utf-8", "replace") for line in lines)
        if rest:
            raise self._damaged("its list of files is damaged")

    def _damaged(self, reason: str) -> Invalid:
        return Invalid(f"{self._archive} is no whole backup: {reason}.", "Nothing was restored. Use another archive.")


def _is_ours(name: str) -> bool:
    """Whether a backup holds such a file. What passes stays inside the folder it is unpacked into."""
    if name in (DUMP, *SECRETS):
        return True
    key = name.removeprefix(f"{BLOBS}/")
    if name.startswith(f"{ABOUT}/") and name.endswith("~"):
        key = name.removeprefix(f"{ABOUT}/")[:-1]
    try:
        return key != name and check_key(key) == key
    except Invalid:
        return False


def _forget_members(tar: tarfile.TarFile) -> None:
    """Else all stay in memory, and there may be a million."""
    tar.members = []  # type: ignore[attr-defined]  # typeshed does not name it


def _nanoseconds(member: tarfile.TarInfo) -> int:
    """Of the member's time; whatever is no time counts as none."""
    whole, _, part = member.pax_headers.get("mtime", "").partition(".")
    sound = whole.isascii() and whole.isdigit() and len(whole) < 12 and part.isascii() and part.isdigit()
    return int(whole) * 10**9 + int(f"{part:0<9}"[:9]) if sound else 0


def _open_new(path: Path) -> IO[bytes]:
    """A file that was not there before, for its owner only."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _foreign(archive: Path) -> Invalid:
    return Invalid(f"{archive} was not written by `overprint backup`.", "If it was compressed, unpack it first.")
