"""JSON API of storyboards: a film's scenes as cards, changed before it is made or after."""

from datetime import datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Response
from pydantic import Field

from overprint.core.codec import decode, encode
from overprint.core.film import CARD_ID_MAX, SCENES_MAX, SECONDS_MAX, WORDS_MAX, Move, Storyboard
from overprint.core.scene_edits import SCENE_FIELDS
from overprint.craft.narration import spoken_seconds
from overprint.features.videos.api.videos import QuoteOut, VideoStarted, quoted, started
from overprint.features.videos.rules import lasts_seconds
from overprint.features.videos.rules.boards import CardEdit, Own
from overprint.features.videos.service import Board, Storyboards, Videos
from overprint.features.videos.steps import PICTURE, SPOKEN, scene_key
from overprint.http.responses import IdempotencyKey, IfMatch, In, Out, etag_of, example, refuse_outdated
from overprint.http.routes import Router
from overprint.http.scope import InScope, Scope

SceneId = Annotated[int, Path(ge=1, le=CARD_ID_MAX, description="The id of the scene's card.")]


class SceneChanges(In):
    """What is left out stays. ``move``: of the camera, -10 to 10 each; ``scene``: its ``time``, ``weather``,
    ``season``, ``mood``, ``camera``, ``actors`` and ``props`` (the things that stand there, eight at most);
    ``picture_id``: a picture of one's own (an asset), null for a drawn one; ``is_locked``: nothing changes or redoes
    the scene until it is unlocked."""

    model_config = example(words="The storm taps at the window.", move={"zoom": 4, "horizontal": -2}, seconds=5.5)

    words: str | None = Field(None, min_length=1, max_length=WORDS_MAX)
    move: dict[str, Any] | None = Field(None, max_length=12)
    seconds: float | None = Field(None, ge=1, le=SECONDS_MAX)
    scene: dict[str, Any] | None = Field(None, max_length=len(SCENE_FIELDS))
    picture_id: UUID | None = None
    is_locked: bool | None = None


class CardIn(SceneChanges):
    """A card that is there, by its ``id``, or a new one without; a new one shows what the card ``like`` shows, or the
    one before it."""

    model_config = example(id=2)

    id: int | None = Field(None, ge=1, le=CARD_ID_MAX)
    like: int | None = Field(None, ge=1, le=CARD_ID_MAX)


class StoryboardChanges(In):
    """``cards`` are all of the film, in their order: a card that is not named goes. Left out, they stay."""

    model_config = example(
        title="The Keeper and the Storm",
        cards=[{"id": 2, "seconds": 6}, {"id": 1}, {"words": "And the lamp burned on.", "like": 1}],
    )

    title: str = Field("", max_length=120)
    cards: list[CardIn] | None = Field(None, min_length=1, max_length=SCENES_MAX)


class CardOut(Out):
    """``expected_seconds``: how long the scene will last, by its words. ``picture_url`` and ``narration_url`` are what
    was made last of it, which may be older than the card."""

    id: int
    words: str
    scene: dict[str, Any]
    move: dict[str, Any]
    seconds: float
    expected_seconds: float
    take: int
    is_locked: bool
    has_own_picture: bool
    picture_url: str | None
    thumbnail_url: str | None
    alt: str
    narration_url: str | None


class StoryboardOut(Out):
    """``version`` is its ETag; ``is_made``: a job has used it."""

    title: str
    version: int
    is_made: bool
    lasts_seconds: float
    cards: list[CardOut]


class VersionOut(Out):
    version: int
    title: str
    scenes: int
    is_made: bool
    made_by: UUID | None
    made_at: datetime


class RestoreIn(In):
    model_config = example(version=3)

    version: int = Field(ge=1, le=2**53)


