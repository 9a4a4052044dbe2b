"""JSON API of films: /api/videos."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from overprint.core.codec import decode
from overprint.core.film import SECONDS_MAX, SECONDS_MIN, Aspect, CaptionStyle, Definition, FilmBrief, Grade, Mood
from overprint.core.film import Output as FilmOutput
from overprint.core.film import Transition as FilmTransition
from overprint.core.motion import Orientation
from overprint.core.story import PREMISE_MAX_CHARACTERS, Genre, Style, Tone
from overprint.features.presets import Presets
from overprint.features.videos.rules.sources import SCRIPT_MAX_CHARACTERS, script_of
from overprint.features.videos.rules.streams import PLAYLIST_TYPE
from overprint.features.videos.service import PAGE_MAX, Ahead, Source, Storyboards, Videos, find_stream, stream_path
from overprint.features.videos.steps import Target
from overprint.http.responses import (
    UNKEPT,
    ForGood,
    IdempotencyKey,
    IfMatch,
    In,
    Out,
    etag_of,
    example,
    next_cursor,
    read_cursor,
    refuse_outdated,
    sends,
)
from overprint.http.routes import Router
from overprint.http.scope import InScope, InScopes, Scope


class VideoLook(In):
    """How a film is shown; what is left out stays, or is as usual."""

    title: str | None = Field(None, max_length=120)
    aspect: Aspect | None = None
    definition: Definition | None = None
    fps: int | None = Field(None, ge=24, le=60, description="24, 25, 30 or 60.")
    style: Style | None = None
    captions: bool | None = Field(None, description="Words in the picture; a track comes along anyway.")
    caption_style: CaptionStyle | None = None
    transition: FilmTransition | None = None
    grade: Grade | None = None
    grain: int | None = Field(None, ge=0, le=10)
    vignette: int | None = Field(None, ge=0, le=10)
    denoise: int | None = Field(None, ge=0, le=10, description="How much noise is taken out of the clips.")
    is_steadied: bool | None = Field(None, description="A camera that trembles is held.")
    mood: Mood | None = Field(None, description="Of the music under the words.")
    characters_speak: bool | None = None
    credits: bool | None = None
    orientation: Orientation | None = Field(None, description="Which way is up, and people face.")
    outputs: list[FilmOutput] | None = Field(None, max_length=len(FilmOutput))


class VideoIn(VideoLook):
    """What a film is made of: a ``premise``; or a ``script``, which says what is said in each scene (scenes parted by
    empty lines, ``NAME: words`` for what they say); or a finished book (``book_id``). ``picture_id``: one's own
    picture, an asset, for the first scene. ``driving_id``: a clip, an asset, whose camera and figures every scene
    follows. ``lut_id``: a ``.cube`` file, an asset, that is laid over the film's colours. ``target`` says how far to go
    at once."""

    model_config = example(
        premise="A lighthouse keeper befriends a storm", seconds=30, aspect="9:16", target="storyboard"
    )

    premise: str = Field("", max_length=PREMISE_MAX_CHARACTERS)
    script: str = Field("", max_length=SCRIPT_MAX_CHARACTERS)
    book_id: UUID | None = None
    picture_id: UUID | None = None
    driving_id: UUID | None = None
    lut_id: UUID | None = None
    preset: str = Field("", max_length=80, description="Its id, key or name; what is said besides goes before it.")
    seconds: int = Field(30, ge=SECONDS_MIN, le=SECONDS_MAX)
    genre: Genre = Genre.ADVENTURE
    tone: Tone = Tone.WARM
    seed: int = Field(1, ge=0, le=2**31 - 1)
    target: Target = Target.STORYBOARD
    project_id: UUID | None = None


class VideoChanges(VideoLook):
    """``driving_id``: null for a film that is to follow no clip any more; ``lut_id``: null for its own colours."""

    model_config = example(grade="golden", caption_style="storybook")

    driving_id: UUID | None = None
    lut_id: UUID | None = None


class FileOut(Out):
    """``slot`` is ``film`` (MP4), ``captions`` (WebVTT) and other forms of the film by their names; ``picture/01`` and
    ``narrate/01`` are of a scene, by the id of its card."""

    slot: str
    name: str
    media_type: str
    size_bytes: int
    content_hash: str
    duration_seconds: float | None
    alt: str
    url: str
    thumbnail_url: str | None


class VideoOut(Out):
    """``state`` is making, planned (there is a storyboard and no film yet), ready, edited (there is a film, and what it
    is made of was changed since), incomplete or cancelled. ``version`` is its ETag."""

    id: UUID
    title: str
    state: str
    version: int
    brief: dict[str, Any]
    project_id: UUID | None
    job_id: UUID | None
    created_at: datetime
    updated_at: datetime


class VideoDetail(VideoOut):
    """``stream_url``: of a playlist, where the film was asked for as HLS. It takes the same authorisation as this; what
    it plays is linked from there, signed."""

    files: list[FileOut]
    stream_url: str | None


class VideoPage(Out):
    items: list[VideoOut]
    next_cursor: str | None


class VideoStarted(Out):
    """``quote_credits`` is the most that the job can cost; what it does not use is given back."""

    video_id: UUID
    job_id: UUID
    state: str
    quote_credits: int


class RenderIn(In):
    model_config = example(target="film")

    target: Target = Target.FILM


class SceneRedone(Out):
    """``parts`` are picture, narration, clip and finish (captions and whatever else is laid over it)."""

    scene: int
    parts: list[str]


class QuoteOut(Out):
    """What making the film would do: the ``steps`` that run, the same by ``scenes``, and the most that it costs.
    ``too_long``: scenes, by the ids of their cards, that nobody here can film at once; the film is not made before they
    are shorter or two."""

    steps: list[str]
    scenes: list[SceneRedone]
    quote_credits: int
    lasts_seconds: float | None
    too_long: list[int]


def started(job: Mapping[str, Any]) -> VideoStarted:
    credits = job["quote_credits"]
    return VideoStarted(video_id=job["lineage"], job_id=job["id"], state=job["state"], quote_credits=credits)


def quoted(ahead: Ahead) -> QuoteOut:
    return QuoteOut(
        steps=list(ahead.runs),
        scenes=[SceneRedone(scene=one.scene, parts=list(map(str, one.parts))) for one in ahead.scenes],
        quote_credits=ahead.credits,
        lasts_seconds=ahead.lasts_seconds,
        too_long=list(ahead.too_long),
    )


def router(videos: Videos, presets: Presets) -> APIRouter:
    api = Router(prefix="/api/videos", tags=["videos"])
    storyboards = Storyboards(videos)

    async def detail(scope: Scope, response: Response, video_id: UUID) -> VideoDetail:
        video = await videos.get(scope.transaction, video_id)
        response.headers.update(etag_of(video["version"]))
        files = await videos.list_parts(scope.transaction, video_id)
        return VideoDetail.model_validate({**video, "files": files, "stream_url": stream_path(video_id, files)})

    @api.get("")
    async def list_videos(
        scope: InScope, limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 50, cursor: str | None = None
    ) -> VideoPage:
        rows = await videos.list_videos(scope.transaction, limit=limit, before=read_cursor(cursor))
        return VideoPage(items=[VideoOut.model_validate(row) for row in rows], next_cursor=next_cursor(rows, limit))

    @api.post("", status_code=202)
    async def start_video(scope: InScope, video: VideoIn, idempotency_key: IdempotencyKey = None) -> VideoStarted:
        """Begin a film. As it is, that lays out the storyboard alone, for people to change; ``target`` `film` makes it
        all at once."""
        not_of_brief = {"script", "book_id", "picture_id", "driving_id", "lut_id", "target", "project_id", "preset"}
        look = await presets.asked(scope.transaction, scope.principal, video.preset) if video.preset else {}
        asked = look | video.model_dump(mode="json", exclude=not_of_brief, exclude_none=True)
        script = script_of(video.script) if video.script else ()
        if not video.premise:
            asked["premise"] = await videos.premise_of(scope.transaction, script, video.book_id)
        _, job = await videos.start(
            scope.transaction,
            scope.principal,
            decode(FilmBrief, asked, at=""),
            source=Source(script, video.book_id, video.picture_id, video.driving_id, lut=video.lut_id),
            target=video.target,
            project_id=video.project_id,
            idempotency_key=idempotency_key,
        )
        return started(job)

    @api.get("/{video_id}")
    async def get_video(scope: InScope, response: Response, video_id: UUID) -> VideoDetail:
        return await detail(scope, response, video_id)

    @api.patch("/{video_id}")
    async def change_video(
        scope: InScope, response: Response, video_id: UUID, changes: VideoChanges, if_match: IfMatch = None
    ) -> VideoDetail:
        """Change how the film is shown, or what it is called. Its next rendering makes what depends on that alone."""
        if if_match is not None:
            video, _ = await videos.begin_change(scope.transaction, scope.principal, video_id)
            refuse_outdated(if_match, video["version"])
        given = changes.model_dump(mode="json", exclude_none=True, exclude={"driving_id", "lut_id"})
        title = given.pop("title", "")
        files = {"driving_id", "lut_id"} & changes.model_fields_set
        if given or not (title or files):
            await videos.change_brief(scope.transaction, scope.principal, video_id, given)
        if "driving_id" in files:
            await videos.change_driving(scope.transaction, scope.principal, video_id, changes.driving_id)
        if "lut_id" in files:
            await videos.change_lut(scope.transaction, scope.principal, video_id, changes.lut_id)
        if title:
            await storyboards.rename(scope.transaction, scope.principal, video_id, title)
        return await detail(scope, response, video_id)

    @api.delete("/{video_id}", status_code=204)
    async def delete_video(scope: InScope, video_id: UUID, for_good: ForGood = False) -> Response:
        away = videos.delete if for_good else videos.discard
        await away(scope.transaction, scope.principal, video_id)
        return Response(status_code=204)

    @api.get("/{video_id}/stream/{playlist}", response_class=Response, responses=sends(PLAYLIST_TYPE))
    async def get_playlist(scopes: InScopes, video_id: UUID, playlist: str) -> Response:
        """A playlist of the film (HLS): `film.m3u8` names those of its sizes, and these link to what they play. The
        links are good for an hour."""
        async with scopes.transaction() as transaction:
            stream = await find_stream(videos, transaction, video_id, playlist)
        text = await stream.read(videos, lambda file: str(file["url"]))
        return Response(text, media_type=PLAYLIST_TYPE, headers=UNKEPT)

    @api.get("/{video_id}/quote")
    async def quote_video(scope: InScope, video_id: UUID, target: Target = Target.FILM) -> QuoteOut:
        """What `POST …/render` would do now, without doing it."""
        return quoted(await storyboards.ahead(scope.transaction, video_id, target))

    @api.post("/{video_id}/render", status_code=202)
    async def render_video(
        scope: InScope, video_id: UUID, wanted: RenderIn, idempotency_key: IdempotencyKey = None
    ) -> VideoStarted:
        """Make what is not made yet: the pictures and voices of an animatic, or the film."""
        job = await videos.render(
            scope.transaction, scope.principal, video_id, wanted.target, idempotency_key=idempotency_key
        )
        return started(job)

    return api
