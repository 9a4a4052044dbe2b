"""The steps of a book: plan → portraits; for each chapter (write → scenes → pictures) → compose → PDF, EPUB, print.

Every step reads only the parts that it depends on, so a changed colour redraws that character's pages and nothing else.
Compose needs its chapters softly: one that failed does not stop the others. Reading aloud is in ``stages/sound.py``.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace

from overprint.core.book import Spot, picture_size_px, spread_size_px
from overprint.core.codec import encode
from overprint.core.files import file_name
from overprint.core.looks import dressed
from overprint.core.scene import Scene, Sheet
from overprint.core.shown import Shown
from overprint.core.story import (
    Brief,
    ChapterScenes,
    ChapterTask,
    ChapterText,
    Character,
    Plan,
    ScenesTask,
    Touch,
    TouchedScenes,
)
from overprint.core.story_checks import check_scenes, check_text, sheets_wanted
from overprint.craft.press import Level
from overprint.craft.typesetting import could_be_added, installed_scripts, missing_characters
from overprint.engine.context import StepContext
from overprint.engine.pipeline import Pipeline, StepKind
from overprint.engine.recipe import all_of, ref
from overprint.engine.spec import Queue, StepSpec
from overprint.features.books import rules
from overprint.features.books.stages import sampling, signing, sound
from overprint.features.books.stages.bounds import features, most
from overprint.features.books.stages.spreads import across, is_spread
from overprint.features.books.steps import (
    COMPOSE,
    COVER,
    COVER_SCENE,
    EPUB,
    FIXED,
    PDF,
    PLAN,
    PRINT,
    CastIn,
    ComposeIn,
    ComposeOut,
    CoverIn,
    IllustrateIn,
    IllustrateOut,
    MakeBook,
    PortraitIn,
    PortraitOut,
    PrintIn,
    PrintOut,
    SamplePage,
    ScenesIn,
    SetIn,
    SetOut,
    Target,
    WriteIn,
    cast_key,
    picture_key,
    portrait_key,
    scenes_key,
    text_key,
)
from overprint.steps.draw_picture import alternative_text, draw_picture, draw_portrait
from overprint.steps.lay_out_pages import Format, lay_out_pages
from overprint.steps.plan_story import PlanIn, plan_story
from overprint.steps.set_for_print import set_for_print
from overprint.steps.write_text import write_text

MAKE, SAMPLE = "books.make@1", "samples.page@1"
_SPREAD_KEPT_LEAST = 0.85  # of what was drawn; with less, heads and feet are cut off


def begin(request: MakeBook) -> Sequence[StepSpec]:
    """The first steps: the plan, and what is set from everything."""
    brief = request.brief
    steps = [_planned(brief)]
    if request.target in (Target.CHAPTERS, Target.ILLUSTRATIONS):
        return steps
    scripts = installed_scripts()
    composed = {
        "outline": ref(PLAN, "/outline"),
        "author": brief.author,
        "dedication": brief.dedication,
        "trim": brief.trim,
        "identifier": rules.book_identifier(brief),
        "texts": all_of("text/"),
        "scenes": all_of("scenes/"),
        "pictures": all_of("picture/"),
        "scripts": scripts,
        **({"titles": brief.chapter_titles} if any(brief.chapter_titles) else {}),
        **(encode(request.imported) if request.imported else {}),
    }
    steps.append(StepSpec(COMPOSE, "books.compose@1", "Composing the pages", composed))
    printed = {"doc": ref(COMPOSE, "/doc"), "files": ref(COMPOSE, "/files"), "scripts": scripts}
    if request.target in (Target.BOOK, Target.PRINT) and request.printer:
        # First, because it takes as long as all others together.
        pressed = {**printed, "printer": request.printer}
        steps.append(StepSpec(PRINT, "books.print@1", "Setting the print edition", pressed))
    if request.target in (Target.BOOK, Target.PDF):
        steps.append(StepSpec(PDF, "books.pdf@1", "Setting the PDF", printed))
        steps.append(signing.signed_book(request, PDF, "Signing the PDF"))
    if request.target in (Target.BOOK, Target.EPUB):
        steps.append(StepSpec(EPUB, "books.epub@1", "Setting the e-book", printed))
        steps.append(signing.signed_book(request, EPUB, "Signing the e-book"))
        steps.append(StepSpec(FIXED, "books.epub_fixed@1", "Setting the e-book of fixed pages", printed))
        steps.append(signing.signed_book(request, FIXED, "Signing the e-book of fixed pages"))
    return steps


def begin_sample(request: SamplePage) -> Sequence[StepSpec]:
    return [_planned(request.brief)]


def _planned(brief: Brief) -> StepSpec:
    return StepSpec(PLAN, "books.plan@1", "Planning the story", {"brief": encode(_story_only(brief))}, seed=brief.seed)


def _story_only(brief: Brief) -> Brief:
    """What the planner is told. How a book looks and who signs it changes no word, so it must not plan anew."""
    plain = Brief(brief.premise)
    return replace(
        brief,
        author=plain.author,
        dedication=plain.dedication,
        style=plain.style,
        trim=plain.trim,
        picture_dpi=plain.picture_dpi,
        chapter_titles=plain.chapter_titles,
    )


def chapters(request: MakeBook | SamplePage, need: PlanIn, plan: Plan) -> Sequence[StepSpec]:
    """What the plan leads to: words and scenes of every chapter, and the cover."""
    if isinstance(request, SamplePage):
        return sampling.first_chapter(request.brief, plan)
    brief = request.brief
    fed = () if request.target in (Target.CHAPTERS, Target.ILLUSTRATIONS) else (COMPOSE,)
    steps: list[StepSpec] = []
    if request.target is not Target.CHAPTERS:
        for person in plan.outline.characters:
            look = {"sheet": encode(plan.sheets[person.id])}
            steps.append(StepSpec(cast_key(person.id), "books.cast@1", f"Dressing {person.name}", look))
            steps.append(_portrait(brief, person))
    for index, chapter in enumerate(plan.outline.chapters):
        number = index + 1
        written = {
            "outline": ref(PLAN, "/outline"),
            "index": index,
            "age": brief.age,
            "tone": brief.tone,
            "genre": brief.genre,
        }
        steps.append(
            StepSpec(text_key(number), "books.write@1", f"Writing “{chapter.title}”", written, brief.seed, feeds=fed)
        )
        if request.target is not Target.CHAPTERS:
            seen = {"outline": ref(PLAN, "/outline"), "index": index, "text": ref(text_key(number))}
            title = f"Choosing the pictures of “{chapter.title}”"
            steps.append(StepSpec(scenes_key(number), "books.scenes@1", title, seen, brief.seed, feeds=fed))
    if request.target is not Target.CHAPTERS:
        seen = {"outline": ref(PLAN, "/outline")}
        steps.append(StepSpec(COVER_SCENE, "books.cover@1", "Choosing the cover’s picture", seen, feeds=fed))
    return steps


def cover(request: MakeBook, need: CoverIn, made: TouchedScenes) -> Sequence[StepSpec]:
    """The cover's picture, and its signed copy."""
    fed = () if request.target is Target.ILLUSTRATIONS else (COMPOSE,)
    picture = _picture(request.brief, COVER, "Drawing the cover", COVER_SCENE, made, 0, 1, "cover", fed)
    return [picture, signing.signed_picture(request, picture)]


