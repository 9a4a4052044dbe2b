"""What a reader would notice: forty premises, every age, genre and tone among them."""

import re
from collections import Counter
from functools import cache
from itertools import pairwise

import pytest
from tests.craft.writing.measuring import PREMISES, Told, grade, tell
from tests.craft.writing.premise_table import ASKED

from overprint.core.story import Age, Brief, Genre, Tone
from overprint.craft.writing.composing import words_asked
from overprint.craft.writing.plot import is_brief
from overprint.craft.writing.plots import plots
from overprint.craft.writing.templates import script
from overprint.craft.writing.verse import BEATS, rhymes, syllables, unmarked, verses

_LENGTHS = (6, 9, 12, 13, 16, 24)
_PROSE = [genre for genre in Genre if genre is not Genre.RHYME]
_VERSE_LINE_END = re.compile(r"([^\W\d_’]+)[^\w]*$")


@cache
def book(n: int, age: Age | None = None, pages: int = 0, seed: int = 0) -> Told:
    """The book of premise ``n``; with it vary age, genre, tone and length."""
    brief = Brief(
        PREMISES[n],
        age=age or list(Age)[n % 4],
        genre=_PROSE[n % len(_PROSE)],
        tone=list(Tone)[n // 4 % 4],
        pages=pages or _LENGTHS[n % len(_LENGTHS)],
        chapters=1 + n % 3,
        seed=seed,
    )
    return tell(brief, seed or n)


EVERY = range(len(PREMISES))


@pytest.mark.parametrize("n", EVERY, ids=lambda n: PREMISES[n][:40])
def test_no_sentence_is_told_twice_and_no_placeholder_is_seen(n: int) -> None:
    told = book(n)
    twice = [sentence for sentence, times in Counter(told.sentences).items() if times > 1]
    assert not twice
    for page in told.pages:
        assert not set(page) & set("{}[]|*<>$\\"), page
        assert not re.search(r"\b(?:None|undefined|somebody the|a an|the the)\b|  | ,|\.\.(?!\.)", page), page


@pytest.mark.parametrize("n", EVERY, ids=lambda n: PREMISES[n][:40])
def test_a_book_is_as_long_as_it_was_asked_to_be_and_every_page_is_pictured(n: int) -> None:
    told, brief = book(n), book(n).brief
    assert len(told.scenes) == len(told.pages)
    is_short = is_brief(brief.pages, brief.chapters, brief.age, in_verse=False)
    assert told.words == pytest.approx(words_asked(brief.pages, brief.age, is_brief=is_short), rel=0.08)


@pytest.mark.parametrize("n", EVERY, ids=lambda n: PREMISES[n][:40])
def test_the_names_of_a_premise_are_kept_and_each_is_on_more_than_one_page(n: int) -> None:
    told = book(n)
    for name in re.findall(
        r"\b(Mira|Soot|Ada|Ben|Ana|Luis|Nina|Leo|Tom|Nell|Rosa|Zuri|Sam|Finch|Pip|Ines|Juniper)\b", PREMISES[n]
    ):
        assert sum(name in page for page in told.pages) > 1, name
    hero = told.plan.outline.characters[0]
    assert sum(hero.name.split()[-1] in page for page in told.pages) >= len(told.pages) * 0.7


def test_a_story_has_a_want_rising_tries_a_low_point_a_turn_and_an_echo() -> None:
    for n in EVERY:
        told = book(n, pages=12)
        purposes = " ".join(beat.purpose for chapter in told.plan.outline.chapters for beat in chapter.beats)
        for part in ("opening", "want", "attempt 3", "low point", "turn", "resolution", "echo"):
            assert part in purposes, (PREMISES[n], part)


@pytest.mark.parametrize("pages", [12, 24])
def test_the_older_the_reader_the_harder_the_words(pages: int) -> None:
    grades = {age: [grade(book(n, age, pages)) for n in range(0, 40, 5)] for age in Age}
    lengths = {
        age: [told.words / len(told.sentences) for told in (book(n, age, pages) for n in range(0, 40, 5))]
        for age in Age
    }
    mean = {age: sum(found) / len(found) for age, found in grades.items()}
    assert max(grades[Age.EARLY]) < 2.0 and max(lengths[Age.EARLY]) < 7.5
    assert max(grades[Age.YOUNG]) < 4.2 and max(lengths[Age.YOUNG]) < 12.5
    assert mean[Age.EARLY] + 1 < mean[Age.YOUNG] and mean[Age.YOUNG] + 0.8 < mean[Age.MIDDLE]
    assert mean[Age.YOUNG] - 0.5 < mean[Age.ALL] < mean[Age.MIDDLE]


BANDS = {Age.EARLY: (-1.5, 2.1), Age.YOUNG: (1.7, 3.6), Age.MIDDLE: (3.4, 6.0), Age.ALL: (1.8, 3.6)}


@pytest.mark.parametrize("age", Age)
def test_every_book_of_many_keeps_the_reading_level_of_its_age(age: Age) -> None:
    low, high = BANDS[age]
    grades = [grade(tell(Brief(ASKED[n].premise, age=age, pages=12, chapters=1), n)) for n in range(0, len(ASKED), 5)]
    assert [found for found in grades if not low <= found <= high] == []


def test_books_for_people_who_read_well_are_read_in_the_fifth_school_year() -> None:
    books = [tell(Brief(ASKED[n].premise, age=Age.MIDDLE, pages=12, chapters=1), n) for n in range(0, len(ASKED), 6)]
    grades = [grade(told) for told in books]
    assert len(grades) >= 20
    assert 4.5 <= sum(grades) / len(grades) <= 5.5


@pytest.mark.parametrize("pages", [6, 7, 8, 9, 12])
def test_however_short_a_story_tries_three_times(pages: int) -> None:
    told = tell(Brief(PREMISES[6], pages=pages, chapters=1))
    purposes = " ".join(beat.purpose for beat in told.plan.outline.chapters[0].beats)
    assert all(f"attempt {n}: first steps" in purposes for n in (1, 2, 3))
    assert all(part in purposes for part in ("opening", "want", "low point", "turn", "resolution", "echo"))


def test_a_long_book_says_no_sentence_twice() -> None:
    told = tell(Brief(PREMISES[0], age=Age.MIDDLE, pages=60, chapters=8))
    assert 5000 < told.words < 6100
    assert len(set(told.sentences)) == len(told.sentences)


def _said(told: Told) -> set[str]:
    """Its sentences of some length, with names and pronouns made alike."""
    names = "|".join(re.escape(c.name) for c in told.plan.outline.characters)
    plain = [re.sub(names, "@", sentence).lower() for sentence in told.sentences]
    plain = [re.sub(r"\b(?:she|he|it|they|her|his|him|its|their|them)\b", "~", sentence) for sentence in plain]
    return {sentence for sentence in plain if len(sentence.split()) > 3}


def _shared(one: Told, other: Told) -> float:
    return len(_said(one) & _said(other)) / min(len(_said(one)), len(_said(other)))


def test_two_books_share_few_sentences() -> None:
    told = [tell(Brief(ASKED[n].premise, pages=12, chapters=1), n) for n in range(0, len(ASKED), 7)]
    shares = [_shared(one, other) for one, other in pairwise(told)]
    assert sum(shares) / len(shares) < 0.2


@pytest.mark.parametrize("n", range(1, len(ASKED), 12))
def test_the_next_seed_tells_the_same_premise_in_other_words(n: int) -> None:
    brief = Brief(ASKED[n].premise, pages=12, chapters=1)
    assert _shared(tell(brief, 4), tell(brief, 5)) < 0.25


@pytest.mark.parametrize(
    ("premise", "never"),
    [
        ("An otter wants to bake a cake. The otter never laughs.", r"(?<!never )\blaugh(?:s|ed|ing)?\b"),
        ("A mouse wants to see the sea without a lantern", r"\blanterns?\b"),
        ("Bram and Nell look for the last snowflake. There is no rain.", r"\brain\b"),
        ("Mira is not a witch, but her cat might be.", r"Mira (?:was|is|became) (?:really |secretly )?a witch"),
        ("Kofi, a boy, cannot swim. He wants to build a boat.", r"\bKofi (?:swam|was swimming)\b"),
    ],
)
def test_what_a_premise_denies_is_never_told(premise: str, never: str) -> None:
    for seed in range(5):
        for age in (Age.EARLY, Age.YOUNG, Age.MIDDLE):
            text = "\n".join(tell(Brief(premise, age=age, seed=seed), seed).pages)
            assert not re.search(never, text, re.IGNORECASE), (seed, age)


def test_another_seed_is_another_book_and_the_same_seed_is_the_same() -> None:
    for n in range(0, 40, 4):
        one, again, other = (
            book(n, Age.YOUNG, 12, 3),
            tell(book(n, Age.YOUNG, 12, 3).brief, 3),
            book(n, Age.YOUNG, 12, 4),
        )
        assert one.pages == again.pages and one.scenes == again.scenes
        assert len(set(one.pages) & set(other.pages)) <= 7, PREMISES[n]


def test_every_prose_genre_and_tone_sounds_its_own_way() -> None:
    texts = {
        (genre, tone): "\n".join(tell(Brief(PREMISES[0], genre=genre, tone=tone, pages=24)).pages)
        for genre in _PROSE
        for tone in (Tone.WARM, Tone.FUNNY)
    }
    assert len(_PROSE) >= 10 and len(set(texts.values())) == len(texts)


# --- verse -----------------------------------------------------------------------------------------


def stanzas() -> list[list[str]]:
    """Lines of verse as they stand in the data, with their beats marked; lines of prose left out."""
    told = [
        text
        for plot in plots()
        if plot.is_verse
        for text in (*plot.opening, *plot.want, *plot.low, *plot.turn, *plot.success, *plot.echo)
    ]
    told += [text for plot in plots() if plot.is_verse for a in plot.attempt for text in (a.trying, a.failing)]
    found = [[line.template for line in script(text)] for text in (*told, *verses().rest)]
    return [[line for line in lines if "want}" not in line and "wanted}" not in line] for lines in found]


def beats(line: str, name: str) -> list[int]:
    """How many light syllables stand before each beat and after the last: ``[1, 2, 2, 2, 0]``."""
    light, counts = 0, []
    for word in re.sub(r"\{(?:hero|pal)\}", f"@{name}", line).replace("{his}", "his").replace("-", " ").split():
        plain = word.strip("“”.,;:!?’")
        if not plain:
            continue
        if plain.startswith("@"):
            counts.append(light)
            light = max(0, syllables(plain[1:].removesuffix("’s")) - 1)
            continue
        size, marked = syllables(plain), re.search(r"[áéíóúýÁÉÍÓÚ]", plain)
        if marked is None:
            light += size
            continue
        before = len(re.findall(r"[aeiouy]+", unmarked(plain[: marked.start()]).lower()))
        before = min(before, size - 1)
        counts.append(light + before)
        light = size - before - 1
    return [*counts, light]


@pytest.mark.parametrize("name", ["Tom", "Mira"])
def test_every_line_of_verse_has_four_beats_with_one_or_two_light_syllables_between(name: str) -> None:
    for lines in stanzas():
        for line in lines:
            found = beats(line, name)
            assert len(found) == BEATS + 1, (line, found)
            assert all(0 < light <= 2 or (light in (0, 3) and "{" in line) for light in found[1:-1]), (line, found)
            assert found[0] <= 3 and found[-1] <= 1, (line, found)


def test_every_couplet_rhymes() -> None:
    for lines in stanzas():
        assert len(lines) in (2, 4)
        for one, other in zip(lines[::2], lines[1::2], strict=True):
            ends = [_VERSE_LINE_END.search(unmarked(line.replace("{his}", "his"))) for line in (one, other)]
            assert ends[0] and ends[1]
            assert rhymes(ends[0][1], ends[1][1]) and ends[0][1] != ends[1][1], (one, other)


@pytest.mark.parametrize("n", range(0, 40, 3))
def test_a_rhyme_is_told_in_verse_from_the_first_page_to_the_last(n: int) -> None:
    told = tell(Brief(PREMISES[n], age=Age.EARLY, genre=Genre.RHYME), n)
    assert all(3 <= len(page.splitlines()) <= 5 for page in told.pages), told.pages
    assert not re.search(r"[áéíóúý]", "".join(told.pages).replace(told.plan.outline.characters[0].name, ""))
    assert told.words == pytest.approx(words_asked(12, Age.EARLY, told_in_verse=True), rel=0.08)
    invented = [c.name for c in told.plan.outline.characters[:2] if c.name.split()[-1] not in PREMISES[n]]
    assert all(syllables(name) <= 2 for name in invented if name not in ("Grandma", "Grandpa")), invented
