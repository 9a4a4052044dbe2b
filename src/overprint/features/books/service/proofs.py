"""What an editor shows before anything is made: pages as they will be set, and sketches of pictures.

Nothing of it is stored or charged. Both are worked out in child processes, few at a time, and remembered for a while.
"""

import asyncio
import json
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from overprint.core.book import BookDoc, Page, PageKind
from overprint.core.codec import decode, digest
from overprint.core.crowd import Crowd
from overprint.core.files import StoredFile
from overprint.core.problems import Invalid, Unavailable
from overprint.core.scene import Scene, Sheet
from overprint.core.story import Style
from overprint.core.words import clean_text
from overprint.craft.drawing import Order, delivery, draw_bytes, order_bytes
from overprint.craft.press.interior import interior
from overprint.craft.typesetting import proof_bytes, proof_payload
from overprint.features.books import rules
from overprint.features.books.service.editing import Story
from overprint.features.books.service.places import COVER_PAGE, Place
from overprint.features.books.steps import ComposeOut, IllustrateOut
from overprint.features.books.store import Row
from overprint.ports.compute import ComputeFailed, ComputeLimit, ComputePort
from overprint.ports.errors import ProviderError
from overprint.ports.storage import StoragePort

PROOF_SECONDS, PROOF_MEMORY_BYTES = 60.0, 2_000_000_000
SKETCH_SECONDS, SKETCH_MEMORY_BYTES, SKETCH_SIDE_PX = 20.0, 1_500_000_000, 480
AT_ONCE, KEPT_MAX = 2, 48
ASKED_MAX = 8  # sketches that a team waits for at a time, and as many looks at pages


@dataclass(frozen=True, slots=True)
class Doc:
    """The book as it would be set now, edits included; ``files`` are its pictures, by content hash."""

    doc: BookDoc
    files: Mapping[str, StoredFile]

    def places(self) -> list[Place]:
        """Of each story page, in order."""
        found: list[Place] = []
        for page in self.doc.pages:
            if page.kind is PageKind.STORY:
                is_next = bool(found) and found[-1].chapter == page.chapter
                found.append(Place(page.chapter, found[-1].page + 1 if is_next else 1))
        return found


def doc_now(composed: ComposeOut, story: Story) -> Doc:
    """The composed book with the words of ``story``, and with the pictures that a person keeps."""
    files = dict(composed.files)
    numbers = iter(Doc(composed.doc, {}).places())
    pages = []
    for page in composed.doc.pages:
        place = next(numbers) if page.kind is PageKind.STORY else COVER_PAGE
        if page.kind in (PageKind.STORY, PageKind.COVER):
            page = _kept(page, place, story, files)
        pages.append(_reworded(page, place, story) if page.kind is PageKind.STORY else page)
    return Doc(replace(composed.doc, pages=tuple(pages)), files)


def _kept(page: Page, place: Place, story: Story, files: dict[str, StoredFile]) -> Page:
    if place not in story.kept:
        return page
    drawn = decode(IllustrateOut, story.kept[place])
    files |= {file.content_hash: file for file in (drawn.file, drawn.vector) if file is not None}
    return replace(page, picture=rules.picture_of(drawn))


def _reworded(page: Page, place: Place, story: Story) -> Page:
    now = story.page(place)
    heading = clean_text(now.title) if page.heading else ""
    picture = page.picture and replace(page.picture, alt=now.touch.told or page.picture.alt)
    return replace(page, paragraphs=now.paragraphs or page.paragraphs, heading=heading, picture=picture)


@dataclass(frozen=True, slots=True)
class Proofs:
    """``storage`` holds the pictures. ``_kept`` by what it was made of; ``_turns`` lets few work at once."""

    compute: ComputePort
    storage: StoragePort
    _kept: OrderedDict[str, bytes] = field(default_factory=OrderedDict)
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _crowd: Crowd = field(default_factory=lambda: Crowd(ASKED_MAX))
    _readers: Crowd = field(default_factory=lambda: Crowd(ASKED_MAX))

    async def pages(self, team_id: UUID, now: Doc, *, is_print: bool) -> Row | None:
        """Every leaf as ``craft.typesetting.proof.Proof`` has it; ``is_print``: the inside as a printer gets it.

        None where the book cannot be set now: a picture is not to be had, or letters have no font here. Raises
        ``TooOften`` while the team waits for many.
        """
        doc = interior(now.doc) if is_print else now.doc

        async def payload() -> bytes:
            wanted = {page.picture.content_hash for page in doc.pages if page.picture}
            found = {each: await self.storage.get(now.files[each].key) for each in sorted(wanted)}
            return proof_payload(doc, found, is_print=is_print)

        try:
            with self._readers.joined(team_id):
                made = await self._made(
                    ["pages", doc, is_print], proof_bytes, payload, PROOF_SECONDS, PROOF_MEMORY_BYTES
                )
        except (ComputeFailed, ComputeLimit, ProviderError, KeyError):
            return None
        found: Row = json.loads(made)
        return found

    async def sketch(
        self, team_id: UUID, scene: Scene, sheets: Mapping[str, Sheet], style: Style, seed: int, ratio: float
    ) -> bytes:
        """A small JPEG of a scene by the embedded illustrator; ``ratio`` is its width by its height.

        Raises ``Invalid`` for what cannot be drawn, ``TooOften`` while the team waits for many, ``Unavailable``.
        """
        with self._crowd.joined(team_id):
            return await self._sketch(scene, sheets, style, seed, ratio)

    async def _sketch(self, scene: Scene, sheets: Mapping[str, Sheet], style: Style, seed: int, ratio: float) -> bytes:
        size = round(SKETCH_SIDE_PX * min(1.0, ratio)), round(SKETCH_SIDE_PX / max(1.0, ratio))
        order = Order(scene, sheets, style, *size, seed)

        async def payload() -> bytes:
            return order_bytes(order)

        try:
            made = await self._made(["sketch", order], draw_bytes, payload, SKETCH_SECONDS, SKETCH_MEMORY_BYTES)
        except ComputeFailed as failure:
            if failure.kind == "Invalid":
                raise Invalid(failure.message) from failure
            raise Unavailable("This could not be sketched just now.", "Try again in a moment.") from failure
        except ComputeLimit as failure:
            raise Unavailable("This could not be sketched just now.", "Try again in a moment.") from failure
        return delivery(made).data

    async def _made(
        self,
        of: Sequence[Any],
        work: Callable[[bytes], bytes],
        payload: Callable[[], Any],
        timeout_seconds: float,
        memory_bytes: int,
    ) -> bytes:
        name = digest(of)
        if name in self._kept:
            self._kept.move_to_end(name)
            return self._kept[name]
        async with self._turns:
            if name not in self._kept:  # somebody else may have asked for the same meanwhile
                self._kept[name] = await self.compute.run(
                    work, await payload(), timeout_seconds=timeout_seconds, memory_bytes=memory_bytes
                )
        while len(self._kept) > KEPT_MAX:
            self._kept.popitem(last=False)
        return self._kept[name]
