"""The print edition: a book document in, a stored inside, cover and report out."""

from collections.abc import Mapping
from dataclasses import dataclass

from overprint.core.book import BookDoc
from overprint.core.files import FileKind, StoredFile, file_name
from overprint.craft.press import PressReport, payload, press_bytes, read_press, told_whole
from overprint.engine.context import StepContext

TIMEOUT_SECONDS = 900
MEMORY_BYTES = 3_000_000_000
_FOLDER = "print"


@dataclass(frozen=True, slots=True)
class PrintEdition:
    """``found`` is what preflight says; ``report`` the same as a text file. ``files``: ``inside`` and ``cover``, or
    ``whole`` for a printer that takes them as one."""

    files: Mapping[str, StoredFile]
    report: StoredFile
    found: PressReport


async def set_for_print(
    context: StepContext, doc: BookDoc, files: Mapping[str, StoredFile], printer: str
) -> PrintEdition:
    """Set ``doc`` to the terms of ``printer``; ``files`` holds its pictures, by content hash."""
    pictures = {content_hash: await context.read(file.key) for content_hash, file in sorted(files.items())}
    await context.progress(0.1, "Separating colours into inks")
    made = await context.compute.run(
        press_bytes,
        payload(doc, pictures, printer),
        timeout_seconds=TIMEOUT_SECONDS,
        memory_bytes=MEMORY_BYTES,
    )
    found, set_files = read_press(made)

    async def save(data: bytes, part: str, kind: FileKind, media_type: str, extension: str) -> StoredFile:
        name = file_name(f"{doc.title} - {part}", extension)
        return await context.save(data, media_type=media_type, kind=kind, name=name, folder=_FOLDER)

    return PrintEdition(
        files={
            part: await save(data, part, FileKind.PDF, "application/pdf", "pdf")
            for part, data in sorted(set_files.items())
        },
        report=await save(told_whole(found).encode(), "report", FileKind.OTHER, "text/plain", "txt"),
        found=found,
    )
