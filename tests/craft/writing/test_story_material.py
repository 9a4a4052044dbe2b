"""The data files: every line can be told, and every page of a script says who it is about."""

import re
from random import Random

import pytest
from tests.craft.writing.test_quality import stanzas

from overprint.core.story import Age, Brief, Genre, PlanTask
from overprint.craft.writing.language import gerund, inflect_phrase, mend_articles, past, sentences, with_article
from overprint.craft.writing.planning import plan
from overprint.craft.writing.plots import brief_plots, plots
from overprint.craft.writing.slots import about, base_values
from overprint.craft.writing.spine import spine_of_outline
from overprint.craft.writing.story_data import (
    bones,
    episodes,
    genres,
    people,
    pools,
    rest_scripts,
    road_scripts,
    senses,
)
from overprint.craft.writing.templates import fill, for_reader, realise, script, slots_in
from overprint.craft.writing.verse import verses
from overprint.craft.writing.vocabulary import lexicon, looks, stage_words, verbs
from overprint.craft.writing.want_kinds import WantKind, kind_of_want


def scripts() -> list[str]:
    parts = [text for episode in episodes() for text in (episode.meet, episode.attempt, episode.give)]
    b = bones()
    parts += [text for texts in b.want.values() for text in texts]
    for plot in (*plots(), *brief_plots()):
        parts += [*plot.opening, *plot.want, *plot.low, *plot.turn, *plot.success]
        parts += [text for attempt in plot.attempt for text in (attempt.trying, attempt.failing)]
    pools = (b.setting_off, b.asking, b.onward, b.back, b.setback, b.ending.home, b.ending.party, verses().rest)
    return [*parts, *(text for pool in pools for text in pool), *road_scripts(), *rest_scripts()]


def lines() -> list[str]:
    p, s = people(), senses()
    pairs = [line for o in bones().opening for line in (o.first, o.echo)]
    pairs += [line for o in bones().early for line in (o.first, o.echo)]
    pairs += [line for g in genres().values() for o in g.opening for line in (o.first, o.echo)]
    pairs += [line for g in genres().values() for line in (*g.colour, *g.last)]
    own = [line for f in p.flaw for line in f.bite]
    own += [line for f in p.flaw for habit in f.habit for line in (habit.before, habit.after)]
    own += [line for v in p.voice for line in (*v.intro, *v.remarks)]
    own += [line for g in p.gag for line in (*g.setup, *g.again, g.payoff, *g.coda)]
    own += [line for name in p.facts for line in p.fact_lines(name)]
    own += [line for table in (p.others, p.props) for texts in table.values() for line in texts]
    tables = (s.settings, s.weathers, s.times, s.tones, s.roads, s.places, s.anywhere)
    own += [line for table in tables for texts in table.values() for line in texts]
    return [*pairs, *own, *bones().ending.last, *(e.payoff for e in episodes())]


def test_every_line_can_be_told() -> None:
    outline = plan(PlanTask(Brief(premise="A shy fox called Wick wants to sing")), 1).outline
    helper = about("helper", outline.characters[1]) | about("who", outline.characters[1])
    values = base_values(outline, spine_of_outline(outline, Genre.ADVENTURE)) | helper
    values |= {"place": "a place", "place_up": "a place", "what": "a witch", "WHAT": "A WITCH", "past": "never flew"}
    values |= {"who_all": "Ada and Ben the cats", "names": "Ada and Ben"}
    every = [line.template for text in scripts() for line in script(text)] + lines()
    verse = {line for stanza in stanzas() for line in stanza}
    for template in every:
        assert slots_in(template) <= set(values), template
        told = realise(template, values, Random(1))
        assert not set(told) & set("{}[]|*"), told
        assert told[-1] in ".!?”" or template in verse, told


def test_no_line_leaves_a_quotation_open_or_says_the_same_sentence_twice() -> None:
    verse = {line for stanza in stanzas() for line in stanza}
    for template in [line.template for text in scripts() for line in script(text)] + lines():
        told = sentences(re.sub(r"\[([^|\]]*)\|[^\]]*\]", r"\1", template).replace("*", "").replace("{he}", "she"))
        assert template in verse or template.count("“") == template.count("”"), template
        assert len(told) == len(set(told)), template


