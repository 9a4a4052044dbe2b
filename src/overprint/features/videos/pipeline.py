"""The steps of a film: plan → text → storyboard; for each scene (picture, narration → clip → finished clip) → film.
Where scenes follow a driving clip or the motion of a preset, what that is comes before the first of them is filmed.

Every step reads only the parts that it depends on: another word in a scene speaks and letters that scene anew, and
films it anew only if it lasts longer by it. How long scenes last is decided once all narrations are there.
"""

from collections.abc import Mapping, Sequence

from overprint.core.codec import encode
from overprint.core.film import Card, Definition, Storyboard, Transition, filmed_size_px, frame_size_px
from overprint.core.language import language_of
from overprint.core.story import ChapterScenes, ChapterTask, ChapterText, Plan, ScenesTask
from overprint.core.story_checks import check_scenes, check_text
from overprint.craft.music import fitting
from overprint.craft.narration import cast_voices, language_written, marks_of, quotations, text_lines, voice_for
from overprint.engine.context import StepContext
from overprint.engine.pipeline import Pipeline, StepKind
from overprint.engine.recipe import all_of, ref
from overprint.engine.spec import Queue, StepSpec
from overprint.features.videos import rules
from overprint.features.videos.rules import lengths, sources
from overprint.features.videos.stages import motion, outputs, pictures, post
from overprint.features.videos.steps import (
    CLIP,
    CUT,
    FILM,
    FINISHED,
    MOTION,
    PICTURE,
    PLAN,
    SOUND,
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
    FinishOut,
    GivenIn,
    MakeFilm,
    MotionIn,
    MotionOut,
    NarrateIn,
    NarrateOut,
    PictureIn,
    PictureOut,
    SoundIn,
    SoundOut,
    StoryboardIn,
    Target,
    WriteIn,
    scene_key,
)
from overprint.steps.plan_story import PlanIn, plan_story
from overprint.steps.read_aloud import read_page_aloud
from overprint.steps.write_text import write_text

MAKE = "videos.make@1"


def begin(request: MakeFilm) -> Sequence[StepSpec]:
    brief = request.brief
    if request.board is not None:
        given = {"board": encode(request.board)}
        return [StepSpec(STORYBOARD, "videos.given@1", "Taking the storyboard", given, seed=brief.seed)]
    planned = {"brief": encode(rules.story_brief(brief, len(request.script)))}
    told = {"outline": ref(PLAN, "/outline"), "tone": brief.tone, "genre": brief.genre}
    laid_out = {
        "plan": ref(PLAN),
        "text": encode(rules.text_of(request.script)) if request.script else ref(TEXT),
        "is_scripted": bool(request.script),
        "title": brief.title,
        "seconds": brief.seconds,
        "scene_seconds": brief.scene_seconds,
        "camera": encode(brief.camera),
        "picture": encode(request.picture),
    }
    planning = StepSpec(PLAN, "videos.plan@1", "Planning the story", planned, seed=brief.seed)
    writing = StepSpec(TEXT, "videos.write@1", "Writing the story", told, seed=brief.seed)
    laying = StepSpec(STORYBOARD, "videos.storyboard@1", "Laying out the storyboard", laid_out, seed=brief.seed)
    return [planning, laying] if request.script else [planning, writing, laying]


def scenes(request: MakeFilm, need: StoryboardIn | GivenIn, made: Storyboard) -> Sequence[StepSpec]:
    """What the storyboard leads to: pictures, narrations and clips of every scene, and the film; as far as asked, and
    as it can be filmed."""
    if request.target is Target.STORYBOARD:
        return []
    if request.target is Target.FILM and lengths.too_long(request.brief, made.cards, request.filmed_most, request.held):
        return []
    language = language_of(" ".join(card.words for card in made.cards))
    parts = [_scene(request, n, made.cards, language) for n in range(len(made.cards))]
    seen_and_heard = [step for scene in parts for step in scene[:_IN_ANIMATIC]]
    if request.target is Target.ANIMATIC:
        return seen_and_heard
    moving = [step for scene in parts for step in scene[_IN_ANIMATIC:]]
    return [*seen_and_heard, *_transfer(request), *moving, *_joined(request, made)]


