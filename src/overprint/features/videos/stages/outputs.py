"""A finished film as something else, each by a step of its own so that one more redoes nothing; and its signed copy."""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

from overprint.core.codec import Json
from overprint.core.files import FileKind, StoredFile, file_name
from overprint.core.film import Card, FilmBrief, Output
from overprint.craft.editing import EDIT_MEMORY_BYTES, MADE, package_film, package_order, package_timeout_seconds
from overprint.craft.editing import FILM as FILM_FILE
from overprint.engine.context import StepContext
from overprint.engine.pipeline import StepKind
from overprint.engine.recipe import ref
from overprint.engine.spec import Queue, StepSpec
from overprint.features.videos.steps import FILM, PACKAGE, SIGNED_FILM, STORYBOARD, MakeFilm, PackageIn, PackageOut
from overprint.steps.sign_files import SignIn, SignOut, sign_file

_TYPES = {
    ".webm": ("video/webm", FileKind.VIDEO),
    ".m3u8": ("application/vnd.apple.mpegurl", FileKind.OTHER),
    ".m4s": ("video/iso.segment", FileKind.OTHER),
    ".gif": ("image/gif", FileKind.OTHER),
    ".webp": ("image/webp", FileKind.IMAGE),
}
_TITLES = {
    Output.WEBM: "Making a WebM film",
    Output.HLS: "Making a film for streaming",
    Output.GIF: "Making a loop (GIF)",
    Output.WEBP: "Making a loop (WebP)",
}
_MADE_BY = ("text", "image", "video", "speech")
_SECONDS_MAX = 4 * 3600.0


def package_key(output: Output) -> str:
    return f"{PACKAGE}{output}"


def specs(request: MakeFilm, cards: Sequence[Card]) -> list[StepSpec]:
    """What follows the film of these ``cards``. Of one that was imported nobody here can state who made it."""
    title = ref(STORYBOARD, "/title")
    file = ref(FILM, "/file")
    signed: dict[str, Json] = {"step": FILM, "file": file, "title": title, "author": ""}
    signed["made_by"] = [] if request.imported else _made_by(cards)
    if any(card.picture for card in cards):
        signed["is_brought"] = True
    film = {"film": file, "title": title}
    return [
        StepSpec(SIGNED_FILM, "videos.sign@1", "Signing the film", signed),
        *(
            StepSpec(package_key(output), "videos.package@1", _TITLES[output], {**film, "output": output})
            for output in dict.fromkeys(request.brief.outputs)
        ),
    ]


def _made_by(cards: Sequence[Card]) -> list[str]:
    """Nobody here drew what a person brought."""
    is_drawn = not all(card.picture for card in cards)
    return [port for port in _MADE_BY if is_drawn or port != "image"]


def most(brief: FilmBrief) -> dict[str, int]:
    outputs = len(set(brief.outputs))
    return {"videos.sign@1": 1} | ({"videos.package@1": outputs} if outputs else {})


async def package(context: StepContext, need: PackageIn) -> PackageOut:
    film = need.film
    async with context.scratch() as place:
        await context.lend(film.key, place / FILM_FILE)
        await context.compute.run(
            package_film,
            package_order(need.output),
            timeout_seconds=package_timeout_seconds(film.duration_seconds or 0.0),
            memory_bytes=EDIT_MEMORY_BYTES,
            folder=place,
        )
        made = sorted(await asyncio.to_thread(os.listdir, place / MADE))
        return PackageOut(film.content_hash, {name: await _saved(context, need, place / MADE / name) for name in made})


async def _saved(context: StepContext, need: PackageIn, path: Path) -> StoredFile:
    media_type, kind = _TYPES[path.suffix]
    return await context.save_file(
        path,
        media_type=media_type,
        kind=kind,
        name=path.name if need.output is Output.HLS else file_name(need.title, path.suffix[1:]),
        folder=f"outputs/{need.output}",
        duration_seconds=need.film.duration_seconds if kind is FileKind.VIDEO else None,
    )


KINDS = (
    StepKind("videos.package@1", PackageIn, PackageOut, package, Queue.POST, timeout_seconds=_SECONDS_MAX),
    StepKind("videos.sign@1", SignIn, SignOut, sign_file, Queue.POST, ports=(*_MADE_BY, "credentials")),
)
