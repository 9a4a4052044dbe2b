"""The ``credentials`` port: files signed with a key that nobody else sees, and read again.

The key stays behind this port. Steps say what is to be stated; they never hold what they sign with, so no output, log
line or recipe of theirs can tell it. A signing service could stand here as well as a key of our own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from overprint.core.credentials import Credentials, Signatory, Statement
from overprint.ports.provider import Provider

MEDIA_TYPES = frozenset(
    {"image/png", "image/jpeg", "image/webp", "application/pdf", "application/epub+zip", "audio/mp4", "video/mp4"}
)

FILE_TYPES = frozenset({"audio/mp4", "video/mp4"})


@dataclass(frozen=True, slots=True)
class Reading:
    """``credentials``: None in a file that carries none. ``told``: the same in sentences for people."""

    credentials: Credentials | None
    told: tuple[str, ...]


class CredentialsPort(Protocol):
    """No two signings of the same bytes give the same bytes: who needs the same again keeps what was signed."""

    @property
    def provider(self) -> Provider:
        """``model`` is the certificate's fingerprint: another certificate signs anew what is signed already."""
        ...

    @property
    def signatory(self) -> Signatory: ...

    async def sign(self, data: bytes, media_type: str, statement: Statement, parts: Mapping[str, bytes]) -> bytes:
        """``data`` (one of ``MEDIA_TYPES``) with ``statement`` in it, and when that was.

        ``parts``: the signed pictures of a book by the SHA-256 of what they were before. In an EPUB they take the place
        of the unsigned ones. Raises ``Invalid`` or ``LimitReached`` for what cannot be signed.
        """
        ...

    async def sign_file(self, folder: Path, media_type: str, statement: Statement) -> Path:
        """As ``sign``, of a sound or a film (``FILE_TYPES``) that has no credentials yet and lies in ``folder`` as
        ``UNSIGNED``. Answers the path of the signed one beside it; neither is ever held as a whole."""
        ...

    async def read(self, data: bytes, media_type: str) -> Reading:
        """What a file says of itself, and whether that is so. Raises ``Invalid`` for what cannot be read."""
        ...
