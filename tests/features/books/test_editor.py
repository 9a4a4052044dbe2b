"""The editor's pages: spreads as they will be set, forms that lose nothing, and what making it all would cost."""

import html
import re
from dataclasses import replace
from io import BytesIO
from uuid import UUID
from zipfile import ZipFile

import httpx
import pytest
from fastapi import FastAPI

from overprint.core.scene import Scene, Season, Setting
from overprint.core.story import Outline, Touch
from overprint.features.books.service import PageNow, Place
from overprint.features.books.web import type_router
from overprint.features.books.web.editor_files import Told, read_report, spread_of
from overprint.features.books.web.editor_forms import picture_changes
from overprint.http.problems import answer_problems
from tests.support.made import database_urls, studio
from tests.support.studio import BRIEF, Studio

__all__ = ["database_urls", "studio"]

COLOURS = {"body": "#123456", "marking": "#654321", "seen": ""}


async def _open(client: httpx.AsyncClient, path: str, status: int = 200) -> str:
    answer = await client.get(path)
    assert answer.status_code == status, answer.text
    return html.unescape(answer.text)


def _seen(page: str, form: str) -> str:
    """The state of a page that a form of it was made of."""
    found = re.search(rf'action="[^"]*{re.escape(form)}".*?name="seen" value="([0-9a-f]+)"', page, re.DOTALL)
    assert found is not None, form
    return found[1]


