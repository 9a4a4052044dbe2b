"""``overprint make video``: from a sentence to a folder with a film, in one command that can be interrupted."""

import asyncio
import json
import sys
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from overprint import __version__
from overprint.core.codec import decode, digest, encode
from overprint.core.files import StoredFile
from overprint.core.film import FilmBrief
from overprint.core.problems import Invalid
from overprint.db.database import Transaction
from overprint.engine.job import JOB_ENDED, STEP_DELIVERED, JobState, StepState
from overprint.features.videos import Film, cleaned
from overprint.main.beginning import Begun
from overprint.main.exits import Exit
from overprint.main.exporting import Exported
from overprint.main.folders import (
    RECIPE,
    ports_asked,
    read_recipe,
    read_stored,
    refuse_data_folder,
    refuse_unwritable,
    remove_files,
    stem_of,
    step_told,
    write_whole,
)
from overprint.main.home import claim, open_home, read_settings
from overprint.main.making import log_to_file, seen_through, why_incomplete, working
from overprint.main.progress import json_progress, terminal_progress
from overprint.wiring import House

KEY_PREFIX = "film:"
_PROJECT = "film.json"


@dataclass(frozen=True, slots=True)
class MakeVideoOptions:
    """What the command line said."""

    brief: FilmBrief
    out: Path
    data: Path | None
    as_json: bool = False


async def make_video(options: MakeVideoOptions) -> int:
    """Make the film and write it to ``out``; answers the exit code."""
    brief, out = cleaned(options.brief), options.out.absolute()
    settings = read_settings(options.data, log_level="CRITICAL", claims=False)
    _look_into(out, brief)
    refuse_data_folder(out, settings.data_dir)
    claim(settings)
    log = log_to_file(settings)
    progress = json_progress() if options.as_json else terminal_progress()
    async with open_home(settings) as house, working(house):
        begun = await _begin(house, brief)
        state, error = await seen_through(house, begun, progress)
        exported = await _export(house, begun, brief, out)
        code = Exit.OK if state is JobState.COMPLETED else await why_incomplete(house, begun, exported)
    progress.done(state, out, exported, error)
    if code is not Exit.OK:
        print(f"overprint: details are in {log}", file=sys.stderr)
    return code


def _look_into(out: Path, brief: FilmBrief) -> None:
    """Raises ``Invalid`` for a place that the film cannot be written to, or that holds something else."""
    if out.exists() and not out.is_dir():
        raise Invalid(f"{out} is a file.", "Choose a folder with --out.")
    refuse_unwritable(out)
    if not out.exists() or not any(out.iterdir()):
        return
    known = read_recipe(out) or {}
    if known.get("film") != encode(brief):
        raise Invalid(f"{out} is not empty, and holds something else.", "Choose another folder with --out.")


async def _begin(house: House, brief: FilmBrief) -> Begun:
    """The film of this very request, or a new one; an unfinished job is joined, a failed one is run again."""
    async with house.database.transaction(house.owner.team_id) as transaction:
        key = KEY_PREFIX + digest(brief)
        first = await house.jobs.get_by_key(transaction, key)
        if first is None:
            _, job = await house.videos.start(transaction, house.owner, brief, idempotency_key=key)
            return Begun(job["lineage"], job, what="film")
        job = await house.jobs.find_newest(transaction, first["lineage"]) or first
        if job["state"] in (JobState.FAILED, JobState.CANCELLED):
            job = await house.videos.render(transaction, house.owner, job["lineage"])
        return await _joined(house, transaction, job)


async def _joined(house: House, transaction: Transaction, job: dict[str, Any]) -> Begun:
    steps = await house.jobs.list_steps(transaction, job["id"])
    running = [(step["key"], step["title"]) for step in steps if step["state"] == StepState.RUNNING]
    made = 0 if JobState(job["state"]) in JOB_ENDED else sum(step["state"] in STEP_DELIVERED for step in steps)
    return Begun(job["lineage"], job, made, running=running, what="film")


async def _export(house: House, begun: Begun, brief: FilmBrief, out: Path) -> Exported:
    """The film, its poster, its captions, its scenes' pictures, the project and the recipe; nothing without a
    storyboard."""
    async with house.database.transaction(house.owner.team_id) as transaction:
        film = await house.videos.get_film(transaction, begun.work_id)
        steps = await house.jobs.list_steps(transaction, begun.job["id"])
    if film.storyboard is None or not film.pictures:
        return Exported([], [])
    files = _placed(stem_of(film.storyboard.title), film)
    before = (read_recipe(out) or {}).get("files", {})
    recipe = {
        "overprint": __version__,
        "title": film.storyboard.title,
        "film": encode(brief),
        "providers": {port: encode(house.ports.providers()[port]) for port in ports_asked(house, steps)},
        "steps": sorted((step_told(step) for step in steps), key=lambda step: str(step["key"])),
        "files": {name: {"sha256": file.content_hash, "media_type": file.media_type} for name, file in files.items()},
    }
    for name, file in files.items():
        await asyncio.to_thread(write_whole, out / name, await read_stored(house, file))
    for name, told in ((_PROJECT, _project(film)), (RECIPE, recipe)):
        text = json.dumps(told, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
        await asyncio.to_thread(write_whole, out / name, text.encode())
    remove_files(out, set(before) - set(files))
    return Exported([*(out / name for name in files), out / _PROJECT, out / RECIPE], _notes(brief, film))


def _placed(stem: str, film: Film) -> dict[str, StoredFile]:
    """Files by their names in the folder."""
    pictures = {f"scenes/{number}.jpg": made.file for number, made in sorted(film.pictures.items())}
    poster = {"poster.jpg": film.pictures[min(film.pictures)].file}
    if film.film is None:
        return poster | pictures
    whole = {f"{stem}.mp4": film.signed or film.film.file, f"{stem}.vtt": film.film.captions}
    return whole | {_place(stem, name): file for name, file in film.packages.items()} | poster | pictures


def _place(stem: str, name: str) -> str:
    """A film for streaming has a folder of its own: its playlists name the files beside them."""
    path = PurePosixPath(name)
    if path.suffix in (".m3u8", ".m4s"):
        return f"hls/{name}"
    return f"{stem}{path.suffix}"


def _project(film: Film) -> dict[str, Any]:
    """The storyboard, and what was found in the film itself."""
    alts = {number: made.alt for number, made in sorted(film.pictures.items())}
    return {
        "storyboard": encode(film.storyboard),
        "descriptions": alts,
        "checks": film.film and encode(film.film.checks),
    }


def _notes(brief: FilmBrief, film: Film) -> list[str]:
    if film.film is None or film.film.seconds <= brief.seconds + 0.05:
        return []
    return [f"The film lasts {film.film.seconds:.1f} s instead of {brief.seconds}, because what is said takes so long."]


def brief_of(asked: dict[str, object]) -> FilmBrief:
    """What the command line asks for. Raises ``Invalid``."""
    try:
        return decode(FilmBrief, asked, at="")
    except Invalid as problem:
        raise Invalid(
            problem.message, problem.next_step or "`overprint make video --help` tells what it takes."
        ) from None
