"""Running a step again from its recipe, without writing anything: for ``overprint verify``."""

import asyncio
import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from overprint.core.codec import Json, decode
from overprint.core.files import FileKind, StoredFile, files_in
from overprint.engine import claims
from overprint.engine.context import StepContext, measured
from overprint.engine.participants import JobInfo
from overprint.engine.pipeline import StepKind


@dataclass(slots=True)
class ReplayContext(StepContext):
    """A context that keeps what a body saves in memory and tells nobody anything."""

    saved: dict[str, bytes] = field(default_factory=dict)

    async def progress(self, fraction: float, note: str = "") -> None:
        return None

    async def log(self, message: str, level: str = "info") -> None:
        return None

    async def read(self, key: str) -> bytes:
        return self.saved[key] if key in self.saved else await self.ports.storage.get(key)

    async def save(
        self,
        data: bytes,
        *,
        media_type: str,
        kind: FileKind,
        name: str,
        folder: str,
        width_px: int | None = None,
        height_px: int | None = None,
        duration_seconds: float | None = None,
    ) -> StoredFile:
        content_hash = hashlib.sha256(data).hexdigest()
        key = f"replayed/{content_hash}"
        self.saved[key] = data
        return StoredFile(key, content_hash, len(data), media_type, kind, name, width_px, height_px, duration_seconds)

    async def lend(self, key: str, path: Path) -> None:
        if key in self.saved:
            await asyncio.to_thread(path.write_bytes, self.saved[key])
        else:
            await self.ports.storage.lend(key, path)

    async def save_file(
        self,
        path: Path,
        *,
        media_type: str,
        kind: FileKind,
        name: str,
        folder: str,
        width_px: int | None = None,
        height_px: int | None = None,
        duration_seconds: float | None = None,
    ) -> StoredFile:
        """Only looked at: no body reads again what is so large."""
        content_hash, size_bytes = await asyncio.to_thread(measured, path)
        key = f"replayed/{content_hash}"
        return StoredFile(key, content_hash, size_bytes, media_type, kind, name, width_px, height_px, duration_seconds)

    async def _tell_text(self, heard: list[str]) -> None:
        heard.clear()


async def replay(context: ReplayContext, kind: StepKind, step_input: Json) -> tuple[StoredFile, ...]:
    """Run the body of ``kind`` and answer the files it made now."""
    output = await kind.body(context, decode(kind.input, step_input))
    return tuple(files_in(output))


def claim_of(job: JobInfo, key: str, kind: str, step_input: Json, seed: int) -> claims.Claim:
    """A claim on nothing, for a context that never writes."""
    return claims.Claim(job, key, kind, "Replay", 0, 0, step_input, seed)