def _words(page: str, place: str = "1-1") -> str:
    found = re.search(rf'data-words="{place}".*?<textarea[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert found is not None
    return found[1]


async def test_the_book_lies_open_where_a_page_is(client: httpx.AsyncClient, studio: Studio) -> None:
    book_id = await studio.make()
    story = (await studio.book(book_id))["chapters"][1]["pages"][0]["paragraphs"]
    page = await _open(client, f"/books/{book_id}/edit?page=2-1")
    assert _words(page, "2-1") == "\n\n".join(story)
    drawn = page.partition('class="spread"')[2].partition("</svg>")[0]
    assert 'data-place="2-1"' in drawn and story[0] in drawn
    assert drawn.count('class="trim"') == 2
    assert "Everything is made as it stands here." in page
    printed = await _open(client, f"/books/{book_id}/edit?page=2-1&edition=print")
    assert "Show it as on screens" in printed and _words(printed, "2-1") == "\n\n".join(story)


@pytest.mark.parametrize(
    ("query", "status"),
    [("page=1-9", 200), ("page=nine", 404), ("spread=999", 200), ("spread=0", 422), ("page=" + "1" * 99, 422)],
)
async def test_an_address_that_names_no_page_is_told_or_opens_the_nearest(
    client: httpx.AsyncClient, studio: Studio, query: str, status: int
) -> None:
    await _open(client, f"/books/{await studio.make()}/edit?{query}", status)


async def test_words_are_saved_collected_and_made_in_one_run(client: httpx.AsyncClient, studio: Studio) -> None:
    book_id = await studio.make()
    at = f"/books/{book_id}/edit"
    page = await _open(client, f"{at}?page=1-1")
    for place in ("1-1", "1-2"):
        form = {"words": f"New on {place}.\r\n\r\nAnd <b>more</b>.", "seen": ""}
        assert (await client.post(f"{at}/words/{place}", data=form)).status_code == 303
    page = await _open(client, f"{at}?page=1-1")
    assert _words(page) == "New on 1-1.\n\nAnd <b>more</b>."
    assert "1 change is not made yet" in page and "2 pages affected" in page
    assert "from before your changes" in await _open(client, f"{at}/files")
    made = await client.post(f"{at}/make")
    assert (made.status_code, made.headers["location"]) == (303, f"/books/{book_id}")
    async with studio.transaction() as transaction:
        job = await studio.jobs.find_newest(transaction, book_id)
    assert job is not None
    assert "The book is being made right now." in await _open(client, f"{at}?page=1-1")
    await studio.finish(job["id"])
    assert "Everything is made as it stands here." in await _open(client, f"{at}?page=1-1")


async def test_of_two_tabs_the_second_is_told_and_keeps_what_was_written(
    client: httpx.AsyncClient, studio: Studio
) -> None:
    at = f"/books/{await studio.make()}/edit"
    seen = _seen(await _open(client, f"{at}?page=1-1"), "/edit/words/1-1")
    assert (await client.post(f"{at}/words/1-1", data={"words": "Theirs.", "seen": seen})).status_code == 303
    late = await client.post(f"{at}/words/1-1", data={"words": "My long <work>.", "seen": seen})
    page = html.unescape(late.text)
    assert late.status_code == 412
    assert "Somebody else changed this page" in page
    assert _words(page) == "My long <work>." and "Theirs.</blockquote>" in page
    again = {"words": _words(page), "seen": _seen(page, "/edit/words/1-1")}
    assert (await client.post(f"{at}/words/1-1", data=again)).status_code == 303
    assert _words(await _open(client, f"{at}?page=1-1")) == "My long <work>."


async def test_the_title_of_a_chapter_is_written_where_it_begins(client: httpx.AsyncClient, studio: Studio) -> None:
    book_id = await studio.make()
    at = f"/books/{book_id}/edit"
    seen = _seen(await _open(client, f"{at}?page=1-1"), "/edit/title/1-1")
    saved = await client.post(f"{at}/title/1-1", data={"title": "Into the <Harbour>", "seen": seen})
    assert (saved.status_code, saved.headers["location"]) == (303, f"{at}?page=1-1#panel-1-1")
    late = await client.post(f"{at}/title/1-1", data={"title": "Too late", "seen": seen})
    assert late.status_code == 412 and 'value="Too late"' in late.text
    page = await _open(client, f"{at}?page=1-1")
    assert '<p class="head' in page and "Into the <Harbour></p>" in page
    assert "1 change is not made yet" in page and "1 page affected" in page
    assert "Title of the chapter: <a" in page
    undone = {"step": "title/1", "page": "1-1", "seen": _sent_by(page, 'value="title/1"')}
    assert (await client.post(f"{at}/undo", data={**undone, "seen": "0" * 32})).status_code == 412
    assert (await client.post(f"{at}/undo", data=undone)).status_code == 303
    assert "Everything is made as it stands here." in await _open(client, f"{at}?page=1-1")
    assert (await client.post(f"{at}/title/1-1", data={"title": " "})).status_code == 422


async def test_words_that_cannot_be_saved_come_back_with_the_reason(client: httpx.AsyncClient, studio: Studio) -> None:
    at = f"/books/{await studio.make()}/edit"
    answer = await client.post(f"{at}/words/1-1", data={"words": " \n\n "})
    assert answer.status_code == 422
    assert "A page needs some words." in html.unescape(answer.text)
    files = {"words": ("a.txt", b"words")}
    assert (await client.post(f"{at}/words/1-1", files=files)).status_code == 400


async def test_choices_of_a_picture_are_sketched_then_saved_then_taken_back(
    client: httpx.AsyncClient, studio: Studio
) -> None:
    book_id = await studio.make()
    at, who = f"/books/{book_id}/edit", (await studio.book(book_id))["characters"][0]["id"]
    chosen = {"time": "night", "shot": "wide", "style": "pencil", "with_actors": "1", f"on.{who}": "1"}
    chosen |= {"season": "winter", f"pose.{who}": "jump", f"expression.{who}": "joy", f"place.{who}": "left"}
    chosen |= {f"holding.{who}": "umbrella", "with_things": "1", "thing:0": "", "thing:3": "kite"}
    chosen |= {"place.thing:3": "left", "colour.thing:3": "#3f74b5"}
    tried = await client.get(at, params={**chosen, "page": "1-2", "look": "1"})
    sketch = re.search(r'<figure class="sketch"><img[^>]* src="([^"]+)"', html.unescape(tried.text))
    assert sketch is not None and "/pages/1-2/sketch?" in sketch[1]
    drawn = await client.get(sketch[1])
    assert drawn.headers["content-type"] == "image/jpeg" and drawn.content.startswith(b"\xff\xd8")
    assert "Everything is made" in html.unescape(tried.text)
    assert (await client.post(f"{at}/picture/1-2", data=chosen)).status_code == 303
    page = await _open(client, f"{at}?page=1-2")
    assert '<option value="night" selected>' in page and '<option value="pencil" selected>' in page
    assert '<option value="winter" selected>' in page and '<option value="umbrella" selected>' in page
    assert '<option value="kite" selected>' in page and '<option value="#3f74b5" selected>' in page
    assert "1 page affected" in page
    assert "jumps, holding an umbrella," in _told(page, "1-2") and ", with a kite" in _told(page, "1-2")
    undone = await client.post(f"{at}/undo", data={"step": "scenes/1", "page": "1-2"})
    assert undone.headers["location"] == f"{at}?page=1-2"
    assert "Everything is made" in await _open(client, f"{at}?page=1-2")


@pytest.mark.parametrize(
    "change", [{"time": "noon"}, {"style": "oil"}, {"shot": "x" * 5000}, {"with_things": "1", "thing:0": "volcano"}]
)
async def test_choices_that_make_no_sense_are_refused(
    client: httpx.AsyncClient, studio: Studio, change: dict[str, str]
) -> None:
    book_id = await studio.make()
    assert (await client.post(f"/books/{book_id}/edit/picture/1-1", data=change)).status_code == 422
    assert (await client.get(f"/books/{book_id}/pages/1-1/sketch", params=change)).status_code == 422


async def test_a_changed_look_tells_how_many_pages_are_drawn_again(client: httpx.AsyncClient, studio: Studio) -> None:
    book_id = await studio.make()
    at, who = f"/books/{book_id}/edit/cast", (await studio.book(book_id))["characters"][0]["id"]
    page = await _open(client, at)
    told = re.search(r"On (\d+) pages, which are drawn again", page)
    assert told is not None
    seen = _seen(page, f"/edit/cast/{who}")
    assert (await client.post(f"{at}/{who}", data={**COLOURS, "seen": seen})).status_code == 303
    page = await _open(client, at)
    assert 'name="body" value="#123456"' in page
    assert f"{told[1]} pages affected" in page
    late = await client.post(f"{at}/{who}", data={"body": "#ffffff", "seen": seen})
    assert late.status_code == 412
    wrong = await client.post(f"{at}/{who}", data={"body": "red"})
    assert wrong.status_code == 422
    assert (await client.get(f"/books/{book_id}/cast/{who}/sketch?body=%23ff0000")).content.startswith(b"\xff\xd8")
    assert (await client.get(f"/books/{book_id}/cast/{who}/sketch?body=red")).status_code == 422
    assert (await client.get(f"/books/{book_id}/cast/nobody/sketch")).status_code == 404
    assert (await client.post(f"{at}/nobody", data=COLOURS)).status_code == 404


async def test_earlier_pictures_and_words_are_shown_side_by_side_and_put_back(
    client: httpx.AsyncClient, studio: Studio
) -> None:
    book_id = await studio.make()
    at = f"/books/{book_id}/edit"
    first = _words(await _open(client, f"{at}?page=1-1"))
    await client.post(f"{at}/words/1-1", data={"words": "Mine."})
    await client.post(f"{at}/picture/1-1", data={"again": "1", "told": "Mine, as I see it."})
    things = {"with_things": "1", "thing:0": "kite", "place.thing:0": "left"}
    things["told"] = _told(await _open(client, f"{at}?page=1-2"), "1-2")
    await client.post(f"{at}/picture/1-2", data=things)
    await client.post(f"{at}/make")
    async with studio.transaction() as transaction:
        job = await studio.jobs.find_newest(transaction, book_id)
    assert job is not None
    await studio.finish(job["id"])
    page = await _open(client, f"{at}/versions/1-1")
    await _says_what_its_pictures_show(client, studio, book_id)
    assert page.count("Put this one back") == page.count("Put these words back") == 1
    picture = re.search(r'name="picture" value="([0-9a-f]{64})"', page)
    assert picture is not None
    before = {"seen": _sent_by(page, 'name="picture"')}
    assert (await client.post(f"{at}/versions/1-1", data={"picture": picture[1], **before})).status_code == 303
    assert (await client.post(f"{at}/versions/1-1", data={"picture": picture[1], **before})).status_code == 412
    assert (await client.post(f"{at}/versions/1-1", data={"words": first})).status_code == 303
    page = await _open(client, f"{at}?page=1-1")
    assert _words(page) == first and "You chose to keep this picture" in page
    assert (await client.post(f"{at}/versions/1-1", data={"follow": "1", **before})).status_code == 412
    following = {"follow": "1", "seen": _sent_by(page, 'name="follow"')}
    assert (await client.post(f"{at}/versions/1-1", data=following)).status_code == 303
    assert "You chose to keep" not in await _open(client, f"{at}?page=1-1")
    assert (await client.post(f"{at}/versions/1-1", data={"picture": "0" * 64})).status_code == 404


def test_a_caption_that_was_left_alone_is_nobodys_own_however_it_is_broken_into_lines() -> None:
    scene = Scene(Setting.SEA, "the sea", "Mira waves\nto  the owl.")
    now = PageNow(Place(1, 1), "", (), scene, Touch(), None)
    outline = Outline("", "", Season.SUMMER, (), ())
    assert picture_changes({"told": "Mira waves\r\nto  the owl."}, now, outline) == {}
    assert picture_changes({"told": "Mine."}, now, outline) == {"told": "Mine."}


async def _says_what_its_pictures_show(client: httpx.AsyncClient, studio: Studio, book_id: UUID) -> None:
    """In a person's own words on 1-1, and on 1-2 in the program's, of what a person put there."""
    edited = await _open(client, f"/books/{book_id}/edit?page=1-2")
    told = _told(edited, "1-2")
    assert "with a kite" in told and _told(edited, "1-1") == "Mine, as I see it."
    files = {file["slot"]: file for file in (await studio.book(book_id))["files"]}
    with ZipFile(BytesIO(await studio.storage.get(files["epub"]["key"]))) as epub:
        pages = html.unescape("".join(epub.read(name).decode() for name in epub.namelist() if name.endswith(".xhtml")))
    assert 'alt="Mine, as I see it."' in pages and f'alt="{told}' in pages
    assert files["picture/1/1"]["alt"] == "Mine, as I see it." and files["picture/1/2"]["alt"].startswith(told)


def _told(page: str, place: str) -> str:
    """What the editor has for those who cannot see the picture of a page."""
    found = re.search(rf'edit/picture/{place}".*?<textarea name="told"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert found is not None
    return found[1]


def _sent_by(page: str, form: str) -> str:
    """The edition that the form with this in it sends."""
    (found,) = re.findall(r'name="seen" value="([0-9a-f]+)"', next(one for one in page.split("</form>") if form in one))
    return str(found)


REPORT = """Print edition for Lulu, paperback: 32 pages inside.
Terms: read November 2026.

Inside
error: pages 6, 8 and 3 more: Words stand too near the cut. Move them.
nonsense: page 1: x

Cover
note: The spine is thin.
"""


def test_preflight_is_read_with_the_pages_that_it_is_about() -> None:
    report = read_report(REPORT)
    assert (report.printer, report.pages) == ("Lulu, paperback", 32)
    assert report.found == (
        Told("error", "Words stand too near the cut. Move them.", (6, 8)),
        Told("note", "The spine is thin.", is_cover=True),
    )
    assert read_report("\x00 no report").found == ()


@pytest.mark.parametrize(
    ("page", "pages", "leaves", "spread"),
    [(1, 20, 20, 1), (2, 20, 20, 2), (3, 20, 20, 2), (6, 32, 19, 3), (1, 32, 19, None), (22, 32, 19, None)],
)
def test_a_page_of_the_print_file_is_found_in_the_editor(page: int, pages: int, leaves: int, spread: int) -> None:
    assert spread_of(page, pages, leaves) == spread


async def test_a_book_that_was_never_set_is_shown_page_by_page(client: httpx.AsyncClient, studio: Studio) -> None:
    book_id, _ = await studio.start(replace(BRIEF, premise="A hedgehog waits for the first snow"))
    page = await _open(client, f"/books/{book_id}/edit")
    assert "Nothing is made of this page yet." in page and "being made right now" in page
    assert "Nobody yet" in await _open(client, f"/books/{book_id}/edit/cast")
    assert "No file is made yet." in await _open(client, f"/books/{book_id}/edit/files")


async def test_the_editor_of_a_book_that_is_not_there_is_not_found(client: httpx.AsyncClient) -> None:
    for path in ("edit", "edit/cast", "edit/files", "edit/versions/1-1", "pages/1-1/sketch", "cast/fox/sketch"):
        await _open(client, f"/books/{UUID(int=7)}/{path}", 404)


async def test_only_the_faces_of_books_are_given_out() -> None:
    app = FastAPI()
    answer_problems(app)
    app.include_router(type_router())
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost")
    assert (await client.get("/books/type/FrauncesSoft-Bold.ttf")).headers["content-type"] == "font/ttf"
    assert (await client.get("/books/type/..%2F__init__.py")).status_code == 404


async def test_programs_edit_pages_as_people_do(client: httpx.AsyncClient, studio: Studio) -> None:
    at = f"/api/books/{await studio.make()}"
    seen = await client.get(f"{at}/pages/1-1")
    tag = {"If-Match": seen.headers["etag"]}
    scene = {"time": "night", "props": [{"kind": "door", "place": "left"}]}
    asked = {"title": "Ashore", "paragraphs": ["Mine."], "scene": scene, "style": "ink", "is_again": True}
    edited = await client.patch(f"{at}/pages/1-1", json=asked, headers=tag)
    assert edited.status_code == 200
    told = edited.json()
    assert (told["paragraphs"], told["scene"]["time"], told["style"], told["take"]) == (["Mine."], "night", "ink", 1)
    assert told["title"] == "Ashore"
    assert told["scene"]["props"] == [{"kind": "door", "place": "left", "colour": None}]
    assert (await client.patch(f"{at}/pages/1-2", json={"title": "Nobody begins here"})).status_code == 422
    assert (await client.patch(f"{at}/pages/1-1", json={"paragraphs": ["Late."]}, headers=tag)).status_code == 412
    edits = (await client.get(f"{at}/edits")).json()
    assert sorted(one["step"] for one in edits["edits"]) == ["scenes/1", "text/1", "title/1"]
    assert (edits["pages"], edits["is_most"]) == (["1-1"], False)
    assert edits["credits"] > 0
    for one in edits["edits"]:
        for edition, status in (("0" * 32, 412), (one["tag"], 204)):
            undone = await client.delete(f"{at}/edits/{one['step']}", headers={"If-Match": f'"{edition}"'})
            assert undone.status_code == status
    assert (await client.get(f"{at}/pages/1-1")).json() == seen.json()
    assert (await client.delete(f"{at}/edits/text/1")).status_code == 404
    versions = (await client.get(f"{at}/pages/1-1/versions")).json()
    old = await client.post(
        f"{at}/pages/1-1/versions",
        json={"content_hash": versions[0]["content_hash"]},
        headers={"If-Match": f'"{"0" * 32}"'},
    )
    assert old.status_code == 412
    kept = await client.post(f"{at}/pages/1-1/versions", json={"content_hash": versions[0]["content_hash"]})
    assert kept.json()["is_kept"] is True
    assert (await client.patch(f"{at}/pages/1-1", json={"is_kept": False})).json() == seen.json()
    assert (await client.patch(f"{at}/pages/1-1", json={"scene": {"caption": "x"}})).status_code == 422
