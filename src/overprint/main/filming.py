"""``overprint make video``: from a sentence to a folder with a film, in one command that can be interrupted."""

import asyncio
import hashlib
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any
from uuid import UUID

from overprint import __version__
from overprint.core.codec import decode, digest, encode
from overprint.core.files import StoredFile
from overprint.core.film import FilmBrief
from overprint.core.problems import Invalid, NotFound
from overprint.db.database import Transaction
from overprint.engine.job import JOB_ENDED, STEP_DELIVERED, JobState, StepState
from overprint.features.library import UPLOAD_MAX_BYTES
from overprint.features.videos import Film, Source, Target, cleaned, script_of
from overprint.main.beginning import Begun
from overprint.main.exits import Exit
from overprint.main.exporting import Exported
from overprint.main.folders import (
    RECIPE,
    providers_told,
    read_recipe,
    refuse_data_folder,
    refuse_unwritable,
    remove_files,
    stem_of,
    step_told,
    write_stored,
    write_whole,
)
from overprint.main.home import claim, open_home, read_settings
from overprint.main.making import log_to_file, seen_through, why_incomplete, working
from overprint.main.progress import json_progress, terminal_progress
from overprint.wiring import House

KEY_PREFIX = "film:"
SCRIPT_MAX_BYTES = 100_000
_PROJECT = "film.json"
_NOT_ASKED = ("preset_id", "undriven")


@dataclass(frozen=True, slots=True)
class MakeVideoOptions:
    """What the command line said."""

    brief: FilmBrief
    out: Path
    data: Path | None
    as_json: bool = False
    script: tuple[str, ...] = ()
    picture: Path | None = None
    motion_from: Path | None = None
    lut: Path | None = None
    storyboard_only: bool = False

    @property
    def target(self) -> Target:
        return Target.ANIMATIC if self.storyboard_only else Target.FILM


_UNFILMED = (
    "There is a storyboard, and a scene on it is longer than can be filmed at once. `overprint up` shows it; make two "
    "scenes of it, or make it shorter. Then run this again."
)


@dataclass(frozen=True, slots=True)
class Brought:
    """A file of the person's own."""

    name: str
    data: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Asked:
    """What makes one film: the same is the same film, however far it is made. ``driving``: a clip that it follows;
    ``lut``: a ``.cube`` file."""

    brief: FilmBrief
    script: tuple[str, ...]
    picture: Brought | None
    driving: Brought | None
    lut: Brought | None = None

    def told(self) -> dict[str, Any]:
        """As recipes have it. Which preset it was changes no frame: all that it says is in the brief; and nobody asks
        for what only follows from a clip."""
        more: dict[str, Any] = {"script": list(self.script)} if self.script else {}
        for name, file in (("picture", self.picture), ("driving", self.driving), ("lut", self.lut)):
            if file is not None:
                more[name] = file.sha256
        brief = {name: value for name, value in encode(self.brief).items() if name not in _NOT_ASKED}
        return {**brief, **more}


async def make_video(options: MakeVideoOptions) -> int:
    """Make the film and write it to ``out``; answers the exit code."""
    asked, out = _asked(options), options.out.absolute()
    settings = read_settings(options.data, log_level="CRITICAL", claims=False)
    look_into(out, asked.told())
    refuse_data_folder(out, settings.data_dir)
    claim(settings)
    log = log_to_file(settings)
    progress = json_progress() if options.as_json else terminal_progress()
    async with open_home(settings) as house, working(house):
        begun = await begin(house, asked, options.target)
        state, error = await seen_through(house, begun, progress)
        exported = await export(house, begun, asked.told(), out, state)
        is_made = state is JobState.COMPLETED and bool(exported.paths)
        code = Exit.OK if is_made else await why_incomplete(house, begun, exported)
    progress.done(state, out, exported, error)
    if code is not Exit.OK:
        print(f"overprint: details are in {log}", file=sys.stderr)
    return code


def _asked(options: MakeVideoOptions) -> Asked:
    """Raises ``Invalid``."""
    paths = (options.picture, options.motion_from, options.lut)
    return Asked(cleaned(options.brief), options.script, *(_brought(path) if path else None for path in paths))


def read_script(path: Path) -> tuple[str, ...]:
    """The words of each scene of a file. Raises ``Invalid``."""
    try:
        return script_of(_read(path, SCRIPT_MAX_BYTES).decode())
    except UnicodeDecodeError:
        raise Invalid(f"{path} is not UTF-8 text.", "Save it as UTF-8.") from None


def _brought(path: Path) -> Brought:
    return Brought(path.name, _read(path, UPLOAD_MAX_BYTES))


def _read(path: Path, bytes_max: int) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(bytes_max + 1)
    except OSError as error:
        raise Invalid(f"{path} cannot be read ({error.strerror}).", "Choose another file.") from None
    if len(data) > bytes_max:
        raise Invalid(f"{path} has more than {bytes_max} bytes.", "Choose a smaller one.")
    return data


def look_into(out: Path, told: Mapping[str, Any]) -> None:
    """Raises ``Invalid`` for a place that the film cannot be written to, or that holds something else."""
    if out.exists() and not out.is_dir():
        raise Invalid(f"{out} is a file.", "Choose a folder with --out.")
    refuse_unwritable(out)
    if not out.exists() or not any(out.iterdir()):
        return
    known = read_recipe(out) or {}
    if known.get("film") != told:
        raise Invalid(f"{out} is not empty, and holds something else.", "Choose another folder with --out.")