def pictures(request: MakeBook | SamplePage, need: ScenesIn, made: TouchedScenes) -> Sequence[StepSpec]:
    """A picture for every scene of a chapter, and its signed copy."""
    if isinstance(request, SamplePage):
        return sampling.first_picture(request.brief, made.scenes[0])
    fed = () if request.target is Target.ILLUSTRATIONS else (COMPOSE,)
    number = need.index + 1
    steps: list[StepSpec] = []
    for page in range(1, len(made.scenes) + 1):
        picture = _picture(
            request.brief,
            picture_key(number, page),
            f"Drawing chapter {number}, page {page}",
            scenes_key(number),
            made,
            number,
            page,
            f"chapters/{number}/pictures",
            fed,
            is_spread=is_spread(need.outline, number, page, need.text),
        )
        steps += [picture, signing.signed_picture(request, picture)]
    return steps


def _portrait(brief: Brief, person: Character) -> StepSpec:
    """What an illustrator who cannot remember needs to draw this character the same on every page."""
    seen = {
        "who": person.id,
        "sheet": ref(cast_key(person.id)),
        "style": brief.style,
        "constraints": ref(PLAN, "/outline/constraints"),
    }
    title = f"Introducing {person.name} to the illustrator"
    return StepSpec(portrait_key(person.id), "books.portrait@1", title, seen, brief.seed)


