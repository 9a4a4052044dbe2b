"""Use cases of films that travel: what ``Portables`` of the jobs asks of each product. No transaction waits for the
child process that opens what a stranger made."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from overprint.core.codec import Json, decode, encode
from overprint.core.cube import CUBE_MEDIA_TYPE
from overprint.core.files import FileKind, FilmSize, StoredFile
from overprint.core.film import Storyboard
from overprint.core.ids import new_id
from overprint.core.language import language_of
from overprint.core.principal import Principal
from overprint.core.problems import Conflict, LimitReached
from overprint.db.database import Transaction
from overprint.engine.store import Edit
from overprint.features import audit
from overprint.features.billing import Feature
from overprint.features.jobs import (
    FilmHeader,
    FirstLook,
    Jobs,
    Portable,
    first_look,
    is_going,
    refuse_dearer,
    store_arrived,
    unpacked,
    unusable,
)
from overprint.features.library import Library, Upload
from overprint.features.videos import store
from overprint.features.videos.pipeline import MAKE
from overprint.features.videos.portable.arriving import Arrival, placed, unpack
from overprint.features.videos.portable.contents import TRAVELS
from overprint.features.videos.portable.known import known
from overprint.features.videos.portable.sending import FilmParcel, parcel_of
from overprint.features.videos.rules import locks
from overprint.features.videos.rules.credits import credit_lines
from overprint.features.videos.service import ORIGIN, Videos, request_of
from overprint.features.videos.steps import FINISHED, FinishOut, Imported, MakeFilm, Target, scene_key
from overprint.features.videos.store import Row

_LASTS_ALIKE_SECONDS = 0.2
JUDGING_SECONDS = 600.0
"""To open all clips of a film, one after the other, each of which takes a fraction of a second."""


@dataclass(frozen=True, slots=True)
class Judged:
    """An arrival whose films and files of a person's own were opened. ``uploads``: these, by how the archive names
    them."""

    arrival: Arrival
    uploads: Mapping[StoredFile, Upload]

    def here(self, mine: StoredFile) -> StoredFile:
        """A file of a person's own as it is going to be kept."""
        upload = self.uploads[mine]
        named = replace(mine, key=upload.storage_key, media_type=upload.media_type, kind=upload.kind)
        return replace(named, **measures_of(mine, upload))


@dataclass(frozen=True, slots=True)
class Stored:
    """When storing began of what steps made, if there is any, and of what a person brought."""

    made_at: datetime | None
    own_at: Mapping[StoredFile, datetime]


