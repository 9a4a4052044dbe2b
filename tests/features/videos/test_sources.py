"""What a film is made of beside a sentence: scripts, finished books, documented settings."""

from uuid import UUID

import pytest

from overprint.core.codec import decode
from overprint.core.film import WORDS_MAX, Aspect, FilmBrief, Grade
from overprint.core.problems import Invalid
from overprint.core.story import Style
from overprint.features.videos.rules.sources import premise_of, prompted, retold, script_of, script_seconds
from tests.features.conftest import studio
from tests.support.studio import Studio

__all__ = ["studio"]


def test_a_script_tells_who_speaks_and_leaves_out_what_is_not_said() -> None:
    script = "# The Storm\nINT. TOWER\nOTTO: Who is there?\n(thunder)\nStorm: It is me.\n\nSzene 2\nThey drink tea."
    assert script_of(script) == ("“Who is there?” asked Otto. “It is me,” said Storm.", "They drink tea.")
    german = script_of("Mia: Wo ist der Mond? Ich sehe ihn nicht.\n\nUnd dann schlief sie unter dem Baum ein.")
    assert german[0] == "“Wo ist der Mond? Ich sehe ihn nicht,” sagte Mia."


def test_what_is_too_long_for_one_scene_becomes_several() -> None:
    script = script_of("The keeper climbs the stairs and counts them. " * 12)
    assert len(script) > 1 and max(map(len, script)) <= WORDS_MAX
    assert script_seconds(script) == pytest.approx(sum(map(len, script)) / 15 + 1.2 * len(script), abs=2)


def test_documented_settings_are_those_of_a_film_and_others_are_refused() -> None:
    clip = UUID(int=7)
    settings = {
        "aspectRatio": "9:16",
        "duration": 12,
        "captionStyle": "outline",
        "drivingId": str(clip),
        "lut_id": None,
    }
    brief, files = prompted("A fox", {"grade": "noir", "seconds": 20}, settings)
    assert (brief.aspect, brief.seconds, brief.grade) == (Aspect.TALL, 12, Grade.NOIR)
    assert files == {"driving": clip} and prompted("A fox", {}, {"lut_id": None})[1] == {}
    for wrong in ({"operations": ["sharpen"]}, {"driving_id": "no id"}, {"driving_id": 7}):
        with pytest.raises(Invalid):
            prompted("A fox", {}, wrong)


@pytest.mark.parametrize(("title", "premise"), [("The Storm", "The Storm"), ("It", "“It”"), ("月", "“月”")])
def test_a_story_with_the_shortest_of_titles_can_be_filmed(title: str, premise: str) -> None:
    assert decode(FilmBrief, {"premise": premise_of(title)}, at="").premise == premise


async def test_a_finished_book_becomes_a_storyboard_of_its_own_words_scenes_and_people(studio: Studio) -> None:
    book_id = await studio.make()
    async with studio.transaction() as transaction:
        told = await studio.books.tell(transaction, book_id)
    board = retold(told, FilmBrief("A film", seconds=20))
    assert 1 < len(board.cards) <= 4 and sum(card.seconds for card in board.cards) == 20
    pages = [page.words for page in told.pages]
    assert all(any(card.words[:20] in page for page in pages) for card in board.cards)
    assert all(set(card.sheets) == {actor.who for actor in card.scene.actors} for card in board.cards)
    assert {person.name for person in board.people} >= {"Mira", "Soot"} and told.style is Style.STORYBOOK
