"""The page of one film: watched while it is made, then seen, with its chapters, its captions and all its files.

All of it works without JavaScript; ``/videos/ID/work`` is the same without the frame, for the script that keeps it up
to date.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from overprint.core.codec import decode
from overprint.core.problems import Conflict
from overprint.db.database import Transaction
from overprint.features.jobs import is_going
from overprint.features.presets import Presets
from overprint.features.teams import Action, is_allowed
from overprint.features.videos.service import Board, Storyboards, Videos, stream_path
from overprint.features.videos.stages.motion import notes_of
from overprint.features.videos.steps import FILM, PACKAGE, FilmIn, Target
from overprint.features.videos.web.press import MadeScene, chapters_of, scenes_of, stage_now, stages_of
from overprint.features.videos.web.start import TEMPLATES
from overprint.http.choices import STYLES
from overprint.http.forms import read_form
from overprint.http.once import key_of_form
from overprint.http.pages import Pages
from overprint.http.routes import Router
from overprint.http.scope import InScope, Scope
from overprint.http.wording import N_

Row = dict[str, Any]
_MEGABYTE = 1_000_000
# What can be taken home, by the beginning of its slot. What streams in pieces is for programs.
FILES = {
    FILM: (N_("The film"), N_("MP4, plays while it loads")),
    "captions": (N_("Captions"), N_("WebVTT, to be switched on and off")),
    f"{PACKAGE}webm": (N_("WebM"), N_("The same for the open web")),
    f"{PACKAGE}gif": (N_("GIF"), N_("A few seconds, without sound")),
    f"{PACKAGE}webp": (N_("Moving WebP"), N_("A few seconds, without sound")),
}


def router(videos: Videos, boards: Storyboards, presets: Presets) -> APIRouter:
    """Routes over films."""
    web = Router(include_in_schema=False)
    pages = Pages(TEMPLATES)

    def back(video_id: UUID) -> Response:
        return RedirectResponse(f"/videos/{video_id}", status_code=303)

    @web.get("/videos/{video_id}")
    async def film_page(scope: InScope, video_id: UUID) -> Response:
        return pages.render("film.html", **await shown(videos, boards, presets, scope, video_id))

    @web.get("/videos/{video_id}/work")
    async def film_alone(scope: InScope, video_id: UUID) -> Response:
        return pages.render("film_work.html", **await shown(videos, boards, presets, scope, video_id))

    @web.post("/videos/{video_id}/render")
    async def render(scope: InScope, request: Request, video_id: UUID) -> Response:
        form = await read_form(request, fields=5)
        target = Target.ANIMATIC if form.get("act") == "animatic" else Target.FILM
        key = key_of_form(request, form.multi_items())
        await videos.render(scope.transaction, scope.principal, video_id, target, idempotency_key=key)
        return back(video_id)

    def steer_route(path: str) -> None:
        @web.post(f"/videos/{{video_id}}/{path}", name=f"{path}_film")
        async def steer(scope: InScope, video_id: UUID) -> Response:
            await videos.get(scope.transaction, video_id)
            job = await videos.jobs.find_newest(scope.transaction, video_id)
            if job is not None:
                act = {"pause": videos.jobs.pause, "resume": videos.jobs.resume, "cancel": videos.jobs.cancel}[path]
                await act(scope.transaction, scope.principal, job["id"])
            return back(video_id)

    for path in ("pause", "resume", "cancel"):
        steer_route(path)
    return web


async def shown(videos: Videos, boards: Storyboards, presets: Presets, scope: Scope, video_id: UUID) -> dict[str, Any]:
    """All that the page of a film shows."""
    transaction = scope.transaction
    job = await videos.jobs.find_newest(transaction, video_id)
    steps = await videos.jobs.list_steps(transaction, job["id"]) if job else []
    film = await seen(videos, boards, transaction, video_id, steps)
    going, stages = is_going(job), stages_of(steps, bool(film["scenes"]))
    return {
        **film,
        "job": job,
        "going": going,
        "waiting": await videos.jobs.find_outlook(transaction, job) if job else None,
        "stages": stages,
        "stage": stage_now(job, stages) if job and going else "",
        "failed": [step for step in steps if step["state"] == "failed"],
        "preset": await presets.find_used(transaction, scope.principal, film["video"]["brief"]),
        "style_words": STYLES[film["video"]["brief"]["style"]],
        "may_make": is_allowed(scope.principal, Action.MAKE_WORK),
        "lacking": await videos.lacking(transaction),
    }


async def seen(
    videos: Videos, boards: Storyboards, transaction: Transaction, video_id: UUID, steps: Sequence[Row] = ()
) -> dict[str, Any]:
    """What there is to see of a film, whoever looks at it."""
    video = await videos.get(transaction, video_id)
    board = await find_board(boards, transaction, video_id)
    files = {file["slot"]: file for file in await videos.list_parts(transaction, video_id)}
    film = files.get(FILM)
    made_of = await _made_of(videos, transaction, video_id) if film else None
    scenes = scenes_of(board.storyboard.cards if board else (), steps, files)
    return {
        "video": video,
        "scenes": scenes,
        "chapters": chapters_of(made_of.words, made_of.frames, made_of.fps) if made_of else [],
        "notes": notes_of(made_of.motion) if made_of else [],
        "film": film,
        "captions": files.get("captions"),
        "poster": _first_picture(scenes),
        "stream": stream_path(video_id, files.values()),
        "offers": list(_offers(videos, files)),
    }


async def find_board(boards: Storyboards, transaction: Transaction, video_id: UUID) -> Board | None:
    """None as long as there is none."""
    try:
        return await boards.get(transaction, video_id)
    except Conflict:
        return None


async def _made_of(videos: Videos, transaction: Transaction, video_id: UUID) -> FilmIn | None:
    """Of the film that there is: what was changed on its storyboard since is nobody else's business."""
    made_of = await videos.jobs.find_input(transaction, video_id, FILM)
    return None if made_of is None else decode(FilmIn, made_of)


def _offers(videos: Videos, files: Mapping[str, Row]) -> Iterator[tuple[tuple[str, str], Row, float]]:
    """What it is and what for, the file, and how large it is in megabytes."""
    for begins, said in FILES.items():
        for slot, file in files.items():
            if slot == begins or slot.startswith(f"{begins}/"):
                url = videos.library.link(file["key"], save_as=file["name"])
                yield said, {**file, "url": url}, round(file["size_bytes"] / _MEGABYTE, 1)


def _first_picture(scenes: list[MadeScene]) -> Mapping[str, Any] | None:
    return next((scene.picture for scene in scenes if scene.picture), None)