@dataclass(frozen=True, slots=True)
class Portables:
    """Films that leave for another installation, or come from one."""

    videos: Videos

    @property
    def jobs(self) -> Jobs:
        return self.videos.jobs

    @property
    def library(self) -> Library:
        return self.videos.library

    async def pack(self, transaction: Transaction, video_id: UUID) -> FilmParcel:
        """All of a film but the bytes of its files.

        Raises ``NotInPlan``, ``LimitReached``, and ``Conflict`` while it is being made or before it has a storyboard.
        """
        videos, jobs = self.videos, self.jobs
        video = await videos.get(transaction, video_id)
        await jobs.plans.permit(transaction, await jobs.plans.of_team(transaction), [Feature.EXPORT])
        newest = await jobs.find_newest(transaction, video_id)
        row = await store.find_board(transaction, video_id)
        if newest is None or is_going(newest) or row is None:
            raise Conflict("This film is being made right now, or has no storyboard.", "Make it, and wait for it.")
        board = decode(Storyboard, row["board"])
        outputs = await jobs.list_outputs(transaction, video_id)
        return parcel_of(
            video,
            await videos.get_film(transaction, video_id),
            board,
            await self._made_to(transaction, video),
            outputs,
            await jobs.list_edits(transaction, video_id),
            self._credits(board, outputs),
        )

    async def _made_to(self, transaction: Transaction, video: Row) -> Target:
        """How far a film is made as it stands now: farther it is not made where it arrives, for that may cost."""
        if video["state"] == "ready":
            return Target.FILM
        seen = request_of(video, Target.ANIMATIC, self.videos.house)
        found = await self.jobs.forecast(transaction, MAKE, seen, video["id"])
        return Target.STORYBOARD if found.runs else Target.ANIMATIC

    def _credits(self, board: Storyboard, outputs: list[Row]) -> tuple[str, ...]:
        """What stands over the end, or would."""
        last = scene_key(FINISHED, board.cards[-1].id)
        stands = next((decode(FinishOut, row["output"]).credits for row in outputs if row["key"] == last), ())
        known = self.jobs.rules.providers
        language = language_of(" ".join(card.words for card in board.cards))
        image = None if all(card.picture for card in board.cards) else known["image"]
        return stands or credit_lines(image, known["video"], known["speech"], self.videos.house, language)

    async def unpack(self, principal: Principal, archive: Portable, folder: Path) -> Judged:
        """With its clips, and what a person brought, opened by a child process."""
        look = partial(unpack, team_id=principal.team_id, video_id=new_id())
        arrival = await unpacked(look, archive, folder)
        try:
            async with asyncio.timeout(JUDGING_SECONDS):
                return await self._judged(principal, arrival)
        except TimeoutError:
            raise LimitReached("Opening what is in this film took too long.", "Make two films of it.") from None

    async def _judged(self, principal: Principal, arrival: Arrival) -> Judged:
        """With what a person brought, judged as uploads are, and with clips that were opened. Raises as
        ``Library.read_upload``."""
        uploads: dict[StoredFile, Upload] = {}
        for mine in arrival.own:
            uploads[mine] = await self.library.read_upload(
                principal, arrival.folder / mine.content_hash, mine.name, None
            )
            if uploads[mine].name != mine.name:
                raise unusable("it does not say well what a file is called")
        _refuse_others(arrival.header, uploads)
        known: dict[str, FilmSize] = {}
        for clip in arrival.clips:
            if clip.content_hash not in known:
                known[clip.content_hash] = await self.library.look_at_film(arrival.folder / clip.content_hash)
            found = known[clip.content_hash]
            size = found.width_px, found.height_px
            is_as_long = abs(found.seconds - (clip.duration_seconds or 0.0)) <= _LASTS_ALIKE_SECONDS
            if size != (clip.width_px, clip.height_px) or not is_as_long:
                raise unusable("it does not say well what a clip is")
        return Judged(arrival, uploads)

    async def look(self, transaction: Transaction, principal: Principal, judged: Judged) -> FirstLook:
        """What it brings, and what would be made, if there is room for it."""
        arrival = judged.arrival
        await self.library.expect_files(transaction, principal, arrival.size_bytes)
        request, title = self._request(judged), arrival.header.title
        edits = self._edits(arrival, request)
        return await first_look(self.jobs, transaction, MAKE, request, arrival.video_id, edits, TRAVELS, title)

    async def store_files(self, principal: Principal, judged: Judged) -> Stored:
        """Store its files. Raises ``ProviderError``."""
        library, arrival = self.library, judged.arrival
        made_at = await store_arrived(library, principal, arrival.stored, arrival.folder)
        own_at = {mine: await library.store_upload(upload) for mine, upload in judged.uploads.items()}
        return Stored(made_at, own_at)

    async def keep(
        self, transaction: Transaction, principal: Principal, judged: Judged, stored: Stored, look: FirstLook
    ) -> Row:
        """Make a film of it, and make it again from what it brought; answers the job. Raises ``Conflict`` where that
        is dearer than it was when it was looked at."""
        arrival, jobs = judged.arrival, self.jobs
        video_id = arrival.video_id
        await jobs.plans.hold(transaction)  # before the count of bytes, as whoever submits a job
        if stored.made_at is not None:
            await self.library.keep_files(transaction, principal, video_id, arrival.files, stored.made_at)
        for mine, upload in judged.uploads.items():
            await self._keep_own(transaction, principal, upload, judged.here(mine), stored.own_at[mine])
        request = self._request(judged)
        video: Row = {
            "id": video_id,
            "team_id": principal.team_id,
            "project_id": None,
            "title": arrival.header.board.title,
            "brief": request["brief"],
            "origin": {name: request[name] for name in ORIGIN},
            "created_by": principal.person_id,
        }
        await store.insert_video(transaction, video)
        await jobs.bring_outputs(transaction, principal, video_id, self._edits(arrival, request))
        await audit.record(transaction, principal, "video.imported", "video", video_id, {"title": video["title"]})
        job = await jobs.submit(
            transaction, principal, MAKE, request, title=video["title"], lineage=video_id, has_outputs=True
        )
        refuse_dearer(look, job["quote_credits"])
        return job

    def _edits(self, arrival: Arrival, request: Json) -> Mapping[str, Edit]:
        """All that it brings, and what answers itself."""
        return {**arrival.edits, **known(self.jobs.rules.registry, request, arrival.edits)}

    def _request(self, judged: Judged) -> Json:
        """What its job is asked."""
        arrival = judged.arrival
        header = placed(arrival.header, {mine: judged.here(mine) for mine in judged.uploads})
        return encode(
            MakeFilm(
                header.brief,
                arrival.target,
                script=header.script,
                picture=header.picture,
                board=header.board,
                driving=header.driving,
                lut=header.lut,
                house=self.videos.house,
                filmed_most=self.videos.filmed_most,
                held=locks.filmed(header.board, arrival.edits),
                imported=Imported(header.credits),
            )
        )

    async def _keep_own(
        self, transaction: Transaction, principal: Principal, upload: Upload, file: StoredFile, stored_at: datetime
    ) -> None:
        """As an asset of the team, unless it has that one already."""
        if await self.library.find_stored(transaction, file) is None:
            await self.library.keep_upload(transaction, principal, upload, stored_at)


def measures_of(mine: StoredFile, upload: Upload) -> Row:
    """As they were found. But a film lasts as long as is said of it, where that is about so: what follows a film that
    was made there was made of a time to the frame, and would all be made again for another."""
    found, said = upload.measures, mine.duration_seconds
    if said is None or abs(said - (found.get("duration_seconds") or -1.0)) > _LASTS_ALIKE_SECONDS:
        return found
    return {**found, "duration_seconds": said}


def _refuse_others(header: FilmHeader, uploads: Mapping[StoredFile, Upload]) -> None:
    """What is named as a picture has to be one, and so on."""
    pictures = [header.picture, *(card.picture for card in header.board.cards)]
    for file, kind in [*((picture, FileKind.IMAGE) for picture in pictures), (header.driving, FileKind.VIDEO)]:
        if file is not None and uploads[file].kind is not kind:
            raise unusable("it names a file of another kind")
    if header.lut is not None and uploads[header.lut].media_type != CUBE_MEDIA_TYPE:
        raise unusable("its look is no .cube file")
