"""A work as it arrives. Whoever made the file may lie, so every answer in it has to be one that its step could give,
and every file is what its own bytes say. They lie on the disk, and only as much of them is read as tells what they are.
"""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, replace
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

from overprint.core.codec import Json, decode, encode
from overprint.core.files import FileKind, StoredFile
from overprint.core.pixels import Bytes, picture_size
from overprint.core.problems import Invalid, LimitReached
from overprint.engine.pipeline import Registry
from overprint.features.jobs.portable.archive import Portable
from overprint.features.jobs.portable.contents import FILES, moved

NAME_MAX_CHARACTERS = 300
SIDE_MAX_PX, PICTURE_MAX_PX = 8192, 50_000_000


@dataclass(frozen=True, slots=True)
class FileForm:
    """What a file is by its own bytes. ``size_px``: of a picture of pixels."""

    media_type: str
    extension: str
    kind: FileKind
    size_px: tuple[int, int] | None = None


def file_form(data: Bytes) -> FileForm | None:
    """Of pictures and sounds; None of anything else. Raises ``LimitReached`` for a picture that is too large."""
    if data[4:8] == b"ftyp":
        return FileForm("audio/mp4", "m4a", FileKind.AUDIO)
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return FileForm("audio/wav", "wav", FileKind.AUDIO)
    pixels = picture_size(data)
    if pixels is None:
        return None
    if max(pixels) > SIDE_MAX_PX or pixels[0] * pixels[1] > PICTURE_MAX_PX:
        raise LimitReached(f"A picture in it has {pixels[0]} × {pixels[1]} pixels.", "Nothing was imported.")
    if data[:4] == b"RIFF":
        return FileForm("image/webp", "webp", FileKind.IMAGE, pixels)
    is_png = data[:4] == b"\x89PNG"
    return FileForm("image/png" if is_png else "image/jpeg", "png" if is_png else "jpg", FileKind.IMAGE, pixels)


class ArrivingFiles:
    """Where the files of a work are going to lie; each is unpacked into ``folder`` by its SHA-256, and looked at once.

    ``recognise`` raises ``Invalid`` for what is no part of such a work; it is told what the answer says that it is.
    ``place``: what their keys in storage begin with. ``stored`` says by SHA-256 under which key, and as what, files are
    to be kept.
    """

    def __init__(
        self, archive: Portable, folder: Path, recognise: Callable[[Bytes, str], FileForm], place: str
    ) -> None:
        self._archive = archive
        self._folder = folder
        self._recognise = recognise
        self._place = place
        self._sizes: dict[str, int] = {}
        self.stored: dict[str, tuple[str, str]] = {}
        self._mentioned: set[str] = set()
        self._known: dict[str, tuple[int, FileForm]] = {}

    def in_place(self, key: str, answer: Json) -> Json:
        """What a step answered, with its files where they are going to lie. Raises ``Invalid``."""
        return moved(answer, lambda file: self._moved(key, file))

    @property
    def hashes(self) -> Set[str]:
        """Of all files that were named so far."""
        return self.stored.keys() | self._mentioned

    def bring(self, file: StoredFile) -> None:
        """Unpack a file that is a person's own, and is to be kept as such. Raises ``Invalid``, also where it claims a
        preview: nobody brings one, and its key would name a file of somebody else."""
        _refuse_elsewhere(file.key, file.content_hash)
        if file.thumbnail_key is not None or file.thumbnail_size_bytes:
            raise unusable("it names a file that is not in it")
        self._mentioned.add(file.content_hash)
        if self._unpack(file.content_hash) != file.size_bytes:
            raise unusable("it does not say well what a file is")

    def _unpack(self, content_hash: str) -> int:
        """Its size in bytes."""
        if content_hash not in self._sizes:
            self._sizes[content_hash] = self._archive.unpack(content_hash, self._folder / content_hash)
        return self._sizes[content_hash]

    def _form(self, content_hash: str, said: str) -> FileForm:
        if not self._unpack(content_hash):
            raise unusable("it holds an empty file")
        with (self._folder / content_hash).open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
            return self._recognise(data, said)

    def _moved(self, key: str, said: Mapping[str, Json]) -> Json:
        named = decode(StoredFile, dict(said), at=key)
        file = replace(named, key=self._keep(named.key, named.content_hash, named.media_type))
        size_bytes, form = self._known[file.content_hash]
        is_told_well = (file.media_type, file.size_bytes, file.kind) == (form.media_type, size_bytes, form.kind)
        size_px = form.size_px
        is_sized_well = _is_sized(file) if size_px is None else size_px == (file.width_px, file.height_px)
        if not (is_told_well and is_sized_well and _is_name(file.name)):
            raise unusable(f"it does not say well what the file of {key[:60]!r} is")
        if named.thumbnail_key is None:
            return encode(replace(file, thumbnail_size_bytes=0))
        preview = named.thumbnail_key.removeprefix(FILES)
        return encode(
            replace(
                file,
                thumbnail_key=self._keep(named.thumbnail_key, preview, ""),
                thumbnail_size_bytes=self._known[preview][0],
            )
        )

    def _keep(self, named: str, content_hash: str, said: str) -> str:
        """The key in storage of the file that an answer calls ``named``."""
        _refuse_elsewhere(named, content_hash)
        if content_hash not in self.stored:
            form = self._form(content_hash, said)
            self.stored[content_hash] = f"{self._place}/{content_hash}.{form.extension}", form.media_type
            self._known[content_hash] = self._sizes[content_hash], form
        return self.stored[content_hash][0]


def arriving_answer(registry: Registry, kind: str, key: str, answer: Json) -> Any:
    """An answer as its step would give it. Raises ``Invalid``."""
    try:
        return decode(registry.get_kind(kind).output, answer, at=key)
    except Invalid as problem:
        raise unusable(problem.message) from None


def _is_name(name: str) -> bool:
    return 0 < len(name) <= NAME_MAX_CHARACTERS and name.isprintable()


def unusable(reason: str) -> Invalid:
    return Invalid(f"This file cannot be used: {reason.rstrip('.')}.", "Nothing was imported. Export it again.")


def _refuse_elsewhere(named: str, content_hash: str) -> None:
    if named != FILES + content_hash:
        raise unusable("it names a file that is not in it")


def _is_sized(file: StoredFile) -> bool:
    """Whether what has no pixels of its own claims no more than a picture may have."""
    return all(side is None or 0 < side <= SIDE_MAX_PX for side in (file.width_px, file.height_px))