def storyboard_router(videos: Videos) -> APIRouter:
    api = Router(prefix="/api/videos/{video_id}", tags=["videos"])
    storyboards = Storyboards(videos)

    async def shown(scope: Scope, response: Response, video_id: UUID, board: Board) -> StoryboardOut:
        version = (await videos.get(scope.transaction, video_id))["version"]
        response.headers.update(etag_of(version))
        files = {row["slot"]: row for row in await videos.list_parts(scope.transaction, video_id)}
        return _board_out(board.storyboard, version, board.is_made, files)

    async def edit_of(scope: Scope, changes: SceneChanges, card_id: int | None, like: int | None = None) -> CardEdit:
        picture: Any = Own.KEEP
        if "picture_id" in changes.model_fields_set:
            wanted = changes.picture_id
            picture = await videos.own_picture(scope.transaction, wanted) if wanted else Own.DROP
        return CardEdit(
            id=card_id,
            words=changes.words,
            move=decode(Move, changes.move, at="move") if changes.move is not None else None,
            seconds=changes.seconds,
            scene=changes.scene or {},
            picture=picture,
            is_locked=changes.is_locked,
            like=like,
        )

    async def edits_of(scope: Scope, changes: StoryboardChanges) -> list[CardEdit] | None:
        if changes.cards is None:
            return None
        return [await edit_of(scope, card, card.id, card.like) for card in changes.cards]

    @api.get("/storyboard")
    async def get_storyboard(scope: InScope, response: Response, video_id: UUID) -> StoryboardOut:
        return await shown(scope, response, video_id, await storyboards.get(scope.transaction, video_id))

    @api.patch("/storyboard")
    async def change_storyboard(
        scope: InScope, response: Response, video_id: UUID, changes: StoryboardChanges, if_match: IfMatch = None
    ) -> StoryboardOut:
        """Change cards, their order and their number. The next rendering makes what depends on it."""
        edits, check = await edits_of(scope, changes), partial(refuse_outdated, if_match)
        board = await storyboards.edit(scope.transaction, scope.principal, video_id, edits, changes.title, check)
        return await shown(scope, response, video_id, board)

    @api.post("/storyboard/quote")
    async def quote_storyboard(scope: InScope, video_id: UUID, changes: StoryboardChanges) -> QuoteOut:
        """What making the film would do once the storyboard was changed so; it is not."""
        edits = await edits_of(scope, changes)
        return quoted(
            await storyboards.ahead_of_edit(scope.transaction, scope.principal, video_id, edits, changes.title)
        )

    @api.get("/storyboard/versions")
    async def list_versions(scope: InScope, video_id: UUID) -> list[VersionOut]:
        """The storyboards that the film had, the newest first."""
        rows = await storyboards.list_versions(scope.transaction, video_id)
        return [VersionOut.model_validate(row) for row in rows]

    @api.post("/storyboard/versions")
    async def restore_storyboard(
        scope: InScope, response: Response, video_id: UUID, wanted: RestoreIn, if_match: IfMatch = None
    ) -> StoryboardOut:
        """Put an earlier storyboard back; that undoes what was changed since."""
        check = partial(refuse_outdated, if_match)
        board = await storyboards.restore(scope.transaction, scope.principal, video_id, wanted.version, check)
        return await shown(scope, response, video_id, board)

    @api.patch("/scenes/{scene}")
    async def change_scene(
        scope: InScope,
        response: Response,
        video_id: UUID,
        scene: SceneId,
        changes: SceneChanges,
        if_match: IfMatch = None,
    ) -> StoryboardOut:
        edit, check = await edit_of(scope, changes, scene), partial(refuse_outdated, if_match)
        board = await storyboards.edit_card(scope.transaction, scope.principal, video_id, edit, check)
        return await shown(scope, response, video_id, board)

    @api.post("/scenes/{scene}/redo", status_code=202)
    async def redo_scene(
        scope: InScope,
        video_id: UUID,
        scene: SceneId,
        idempotency_key: IdempotencyKey = None,
        if_match: IfMatch = None,
    ) -> VideoStarted:
        """Make one scene anew, from another seed, and with it whatever else is not made yet."""
        check = partial(refuse_outdated, if_match)
        job = await storyboards.redo(
            scope.transaction, scope.principal, video_id, scene, check, idempotency_key=idempotency_key
        )
        return started(job)

    return api


def _board_out(board: Storyboard, version: int, is_made: bool, files: dict[str, dict[str, Any]]) -> StoryboardOut:
    cards = []
    for card in board.cards:
        picture, narration = files.get(scene_key(PICTURE, card.id), {}), files.get(scene_key(SPOKEN, card.id), {})
        cards.append(
            CardOut(
                id=card.id,
                words=card.words,
                scene=encode(card.scene),
                move=encode(card.move),
                seconds=card.seconds,
                expected_seconds=round(max(card.seconds, spoken_seconds(card.words)), 1),
                take=card.take,
                is_locked=card.is_locked,
                has_own_picture=card.picture is not None,
                picture_url=picture.get("url"),
                thumbnail_url=picture.get("thumbnail_url"),
                alt=picture.get("alt", ""),
                narration_url=narration.get("url"),
            )
        )
    return StoryboardOut(
        title=board.title, version=version, is_made=is_made, lasts_seconds=lasts_seconds(board), cards=cards
    )
