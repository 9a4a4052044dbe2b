"""Use cases of films."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias
from uuid import UUID

from overprint.core.codec import Json, decode, encode
from overprint.core.cube import CUBE_MEDIA_TYPE
from overprint.core.files import FileKind, StoredFile
from overprint.core.film import FilmBrief, Storyboard
from overprint.core.ids import new_id
from overprint.core.motion import check_curves, check_length
from overprint.core.principal import Principal
from overprint.core.problems import Conflict, InTrash, Invalid, NotFound
from overprint.core.story import PREMISE_MAX_CHARACTERS
from overprint.core.told import Told
from overprint.core.words import clean_text, says_something
from overprint.craft.fitting import PIXELS_MAX
from overprint.db.database import Transaction
from overprint.features import audit
from overprint.features.jobs import WorkKind, Works
from overprint.features.videos import rules, store
from overprint.features.videos.pipeline import MAKE
from overprint.features.videos.rules import boards, lengths, locks, sources
from overprint.features.videos.steps import (
    FILM,
    HOUSE,
    PACKAGE,
    PICTURE,
    SIGNED_FILM,
    SPOKEN,
    STORYBOARD,
    FilmOut,
    MakeFilm,
    PackageOut,
    PictureOut,
    Target,
    scene_key,
)
from overprint.features.videos.store import Row
from overprint.steps.sign_files import SignOut

PAGE_MAX = 100
TITLE_SHOWN_CHARACTERS = 80
_ON_ITS_WAY = (PICTURE, SPOKEN)
VIDEO = WorkKind(
    "video",
    store.VIDEOS,
    absent=lambda: NotFound("There is no such film."),
    in_trash=lambda: InTrash("This film is in the trash.", "Take it out of the library's trash first."),
    going=lambda: Conflict("This film is being made right now.", "Wait for it, or cancel its job first."),
    paused=lambda: Conflict("Making this film is paused.", "Go on with it, or cancel its job first."),
)

Stories: TypeAlias = Callable[[Transaction, UUID], Awaitable[Told]]
"""Tells a finished work of another product, by its id. Raises ``NotFound``, and ``Conflict`` for an unfinished one."""


async def no_stories(transaction: Transaction, work_id: UUID) -> Told:
    raise NotFound("There is no such book.")


@dataclass(frozen=True, slots=True)
class Source:
    """What a film is made of beside its brief: the words of each scene (``script``), a finished book, or a person's own
    ``picture`` for the first scene (an asset). ``driving``: a film whose motion it follows (an asset). ``board``: a
    whole storyboard that a program brings; then there is no book. ``lut``: a ``.cube`` file that is laid over its
    colours (an asset)."""

    script: tuple[str, ...] = ()
    book: UUID | None = None
    picture: UUID | None = None
    driving: UUID | None = None
    board: Storyboard | None = None
    lut: UUID | None = None


NOTHING_MORE = Source()


@dataclass(frozen=True, slots=True)
class Film:
    """What there is of a film so far; ``pictures`` by the names of the scenes, as in keys. ``signed``: the copy of the
    film that says how it was made; ``packages``: what else it was asked for as, by file name."""

    storyboard: Storyboard | None
    pictures: Mapping[str, PictureOut]
    film: FilmOut | None
    signed: StoredFile | None = None
    packages: Mapping[str, StoredFile] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Videos(Works):
    """What people do with films. A film is the work of its jobs: all of one ``lineage``. ``house``: in whose name they
    are made."""

    kind = VIDEO
    stories: Stories = field(default=no_stories)
    house: str = HOUSE

    async def start(
        self,
        transaction: Transaction,
        principal: Principal,
        brief: FilmBrief,
        *,
        source: Source = NOTHING_MORE,
        target: Target = Target.FILM,
        project_id: UUID | None = None,
        idempotency_key: str | None = None,
    ) -> tuple[Row, Row]:
        """Begin a new film; answers (film, job). The same request under the same idempotency key answers the first one.

        With the ``target`` of a storyboard or an animatic it stops there, for people to look at and to change.
        """
        asked = replace(await self.asked(transaction, cleaned(brief), source, idempotency_key), target=target)
        if asked.board is not None and target is Target.FILM:
            lengths.check_filmable(asked.brief, asked.board.cards, self.filmed_most)
        request = encode(asked)
        first = await self.jobs.find_first(transaction, idempotency_key, MAKE, request, project_id)
        if first is not None:
            return await self.get(transaction, first["lineage"]), first
        if project_id is not None:
            await self.library.get_project(transaction, project_id)
        video_id = new_id()
        title = asked.brief.title or asked.brief.premise[:TITLE_SHOWN_CHARACTERS]
        video: Row = {
            "id": video_id,
            "team_id": principal.team_id,
            "project_id": project_id,
            "title": title,
            "brief": encode(asked.brief),
            "origin": {name: request[name] for name in ORIGIN},
            "created_by": principal.person_id,
        }
        await store.insert_video(transaction, video)
        job = await self.jobs.submit(
            transaction,
            principal,
            MAKE,
            request,
            title=title,
            lineage=video_id,
            project_id=project_id,
            idempotency_key=idempotency_key,
        )
        if job["lineage"] != video_id:  # the same request, sent twice at once, was first
            await store.VIDEOS.delete(transaction, video_id)
        return await self.get(transaction, job["lineage"]), job

    async def asked(
        self, transaction: Transaction, brief: FilmBrief, source: Source, idempotency_key: str | None = None
    ) -> MakeFilm:
        """What a job would be asked for; nothing is begun. A request under a key that came before is of the same book
        as it was then, whatever was changed since. Raises ``Invalid``, ``LimitReached`` and ``NotFound``."""
        picture = await self.own_picture(transaction, source.picture) if source.picture else None
        driving = await self.driving_clip(transaction, source.driving) if source.driving else None
        brief = lengths.paced(rules.driven(brief) if driving else brief, self.filmed_most)
        board = None
        if source.board is not None:
            board = boards.brought(source.board)
            rules.check_size(brief, board.cards)
        elif source.book is not None:
            first = await self.jobs.get_by_key(transaction, idempotency_key) if idempotency_key else None
            before = decode(MakeFilm, first["request"]) if first and first["kind"] == MAKE else None
            if before is not None and before.source == source.book:
                board = before.board
            else:
                board = sources.retold(await self.stories(transaction, source.book), brief, picture)
        script = self.parted(source.script)
        if script:
            brief = replace(brief, seconds=sources.script_seconds(script))
            rules.check_size(brief)
        return MakeFilm(
            brief,
            script=script,
            picture=picture,
            board=board,
            source=None if source.board else source.book,
            driving=driving,
            lut=await self.cube_file(transaction, source.lut) if source.lut else None,
            house=self.house,
            filmed_most=self.filmed_most,
        )

    @property
    def filmed_most(self) -> float | None:
        """How many seconds can be filmed at once, where that has a limit."""
        provider = self.jobs.rules.providers.get("video")
        return provider.lengths.most_seconds if provider and provider.lengths else None

    def parted(self, script: Sequence[str]) -> tuple[str, ...]:
        """The script in scenes that can be filmed at once. Raises as ``sources.check_script``."""
        return sources.parted(script, lengths.words_most(self.filmed_most)) if script else ()

    async def premise_of(self, transaction: Transaction, script: Sequence[str], book_id: UUID | None) -> str:
        """What stands for a premise where none was given: the words of a script, or the title of a book."""
        if script:
            return " ".join(script)[:PREMISE_MAX_CHARACTERS]
        if not book_id:
            return ""
        return sources.premise_of((await self.stories(transaction, book_id)).title)

    async def source_of(self, transaction: Transaction, wanted: MakeFilm) -> Source:
        """What a program asks a film to be made of. Files in it have to be the team's own; raises ``Invalid``."""
        board = wanted.board
        if board is not None:
            cards = []
            for card in board.cards:
                own = await self._own(transaction, card.picture, "board") if card.picture else None
                cards.append(replace(card, picture=await self.own_picture(transaction, own["id"])) if own else card)
            board = replace(board, cards=tuple(cards))
        picture = await self._own(transaction, wanted.picture, "picture") if wanted.picture else None
        driving = await self._own(transaction, wanted.driving, "driving") if wanted.driving else None
        lut = await self._own(transaction, wanted.lut, "lut") if wanted.lut else None
        return Source(
            wanted.script,
            wanted.source,
            picture["id"] if picture else None,
            driving["id"] if driving else None,
            board=board,
            lut=lut["id"] if lut else None,
        )

    async def _own(self, transaction: Transaction, file: StoredFile, field: str) -> Row:
        asset = await self.library.find_stored(transaction, file)
        if asset is None:
            raise Invalid("This file is not in the team's library.", "Send it there first.", field=field)
        return asset

    async def own_picture(self, transaction: Transaction, asset_id: UUID) -> StoredFile:
        """A picture that a person keeps in the library. Raises ``NotFound``, and ``Invalid`` for another file and for
        one too large to be opened."""
        asset = await self.library.get_asset(transaction, asset_id)
        if asset["kind"] != FileKind.IMAGE:
            raise Invalid("This file is no picture.", "Choose a PNG, JPEG or WebP.", field="picture")
        if (asset["width_px"] or 0) * (asset["height_px"] or 0) > PIXELS_MAX:
            millions = PIXELS_MAX // 1_000_000
            message = f"This picture has more than {millions} million pixels."
            raise Invalid(message, "Choose a smaller one.", field="picture")
        return _file_of(asset)

    async def driving_clip(self, transaction: Transaction, asset_id: UUID) -> StoredFile:
        """A film of the library, whoever made it. Raises as :meth:`own_picture`."""
        asset = await self.library.get_asset(transaction, asset_id)
        if asset["kind"] != FileKind.VIDEO:
            raise Invalid("This file is no film.", "Choose an MP4 or WebM.", field="driving")
        if asset["duration_seconds"] is not None:
            check_length(asset["duration_seconds"])
        return _file_of(asset)

    async def cube_file(self, transaction: Transaction, asset_id: UUID) -> StoredFile:
        """A look of the library, which was read when it was kept. Raises as :meth:`own_picture`."""
        asset = await self.library.get_asset(transaction, asset_id)
        if asset["media_type"] != CUBE_MEDIA_TYPE:
            raise Invalid("This file is no .cube file.", "Upload one, and choose it.", field="lut")
        return _file_of(asset)

    async def list_videos(self, transaction: Transaction, *, limit: int = 50, before: UUID | None = None) -> list[Row]:
        return await store.VIDEOS.list_newest(transaction, max(1, min(PAGE_MAX, limit)), before)

    async def list_parts(self, transaction: Transaction, video_id: UUID) -> list[Row]:
        """The files that there are of a film, with links to them, by slot: ``film``, ``captions``, ``picture/01`` …"""
        return [self._linked(row) for row in await store.list_files(transaction, video_id)]

    def _linked(self, row: Row) -> Row:
        file: Row = row["file"]
        return {**row, **file, **self.library.links(file["key"], file["thumbnail_key"])}

    async def list_finished(self, transaction: Transaction, video_id: UUID) -> list[Row]:
        """The film's own files, without those of its scenes."""
        await self.get(transaction, video_id)
        return [row for row in await self.list_parts(transaction, video_id) if not row["slot"].startswith(_ON_ITS_WAY)]

    async def render(
        self,
        transaction: Transaction,
        principal: Principal,
        video_id: UUID,
        target: Target = Target.FILM,
        *,
        redone: int = 0,
        idempotency_key: str | None = None,
    ) -> Row:
        """Make the film, up to ``target``: only what changed, failed or is new. Answers the job; under an idempotency
        key that came before, the one that it began. ``redone``: the card that it is begun for, if for one alone."""
        first = await self.find_begun(transaction, video_id, target, redone, idempotency_key)
        if first is not None:
            return first
        video, newest = await self.begin_change(transaction, principal, video_id)
        await self.hold_locked(transaction, principal, video_id)
        held = await self._check_filmable(transaction, video, target)
        return await self.jobs.submit(
            transaction,
            principal,
            MAKE,
            request_of(video, target, self.house, redone, self.filmed_most, held),
            title=video["title"],
            lineage=video_id,
            project_id=video["project_id"],
            idempotency_key=idempotency_key,
            rerun_of=newest["id"] if newest else None,
        )

    async def renew(self, transaction: Transaction, principal: Principal | None, job: Row) -> Json:
        """What the next job is asked where ``job`` is run again: the film as it stands now, as far as that one went.

        See ``jobs.Renewal``. What was made of locked scenes stands in it.
        """
        video, target = await self.get(transaction, job["lineage"]), decode(MakeFilm, job["request"]).target
        if principal is None:
            return request_of(video, target, self.house)
        await self.hold_locked(transaction, principal, video["id"])
        held = await self._check_filmable(transaction, video, target)
        return request_of(video, target, self.house, filmed_most=self.filmed_most, held=held)

    async def _check_filmable(self, transaction: Transaction, video: Row, target: Target) -> tuple[int, ...]:
        """The scenes whose clips stand. Raises ``Invalid`` where another one of its storyboard is longer than can be
        filmed at once."""
        row = await store.find_board(transaction, video["id"])
        if row is None or target is not Target.FILM:
            return ()
        board = decode(Storyboard, row["board"])
        held = locks.filmed(board, await self.find_held(transaction, video))
        lengths.check_filmable(decode(FilmBrief, video["brief"]), board.cards, self.filmed_most, held)
        return held

    async def find_begun(
        self, transaction: Transaction, video_id: UUID, target: Target, redone: int, idempotency_key: str | None
    ) -> Row | None:
        """The job of this film that the same request under this key began. Raises ``Conflict`` if the key was
        another's: of another film, of its very beginning, or of another target or scene."""
        await self.get(transaction, video_id)
        if not idempotency_key:
            return None
        await self.jobs.hold_work(transaction, video_id)  # the same request may be at work at this very moment
        first = await self.jobs.get_by_key(transaction, idempotency_key)
        if first is None:
            return None
        is_of_film = first["lineage"] == video_id and first["rerun_of"] is not None
        asked = decode(MakeFilm, first["request"]) if is_of_film else None
        if asked is None or (asked.target, asked.redone) != (target, redone):
            raise Conflict("This idempotency key was used for another request.", "Use a new key.")
        return first

    async def change_brief(
        self, transaction: Transaction, principal: Principal, video_id: UUID, changes: Mapping[str, Json]
    ) -> Row:
        """Change how the film is shown: its size, style, captions, grade and so on. The next run makes what depends on
        it; scenes that are locked keep their pictures and clips, and so the film its size and rate."""
        video, _ = await self.begin_change(transaction, principal, video_id)
        before = decode(FilmBrief, video["brief"])
        brief = cleaned(decode(FilmBrief, {**video["brief"], **changes}, at=""))
        row = await store.find_board(transaction, video_id)
        rules.check_size(brief, decode(Storyboard, row["board"]).cards if row else ())
        if locks.is_filmed_otherwise(before, brief) and await self._has_locked(transaction, video_id):
            raise Conflict(
                "A scene of this film is locked, and it was filmed for another size or rate.", "Unlock it first."
            )
        await store.VIDEOS.change(transaction, video_id, brief=encode(brief))
        await store.next_version(transaction, video_id)
        await store.settle(transaction, video_id)
        await self.hold_locked(transaction, principal, video_id)
        await audit.record(transaction, principal, "video.changed", "video", video_id, {"fields": sorted(changes)})
        return await self.get(transaction, video_id)

    async def change_driving(
        self, transaction: Transaction, principal: Principal, video_id: UUID, asset_id: UUID | None
    ) -> Row:
        """Have the film follow another clip, or none. The next run films anew what is not locked, and draws nothing."""
        driving = await self.driving_clip(transaction, asset_id) if asset_id else None
        return await self._change_origin(transaction, principal, video_id, "driving", driving)

    async def change_lut(
        self, transaction: Transaction, principal: Principal, video_id: UUID, asset_id: UUID | None
    ) -> Row:
        """Lay another ``.cube`` file over the film's colours, or none. The next run films nothing anew."""
        lut = await self.cube_file(transaction, asset_id) if asset_id else None
        return await self._change_origin(transaction, principal, video_id, "lut", lut)

    async def _change_origin(
        self, transaction: Transaction, principal: Principal, video_id: UUID, name: str, file: StoredFile | None
    ) -> Row:
        video, _ = await self.begin_change(transaction, principal, video_id)
        await store.VIDEOS.change(transaction, video_id, origin={**video["origin"], name: encode(file)})
        await store.next_version(transaction, video_id)
        await store.settle(transaction, video_id)
        await self.hold_locked(transaction, principal, video_id)
        await audit.record(transaction, principal, "video.changed", "video", video_id, {"fields": [name]})
        return await self.get(transaction, video_id)

    async def _has_locked(self, transaction: Transaction, video_id: UUID) -> bool:
        board = await store.find_board(transaction, video_id)
        return board is not None and any(card["is_locked"] for card in board["board"]["cards"])

    async def hold_locked(self, transaction: Transaction, principal: Principal, video_id: UUID) -> None:
        """Have what was made of locked scenes stand for good; what of others does not follow the storyboard again."""
        video = await self.get(transaction, video_id)
        if await store.find_board(transaction, video_id) is None:
            return
        stands = {key for key in await self.jobs.list_edits(transaction, video_id) if key.startswith(locks.HELD)}
        held = await self.find_held(transaction, video)
        for key in sorted(stands - held.keys()):
            await self.jobs.drop_edit(transaction, principal, video_id, key)
        for key in sorted(held.keys() - stands):
            await self.jobs.edit_output(transaction, principal, video_id, key, held[key])

    async def find_held(self, transaction: Transaction, video: Row) -> Mapping[str, Json]:
        """What was made of locked scenes and stays, or will as soon as anything is made, by the keys of its steps."""
        newest = await store.find_board(transaction, video["id"])
        board = decode(Storyboard, newest["board"]) if newest else None
        if board is None or not any(card.is_locked for card in board.cards):
            return {}
        made = {row["key"]: row for row in await self.jobs.list_outputs(transaction, video["id"])}
        return locks.held(board, decode(FilmBrief, video["brief"]), made)

    async def get_film(self, transaction: Transaction, lineage: UUID) -> Film:
        outputs = {row["key"]: row["output"] for row in await self.jobs.list_outputs(transaction, lineage)}
        storyboard = outputs.get(STORYBOARD)
        film = decode(FilmOut, outputs[FILM]) if FILM in outputs else None
        board = decode(Storyboard, storyboard) if storyboard is not None else None
        shown = [scene_key("", card.id) for card in board.cards] if board else []
        made = {name: outputs.get(f"{PICTURE}{name}") for name in shown}
        return Film(
            board,
            {name: decode(PictureOut, output) for name, output in made.items() if output is not None},
            film,
            *((None, {}) if film is None else _copies(outputs, film.file)),
        )


