"""Typesetting: a book document in, a stored PDF or EPUB out."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from overprint.core.book import BookDoc
from overprint.core.files import FileKind, StoredFile
from overprint.core.narration import Narration
from overprint.craft.typesetting import epub_bytes, epub_fixed_bytes, payload, pdf_bytes
from overprint.engine.context import StepContext

TIMEOUT_SECONDS = 600
MEMORY_BYTES = 3_000_000_000


class Format(StrEnum):
    PDF = "pdf"
    EPUB = "epub"
    FIXED = "fixed"


_FORMATS: dict[Format, tuple[Callable[[bytes], bytes], str, FileKind]] = {
    Format.PDF: (pdf_bytes, "application/pdf", FileKind.PDF),
    Format.EPUB: (epub_bytes, "application/epub+zip", FileKind.EPUB),
    Format.FIXED: (epub_fixed_bytes, "application/epub+zip", FileKind.EPUB),
}


async def lay_out_pages(
    context: StepContext,
    doc: BookDoc,
    files: Mapping[str, StoredFile],
    form: Format,
    *,
    name: str,
    narration: Narration | None = None,
) -> StoredFile | None:
    """Set ``doc``; ``files`` holds its pictures and the sounds of ``narration``, by content hash.

    ``None`` for a book that cannot be had in pages of a fixed size.
    """
    work, media_type, kind = _FORMATS[form]
    pictures = {content_hash: await context.read(file.key) for content_hash, file in sorted(files.items())}
    await context.progress(0.2, "Setting the pages")
    data = await context.compute.run(
        work, payload(doc, pictures, narration), timeout_seconds=TIMEOUT_SECONDS, memory_bytes=MEMORY_BYTES
    )
    if not data:
        return None
    return await context.save(data, media_type=media_type, kind=kind, name=name, folder="print")