async def begin(house: House, asked: Asked, target: Target) -> Begun:
    """The film of this very request, or a new one; an unfinished job is joined, one that failed or did not go so far is
    gone on with."""
    key = KEY_PREFIX + digest(asked.told())
    async with house.database.transaction(house.owner.team_id) as transaction:
        first = await house.jobs.get_by_key(transaction, key)
        if first is not None:
            job = await house.jobs.find_newest(transaction, first["lineage"]) or first
            made = (await house.videos.get_film(transaction, job["lineage"])).film
            if _is_to_go_on(JobState(job["state"]), target, is_filmed=made is not None):
                job = await house.videos.render(transaction, house.owner, job["lineage"], target)
            return await _joined(house, transaction, job)
    brought = (asked.picture, asked.driving, asked.lut)
    picture, driving, lut = [await _kept(house, file) if file else None for file in brought]
    async with house.database.transaction(house.owner.team_id) as transaction:
        _, job = await house.videos.start(
            transaction,
            house.owner,
            asked.brief,
            source=Source(script=asked.script, picture=picture, driving=driving, lut=lut),
            target=target,
            idempotency_key=key,
        )
    return Begun(job["lineage"], job, what="film")


async def find_made(house: House, transaction: Transaction, folder: Path) -> UUID | None:
    """The film that ``make video`` wrote to a folder; None for another folder. Raises ``NotFound``."""
    told = (read_recipe(folder) or {}).get("film")
    if told is None:
        return None
    job = await house.jobs.get_by_key(transaction, KEY_PREFIX + digest(told))
    if job is None:
        raise NotFound("The film in this folder was not made with this data folder.", "Name the right one with --data.")
    found: UUID = job["lineage"]
    return found


def _is_to_go_on(state: JobState, target: Target, *, is_filmed: bool) -> bool:
    """A job may be complete without a film: it was not to go so far, or stopped at a storyboard that could not be
    filmed. Whether it can by now, rendering says."""
    if state is JobState.COMPLETED:
        return target is Target.FILM and not is_filmed
    return state in JOB_ENDED


async def _kept(house: House, file: Brought) -> UUID:
    """The id of the asset that the person's file became."""
    team = partial(house.database.transaction, house.owner.team_id)
    return UUID(str((await house.library.bring(house.owner, file.data, file.name, team))["id"]))


async def _joined(house: House, transaction: Transaction, job: dict[str, Any]) -> Begun:
    steps = await house.jobs.list_steps(transaction, job["id"])
    running = [(step["key"], step["title"]) for step in steps if step["state"] == StepState.RUNNING]
    made = 0 if JobState(job["state"]) in JOB_ENDED else sum(step["state"] in STEP_DELIVERED for step in steps)
    return Begun(job["lineage"], job, made, running=running, what="film")


async def export(house: House, begun: Begun, told: Mapping[str, Any], out: Path, state: JobState) -> Exported:
    """The film, its poster, its captions, its scenes' pictures, the project and the recipe; nothing without a
    storyboard. ``told``: what was asked for, as recipes have it. A job that is complete and drew nothing was not to go
    further (``Videos.filmed_most``)."""
    async with house.database.transaction(house.owner.team_id) as transaction:
        film = await house.videos.get_film(transaction, begun.work_id)
        steps = await house.jobs.list_steps(transaction, begun.job["id"])
    if film.storyboard is None or not film.pictures:
        return Exported([], [_UNFILMED] if film.storyboard and state is JobState.COMPLETED else [])
    files = _placed(stem_of(film.storyboard.title), film)
    before = (read_recipe(out) or {}).get("files", {})
    recipe = {
        "overprint": __version__,
        "title": film.storyboard.title,
        "film": told,
        "providers": providers_told(house, steps),
        "steps": sorted((step_told(step) for step in steps), key=lambda step: str(step["key"])),
        "files": {name: {"sha256": file.content_hash, "media_type": file.media_type} for name, file in files.items()},
    }
    for name, file in files.items():
        await write_stored(house, file, out / name)
    for name, content in ((_PROJECT, _project(film)), (RECIPE, recipe)):
        text = json.dumps(content, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
        await asyncio.to_thread(write_whole, out / name, text.encode())
    remove_files(out, set(before) - set(files))
    return Exported(
        [*(out / name for name in files), out / _PROJECT, out / RECIPE], notes_of(told["seconds"], film, state)
    )


def _placed(stem: str, film: Film) -> dict[str, StoredFile]:
    """Files by their names in the folder."""
    pictures = {f"scenes/{number}.jpg": made.file for number, made in sorted(film.pictures.items())}
    poster = {"poster.jpg": next(iter(film.pictures.values())).file}
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


def notes_of(seconds: int, film: Film, state: JobState) -> list[str]:
    """What to know of what was written. ``state``: of the job that was to make it; one that ended early was not asked
    to stop at a storyboard."""
    if film.film is None and state is not JobState.COMPLETED:
        return ["There are pictures of scenes and no film yet. Run it again, and it goes on from here."]
    if film.film is None:
        return ["This is the storyboard. Run it again without --storyboard-only, and it becomes the film."]
    found = list(film.film.checks.notes)
    if film.film.seconds <= seconds + 0.05:
        return found
    return [
        *found,
        f"The film lasts {film.film.seconds:.1f} s instead of {seconds}, because what is said takes so long.",
    ]


def brief_of(asked: dict[str, object]) -> FilmBrief:
    """What the command line asks for. Raises ``Invalid``."""
    try:
        return decode(FilmBrief, asked, at="")
    except Invalid as problem:
        raise Invalid(
            problem.message, problem.next_step or "`overprint make video --help` tells what it takes."
        ) from None
