"""Drawing: a scene in, a stored picture with a preview out."""

from collections.abc import Mapping
from dataclasses import replace

from overprint.core.files import FileKind, StoredFile
from overprint.core.scene import Scene, Sheet
from overprint.core.story import Style
from overprint.craft.imaging import thumbnail
from overprint.engine.context import Picture, StepContext
from overprint.ports.image import ImageRequest
from overprint.steps.prompts import picture_prompt

THUMBNAIL_MEMORY_BYTES = 1_000_000_000
THUMBNAIL_TIMEOUT_SECONDS = 60


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
) -> Picture:
    """Draw ``scene`` and keep it under ``folder``, with a preview for lists."""
    request = ImageRequest(
        scene=scene,
        sheets=sheets,
        style=style,
        width_px=width_px,
        height_px=height_px,
        seed=context.seed,
        prompt=picture_prompt(scene, sheets, style),
        idempotency_key=context.call_id("draw"),
    )
    picture = await context.draw(request, name=name, folder=folder)
    preview = await _preview(context, picture.file, folder)
    return replace(picture, file=replace(picture.file, thumbnail_key=preview.key))


async def _preview(context: StepContext, file: StoredFile, folder: str) -> StoredFile:
    data = await context.compute.run(
        thumbnail,
        await context.read(file.key),
        timeout_seconds=THUMBNAIL_TIMEOUT_SECONDS,
        memory_bytes=THUMBNAIL_MEMORY_BYTES,
    )
    return await context.save(
        data, media_type="image/jpeg", kind=FileKind.IMAGE, name=f"preview of {file.name}", folder=f"{folder}/previews"
    )
