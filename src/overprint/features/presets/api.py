"""JSON API of presets."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse
from pydantic import Field

from overprint.core.film import (
    AMOUNT_MAX,
    LIVELINESS,
    MOVE_MAX,
    MOVES_MAX,
    SCENE_SECONDS,
    SCENE_SECONDS_MAX,
    SCENE_SECONDS_MIN,
    CaptionStyle,
    Course,
    Easing,
    Grade,
    Mood,
    Transition,
)
from overprint.core.motion import (
    ROLL_MAX_DEGREES,
    SAMPLES_MAX,
    SECONDS_MAX,
    SECONDS_MIN,
    SWAY_MAX,
    TRAVEL_MAX,
    ZOOM_MAX,
    ZOOM_MIN,
)
from overprint.core.presets import DESCRIPTION_MAX, NAME_MAX, Category
from overprint.features.presets.rules import PAGE_MAX
from overprint.features.presets.service import Presets, Samples
from overprint.features.presets.service.samples import Part
from overprint.http.once import Once
from overprint.http.responses import IfMatch, In, Out, etag_of, example, next_cursor, read_cursor, refuse_outdated
from overprint.http.routes import Router
from overprint.http.scope import InScope, InScopes

_WHILE_GOOD = {"Cache-Control": "private, max-age=1800"}  # the link is good for longer
Notches = Annotated[float, Field(ge=-MOVE_MAX, le=MOVE_MAX)]
Amount = Annotated[int, Field(ge=0, le=AMOUNT_MAX)]


class MoveIn(In):
    """What the camera does in a scene. ``horizontal`` and ``vertical`` move it (right, down), ``pan`` and ``tilt`` turn
    it, ``roll`` leans it, ``zoom`` goes nearer, ``lens`` narrows its view; ``shake``: the hand that holds it."""

    horizontal: Notches = 0
    vertical: Notches = 0
    pan: Notches = 0
    tilt: Notches = 0
    roll: Notches = 0
    zoom: Notches = 0
    lens: Notches = 0
    shake: Annotated[float, Field(ge=0, le=MOVE_MAX)] = 1
    course: Course = Course.LINE
    easing: Easing = Easing.SOFT


Travel = Annotated[float, Field(ge=-TRAVEL_MAX, le=TRAVEL_MAX)]
Lean = Annotated[float, Field(ge=-ROLL_MAX_DEGREES, le=ROLL_MAX_DEGREES)]
Nearness = Annotated[float, Field(ge=ZOOM_MIN, le=ZOOM_MAX)]
Sway = Annotated[float, Field(ge=-SWAY_MAX, le=SWAY_MAX)]


class CurvesIn(In):
    """A motion of the preset's own: numbers at even distances over ``seconds``, none where nothing moves. The camera
    goes right (``x``) and down (``y``), leans, and comes nearer (``zoom``, 1 as drawn); figures go right (``sway``) and
    down (``bob``). A thousand is the picture's shorter side. ``loops``: over and over, else once in each scene."""

    seconds: float = Field(ge=SECONDS_MIN, le=SECONDS_MAX)
    loops: bool = True
    x: tuple[Travel, ...] = Field((), max_length=SAMPLES_MAX)
    y: tuple[Travel, ...] = Field((), max_length=SAMPLES_MAX)
    roll_degrees: tuple[Lean, ...] = Field((), max_length=SAMPLES_MAX)
    zoom: tuple[Nearness, ...] = Field((), max_length=SAMPLES_MAX)
    sway: tuple[Sway, ...] = Field((), max_length=SAMPLES_MAX)
    bob: tuple[Sway, ...] = Field((), max_length=SAMPLES_MAX)


class ConfigIn(In):
    """``camera``: moves for one scene after the other. ``motion``: how much stirs by itself; ``duration``: seconds of a
    scene; ``captions``: null draws no words into the picture."""

    camera: list[MoveIn] = Field(min_length=1, max_length=MOVES_MAX)
    motion: Amount = LIVELINESS
    duration: float = Field(SCENE_SECONDS, ge=SCENE_SECONDS_MIN, le=SCENE_SECONDS_MAX)
    transition: Transition = Transition.DISSOLVE
    grade: Grade = Grade.NATURAL
    grain: Amount = 0
    vignette: Amount = 0
    captions: CaptionStyle | None = CaptionStyle.BAR
    music: Mood = Mood.FITTING
    curves: CurvesIn | None = None


_EXAMPLE = {"camera": [{"horizontal": 8, "pan": -8, "course": "arc"}], "duration": 4, "grade": "moonlit"}


class PresetIn(In):
    """``is_default``: offered to everybody, which is for site admins. ``is_public``: all teams see it, which is for who
    leads theirs. ``is_personal``: nobody else sees it."""

    model_config = example(name="Round the lighthouse", category="camera", config=_EXAMPLE)

    name: str = Field(min_length=1, max_length=NAME_MAX)
    description: str = Field("", max_length=DESCRIPTION_MAX)
    category: Category
    config: ConfigIn
    is_default: bool = False
    is_public: bool = False
    is_personal: bool = False


