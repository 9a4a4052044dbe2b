"""Languages of pages: every sentence is in every catalogue; numbers, money and days stand as each language has them."""

import ast
import re
from collections import Counter
from datetime import UTC, datetime
from time import process_time
from uuid import UUID

import httpx
import pytest
from babel.messages.catalog import Message

from overprint.http.catalogues import PSEUDO, catalogue, choose_language
from tests.support.catalogues import HOME, TRANSLATED, needed, problems_in, written

HOLE = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_that_a_person_is_told_is_in_the_catalogue(language: str) -> None:
    known = written(language)
    lacking = sorted(str(said) for said in needed() if not _is_there(known.get(said)))
    assert not lacking, "`python -m tests.support.catalogues` adds these:\n" + "\n".join(lacking)


def _is_there(message: Message | None) -> bool:
    strings = message.string if message and isinstance(message.string, (tuple, list)) else (message and message.string,)
    return message is not None and not message.fuzzy and all(strings)


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_loses_or_invents_a_value(language: str) -> None:
    for message in written(language):
        if not message.id or not _is_there(message):
            continue
        ids, strings = (each if isinstance(each, (tuple, list)) else (each,) for each in (message.id, message.string))
        wanted = _values(ids[-1])
        assert _values(strings[-1]) == wanted, message.id
        assert all(_values(string).keys() <= wanted.keys() for string in strings), message.id


def _values(sentence: str | None) -> Counter[str]:
    """The places that are filled in; numbered ones count as any."""
    return Counter(re.sub(r"\{\d*\}", "{}", place) for place in HOLE.findall(sentence or ""))


def test_a_sentence_under_a_name_is_found_where_a_problem_says_it() -> None:
    code = '_SEND = "Send another one."\ndef check(words): raise Invalid("It is damaged.", _SEND)'
    assert list(problems_in(list(ast.walk(ast.parse(code))))) == ["It is damaged.", "Send another one."]


def test_sentences_that_were_filled_in_are_found_by_their_words() -> None:
    german = catalogue("de")
    told = "The plan Free <b> allows 5 jobs a day, and this team began 5 today."
    assert german.retold(told) == "Der Tarif Free <b> erlaubt 5 Aufträge am Tag, und dieses Team hat heute 5 begonnen."
    assert german.retold("Nobody has ever said this.") == "Nobody has ever said this."
    assert german.retold("") == "" and catalogue("en").retold(told) == told


@pytest.mark.parametrize(
    ("told", "german"),
    [
        (
            "First comes what your team asked for before: 1 step. It begins in about 2 minutes.",
            "Zuerst kommt, was dein Team vorher gewünscht hat: 1 Schritt. Es beginnt in etwa 2 Minuten.",
        ),
        ("Writing “The books. They are ready”", "„The books. They are ready“ wird geschrieben"),
        ("Print editions come with Home and Studio.", "Druckausgaben: im Tarif Home und Studio."),
        (
            "Schedule sweep (every 5 minutes): last ended 2026-11-22 03:00 UTC after 0.5 s",
            "Zeitplan sweep (every 5 minutes): zuletzt beendet 2026-11-22 03:00 UTC nach 0.5 s",
        ),
        ("name is missing.", "name fehlt."),
    ],
)
def test_what_the_code_put_together_is_told_part_by_part(told: str, german: str) -> None:
    assert catalogue("de").retold(told) == german


def test_a_sentence_that_somebody_made_long_is_not_searched_for_its_words() -> None:
    sent = "Chapter " + " has " * 3000 + " pages; this text has " * 3000
    began = process_time()
    assert catalogue("de").retold(sent) == sent
    assert process_time() - began < 0.5


def test_a_sentence_that_stands_in_itself_again_and_again_is_told_to_a_depth() -> None:
    sent = "Team " * 390 + "of one"
    assert catalogue("de").retold(sent) == sent


def test_a_language_is_taken_from_the_choice_then_from_the_browser_then_english() -> None:
    assert choose_language("de", "en") == "de"
    assert choose_language("", "fr, de-AT;q=0.8, en;q=0.5") == "de"
    assert choose_language("xx", "fr") == "en"
    assert choose_language("", "") == "en"
    assert choose_language("../../etc", "\x00, , ;;;=,*") == "en"