def _copies(outputs: Mapping[str, Json], film: StoredFile) -> tuple[StoredFile | None, Mapping[str, StoredFile]]:
    """The signed copy of a film and its other forms; those of another cut of it do not count."""
    signed = decode(SignOut, outputs[SIGNED_FILM]) if SIGNED_FILM in outputs else None
    packages = [decode(PackageOut, output) for key, output in outputs.items() if key.startswith(PACKAGE)]
    others = {name: file for made in packages if made.of == film.content_hash for name, file in made.files.items()}
    return (signed.file if signed and signed.of == film.content_hash else None), others


ORIGIN = ("script", "picture", "board", "source", "driving", "lut", "imported")
"""Of a film's request: what it is made of beside its brief."""


def _file_of(asset: Row) -> StoredFile:
    return StoredFile(
        asset["storage_key"],
        asset["content_hash"],
        asset["size_bytes"],
        asset["media_type"],
        FileKind(asset["kind"]),
        asset["name"],
        asset["width_px"],
        asset["height_px"],
        asset["duration_seconds"],
    )


def request_of(
    video: Row,
    target: Target,
    house: str,
    redone: int = 0,
    filmed_most: float | None = None,
    held: tuple[int, ...] = (),
) -> Json:
    """What a job is asked that makes the film again."""
    more = {"target": target, "house": house, "redone": redone, "filmed_most": filmed_most, "held": list(held)}
    return encode(decode(MakeFilm, {**video["origin"], "brief": video["brief"], **more}, at=""))


def cleaned(brief: FilmBrief) -> FilmBrief:
    """Without what nobody can read. Raises ``Invalid`` for what no film can be made of."""
    texts: dict[str, Any] = {"premise": clean_text(brief.premise), "title": clean_text(brief.title)}
    if not says_something(texts["premise"]):
        raise Invalid("There is no story in this premise.", "Say in a sentence who it is about.", field="premise")
    rules.check_rate(brief.fps)
    rules.check_size(brief)
    if brief.curves is not None:
        check_curves(brief.curves)
    return decode(FilmBrief, {**encode(brief), **texts}, at="")
