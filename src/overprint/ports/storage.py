"""The ``storage`` port: bytes kept under a name, and links to them that expire."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

KEY_MAX_CHARACTERS = 512


class BlobMissing(Exception):
    """Nothing is stored under this key."""


@dataclass(frozen=True, slots=True)
class BlobInfo:
    """What is stored. ``content_hash`` is SHA-256 in hex."""

    key: str
    size_bytes: int
    content_hash: str
    media_type: str
    stored_at: datetime


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a blob: ``first`` to ``last`` byte, both included, as in an HTTP range."""

    first: int
    last: int


class StoragePort(Protocol):
    """Keeps bytes: at most 1 GiB of them at once, or a file of at most 16 GiB. Writing the same bytes under the same
    key again is harmless; a reader never sees half a blob, and gets ``Unavailable`` rather than a mixture when one is
    replaced while it reads.

    Keys are relative paths: ``teams/<id>/books/<id>/chapters/2/pictures/<sha256>.jpg``; parts are letters, digits,
    ``-``, ``_``, ``.`` and never ``..``; anything else raises ``core.problems.Invalid``. A full disk or a store that
    does not answer raises ``ports.errors.Unavailable``; wrong credentials ``Misconfigured``.
    """

    async def put(self, key: str, data: bytes, *, media_type: str, content_hash: str = "") -> BlobInfo:
        """``content_hash``: of ``data``, if the caller has worked it out already; it is believed."""
        ...

    async def put_file(self, key: str, path: Path, *, media_type: str, content_hash: str = "") -> BlobInfo:
        """As ``put``, of a file that nobody writes to meanwhile. It is read piece by piece, and stays where it is."""
        ...

    async def get(self, key: str, span: Span | None = None) -> bytes: ...

    def stream(self, key: str, span: Span | None = None) -> AsyncIterator[bytes]: ...

    async def lend(self, key: str, path: Path) -> None:
        """Have the blob as a file at ``path``, in a folder of ``scratch``, to be read and never written to: it may be
        the stored file itself. It stays the same blob though the key be overwritten or deleted."""
        ...

    def scratch(self) -> AbstractAsyncContextManager[Path]:
        """An empty folder for who works with files, which goes with all that is in it when the block ends. What a
        process left that was killed is swept by whoever opens the next one."""
        ...

    async def find(self, key: str) -> BlobInfo | None: ...

    async def delete(self, key: str) -> None: ...

    def list(self, prefix: str) -> AsyncIterator[BlobInfo]: ...

    def signed_url(self, key: str, *, expires_at: datetime, file_name: str | None = None) -> str:
        """A link that serves the blob until ``expires_at``, at most seven days from now.

        With ``file_name`` it downloads under that name.
        """
        ...

    async def check(self) -> None:
        """Raises if a blob could not be written now."""
        ...
