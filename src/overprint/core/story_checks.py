"""Whether what a writer answered makes sense: every product asks the same."""

from overprint.core.looks import check_cast
from overprint.core.problems import Invalid
from overprint.core.scene import Scene
from overprint.core.story import Brief, ChapterScenes, ChapterText, Outline, Plan, TouchedScenes
from overprint.core.words import clean_text


def check_plan(plan: Plan, brief: Brief) -> None:
    """Raises ``Invalid`` unless the plan has what was asked for and names nobody it does not introduce."""
    outline = plan.outline
    beats = sum(len(chapter.beats) for chapter in outline.chapters)
    if len(outline.chapters) != brief.chapters or beats != brief.pages:
        raise Invalid(
            f"The plan has {len(outline.chapters)} chapters and {beats} pages; "
            f"{brief.chapters} and {brief.pages} were asked for."
        )
    ids = [character.id for character in outline.characters]
    known = set(ids)
    if len(known) < len(ids):
        raise Invalid("The plan gives two characters the same id.")
    odd = [name for name in ids if not all(letter.isalnum() or letter in "-_" for letter in name)]
    if odd:
        raise Invalid(f"{odd[0]!r} is no id: letters, digits and hyphens are.")
    cast = {who for chapter in outline.chapters for beat in chapter.beats for who in beat.cast}
    strangers = sorted((cast - known) | (known - set(plan.sheets)))
    if strangers:
        raise Invalid(f"The plan does not say who {strangers[0]} is, or how they look.")
    check_cast(plan, brief.looks)


def check_text(text: ChapterText, outline: Outline, index: int) -> None:
    wanted = len(outline.chapters[index].beats)
    if len(text.pages) != wanted:
        raise Invalid(f"Chapter {index + 1} has {len(text.pages)} pages of text; its plan has {wanted}.")
    if any(not clean_text(paragraph) for page in text.pages for paragraph in page.paragraphs):
        raise Invalid(f"Chapter {index + 1} has an empty paragraph.")


def check_scenes(scenes: ChapterScenes | TouchedScenes, outline: Outline, text: ChapterText, index: int) -> None:
    if len(scenes.scenes) != len(text.pages):
        raise Invalid(f"Chapter {index + 1} has {len(text.pages)} pages and {len(scenes.scenes)} scenes.")
    known = {character.id for character in outline.characters}
    strangers = sorted({actor.who for scene in scenes.scenes for actor in scene.actors} - known)
    if strangers:
        raise Invalid(f"A scene of chapter {index + 1} shows {strangers[0]}, whom the plan does not know.")


def sheets_wanted(scene: Scene) -> tuple[str, ...]:
    """Whose looks a picture depends on."""
    return tuple(sorted({actor.who for actor in scene.actors}))
