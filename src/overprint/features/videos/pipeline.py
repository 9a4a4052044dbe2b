"""The steps of a film: plan → text → storyboard; for each scene (picture, narration → clip → finished clip) → film.

Every step reads only the parts that it depends on: another word in a scene speaks and letters that scene anew, and
films it anew only if it lasts longer by it. How long scenes last is decided once all narrations are there.
"""

from collections.abc import Mapping, Sequence

from overprint.core.codec import encode
from overprint.core.film import Card, FilmBrief, Storyboard, frame_size_px
from overprint.core.language import language_of
from overprint.core.story import ChapterScenes, ChapterTask, ChapterText, Plan, PlanTask, ScenesTask
from overprint.core.story_checks import check_plan, check_scenes, check_text
from overprint.craft.narration import cast_voices, language_written, text_lines
from overprint.engine.context import StepContext
from overprint.engine.pipeline import Pipeline, StepKind
from overprint.engine.recipe import all_of, ref
from overprint.engine.spec import Queue, StepSpec
from overprint.features.videos import rules
from overprint.features.videos.stages import pictures, post
from overprint.features.videos.steps import (
    CLIP,
    CUT,
    FILM,
    FINISHED,
    PICTURE,
    PLAN,
    SPOKEN,
    STORYBOARD,
    TEXT,
    ClipIn,
    ClipOut,
    CutIn,
    CutOut,
    FilmIn,
    FilmOut,
    FinishIn,
    MakeFilm,
    NarrateIn,
    NarrateOut,
    PictureIn,
    PictureOut,
    PlanIn,
    StoryboardIn,
    WriteIn,
    scene_key,
)
from overprint.steps.read_aloud import read_page_aloud
from overprint.steps.write_text import write_text

MAKE = "videos.make@1"


def begin(request: MakeFilm) -> Sequence[StepSpec]:
    brief = request.brief
    planned = {"brief": encode(rules.story_brief(brief))}
    written = {"outline": ref(PLAN, "/outline"), "tone": brief.tone, "genre": brief.genre}
    drawn = {
        "plan": ref(PLAN),
        "text": ref(TEXT),
        "title": brief.title,
        "seconds": brief.seconds,
        "scene_seconds": brief.scene_seconds,
        "camera": encode(brief.camera),
    }
    return [
        StepSpec(PLAN, "videos.plan@1", "Planning the story", planned, seed=brief.seed),
        StepSpec(TEXT, "videos.write@1", "Writing the story", written, seed=brief.seed),
        StepSpec(STORYBOARD, "videos.storyboard@1", "Laying out the storyboard", drawn, seed=brief.seed),
    ]


def scenes(request: MakeFilm, need: StoryboardIn, made: Storyboard) -> Sequence[StepSpec]:
    """What the storyboard leads to: pictures, narrations and clips of every scene, and the film."""
    count, brief = len(made.cards), request.brief
    language = language_of(" ".join(card.words for card in made.cards))
    spoken = tuple(scene_key(SPOKEN, n) for n in range(1, count + 1))
    cut = {
        "meant_seconds": [ref(STORYBOARD, f"/cards/{n}/seconds") for n in range(count)],
        "spoken_seconds": [ref(key, "/seconds") for key in spoken],
        "fps": brief.fps,
    }
    steps = [spec for n, card in enumerate(made.cards, 1) for spec in _scene(brief, n, count, card, language)]
    film = {
        "storyboard": ref(STORYBOARD),
        "frames": ref(CUT, "/frames"),
        "fps": brief.fps,
        "finished": all_of(FINISHED),
        "spoken": all_of(SPOKEN),
    }
    finished = tuple(scene_key(FINISHED, n) for n in range(1, count + 1))
    return [
        *steps,
        StepSpec(CUT, "videos.cut@1", "Cutting the film", cut),
        StepSpec(FILM, "videos.film@1", "Joining the film", film, needs=(*finished, *spoken)),
    ]