def test_what_ends_a_book_for_the_youngest_says_nothing_that_has_begun_it() -> None:
    for opening in bones().early:
        assert not {*sentences(opening.first)} & {*sentences(opening.echo)}, opening.first


def test_there_is_enough_to_tell() -> None:
    every = [line.template for text in scripts() for line in script(text)] + lines()
    assert len(every) > 800
    in_prose = [line for line in every if "I want to {mywant}" not in line and not line.startswith("And that was how")]
    assert len(set(in_prose)) == len(in_prose)


@pytest.mark.parametrize("age", [Age.EARLY, Age.YOUNG])
def test_every_page_of_a_script_names_the_hero_or_the_companion(age: Age) -> None:
    for text in scripts():
        core = " ".join(line.template for line in for_reader(script(text), age) if line.weight <= 1)
        assert re.search(r"\{(?:hero|pal)(?:_the)?\}", core) or not core or "1 " not in text, text


def test_what_must_be_told_fits_a_page() -> None:
    for text in scripts():
        for age, most in ((Age.EARLY, 62), (Age.YOUNG, 92)):
            core = [line.template for line in for_reader(script(text), age) if line.weight <= 1]
            assert sum(len(re.sub(r"\|[^\]]*\]", "", line).split()) for line in core) <= most, text


def test_every_plot_has_a_try_for_each_rise_and_words_for_the_youngest() -> None:
    for plot in plots():
        assert {attempt.rise for attempt in plot.attempt} == {1, 2, 3}, plot.id
        told = [*plot.want, *plot.low, *plot.turn, *plot.success, *(a.trying + a.failing for a in plot.attempt)]
        assert plot.is_verse or all("1e " in text for text in told), plot.id
        assert plot.titles and plot.echo
    assert {kind for plot in plots() for kind in plot.kinds} == set(WantKind)
    assert set(genres()) == set(Genre)


def test_places_and_ids_of_episodes_are_unique_and_every_setting_has_two() -> None:
    assert len({e.place for e in episodes()}) == len({e.id for e in episodes()}) == len(episodes())
    for setting in {e.setting for e in episodes()}:
        assert sum(e.setting is setting for e in episodes()) >= 2
    assert sum(not e.helper for e in episodes()) >= 12


def test_every_word_list_decodes() -> None:
    assert lexicon().beings and looks().bodies and stage_words().poses and verbs().bases and pools().home


@pytest.mark.parametrize(
    ("base", "told", "doing"),
    [
        ("fly", "flew", "flying"),
        ("hop", "hopped", "hopping"),
        ("bake", "baked", "baking"),
        ("cry", "cried", "crying"),
        ("see", "saw", "seeing"),
        ("visit", "visited", "visiting"),
    ],
)
def test_verbs_are_inflected(base: str, told: str, doing: str) -> None:
    assert (past(base), gerund(base)) == (told, doing)


def test_phrases_articles_and_sentences() -> None:
    assert inflect_phrase("sail to the moon and meet the stars", "past") == "sailed to the moon and met the stars"
    assert inflect_phrase("build a boat", "gerund") == "building a boat"
    assert inflect_phrase("never lie", "past") == "never lied"
    assert inflect_phrase("lie in the sun", "past") == "lay in the sun"
    assert mend_articles("a owl and an fox and a hour and an unicorn") == "an owl and a fox and an hour and a unicorn"
    assert with_article("her cat") == "her cat"
    assert sentences("“Why?” said Mira. “No!” She ran.") == ["“Why?” said Mira.", "“No!”", "She ran."]


@pytest.mark.parametrize(("his", "told"), [("her", "hers"), ("his", "his"), ("their", "theirs")])
def test_what_is_somebodys_is_theirs(his: str, told: str) -> None:
    assert fill("It was {his} voice. It was {his}.", {"his": his}) == f"It was {his} voice. It was {told}."


def test_kinds_of_want() -> None:
    assert kind_of_want("sail to the moon") is WantKind.REACH
    assert kind_of_want("find out where Soot goes") is WantKind.RIDDLE
    assert kind_of_want("make up with Luis") is WantKind.QUARREL
    assert kind_of_want("find a friend") is WantKind.FRIEND
    assert kind_of_want("gallivant") is WantKind.OTHER
