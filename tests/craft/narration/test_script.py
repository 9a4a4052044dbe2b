from dataclasses import replace

import pytest

from overprint.core.book import Page, PageKind
from overprint.core.narration import NARRATOR, Register, Voice
from overprint.core.problems import Invalid
from overprint.core.story import CharacterRole, Pronouns
from overprint.craft.narration import cast_voices, page_lines, voice_for, words_hash
from overprint.craft.typesetting.reading import parts_read
from tests.craft.narration.conftest import DOC, HEIGHTS, OTTO, PAGES, PEOPLE, VOICES, person


def test_a_page_is_read_in_order_with_a_voice_for_each_speaker() -> None:
    said = [[(u.who, u.text) for u in line.utterances] for line in page_lines(DOC, 3, PEOPLE)]
    assert said == [
        [(NARRATOR, "The Hill")],
        [(NARRATOR, "Mira climbed the hill with Ember at her heels.")],
        [("ember", "“Is that the lighthouse?”"), (NARRATOR, "asked the fox.")],
        [("ember", "“It has no light!”")],
        [("mira", "“It will,”"), (NARRATOR, "said Mira,"), ("mira", "“when we carry the lamp up.")],
        [("mira", "Come on!”")],
    ]


def test_lines_point_at_their_words() -> None:
    for number in range(1, len(PAGES) + 1):
        parts = parts_read(DOC, PAGES[number - 1])
        for line in page_lines(DOC, number, PEOPLE):
            words = parts[line.place][line.first : line.last]
            assert "".join(u.text for u in line.utterances).split()[0].strip("“") in words


def test_the_title_page_is_read_and_the_colophon_is_not() -> None:
    assert [line.utterances[0].text for line in page_lines(DOC, 2)] == ["The Lamp", "Ada"]
    assert [page_lines(DOC, number) for number in (1, 6)] == [(), ()]


def test_signs_are_not_read_out() -> None:
    doc = replace(DOC, pages=(Page(PageKind.STORY, ("*Hush*, said the _wind_. ***",)),))
    assert [line.utterances[0].text for line in page_lines(doc, 1)] == ["Hush , said the  wind ."]


def test_changed_words_have_another_hash_and_a_changed_picture_has_not() -> None:
    page = PAGES[2]
    assert words_hash(DOC, page) == words_hash(DOC, replace(page, chapter=9))
    assert words_hash(DOC, page) != words_hash(DOC, replace(page, paragraphs=("Other words.",)))
    assert words_hash(DOC, page) != words_hash(replace(DOC, language="de"), page)


def test_everybody_has_a_voice_of_their_own() -> None:
    casting = cast_voices(PEOPLE, HEIGHTS, VOICES, "en")
    assert set(casting) == {NARRATOR, "mira", "ember", "otto"}
    assert len(set(casting.values())) == 4
    registers = {voice.id: voice.register for voice in VOICES}
    assert registers[casting["mira"]] is Register.HIGH
    assert registers[casting["otto"]] is Register.LOW


def test_with_too_few_voices_the_narrator_keeps_his() -> None:
    crowd = [person(f"p{n}", f"Person{n}", "child", Pronouns.THEY, CharacterRole.OTHER) for n in range(9)]
    casting = cast_voices(crowd, {}, VOICES, "en")
    assert sum(voice == casting[NARRATOR] for voice in casting.values()) == 1
    assert set(casting.values()) == {voice.id for voice in VOICES}


def test_one_voice_reads_everything() -> None:
    assert set(cast_voices(PEOPLE, {}, VOICES[:1], "en").values()) == {VOICES[0].id}


def test_only_voices_that_speak_the_language_are_cast() -> None:
    german = Voice("anna", "Anna", Register.HIGH, ("de-DE",))
    assert set(cast_voices((OTTO,), {}, (german, *VOICES), "en").values()).isdisjoint({"anna"})
    assert cast_voices((), {}, (german,), "de-AT") == {NARRATOR: "anna"}
    with pytest.raises(Invalid):
        cast_voices((), {}, (german,), "en")


def test_somebody_who_is_not_in_the_cast_is_read_by_the_narrator() -> None:
    assert voice_for({NARRATOR: "hum", "mira": "hoot"}, "ghost") == "hum"