def _scene(brief: FilmBrief, number: int, count: int, card: Card, language: str) -> Sequence[StepSpec]:
    at = f"/cards/{number - 1}"
    words, frames = ref(STORYBOARD, f"{at}/words"), ref(CUT, f"/frames/{number - 1}")
    spoken, seed = scene_key(SPOKEN, number), rules.picture_seed(brief, number)
    width_px, height_px = frame_size_px(brief.aspect, brief.definition)
    shown = {"scene": ref(STORYBOARD, f"{at}/scene"), "sheets": ref(STORYBOARD, f"{at}/sheets"), "style": brief.style}
    named = {"name": f"scene {number}"}
    said = {"words": words, "language": language_written(card.words, language)}
    drawn = {**shown, **named, "width_px": width_px, "height_px": height_px}
    moved = {
        **shown,
        **named,
        "move": ref(STORYBOARD, f"{at}/move"),
        "picture": ref(scene_key(PICTURE, number)),
        "fps": brief.fps,
        "frames": frames,
        "liveliness": brief.liveliness,
    }
    finished = {
        **named,
        "clip": ref(scene_key(CLIP, number)),
        "words": words,
        "cues": ref(spoken, "/cues"),
        "is_captioned": brief.captions,
        "frames": frames,
        "fps": brief.fps,
        "opens": number == 1,
        "ends": number == count,
    }
    return [
        StepSpec(spoken, "videos.narrate@1", f"Speaking scene {number}", said),
        StepSpec(scene_key(PICTURE, number), "videos.picture@1", f"Drawing scene {number}", drawn, seed),
        StepSpec(scene_key(CLIP, number), "videos.clip@1", f"Filming scene {number}", moved, seed),
        StepSpec(scene_key(FINISHED, number), "videos.finish@1", f"Finishing scene {number}", finished),
    ]


async def plan(context: StepContext, need: PlanIn) -> Plan:
    return await write_text(context, PlanTask(need.brief), Plan, lambda made: check_plan(made, need.brief))


async def write(context: StepContext, need: WriteIn) -> ChapterText:
    task = ChapterTask(need.outline, 0, rules.AGE, need.tone, need.genre)
    return await write_text(context, task, ChapterText, lambda made: check_text(made, need.outline, 0))


async def lay_out(context: StepContext, need: StoryboardIn) -> Storyboard:
    outline, text = rules.told_in(need.plan.outline, need.text, need.seconds, need.scene_seconds)
    task = ScenesTask(outline, 0, text)
    made = await write_text(context, task, ChapterScenes, lambda made: check_scenes(made, outline, text, 0))
    return rules.storyboard(need.plan, need.title, text, made.scenes, need.seconds, need.camera)


async def narrate(context: StepContext, need: NarrateIn) -> NarrateOut:
    """One voice tells the whole film."""
    casting = cast_voices((), {}, await context.voices(), need.language)
    lines = text_lines(need.words, need.language)
    file, cues = await read_page_aloud(context, lines, casting, language=need.language, name="narration.m4a")
    return NarrateOut(file, cues, file.duration_seconds or 0.0)


async def cut(context: StepContext, need: CutIn) -> CutOut:
    return CutOut(rules.frames_for(need.meant_seconds, need.spoken_seconds, need.fps))


def most(request: MakeFilm) -> Mapping[str, int]:
    count = rules.scenes_most(request.brief.seconds, request.brief.scene_seconds)
    each = ("videos.narrate@1", "videos.picture@1", "videos.clip@1", "videos.finish@1")
    once = ("videos.plan@1", "videos.write@1", "videos.storyboard@1", "videos.cut@1", "videos.film@1")
    return dict.fromkeys(each, count) | dict.fromkeys(once, 1)


_CLIP_SECONDS = 3600.0
_SCENES = (
    StepKind("videos.narrate@1", NarrateIn, NarrateOut, narrate, Queue.SPEECH, ports=("speech",)),
    StepKind("videos.cut@1", CutIn, CutOut, cut, Queue.POST),
    StepKind("videos.picture@1", PictureIn, PictureOut, pictures.draw, Queue.IMAGE, ports=("image",)),
    StepKind(
        "videos.clip@1",
        ClipIn,
        ClipOut,
        pictures.film,
        Queue.VIDEO,
        ports=("video",),
        timeout_seconds=_CLIP_SECONDS,
    ),
    StepKind("videos.finish@1", FinishIn, ClipOut, post.finish, Queue.POST, timeout_seconds=_CLIP_SECONDS),
    StepKind("videos.film@1", FilmIn, FilmOut, post.join, Queue.POST),
)

pipeline = Pipeline(
    MAKE,
    MakeFilm,
    begin,
    (
        StepKind("videos.plan@1", PlanIn, Plan, plan, Queue.TEXT, ports=("text",)),
        StepKind("videos.write@1", WriteIn, ChapterText, write, Queue.TEXT, ports=("text",)),
        StepKind(
            "videos.storyboard@1",
            StoryboardIn,
            Storyboard,
            lay_out,
            Queue.TEXT,
            expand=scenes,
            adds=tuple(kind.name for kind in _SCENES),
            ports=("text",),
        ),
        *_SCENES,
    ),
    most,
)
