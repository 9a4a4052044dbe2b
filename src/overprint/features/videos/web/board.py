"""The storyboard as cards: words, picture, camera, length and voice of each scene, and what making the film of them
would redo and cost. Every card is a form, so all of it works without JavaScript."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from overprint.core.codec import Json
from overprint.core.editions import CheckEdition
from overprint.core.film import SECONDS_MAX, WORDS_MAX
from overprint.core.problems import Invalid, NotFound, Problem
from overprint.features.jobs import is_going
from overprint.features.teams import Action, is_allowed
from overprint.features.videos.rules.boards import CardEdit
from overprint.features.videos.rules.changes import Part
from overprint.features.videos.service import Ahead, Storyboards, Videos
from overprint.features.videos.web import bringing, choices
from overprint.features.videos.web.asked import id_of, mended_in, outputs_in
from overprint.features.videos.web.bringing import FILES_MAX, brought
from overprint.features.videos.web.press import scenes_of
from overprint.features.videos.web.start import TEMPLATES
from overprint.http.film_choices import NO_CAPTIONS
from overprint.http.forms import read_form
from overprint.http.once import key_of_form
from overprint.http.pages import Pages
from overprint.http.problems import status_of
from overprint.http.responses import refuse_outdated
from overprint.http.routes import Router
from overprint.http.scope import InScope, InScopes, Scope
from overprint.http.wording import N_

_FIELDS_MAX = 30
_AS_IT_IS = "as it is"
_ACTS = ("save", "up", "down", "add", "remove", "lock", "unlock", "redo")
_PARTS = {
    Part.PICTURE: N_("picture"),
    Part.NARRATION: N_("voice"),
    Part.CLIP: N_("motion"),
    Part.FINISH: N_("captions and colours"),
}


def router(videos: Videos, boards: Storyboards) -> APIRouter:
    """Routes over storyboards."""
    web = Router(include_in_schema=False)
    pages = Pages(TEMPLATES)

    async def page(
        scope: Scope, video_id: UUID, problem: Problem | None = None, tried: tuple[int, str] | None = None
    ) -> Response:
        """``tried``: the id of the card that could not be saved, and the words that were written on it."""
        transaction = scope.transaction
        video, board = await videos.get(transaction, video_id), await boards.get(transaction, video_id)
        job = await videos.jobs.find_newest(transaction, video_id)
        steps = await videos.jobs.list_steps(transaction, job["id"]) if job else []
        files = {file["slot"]: file for file in await videos.list_parts(transaction, video_id)}
        ahead: Ahead | None = None if is_going(job) else await boards.ahead(transaction, video_id)
        numbers = {card.id: number for number, card in enumerate(board.storyboard.cards, 1)}
        return pages.render(
            "storyboard.html",
            status_of(problem) if problem else 200,
            video=video,
            board=board,
            scenes=scenes_of(board.storyboard.cards, steps, files),
            ahead=ahead,
            once=f"{video['version']} {job['id'] if job else ''}",
            redone=[(numbers[one.scene], [_PARTS[part] for part in one.parts]) for one in ahead.scenes]
            if ahead
            else [],
            too_long=[numbers[card_id] for card_id in ahead.too_long] if ahead else [],
            versions=await boards.list_versions(transaction, video_id),
            can_edit=is_allowed(scope.principal, Action.MAKE_WORK) and not is_going(job),
            problem=problem,
            tried=tried,
            moves=choices.MOVES,
            move_named=choices.move_named,
            shown=choices.SHOWN,
            no_captions=NO_CAPTIONS,
            outputs=choices.OUTPUTS,
            kept={name: _kept(video["origin"].get(name)) for name in ("driving", "lut")},
            **bringing.SHOWN,
            words_max=WORDS_MAX,
            seconds_max=SECONDS_MAX,
        )

    def back(video_id: UUID, card_id: int | None = None) -> Response:
        at = f"#card-{card_id}" if card_id is not None else ""
        return RedirectResponse(f"/videos/{video_id}/storyboard{at}", status_code=303)

    @web.get("/videos/{video_id}/storyboard")
    async def show(scope: InScope, video_id: UUID) -> Response:
        return await page(scope, video_id)

    @web.post("/videos/{video_id}/storyboard/{scene}")
    async def change_card(scopes: InScopes, request: Request, video_id: UUID, scene: int) -> Response:
        """``act`` is one of ``_ACTS``. Whatever it is, the words and choices on the card are saved with it."""
        form = await read_form(request, fields=_FIELDS_MAX)
        act = form.get("act")
        if act not in _ACTS:
            raise Invalid("This cannot be done to a card.", "Go back, and use one of the card's buttons.", field="act")
        try:
            async with scopes.transaction() as transaction:
                scope = Scope(scopes.principal, transaction)
                if act == "redo":
                    key = key_of_form(request, [("once", form.get("seen", "")), ("act", act)])
                    await boards.redo(transaction, scopes.principal, video_id, scene, _check(form), idempotency_key=key)
                    return RedirectResponse(f"/videos/{video_id}", status_code=303)
                await _change(boards, scope, video_id, scene, str(act), form)
        except Problem as problem:
            async with scopes.transaction() as transaction:
                tried = (scene, str(form.get("words", "")))
                return await page(Scope(scopes.principal, transaction), video_id, problem, tried)
        return back(video_id, None if act == "remove" else scene)

    @web.post("/videos/{video_id}/shown")
    async def change_shown(scopes: InScopes, request: Request, video_id: UUID) -> Response:
        """How the film is shown: its captions, music, transitions and colours, what is mended of its clips and which
        one it follows; and what else it is to be had as. What does not stand in the form stays."""
        form = await read_form(request, fields=_FIELDS_MAX, files=FILES_MAX)
        try:
            files = _named(form, "driving") | _named(form, "lut") | await brought(videos.library, scopes, form)
            async with scopes.transaction() as transaction:
                await _show(videos, Scope(scopes.principal, transaction), video_id, form, files)
        except Problem as problem:
            async with scopes.transaction() as transaction:
                return await page(Scope(scopes.principal, transaction), video_id, problem)
        return back(video_id)

    @web.post("/videos/{video_id}/restore")
    async def restore(scope: InScope, request: Request, video_id: UUID) -> Response:
        form = await read_form(request, fields=_FIELDS_MAX)
        version = str(form.get("version", ""))[:18]
        wanted = int(version) if version.isascii() and version.isdigit() else 0
        await boards.restore(scope.transaction, scope.principal, video_id, wanted, _check(form))
        return back(video_id)

    return web


async def _change(
    boards: Storyboards, scope: Scope, video_id: UUID, card_id: int, act: str, form: Mapping[str, Any]
) -> None:
    """Save what stands on a card, and move it, add one behind it, or take it away."""
    saved = CardEdit(
        card_id,
        words=str(form["words"]) if "words" in form else None,
        move=choices.MOVES[str(form.get("move"))][1] if form.get("move") in choices.MOVES else None,
        seconds=_number(form, "seconds"),
        is_locked={"lock": True, "unlock": False}.get(act),
    )
    check = _check(form)
    if act in ("save", "lock", "unlock"):
        await boards.edit_card(scope.transaction, scope.principal, video_id, saved, check)
        return
    board = await boards.get(scope.transaction, video_id)
    edits = [saved if card.id == card_id else CardEdit(card.id) for card in board.storyboard.cards]
    at = next((n for n, edit in enumerate(edits) if edit.id == card_id), None)
    if at is not None:
        if act == "remove":
            del edits[at]
        elif act == "add":
            edits.insert(at + 1, CardEdit(like=card_id))
        else:
            to = max(0, min(len(edits) - 1, at + (1 if act == "down" else -1)))
            edits.insert(to, edits.pop(at))
    await boards.edit(scope.transaction, scope.principal, video_id, edits, check=check)


async def _show(videos: Videos, scope: Scope, video_id: UUID, form: FormData, files: Mapping[str, UUID | None]) -> None:
    """``files``: those that are to be others, or none."""
    names = (*(name for name, _, _ in choices.SHOWN), "orientation")
    changes: dict[str, Json] = {name: str(form[name])[:40] for name in names if name in form}
    changes |= mended_in(form)
    if "outputs" in form:  # one that is empty says that they were shown
        changes["outputs"] = outputs_in(form)
    await videos.change_brief(scope.transaction, scope.principal, video_id, choices.captioned(changes))
    if "driving" in files:
        await videos.change_driving(scope.transaction, scope.principal, video_id, files["driving"])
    if "lut" in files:
        await videos.change_lut(scope.transaction, scope.principal, video_id, files["lut"])


def _kept(file: Json) -> Mapping[str, Any] | None:
    """A file of the film, for the form: it stays although nobody may find it in the library any more."""
    return {"id": _AS_IT_IS, "name": file["name"]} if file else None


def _named(form: FormData, name: str) -> dict[str, UUID | None]:
    """What the form says of a file: another one, or that there is to be none. Nothing where it stays, or was not
    shown. Raises ``NotFound``."""
    said = [str(value) for value in form.getlist(name) if value]
    if name not in form or _AS_IT_IS in said:
        return {}
    found = [id_of(value) for value in said]
    if None in found:
        raise NotFound("There is no such asset.")
    return {name: found[-1] if found else None}


def _check(form: Mapping[str, Any]) -> CheckEdition:
    """Refuses an edit of another version than the one that was shown."""
    seen = str(form.get("seen", ""))[:20]
    return partial(refuse_outdated, f'"{seen}"' if seen else None)


def _number(form: Mapping[str, Any], name: str) -> float | None:
    """None where none stands."""
    try:
        return float(str(form.get(name, ""))[:20])
    except ValueError:
        return None