def test_numbers_money_and_days_are_written_as_the_language_does() -> None:
    english, german = catalogue("en"), catalogue("de")
    moment = datetime(2026, 11, 21, 9, 5, tzinfo=UTC)
    assert english.number(12345) == "12,345" and german.number(12345) == "12.345"
    assert english.money(1000, "usd") == "$10.00" and german.money(1000, "eur") == "10,00\xa0€"
    assert english.money(1000, "jpy") == "¥1,000"
    assert english.day(moment) == "November 21, 2026" and german.day(moment) == "21. November 2026"
    assert german.moment(moment) == "21. November 2026, 09:05 UTC"


def test_the_check_language_runs_from_right_to_left_and_keeps_values() -> None:
    said = catalogue(PSEUDO)
    assert said.direction == "rtl"
    turned = said.translations.gettext("Make %(count)s <b>books</b>")
    assert "%(count)s <b>" in turned and not re.search("[a-z]", re.sub(r"%\(count\)s|</?b>", "", turned).lower())


def test_no_template_trusts_a_value_as_if_it_were_its_own_words() -> None:
    """What ``_(…)`` is given stands in the page unescaped; a value goes through the filter ``worded``."""
    for template in HOME.glob("**/templates/**/*.html"):
        assert not re.search(r"(?<![\w.])_\((?![\"'])", template.read_text("utf-8")), template.name


async def test_who_chooses_a_language_gets_pages_in_it_from_then_on(desk: httpx.AsyncClient) -> None:
    headers = {"Accept": "text/html", "Accept-Language": "de"}
    page = await desk.get("/photos", headers=headers)
    assert '<html lang="de" dir="ltr">' in page.text and page.headers["content-language"] == "de"
    chosen = await desk.post("/language", data={"language": PSEUDO}, headers={"Referer": "http://localhost/photos?a=1"})
    assert chosen.status_code == 303 and chosen.headers["location"] == "/photos?a=1"
    page = await desk.get("/photos", headers=headers)
    assert f'<html lang="{PSEUDO}" dir="rtl">' in page.text


async def test_a_page_that_answers_a_form_is_left_for_its_own_in_the_other_language(desk: httpx.AsyncClient) -> None:
    for path, home in (("/make/price", "/make"), ("/make/film/price", "/make/film")):
        answered = await desk.post(path, data={"premise": "Mira the fox looks for the lost moon"})
        assert f'<input type="hidden" name="home" value="{home}">' in answered.text
        assert 'name="home"' not in (await desk.get(home)).text
        chosen = await desk.post(
            "/language", data={"language": "de", "home": home}, headers={"Referer": f"http://localhost{path}"}
        )
        assert chosen.headers["location"] == home
    html = {"Accept": "text/html", "Referer": "http://localhost/make/film"}
    refused = await desk.post(f"/books/{UUID(int=1)}/pause", headers=html)
    assert refused.status_code == 404 and '<input type="hidden" name="home" value="/make/film">' in refused.text
    refused = await desk.post(f"/books/{UUID(int=1)}/pause", headers={**html, "Referer": "http://localhost/make/price"})
    assert '<input type="hidden" name="home" value="/">' in refused.text, "a price has no address of its own either"
    for elsewhere in ("//elsewhere.example", "/\\elsewhere.example", "https://elsewhere.example"):
        assert (await desk.post("/language", data={"language": "de", "home": elsewhere})).status_code == 422


@pytest.mark.parametrize(
    "referer", ["http://elsewhere.example/x", "http://[", "http://localhost//elsewhere.example", "not an address"]
)
async def test_choosing_a_language_leads_nowhere_else(desk: httpx.AsyncClient, referer: str) -> None:
    answer = await desk.post("/language", data={"language": "de"}, headers={"Referer": referer})
    assert answer.headers["location"].startswith("/") and not answer.headers["location"].startswith("//")
    refused = await desk.post("/language", data={"language": "tlh"})
    assert refused.status_code == 422
