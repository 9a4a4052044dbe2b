"""Drawing: a scene in, a stored picture with a preview out. And portraits, after which scenes are drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from overprint.core.files import FileKind, StoredFile
from overprint.core.problems import Invalid
from overprint.core.scene import MADE_UP, Constraint, Scene, Sheet, Species
from overprint.core.shown import stand_ins
from overprint.core.story import Style
from overprint.craft.fitting import fit
from overprint.craft.framing import pack
from overprint.craft.imaging import thumbnail
from overprint.engine.context import Picture, StepContext
from overprint.ports.compute import ComputeFailed
from overprint.ports.image import ImageRequest
from overprint.steps.portrait import portrait_prompt, portrait_scene
from overprint.steps.prompts import picture_prompt

THUMBNAIL_MEMORY_BYTES = 1_000_000_000
THUMBNAIL_TIMEOUT_SECONDS = 60
PORTRAIT_SIDE_PX = 1024


async def draw_picture(
    context: StepContext,
    scene: Scene,
    sheets: Mapping[str, Sheet],
    *,
    style: Style,
    width_px: int,
    height_px: int,
    name: str,
    folder: str,
    portraits: Mapping[str, StoredFile],
    is_spread: bool = False,
) -> Picture:
    """Draw ``scene`` and keep it under ``folder``, with a preview for lists. ``is_spread``: across two facing pages.

    ``portraits`` of its characters, by id, go along to an illustrator who can follow them, as many as it takes.
    """
    posing = [actor.who for actor in scene.actors if actor.who in portraits]
    posing = list(dict.fromkeys(posing))[: context.ports.image.references_max]
    request = ImageRequest(
        scene=scene,
        sheets=sheets,
        style=style,
        width_px=width_px,
        height_px=height_px,
        seed=context.seed,
        prompt=picture_prompt(scene, sheets, style, posing, is_spread=is_spread),
        idempotency_key=context.call_id("draw"),
        references=tuple([await context.read(portraits[who].key) for who in posing]),
        is_spread=is_spread,
    )
    return await _with_preview(context, await context.draw(request, name=name, folder=folder), folder)


def alternative_text(scene: Scene, sheets: Mapping[str, Sheet], shown: Sequence[str]) -> str:
    """What people hear who cannot see the picture: the caption, and who in it is not drawn as what they are."""
    told = [scene.caption]
    told += [f"The {what} is drawn here as {kind}." for what, kind in stand_ins(shown)]
    present = [sheets[actor.who] for actor in scene.actors]
    strangers = sum(sheet.species is Species.CREATURE and not sheet.in_place_of for sheet in present)
    if MADE_UP in shown and strangers:
        number = "" if len(present) == 1 else "One of them is" if strangers == 1 else f"{strangers} of them are"
        told.append(f"{number} drawn here as a {MADE_UP}.".strip().capitalize())
    return " ".join(told)


async def draw_portrait(
    context: StepContext, who: str, sheet: Sheet, constraints: Sequence[Constraint], *, style: Style
) -> StoredFile | None:
    """One character alone, to draw other pictures after. ``None`` for an illustrator who follows no pictures."""
    if context.ports.image.references_max == 0:
        return None
    scene = portrait_scene(who, constraints)
    request = ImageRequest(
        scene=scene,
        sheets={who: sheet},
        style=style,
        width_px=PORTRAIT_SIDE_PX,
        height_px=PORTRAIT_SIDE_PX,
        seed=context.seed,
        prompt=portrait_prompt(scene, sheet, style),
        idempotency_key=context.call_id("draw"),
    )
    drawn = await context.draw(request, name=f"portrait of {who}", folder="characters")
    return (await _with_preview(context, drawn, "characters")).file


async def keep_picture(
    context: StepContext, file: StoredFile, *, width_px: int, height_px: int, name: str, folder: str
) -> StoredFile:
    """A person's own picture, cropped to its middle and scaled to this size, with a preview."""
    payload = pack({"width_px": width_px, "height_px": height_px}, {"picture": await context.read(file.key)})
    try:
        data = await context.compute.run(
            fit, payload, timeout_seconds=THUMBNAIL_TIMEOUT_SECONDS, memory_bytes=THUMBNAIL_MEMORY_BYTES
        )
    except ComputeFailed as failure:
        raise Invalid("This picture is damaged or far too large.", "Choose another one.") from failure
    kept = await context.save(
        data,
        media_type="image/jpeg",
        kind=FileKind.IMAGE,
        name=f"{name}.jpg",
        folder=folder,
        width_px=width_px,
        height_px=height_px,
    )
    return (await _with_preview(context, Picture(kept), folder)).file


async def _with_preview(context: StepContext, picture: Picture, folder: str) -> Picture:
    file = picture.file
    data = await context.compute.run(
        thumbnail,
        await context.read(file.key),
        timeout_seconds=THUMBNAIL_TIMEOUT_SECONDS,
        memory_bytes=THUMBNAIL_MEMORY_BYTES,
    )
    preview = await context.save(
        data, media_type="image/webp", kind=FileKind.IMAGE, name=f"preview of {file.name}", folder=f"{folder}/previews"
    )
    return replace(picture, file=replace(file, thumbnail_key=preview.key, thumbnail_size_bytes=preview.size_bytes))
