"""What is seen in a scene: its picture, and the picture in motion."""

from overprint.engine.asking import EMBEDDED
from overprint.engine.context import StepContext
from overprint.features.videos.stages.motion import curves_of, move_of
from overprint.features.videos.steps import ClipIn, ClipOut, PictureIn, PictureOut
from overprint.ports.video import VideoRequest
from overprint.steps.clip_prompt import clip_prompt
from overprint.steps.draw_picture import alternative_text, draw_picture, keep_picture


async def draw(context: StepContext, need: PictureIn) -> PictureOut:
    if need.given is not None:
        fitted = await keep_picture(
            context, need.given, width_px=need.width_px, height_px=need.height_px, name=need.name, folder="pictures"
        )
        return PictureOut(fitted, alternative_text(need.scene, need.sheets, ()), is_layered=False)
    drawn = await draw_picture(
        context,
        need.scene,
        need.sheets,
        style=need.style,
        width_px=need.width_px,
        height_px=need.height_px,
        name=need.name,
        folder="pictures",
        portraits={},
    )
    alt = alternative_text(need.scene, need.sheets, sorted({thing.what for thing in drawn.shown}))
    is_layered = context.ports.image.provider.name == EMBEDDED
    return PictureOut(drawn.file, alt, is_layered)


async def film(context: StepContext, need: ClipIn) -> ClipOut:
    picture, curves = need.picture.file, await curves_of(context, need.motion)
    move = move_of(need.motion, need.move, need.otherwise)
    request = VideoRequest(
        scene=need.scene,
        sheets=need.sheets,
        style=need.style,
        move=move,
        width_px=picture.width_px or 0,
        height_px=picture.height_px or 0,
        fps=need.fps,
        frames=need.frames,
        seed=context.seed,
        picture=await context.read(picture.key),
        is_layered=need.picture.is_layered,
        prompt=clip_prompt(need.scene, move, curves),
        idempotency_key=context.call_id("film"),
        liveliness=need.liveliness,
        curves=curves,
    )
    return ClipOut(await context.film(request, name=f"{need.name}.mp4", folder="clips"))
