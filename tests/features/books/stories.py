"""A small story of plain values: two chapters, four pages, three characters."""

from collections.abc import Mapping

from overprint.core.files import FileKind, StoredFile
from overprint.core.scene import Actor, PropKind, Scene, Season, Setting, Sheet, Species
from overprint.core.story import (
    Beat,
    Brief,
    ChapterPlan,
    ChapterText,
    Character,
    CharacterRole,
    Outline,
    PageText,
    Plan,
    Pronouns,
    TouchedScenes,
    Trim,
)
from overprint.features.books.steps import ComposeIn, IllustrateOut

BRIEF = Brief("A fox and an owl find a door", chapters=2, pages=6, picture_dpi=72)


def character(who: str, role: CharacterRole = CharacterRole.OTHER) -> Character:
    return Character(who, who.title(), who, role, Pronouns.SHE)


def beat(*cast: str, place: str = "the old wood") -> Beat:
    return Beat("attempt", "They look.", Setting.FOREST, place, cast, props=(PropKind.LANTERN,))


OUTLINE = Outline(
    title="The Door",
    logline="A door is found.",
    season=Season.AUTUMN,
    characters=(
        character("mole"),
        character("fox", CharacterRole.HERO),
        character("owl", CharacterRole.COMPANION),
    ),
    chapters=(
        ChapterPlan("Out", (beat("fox"), beat("fox", "owl"), beat("owl"))),
        ChapterPlan("Home", (beat("fox", "mole"), beat("mole", place="the harbour"), beat())),
    ),
)


def sheet(species: Species, body: str = "#aa5522") -> Sheet:
    return Sheet(species, body, "#ffffff", "#223344", "#ddaa11")


SHEETS: Mapping[str, Sheet] = {"fox": sheet(Species.FOX), "owl": sheet(Species.OWL), "mole": sheet(Species.MOUSE)}
PLAN = Plan(OUTLINE, SHEETS)
TEXT = ChapterText(tuple(PageText((f"Page {n}.",)) for n in (1, 2, 3)))


def scenes_of(index: int) -> TouchedScenes:
    """One scene for each beat of a chapter, showing its cast."""
    beats = OUTLINE.chapters[index].beats
    return TouchedScenes(
        tuple(Scene(b.setting, b.place, "Somebody looks.", actors=tuple(map(Actor, b.cast))) for b in beats)
    )


def picture(name: str, quiet: str = "none") -> IllustrateOut:
    file = StoredFile(f"teams/1/{name}.png", name * 8, 9, "image/png", FileKind.IMAGE, name, 100, 200)
    return IllustrateOut(file, f"What {name} shows.", quiet)


def everything_made() -> ComposeIn:
    return ComposeIn(
        outline=OUTLINE,
        author="Ann",
        dedication="To Bo",
        trim=Trim.SQUARE,
        identifier="urn:uuid:1",
        texts={"1": TEXT, "2": TEXT},
        scenes={"1": scenes_of(0), "2": scenes_of(1)},
        pictures={"cover": picture("c", "top"), "1/1": picture("a"), "2/3": picture("b", "bottom")},
    )