class PresetEdit(In):
    """What is left out stays. A default preset that is not public is hidden."""

    model_config = example(name="Round the tower", is_public=False)

    name: str | None = Field(None, min_length=1, max_length=NAME_MAX)
    description: str | None = Field(None, max_length=DESCRIPTION_MAX)
    category: Category | None = None
    config: ConfigIn | None = None
    is_public: bool | None = None
    is_personal: bool | None = None


class PresetOut(Out):
    """``key``: of one that came along. ``user_id``: who made it, null for default ones and for those of other teams.
    ``thumbnail_url`` and ``sample_url`` are made when they are first asked for."""

    id: UUID
    key: str
    name: str
    description: str
    category: Category
    config: dict[str, Any]
    is_default: bool
    is_public: bool
    is_personal: bool
    thumbnail_url: str
    sample_url: str
    user_id: UUID | None
    created_at: datetime | None
    updated_at: datetime | None


class PresetPage(Out):
    items: list[PresetOut]
    next_cursor: str | None


def router(presets: Presets, samples: Samples) -> APIRouter:
    """Routes over ``presets``."""
    api = Router(prefix="/api/presets", tags=["presets"])

    def shown(scope: InScope, row: dict[str, Any]) -> PresetOut:
        is_ours = row.get("team_id") == scope.transaction.team_id
        links = {f"{part}_url": f"/api/presets/{row['id']}/{part}" for part in ("thumbnail", "sample")}
        return PresetOut.model_validate({**row, **links, "user_id": row["person_id"] if is_ours else None})

    async def shown_by(scopes: InScopes, preset_id: UUID, part: Part) -> Response:
        async with scopes.transaction() as transaction:
            row = await presets.get(transaction, scopes.principal, preset_id)
        return RedirectResponse(await samples.link(row, part), status_code=307, headers=_WHILE_GOOD)

    @api.get("")
    async def list_presets(
        scope: InScope,
        limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 50,
        cursor: Annotated[str | None, Query(max_length=100)] = None,
        category: Category | None = None,
    ) -> PresetPage:
        """Default ones by category, then those of the team and public ones, the newest first."""
        rows = await presets.list_seen(
            scope.transaction, scope.principal, category=category, before=read_cursor(cursor), limit=limit
        )
        return PresetPage(items=[shown(scope, row) for row in rows], next_cursor=next_cursor(rows, limit))

    @api.post("", status_code=201)
    async def make_preset(scope: InScope, once: Once, preset: PresetIn) -> PresetOut:
        told = preset.model_dump(mode="json")
        audience = {name: told.pop(name) for name in ("is_default", "is_public", "is_personal")}

        async def make() -> PresetOut:
            return shown(scope, await presets.make(scope.transaction, scope.principal, told, **audience))

        return await once.answer(scope.transaction, PresetOut, {**told, **audience}, make)

    @api.get("/{preset_id}")
    async def get_preset(scope: InScope, response: Response, preset_id: UUID) -> PresetOut:
        row = await presets.get(scope.transaction, scope.principal, preset_id)
        response.headers.update(etag_of(row["version"]))
        return shown(scope, row)

    @api.get("/{preset_id}/thumbnail", status_code=307, response_class=RedirectResponse)
    async def get_thumbnail(scopes: InScopes, preset_id: UUID) -> Response:
        """Leads to a picture of its sample, as WebP."""
        return await shown_by(scopes, preset_id, Part.THUMBNAIL)

    @api.get("/{preset_id}/sample", status_code=307, response_class=RedirectResponse)
    async def get_sample(scopes: InScopes, preset_id: UUID) -> Response:
        """Leads to three seconds of a film that was made with it, as MP4."""
        return await shown_by(scopes, preset_id, Part.FILM)

    @api.patch("/{preset_id}")
    async def change_preset(
        scope: InScope, response: Response, preset_id: UUID, preset: PresetEdit, if_match: IfMatch = None
    ) -> PresetOut:
        """Films that were asked for with it keep what it said then."""
        before = await presets.get(scope.transaction, scope.principal, preset_id, holds=True)
        refuse_outdated(if_match, before["version"])
        changes = {name: told for name, told in preset.model_dump(mode="json").items() if told is not None}
        row = await presets.change(scope.transaction, scope.principal, before, changes)
        response.headers.update(etag_of(row["version"]))
        return shown(scope, row)

    @api.delete("/{preset_id}", status_code=204)
    async def delete_preset(scope: InScope, preset_id: UUID) -> Response:
        """One that came along and was changed is again as it came; a public one of another team is taken back."""
        await presets.delete(scope.transaction, scope.principal, preset_id)
        return Response(status_code=204)

    return api
