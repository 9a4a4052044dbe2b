"""A work as it leaves: what its steps answered last, what stands for a person, and where the bytes of its files lie."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Generic, TypeVar

from overprint.core.codec import Json
from overprint.core.problems import Conflict
from overprint.features.jobs.portable.archive import PortableStream
from overprint.features.jobs.portable.contents import FILES, moved
from overprint.ports.storage import BlobMissing, StoragePort

H = TypeVar("H")
_ASKED_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Parcel(Generic[H]):
    """``header`` as the product has it. ``stored`` tells by SHA-256 under which key the bytes of a file lie in
    storage."""

    header: H
    steps: Mapping[str, Json]
    edits: Mapping[str, Json]
    stored: Mapping[str, str]


async def send_parcel(storage: StoragePort, parcel: Parcel[Any]) -> AsyncIterator[bytes]:
    """The file, piece by piece: a little of one file at a time is in memory, and no transaction is open.

    Raises ``Conflict`` before the first of them if a file is gone from storage, as one of a person's own may be that
    they deleted since; also later, if it goes meanwhile."""
    keys, sizes = sorted(parcel.stored.values()), dict[str, int]()
    for first in range(0, len(keys), _ASKED_AT_ONCE):
        for blob in await asyncio.gather(*map(storage.find, keys[first : first + _ASKED_AT_ONCE])):
            if blob is None:
                raise _gone()
            sizes[blob.key] = blob.size_bytes
    return _pieces(storage, parcel, sizes)


async def _pieces(storage: StoragePort, parcel: Parcel[Any], sizes: Mapping[str, int]) -> AsyncIterator[bytes]:
    """``sizes``: in bytes, by the keys in storage."""
    stream = PortableStream(parcel.header)
    yield stream.begin()
    for key, output in sorted(parcel.steps.items()):
        yield stream.add_step(key, output)
    for key, output in sorted(parcel.edits.items()):
        yield stream.add_edit(key, output)
    for content_hash, key in sorted(parcel.stored.items()):
        yield stream.begin_file(content_hash, sizes[key])
        try:
            async for piece in storage.stream(key):
                yield stream.add_piece(piece)
        except BlobMissing:
            raise _gone() from None
        yield stream.end_file()
    yield stream.end()


def _gone() -> Conflict:
    return Conflict(
        "A file of this work is gone from storage.",
        "If a picture, clip or look of your own was deleted, choose another one or none; else make the work again.",
    )


def packed_answer(answer: Json, stored: dict[str, str]) -> Json:
    """An answer with its files called as they are in an archive; ``stored`` learns where they lie."""
    return moved(answer, lambda file: _named_by_content(file, stored))


def _named_by_content(file: Mapping[str, Json], stored: dict[str, str]) -> Json:
    """Its preview is stored under its hash, as all that steps save is."""
    stored[file["content_hash"]] = file["key"]
    named = {**file, "key": FILES + file["content_hash"]}
    if file.get("thumbnail_key"):
        preview = PurePosixPath(file["thumbnail_key"]).stem
        stored[preview] = file["thumbnail_key"]
        named["thumbnail_key"] = FILES + preview
    return named
