"""A sample: the first page of a book, with its picture.

Words are made as the book itself makes them, so that it has the same ones; the picture is small, and drawn without
portraits, so that it costs one call."""

from collections.abc import Sequence

from overprint.core.book import picture_size_px
from overprint.core.codec import encode
from overprint.core.scene import Scene
from overprint.core.story import Brief, Plan
from overprint.core.story_checks import sheets_wanted
from overprint.engine.recipe import ref
from overprint.engine.spec import StepSpec
from overprint.features.books.steps import PLAN, cast_key, picture_key, scenes_key, signed_key, text_key

PAGE = picture_key(1, 1)
_DPI = 110


def first_chapter(brief: Brief, plan: Plan) -> Sequence[StepSpec]:
    """Looks, words and scenes."""
    outline = ref(PLAN, "/outline")
    written = {"outline": outline, "index": 0, "age": brief.age, "tone": brief.tone, "genre": brief.genre}
    seen = {"outline": outline, "index": 0, "text": ref(text_key(1))}
    looks = [
        StepSpec(cast_key(one.id), "books.cast@1", f"Dressing {one.name}", {"sheet": encode(plan.sheets[one.id])})
        for one in plan.outline.characters
    ]
    return [
        *looks,
        StepSpec(text_key(1), "books.write@1", "Writing the first page", written, brief.seed),
        StepSpec(scenes_key(1), "books.scenes@1", "Choosing its picture", seen, brief.seed),
    ]


def first_picture(brief: Brief, scene: Scene) -> Sequence[StepSpec]:
    """The picture of the first page, and its signed copy."""
    width_px, height_px = picture_size_px(brief.trim, _DPI)
    drawn = {
        "scene": ref(scenes_key(1), "/scenes/0"),
        "sheets": {who: ref(cast_key(who)) for who in sheets_wanted(scene)},
        "style": brief.style,
        "width_px": width_px,
        "height_px": height_px,
        "name": "sample",
        "folder": "samples",
    }
    said = {
        "step": PAGE,
        "file": ref(PAGE, "/file"),
        "title": ref(PAGE, "/alt"),
        "author": brief.author,
        "made_by": ("image",),
    }
    return [
        StepSpec(PAGE, "books.illustrate@1", "Drawing the first page", drawn, brief.seed * 1_000_003 + 1001),
        StepSpec(signed_key(PAGE), "books.sign@1", "Signing the picture", said),
    ]