def _picture(
    brief: Brief,
    key: str,
    title: str,
    seen: str,
    made: TouchedScenes,
    chapter: int,
    page: int,
    folder: str,
    fed: tuple[str, ...],
    *,
    is_spread: bool = False,
) -> StepSpec:
    """The picture of the scene of ``page`` in what the step ``seen`` made."""
    scene, touch = made.scenes[page - 1], made.touches.get(str(page), Touch())
    page_width_px, height_px = picture_size_px(brief.trim, brief.picture_dpi)
    width_px = spread_size_px(brief.trim, brief.picture_dpi)[0] if is_spread else page_width_px
    wanted = sheets_wanted(scene)
    drawn = {
        "scene": ref(seen, f"/scenes/{page - 1}"),
        "sheets": {who: ref(cast_key(who)) for who in wanted},
        "portraits": {who: ref(portrait_key(who)) for who in wanted},
        "style": touch.style or brief.style,
        "width_px": width_px,
        "height_px": height_px,
        "name": key.replace("/", "-"),
        "folder": folder,
        **({"is_spread": True, "page_width_px": page_width_px} if is_spread else {}),
    }
    portraits = tuple(map(portrait_key, wanted))
    seed = rules.picture_seed(brief, chapter, page, touch.take)
    return StepSpec(key, "books.illustrate@1", title, drawn, seed, soft=portraits, feeds=fed)


async def plan(context: StepContext, need: PlanIn) -> Plan:
    """The writer's plan, with the looks that people have confirmed: they hold for every writer alike."""
    return dressed(await plan_story(context, need), need.brief)


async def dress(context: StepContext, need: CastIn) -> Sheet:
    """The plan's look as a step of its own, so that a person can change one look and nothing else."""
    return need.sheet


async def portray(context: StepContext, need: PortraitIn) -> PortraitOut:
    return PortraitOut(await draw_portrait(context, need.who, need.sheet, need.constraints, style=need.style))


async def write(context: StepContext, need: WriteIn) -> ChapterText:
    task = ChapterTask(need.outline, need.index, need.age, need.tone, need.genre)
    return await write_text(context, task, ChapterText, lambda made: check_text(made, need.outline, need.index))


async def see(context: StepContext, need: ScenesIn) -> TouchedScenes:
    task = ScenesTask(need.outline, need.index, need.text)
    made = await write_text(
        context, task, ChapterScenes, lambda made: check_scenes(made, need.outline, need.text, need.index)
    )
    return TouchedScenes(made.scenes)


async def see_cover(context: StepContext, need: CoverIn) -> TouchedScenes:
    return TouchedScenes((rules.cover_scene(need.outline),))


async def illustrate(context: StepContext, need: IllustrateIn) -> IllustrateOut:
    """A picture across two pages becomes one for a single page where its illustrator would lose too much of it."""
    kept_share = context.ports.image.kept_share(need.width_px, need.height_px)
    is_spread = need.is_spread and kept_share >= _SPREAD_KEPT_LEAST
    width_px = need.page_width_px if need.is_spread and not is_spread else need.width_px
    scene = across(need.scene) if is_spread else need.scene
    drawn = await draw_picture(
        context,
        scene,
        need.sheets,
        style=need.style,
        width_px=width_px,
        height_px=need.height_px,
        name=need.name,
        folder=need.folder,
        portraits={who: made.file for who, made in need.portraits.items() if made and made.file},
        is_spread=is_spread,
    )
    shown = tuple(sorted({thing.what for thing in drawn.shown}))
    spots = tuple(spot for thing in drawn.shown for spot in _spots(thing, scene))
    alt = alternative_text(scene, need.sheets, shown)
    return IllustrateOut(drawn.file, alt, scene.camera.quiet, shown, spots, drawn.vector, is_spread)