def _transfer(request: MakeFilm) -> Sequence[StepSpec]:
    """Nothing, unless scenes are to follow something. Curves of a preset are for a film without a clip, or with one
    that cannot be followed."""
    if not request.has_motion:
        return []
    given = {"driving": encode(request.driving), "curves": encode(request.brief.curves)}
    followed = {name: value for name, value in given.items() if value is not None}
    wanted = {**followed, "orientation": request.brief.orientation}
    return [StepSpec(MOTION, "videos.motion@1", "Following the motion", wanted)]


def _joined(request: MakeFilm, made: Storyboard) -> Sequence[StepSpec]:
    brief = request.brief
    numbers = range(len(made.cards))
    spoken, finished = ([scene_key(part, card.id) for card in made.cards] for part in (SPOKEN, FINISHED))
    cut = {
        "meant_seconds": [ref(STORYBOARD, f"/cards/{n}/seconds") for n in numbers],
        "spoken_seconds": [ref(key, "/seconds") for key in spoken],
        "fps": brief.fps,
        "end_seconds": rules.end_seconds(brief.seconds),
    }
    film = {
        "title": ref(STORYBOARD, "/title"),
        "scenes": [scene_key("", card.id) for card in made.cards],
        "words": [ref(STORYBOARD, f"/cards/{n}/words") for n in numbers],
        "frames": ref(CUT, "/frames"),
        "fps": brief.fps,
        "finished": all_of(FINISHED),
        "spoken": all_of(SPOKEN),
        "sound": ref(SOUND),
        **({"motion": ref(MOTION)} if request.driving else {}),
    }
    heard = {
        "spoken": all_of(SPOKEN),
        "scenes": [scene_key("", card.id) for card in made.cards],
        "frames": ref(CUT, "/frames"),
        "fps": brief.fps,
        "mood": fitting(brief.mood, brief.tone),
    }
    return [
        StepSpec(CUT, "videos.cut@1", "Cutting the film", cut),
        StepSpec(SOUND, "videos.sound@1", "Mixing the sound", heard, seed=brief.seed, needs=tuple(spoken)),
        StepSpec(FILM, "videos.film@1", "Joining the film", film, needs=(*finished, *spoken)),
        *outputs.specs(request, made.cards),
    ]


