"""Post-processing: each clip with its words, and all of them joined with their sound."""

from dataclasses import replace

from overprint.core.files import FileKind, StoredFile, file_name
from overprint.craft.editing import (
    EDIT_MEMORY_BYTES,
    FILM_MEDIA_TYPE,
    Caption,
    FinishOrder,
    JoinOrder,
    captions_of,
    finish_bytes,
    finish_order,
    finish_timeout_seconds,
    finished_film,
    join_bytes,
    join_order,
    join_timeout_seconds,
    web_vtt,
)
from overprint.engine.context import StepContext
from overprint.features.videos import rules
from overprint.features.videos.steps import ClipOut, FilmIn, FilmOut, FinishIn


async def finish(context: StepContext, need: FinishIn) -> ClipOut:
    clip = need.clip.file
    captions = captions_of(need.words, need.cues) if need.is_captioned else ()

    async def told(frames: int) -> None:
        await context.progress(frames / need.frames, f"{frames} of {need.frames} frames")

    data = await context.compute.run(
        finish_bytes,
        finish_order(FinishOrder(captions, need.frames, need.fps, need.opens, need.ends), await context.read(clip.key)),
        timeout_seconds=finish_timeout_seconds(need.frames),
        memory_bytes=EDIT_MEMORY_BYTES,
        told=told,
    )
    return ClipOut(await _saved(context, data, clip, f"{need.name}, finished.mp4", "finished", clip.duration_seconds))


async def join(context: StepContext, need: FilmIn) -> FilmOut:
    starts, seconds = rules.starts_seconds(need.frames, need.fps), sum(need.frames) / need.fps
    first = need.finished[need.scenes[0]].file
    order = JoinOrder(need.title, need.fps, seconds, starts)
    answer = await context.compute.run(
        join_bytes,
        join_order(
            order,
            [await context.read(need.finished[number].file.key) for number in need.scenes],
            [await context.read(need.spoken[number].file.key) for number in need.scenes],
        ),
        timeout_seconds=join_timeout_seconds(seconds),
        memory_bytes=EDIT_MEMORY_BYTES,
    )
    made = finished_film(answer)
    name = file_name(need.title, "mp4")
    return FilmOut(
        file=await _saved(context, made.data, first, name, "film", seconds),
        captions=await context.save(
            web_vtt(_captions(need, starts)).encode(),
            media_type="text/vtt",
            kind=FileKind.OTHER,
            name=file_name(need.title, "vtt"),
            folder="film",
        ),
        seconds=seconds,
        loudness_lufs=round(made.loudness_lufs, 2),
        peak_dbfs=round(made.peak_dbfs, 2),
    )


def _captions(need: FilmIn, starts: tuple[float, ...]) -> list[Caption]:
    """Those of all scenes, by the clock of the film."""
    return [
        replace(caption, start_seconds=caption.start_seconds + start, end_seconds=caption.end_seconds + start)
        for words, number, start in zip(need.words, need.scenes, starts, strict=True)
        for caption in captions_of(words, need.spoken[number].cues)
    ]


async def _saved(
    context: StepContext, data: bytes, like: StoredFile, name: str, folder: str, seconds: float | None
) -> StoredFile:
    return await context.save(
        data,
        media_type=FILM_MEDIA_TYPE,
        kind=FileKind.VIDEO,
        name=name,
        folder=folder,
        width_px=like.width_px,
        height_px=like.height_px,
        duration_seconds=seconds,
    )
