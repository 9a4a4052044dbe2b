"""Post-processing: each clip with its words, the sound of them all, and both joined."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from overprint.core.files import FileKind, StoredFile, file_name
from overprint.core.film import Transition
from overprint.craft.editing import (
    BEFORE,
    CLIP,
    EDIT_MEMORY_BYTES,
    FILM,
    FILM_MEDIA_TYPE,
    FINISHED,
    SOUND,
    SOUND_MEDIA_TYPE,
    Caption,
    FinishOrder,
    JoinOrder,
    SoundOrder,
    captions_of,
    checks_of,
    clip_name,
    film_sound,
    finish_clip,
    finish_order,
    finish_timeout_seconds,
    join_film,
    join_order,
    join_timeout_seconds,
    sound_bytes,
    sound_order,
    sound_timeout_seconds,
    web_vtt,
)
from overprint.engine.context import StepContext
from overprint.features.videos import rules
from overprint.features.videos.rules.credits import credit_lines
from overprint.features.videos.stages.motion import notes_of
from overprint.features.videos.steps import FilmIn, FilmOut, FinishIn, FinishOut, SoundIn, SoundOut


async def finish(context: StepContext, need: FinishIn) -> FinishOut:
    clip, order = need.clip.file, _finish_order(context, need)
    lut = await context.read(need.lut.key) if need.lut else b""
    async with context.scratch() as place:
        await context.lend(clip.key, place / CLIP)
        if need.before:
            await context.lend(need.before.file.key, place / BEFORE)
        await context.compute.run(
            finish_clip,
            finish_order(order, lut),
            timeout_seconds=finish_timeout_seconds(order),
            memory_bytes=EDIT_MEMORY_BYTES,
            told=context.frames_told(need.frames),
            folder=place,
        )
        like = replace(clip, width_px=need.width_px or clip.width_px, height_px=need.height_px or clip.height_px)
        name, seconds = f"{need.name}, finished.mp4", need.frames / need.fps
        return FinishOut(await _saved(context, place / FINISHED, like, name, "finished", seconds), order.credits)


def _finish_order(context: StepContext, need: FinishIn) -> FinishOrder:
    overlaps = need.before is not None and need.transition is not Transition.CUT
    return FinishOrder(
        captions=captions_of(need.words, need.cues, need.marks) if need.is_captioned else (),
        frames=need.frames,
        fps=need.fps,
        opens=need.opens,
        ends=need.ends,
        caption_style=need.caption_style,
        look=need.look,
        transition=need.transition,
        before_frames=need.before_frames,
        overlap=min(rules.overlap_frames(need.fps), need.frames) if overlaps else 0,
        title=need.title,
        credits=_credits(context, need) if need.end_seconds else (),
        credit_frames=round(need.end_seconds * need.fps),
        seed=context.seed,
        width_px=need.width_px,
        height_px=need.height_px,
        denoise=need.denoise,
        is_steadied=need.is_steadied,
    )


def _credits(context: StepContext, need: FinishIn) -> tuple[str, ...]:
    """What says how it was made. Another provider makes other clips, so this never speaks of those before."""
    if need.credits:
        return need.credits
    known = context.ports.providers()
    image = known["image"] if need.is_drawn else None
    return credit_lines(image, known["video"], known["speech"], need.house, need.language)


async def mix(context: StepContext, need: SoundIn) -> SoundOut:
    starts, seconds = rules.starts_seconds(need.frames, need.fps), sum(need.frames) / need.fps
    answer = await context.compute.run(
        sound_bytes,
        sound_order(
            SoundOrder(seconds, starts, need.mood, context.seed),
            [await context.read(need.spoken[number].file.key) for number in need.scenes],
        ),
        timeout_seconds=sound_timeout_seconds(seconds),
        memory_bytes=EDIT_MEMORY_BYTES,
    )
    made = film_sound(answer)
    file = await context.save(
        made.data,
        media_type=SOUND_MEDIA_TYPE,
        kind=FileKind.AUDIO,
        name="sound.m4a",
        folder="sound",
        duration_seconds=seconds,
    )
    return SoundOut(file, round(made.loudness_lufs, 2), round(made.peak_dbtp, 2))


async def join(context: StepContext, need: FilmIn) -> FilmOut:
    starts, seconds = rules.starts_seconds(need.frames, need.fps), sum(need.frames) / need.fps
    first = need.finished[need.scenes[0]].file
    order = JoinOrder(
        title=need.title,
        fps=need.fps,
        clips=len(need.scenes),
        frames=sum(need.frames),
        width_px=first.width_px or 0,
        height_px=first.height_px or 0,
    )
    async with context.scratch() as place:
        for number, scene in enumerate(need.scenes):
            await context.lend(need.finished[scene].file.key, place / clip_name(number))
        await context.lend(need.sound.file.key, place / SOUND)
        answer = await context.compute.run(
            join_film,
            join_order(order),
            timeout_seconds=join_timeout_seconds(seconds),
            memory_bytes=EDIT_MEMORY_BYTES,
            folder=place,
        )
        film = await _saved(context, place / FILM, first, file_name(need.title, "mp4"), "film", seconds)
    checks = checks_of(answer)
    return FilmOut(
        file=film,
        captions=await context.save(
            web_vtt(_captions(need, starts)).encode(),
            media_type="text/vtt",
            kind=FileKind.OTHER,
            name=file_name(need.title, "vtt"),
            folder="film",
        ),
        seconds=seconds,
        checks=replace(checks, notes=(*checks.notes, *notes_of(need.motion))),
    )


def _captions(need: FilmIn, starts: Sequence[float]) -> list[Caption]:
    """Those of all scenes, by the clock of the film."""
    return [
        caption.later(start)
        for words, number, start in zip(need.words, need.scenes, starts, strict=True)
        for caption in captions_of(words, need.spoken[number].cues, need.spoken[number].marks)
    ]


async def _saved(
    context: StepContext, path: Path, like: StoredFile, name: str, folder: str, seconds: float | None
) -> StoredFile:
    return await context.save_file(
        path,
        media_type=FILM_MEDIA_TYPE,
        kind=FileKind.VIDEO,
        name=name,
        folder=folder,
        width_px=like.width_px,
        height_px=like.height_px,
        duration_seconds=seconds,
    )