def _scene(request: MakeFilm, place: int, cards: Sequence[Card], language: str) -> Sequence[StepSpec]:
    """The steps of the scene at ``place`` (from 0), ``_IN_ANIMATIC`` of which make what is seen and heard before it
    moves. What is not different for it knows nothing of the place, so that moving a card makes nothing anew."""
    brief, card, number, at = request.brief, cards[place], place + 1, f"/cards/{place}"
    words, frames = ref(STORYBOARD, f"{at}/words"), ref(CUT, f"/frames/{place}")
    spoken, seed = scene_key(SPOKEN, card.id), rules.scene_seed(brief, card)
    width_px, height_px = filmed_size_px(brief.aspect, brief.definition)
    shown = {"scene": ref(STORYBOARD, f"{at}/scene"), "sheets": ref(STORYBOARD, f"{at}/sheets"), "style": brief.style}
    named = {"name": f"scene {card.id}"}
    said = {"words": words, "language": language_written(card.words, language)}
    if brief.characters_speak:
        heights = {who: sheet.height for each in cards for who, sheet in each.sheets.items()}
        said |= {"people": ref(STORYBOARD, "/people"), "heights": heights}
    given = {"given": ref(STORYBOARD, f"{at}/picture")}
    drawn = {**shown, **named, **given, "width_px": width_px, "height_px": height_px}
    moved = {
        **shown,
        **named,
        "move": ref(STORYBOARD, f"{at}/move"),
        "picture": ref(scene_key(PICTURE, card.id)),
        "fps": brief.fps,
        "frames": ref(CUT, f"/filmed/{place}"),
        "liveliness": brief.liveliness,
        **({"motion": ref(MOTION)} if request.has_motion else {}),
        **({"otherwise": encode(rules.move_undriven(brief, card))} if request.driving else {}),
    }
    finished = {
        **named,
        "clip": ref(scene_key(CLIP, card.id)),
        "words": words,
        "cues": ref(spoken, "/cues"),
        "marks": ref(spoken, "/marks"),
        "is_captioned": brief.captions,
        "caption_style": brief.caption_style,
        "look": {"grade": brief.grade, "grain": brief.grain, "vignette": brief.vignette},
        "transition": brief.transition,
        "frames": frames,
        "fps": brief.fps,
        "opens": place == 0,
        "ends": number == len(cards),
    }
    if brief.denoise or brief.is_steadied:
        finished |= {"denoise": brief.denoise, "is_steadied": brief.is_steadied}
    if request.lut is not None:
        finished |= {"lut": encode(request.lut)}
    if brief.definition is Definition.UHD:
        wide, tall = frame_size_px(brief.aspect, brief.definition)
        finished |= {"width_px": wide, "height_px": tall}
    if place > 0 and brief.transition is not Transition.CUT:
        before = ref(scene_key(CLIP, cards[place - 1].id))
        finished |= {"before": before, "before_frames": ref(CUT, f"/frames/{place - 1}")}
    if number == len(cards) and brief.credits:
        finished |= {"end_seconds": rules.end_seconds(brief.seconds), "title": ref(STORYBOARD, "/title")}
        finished |= {"house": request.house, "language": language}
        if all(each.picture for each in cards):
            finished["is_drawn"] = False
        if request.imported is not None:
            finished["credits"] = list(request.imported.credits)
    return [
        StepSpec(spoken, "videos.narrate@1", f"Speaking scene {number}", said),
        StepSpec(scene_key(PICTURE, card.id), "videos.picture@1", f"Drawing scene {number}", drawn, seed),
        StepSpec(
            scene_key(CLIP, card.id),
            "videos.clip@1",
            f"Filming scene {number}",
            moved,
            seed,
            units=rules.film_units(brief, rules.least_seconds(card)),
            seconds=lengths.filmed_seconds(card, rules.end_seconds(brief.seconds) if number == len(cards) else 0.0),
        ),
        StepSpec(scene_key(FINISHED, card.id), "videos.finish@1", f"Finishing scene {number}", finished),
    ]


async def write(context: StepContext, need: WriteIn) -> ChapterText:
    task = ChapterTask(need.outline, 0, rules.AGE, need.tone, need.genre)
    return await write_text(context, task, ChapterText, lambda made: check_text(made, need.outline, 0))


async def lay_out(context: StepContext, need: StoryboardIn) -> Storyboard:
    if need.is_scripted:
        outline, text = sources.scripted_in(need.plan.outline, need.text)
    else:
        outline, text = rules.told_in(need.plan.outline, need.text, need.seconds, need.scene_seconds)
    task = ScenesTask(outline, 0, text)
    made = await write_text(context, task, ChapterScenes, lambda made: check_scenes(made, outline, text, 0))
    title = need.title or rules.title_shown(outline, need.text, text, made.scenes)
    return rules.storyboard(need.plan, title, text, made.scenes, need.seconds, need.camera, need.picture)


async def take_given(context: StepContext, need: GivenIn) -> Storyboard:
    return need.board


async def narrate(context: StepContext, need: NarrateIn) -> NarrateOut:
    """One voice tells the film; people of the story say in their own what the words say that they say."""
    casting = cast_voices(need.people, need.heights, await context.voices(), need.language)
    lines = text_lines(need.words, need.language, quotations(need.words, need.people))
    read = await read_page_aloud(context, lines, casting, language=need.language, name="narration.m4a")
    voices = len({voice_for(casting, said.who) for line in lines for said in line.utterances})
    marks = marks_of(need.words, lines, read.words)
    return NarrateOut(read.file, read.cues, read.file.duration_seconds or 0.0, marks, voices)


async def cut(context: StepContext, need: CutIn) -> CutOut:
    return cut_of(need)


def cut_of(need: CutIn) -> CutOut:
    frames = rules.frames_for(need.meant_seconds, need.spoken_seconds, need.fps, need.end_seconds)
    return CutOut(frames, rules.filmed(frames, need.fps))


