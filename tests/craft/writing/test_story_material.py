"""The data files: every line can be told, and every page of a script says who it is about."""

import re
from random import Random

import pytest

from overprint.core.story import Brief, PlanTask
from overprint.craft.writing import plan
from overprint.craft.writing.language import gerund, inflect_phrase, mend_articles, past, sentences, with_article
from overprint.craft.writing.slots import about, base_values
from overprint.craft.writing.spine import spine_of_outline
from overprint.craft.writing.story_data import bones, episodes, people, pools, road_scripts, senses
from overprint.craft.writing.templates import realise, script, slots_in
from overprint.craft.writing.vocabulary import lexicon, looks, stage_words, verbs
from overprint.craft.writing.wants import WantKind, kind_of_want


def scripts() -> list[str]:
    parts = [text for episode in episodes() for text in (episode.meet, episode.attempt, episode.give)]
    b = bones()
    tables = [text for table in (b.want, b.success) for texts in table.values() for text in texts]
    return [*parts, *tables, *b.setting_off, *b.setback, *b.low, *b.turn, *b.ending.home, *road_scripts()]


def lines() -> list[str]:
    p, s = people(), senses()
    pairs = [line for o in bones().opening for line in (o.first, o.echo)]
    own = [line for f in p.flaw for line in (*f.intro, *f.bite, *f.turn, *f.after)]
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
    values = base_values(outline, spine_of_outline(outline)) | helper
    values |= {"place": "a place", "place_up": "a place", "what": "a witch", "WHAT": "A WITCH", "past": "never flew"}
    every = [line.template for text in scripts() for line in script(text)] + lines()
    for template in every:
        assert slots_in(template) <= set(values), template
        told = realise(template, values, Random(1))
        assert not set(told) & set("{}[]|*"), told
        assert told[-1] in ".!?”", told


def test_there_is_enough_to_tell() -> None:
    every = [line.template for text in scripts() for line in script(text)] + lines()
    assert len(every) > 800
    assert len(set(every)) == len(every)


def test_every_page_of_a_script_names_the_hero_or_the_companion() -> None:
    for text in scripts():
        core = " ".join(line.template for line in script(text) if line.weight <= 1)
        assert re.search(r"\{(?:hero|pal)\}", core), text


def test_core_lines_fit_the_shortest_pages() -> None:
    for text in scripts():
        core = sum(len(re.sub(r"\|[^\]]*\]", "", line.template).split()) for line in script(text) if line.weight <= 1)
        assert core <= 46, text


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
    assert mend_articles("a owl and an fox and a hour and an unicorn") == "an owl and a fox and an hour and a unicorn"
    assert with_article("her cat") == "her cat"
    assert sentences("“Why?” said Mira. “No!” She ran.") == ["“Why?” said Mira.", "“No!”", "She ran."]


def test_kinds_of_want() -> None:
    assert kind_of_want("sail to the moon") is WantKind.REACH
    assert kind_of_want("find out where Soot goes") is WantKind.OTHER
    assert kind_of_want("gallivant") is WantKind.OTHER