def _spots(thing: Shown, scene: Scene) -> Iterator[Spot]:
    """Where somebody's face is, and where they and the things of the scene stand."""
    if thing.face:
        yield Spot(thing.face.x, thing.face.y, thing.face.width, thing.face.height, is_face=True)
    if thing.box and thing.what in {*(actor.who for actor in scene.actors), *(prop.kind for prop in scene.props)}:
        yield Spot(thing.box.x, thing.box.y, thing.box.width, thing.box.height)


async def compose(context: StepContext, need: ComposeIn) -> ComposeOut:
    words_by = need.words_by or context.ports.text.provider.label
    pictures_by = need.pictures_by or context.ports.image.provider.label
    doc = rules.compose(need, words_by, pictures_by)
    files = [file for drawn in need.pictures.values() for file in (drawn.file, drawn.vector) if file is not None]
    missing = await asyncio.to_thread(missing_characters, doc)
    notes = rules.notes_on(missing, could_be_added=could_be_added(missing))
    return ComposeOut(doc, {file.content_hash: file for file in files}, words_by, pictures_by, notes)


async def set_pdf(context: StepContext, need: SetIn) -> SetOut:
    return SetOut(await lay_out_pages(context, need.doc, need.files, Format.PDF, name=file_name(need.doc.title, "pdf")))


async def set_epub(context: StepContext, need: SetIn) -> SetOut:
    return SetOut(
        await lay_out_pages(context, need.doc, need.files, Format.EPUB, name=file_name(need.doc.title, "epub"))
    )


async def set_fixed(context: StepContext, need: SetIn) -> SetOut:
    name = file_name(f"{need.doc.title}, fixed pages", "epub")
    return SetOut(await lay_out_pages(context, need.doc, need.files, Format.FIXED, name=name))


async def set_print(context: StepContext, need: PrintIn) -> PrintOut:
    made = await set_for_print(context, need.doc, need.files, need.printer)
    errors = sum(finding.level is Level.ERROR for finding in (*made.found.interior, *made.found.cover))
    inside, cover, whole = (made.files.get(part) for part in ("inside", "cover", "whole"))
    return PrintOut(inside, cover, made.report, made.found.pages, errors, whole)


_TEXT, _BOTH = ("text",), ("text", "image")
_PICTURES = ("books.illustrate@1", "books.sign@1")
_CHAPTERS = (
    "books.cast@1",
    "books.portrait@1",
    "books.write@1",
    "books.scenes@1",
    "books.cover@1",
    *_PICTURES,
)

pipeline = Pipeline(
    MAKE,
    MakeBook,
    begin,
    (
        StepKind("books.plan@1", PlanIn, Plan, plan, Queue.TEXT, expand=chapters, adds=_CHAPTERS, ports=_TEXT),
        StepKind("books.cast@1", CastIn, Sheet, dress, Queue.TEXT),
        StepKind("books.portrait@1", PortraitIn, PortraitOut, portray, Queue.IMAGE, ports=("image",)),
        StepKind("books.write@1", WriteIn, ChapterText, write, Queue.TEXT, ports=_TEXT),
        StepKind(
            "books.scenes@1", ScenesIn, TouchedScenes, see, Queue.TEXT, expand=pictures, adds=_PICTURES, ports=_TEXT
        ),
        StepKind("books.cover@1", CoverIn, TouchedScenes, see_cover, Queue.TEXT, expand=cover, adds=_PICTURES),
        StepKind("books.illustrate@1", IllustrateIn, IllustrateOut, illustrate, Queue.IMAGE, ports=("image",)),
        StepKind(
            "books.compose@1",
            ComposeIn,
            ComposeOut,
            compose,
            Queue.LAYOUT,
            expand=sound.narrations,
            adds=sound.ADDED,
            ports=_BOTH,
        ),
        StepKind("books.pdf@1", SetIn, SetOut, set_pdf, Queue.LAYOUT),
        StepKind("books.epub@1", SetIn, SetOut, set_epub, Queue.LAYOUT),
        StepKind("books.epub_fixed@1", SetIn, SetOut, set_fixed, Queue.LAYOUT),
        StepKind("books.print@1", PrintIn, PrintOut, set_print, Queue.LAYOUT),
        *sound.KINDS,
        *signing.KINDS,
    ),
    most,
    features,
)

# Its steps are those of a book, so that the book itself finds what its sample made.
sample = Pipeline(SAMPLE, SamplePage, begin_sample, pipeline.steps)