def most(request: MakeFilm) -> Mapping[str, int]:
    counts = dict.fromkeys(_laid_out(request), 1)
    if request.target is not Target.STORYBOARD:
        counts |= dict.fromkeys(("videos.narrate@1", "videos.picture@1"), request.scenes_most)
    if request.target is Target.FILM:
        counts |= dict.fromkeys(("videos.clip@1", "videos.finish@1"), request.scenes_most)
        counts |= {"videos.motion@1": 1} if request.has_motion else {}
        counts |= dict.fromkeys(("videos.cut@1", "videos.sound@1", "videos.film@1"), 1) | outputs.most(request.brief)
    return counts


def units(request: MakeFilm) -> Mapping[str, int]:
    """Scenes are charged by their whole seconds as the storyboard has them, or as long as their words take at least.
    Those that nobody changed come to more than the film was asked to last only where its opening alone does; nobody is
    charged for that (``billing.rules.lots.captured``)."""
    if request.target is not Target.FILM:
        return {}
    meant = (
        [rules.least_seconds(card) for card in request.board.cards] if request.board else [float(request.brief.seconds)]
    )
    return {"videos.clip@1": sum(rules.film_units(request.brief, seconds) for seconds in meant)}


def seconds(request: MakeFilm) -> Mapping[str, float]:
    """What a provider who films may bill: each scene with its handle."""
    if request.target is not Target.FILM:
        return {}
    cards = request.board.cards if request.board else ()
    most = lengths.filmed_seconds_most(request.brief, request.scenes_most, cards, is_script=bool(request.script))
    return {"videos.clip@1": most}


def _laid_out(request: MakeFilm) -> Sequence[str]:
    """The kinds of steps that end with a storyboard."""
    if request.board is not None:
        return ("videos.given@1",)
    written = () if request.script else ("videos.write@1",)
    return ("videos.plan@1", *written, "videos.storyboard@1")


_IN_ANIMATIC = 2
# Above what the child may take that makes the longest clip there is: three minutes at 60 frames a second in 1080p.
_CLIP_SECONDS = 4 * 3600.0
_FINISH_SECONDS = 10 * 3600.0  # the same, held steady and without noise
_SCENES = (
    StepKind("videos.narrate@1", NarrateIn, NarrateOut, narrate, Queue.SPEECH, ports=("speech",)),
    StepKind("videos.cut@1", CutIn, CutOut, cut, Queue.POST),
    StepKind("videos.picture@1", PictureIn, PictureOut, pictures.draw, Queue.IMAGE, ports=("image",)),
    StepKind("videos.motion@1", MotionIn, MotionOut, motion.transfer, Queue.MOTION),
    StepKind(
        "videos.clip@1",
        ClipIn,
        ClipOut,
        pictures.film,
        Queue.VIDEO,
        ports=("video",),
        timeout_seconds=_CLIP_SECONDS,
    ),
    StepKind("videos.finish@1", FinishIn, FinishOut, post.finish, Queue.POST, timeout_seconds=_FINISH_SECONDS),
    StepKind("videos.sound@1", SoundIn, SoundOut, post.mix, Queue.POST),
    StepKind("videos.film@1", FilmIn, FilmOut, post.join, Queue.POST, timeout_seconds=_CLIP_SECONDS),
    *outputs.KINDS,
)

_ADDED = tuple(kind.name for kind in _SCENES)

pipeline = Pipeline(
    MAKE,
    MakeFilm,
    begin,
    (
        StepKind("videos.plan@1", PlanIn, Plan, plan_story, Queue.TEXT, ports=("text",)),
        StepKind("videos.write@1", WriteIn, ChapterText, write, Queue.TEXT, ports=("text",)),
        StepKind(
            "videos.storyboard@1",
            StoryboardIn,
            Storyboard,
            lay_out,
            Queue.TEXT,
            expand=scenes,
            adds=_ADDED,
            ports=("text",),
        ),
        StepKind("videos.given@1", GivenIn, Storyboard, take_given, Queue.TEXT, expand=scenes, adds=_ADDED),
        *_SCENES,
    ),
    most,
    units=units,
    seconds=seconds,
)
