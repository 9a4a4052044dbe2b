"""A key of our own, or one that the operator keeps, behind the ``credentials`` port."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from overprint.core.clock import Clock
from overprint.core.credentials import UNSIGNED, Signatory, Statement
from overprint.core.problems import Invalid, LimitReached
from overprint.craft.credentials import (
    SIGNED,
    certificates_of,
    credentials_in,
    new_identity,
    read_bytes,
    read_file_payload,
    read_film,
    read_payload,
    sign_bytes,
    sign_file_payload,
    sign_film,
    sign_payload,
    signatory_of,
    told,
)
from overprint.ports.compute import ComputeFailed, ComputeLimit, ComputePort, Work
from overprint.ports.credentials import Reading
from overprint.ports.provider import Provider

TIMEOUT_SECONDS = 300.0
_BYTES_A_SECOND = 2_000_000  # of a film: ample
MEMORY_BYTES = 3 * 1024**3
# What a child takes at once (``adapters/compute``), less the words around it.
_TOGETHER_MAX_BYTES = 255 * 1024 * 1024


class EmbeddedCredentials:
    """``CredentialsPort`` over an identity as ``craft/credentials/identity.py`` describes it. It is shown to nobody."""

    def __init__(self, compute: ComputePort, clock: Clock, identity: bytes) -> None:
        self._compute = compute
        self._clock = clock
        self._identity = identity
        self._certificates = certificates_of(identity)
        self._signatory = signatory_of(identity)

    @property
    def provider(self) -> Provider:
        return Provider("embedded", self._signatory.certificate_sha256, "Content Credentials")

    @property
    def signatory(self) -> Signatory:
        return self._signatory

    async def sign(self, data: bytes, media_type: str, statement: Statement, parts: Mapping[str, bytes]) -> bytes:
        """As ``CredentialsPort``. Pictures that are too many bytes together are not told of."""
        fitting = parts if len(data) + sum(map(len, parts.values())) <= _TOGETHER_MAX_BYTES else {}
        stated = replace(statement, made_at=self._clock.now())
        payload = sign_payload(data, media_type, stated, self._identity, fitting)
        return await _run(self._compute, sign_bytes, payload)

    async def sign_file(self, folder: Path, media_type: str, statement: Statement) -> Path:
        stated = replace(statement, made_at=self._clock.now())
        seconds = TIMEOUT_SECONDS + (await asyncio.to_thread((folder / UNSIGNED).stat)).st_size / _BYTES_A_SECOND
        await _run(self._compute, sign_film, sign_file_payload(media_type, stated, self._identity), seconds, folder)
        return folder / SIGNED

    async def read(self, data: bytes, media_type: str) -> Reading:
        return await read_credentials(self._compute, data, media_type, self._certificates)


async def read_credentials(
    compute: ComputePort, source: bytes | Path, media_type: str, certificates: bytes | None = None
) -> Reading:
    """As ``CredentialsPort.read``, for who has no key; also of a sound or a film (``FILE_TYPES``) at an absolute path.
    ``certificates``: our own, to know our signatures by."""
    if isinstance(source, Path):
        seconds = TIMEOUT_SECONDS + (await asyncio.to_thread(source.stat)).st_size / _BYTES_A_SECOND
        order = read_file_payload(source.name, media_type, certificates)
        answer = await _run(compute, read_film, order, seconds, source.parent)
    else:
        answer = await _run(compute, read_bytes, read_payload(source, media_type, certificates))
    found = credentials_in(answer)
    return Reading(found, told(found))


async def _run(
    compute: ComputePort,
    work: Work,
    payload: bytes,
    timeout_seconds: float = TIMEOUT_SECONDS,
    folder: Path | None = None,
) -> bytes:
    try:
        return await compute.run(
            work, payload, timeout_seconds=timeout_seconds, memory_bytes=MEMORY_BYTES, folder=folder
        )
    except ComputeFailed as failure:
        if failure.kind in ("Invalid", "LimitReached"):
            raise Invalid(failure.message) from None
        raise
    except ComputeLimit as limit:
        raise LimitReached("This file is too big to sign or to look into.", "Use a smaller one.") from limit


__all__ = ["EmbeddedCredentials", "certificates_of", "new_identity", "read_credentials", "signatory_of"]
