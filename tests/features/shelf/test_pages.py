"""The library's pages: what they show, what is found, and what is done with what is ticked, all by plain forms."""

import io
import re
import zipfile
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from overprint.core.ids import new_id
from overprint.core.story import Brief
from overprint.db.database import Database
from tests.features.shelf.conftest import client_as
from tests.support.database import TestDatabase
from tests.support.made import database_urls, studio
from tests.support.studio import Studio, open_studio

__all__ = ["database_urls", "studio"]

PNG = b"\x89PNG\r\n\x1a\n" + bytes(92)
LIGHTHOUSE = Brief("Ottoline lights the 100% lamp at Cuttle Point", pages=6, chapters=2, picture_dpi=72)


async def _page(client: httpx.AsyncClient, path: str) -> str:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


def _titles(page: str) -> list[str]:
    return re.findall(r'name="pick" value="work:([0-9a-f-]+)"', page)


async def test_the_library_is_empty_at_first_and_says_how_to_begin(
    database: Database, database_urls: TestDatabase
) -> None:
    async with open_studio(database, database_urls) as new, client_as(new.owner, new) as client:
        assert 'href="/make"' in await _page(client, "/library")
        assert "upload" in await _page(client, "/library/files")
        assert "The trash is empty." in await _page(client, "/library/trash")


async def test_works_are_found_by_their_story_their_pictures_and_their_state(
    client: httpx.AsyncClient, studio: Studio
) -> None:
    other, lamp = await studio.make(), (await studio.start(LIGHTHOUSE))[0]
    assert _titles(await _page(client, "/library")) == [str(lamp), str(other)]
    found = {
        "words=lamp+OTTOLINE": [lamp],
        "words=100%25": [lamp],
        "words=%25": [lamp],
        "words=_": [],
        "words=nowhere": [],
        "state=ready": [other],
        "state=making&kind=book": [lamp],
        "kind=film": [lamp, other],
        "when=7": [lamp, other],
    }
    for query, works in found.items():
        assert _titles(await _page(client, f"/library?{query}")) == [str(work) for work in works], query
    assert (await client.get("/library", params={"project": str(new_id())})).status_code == 404
    async with studio.transaction() as transaction:
        alt = await transaction.driver.fetchval("SELECT alt FROM book_files WHERE slot = 'picture/1/1'")
    words = httpx.QueryParams({"words": alt[:80]})
    assert _titles(await _page(client, f"/library?{words}")) == [str(other)]


async def test_pages_of_the_library_follow_each_other(
    client: httpx.AsyncClient, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("overprint.features.shelf.web.listing.PER_PAGE", 2)
    async with studio.transaction() as transaction:
        for number in range(5):
            await transaction.driver.execute(
                "INSERT INTO books (id, team_id, title, state, brief) VALUES ($1, $2, $3, 'ready', '{}')",
                new_id(1_790_000_000_000 + number),
                studio.owner.team_id,
                f"Book {number}",
            )
    seen: list[str] = []
    path: str | None = "/library?when=7"
    while path:
        page = await _page(client, path)
        seen += re.findall(r"<strong[^>]*>(Book \d)</strong>", page)
        more = re.search(r'href="(/library\?[^"]*cursor=[^"]*)"', page)
        path = more[1].replace("&amp;", "&") if more else None
    assert seen == [f"Book {number}" for number in (4, 3, 2, 1, 0)]


async def test_what_is_ticked_goes_into_the_trash_and_one_click_brings_it_back(
    client: httpx.AsyncClient, studio: Studio
) -> None:
    book_id = await studio.make()
    picks = {"pick": f"work:{book_id}", "act": "discard", "back": "/library?words=Mira"}
    answer = await client.post("/library/picked", data=picks)
    assert answer.status_code == 303
    page = await _page(client, answer.headers["location"])
    assert "1 thing is in the trash." in page
    (at,) = re.findall(r'name="at" value="(\d+)"', page)
    trash = await _page(client, "/library/trash")
    assert f'value="work:{book_id}"' in trash and "made with a file of yours" not in trash
    undone = await client.post("/library/undo", data={"at": at, "back": "/library"})
    assert _titles(await _page(client, undone.headers["location"])) == [str(book_id)]


async def test_the_trash_says_what_becomes_of_films_that_had_a_file(client: httpx.AsyncClient, studio: Studio) -> None:
    sent = await client.post("/library/upload", files={"file": ("fox.png", PNG, "image/png")})
    file = re.findall(r'value="(file:[^"]+)"', await _page(client, sent.headers["location"]))[0]
    await client.post("/library/picked", data={"pick": file, "act": "discard", "back": "/library/files"})
    assert "A film that was made with a file of yours goes on without it" in await _page(client, "/library/trash")


async def test_what_is_ticked_is_downloaded_as_one_file(client: httpx.AsyncClient, studio: Studio) -> None:
    book_id = await studio.make()
    for data in (PNG, PNG, PNG + b"another"):  # what is sent twice is kept once
        sent = await client.post("/library/upload", files={"file": ("fox.png", data, "image/png")})
        assert sent.status_code == 303
    ids = re.findall(
        r'value="(file:[0-9a-f-]+)"><span class="unseen">Choose fox.png', await _page(client, "/library/files")
    )
    assert len(ids) == 2
    answer = await client.post("/library/picked", data={"pick": [f"work:{book_id}", *ids], "act": "download"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as bundle:
        assert bundle.testzip() is None
        names = bundle.namelist()
        assert {bundle.read("fox.png"), bundle.read("fox (2).png")} == {PNG, PNG + b"another"}
    assert {name.rpartition(".")[2] for name in names} == {"pdf", "epub", "png"}
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"act": "discard"}, 422),
        ({"act": "discard", "pick": "work:x"}, 422),
        ({"act": "discard", "pick": "film:01939b4e-0000-7000-8000-000000000000"}, 422),
        ({"act": "discard", "pick": f"work:{new_id()}"}, 404),
        ({"act": "burn", "pick": f"file:{new_id()}"}, 422),
        ({"act": "download", "pick": f"file:{new_id()}"}, 422),
        ({"act": "move", "pick": f"file:{new_id()}", "project": "x"}, 422),
        ({"act": "move", "pick": f"file:{new_id()}", "project": str(new_id())}, 404),
        ({"act": "discard", "pick": [f"file:{new_id()}"] * 201}, 422),
    ],
)
async def test_a_choice_that_cannot_be_used_is_told_on_the_page(
    client: httpx.AsyncClient, sent: dict[str, str | list[str]], status: int
) -> None:
    answer = await client.post("/library/picked", data={"back": "https://elsewhere.example", **sent})
    assert answer.status_code == status or (len(sent.get("pick", "")) == 201 and answer.status_code == 303)
    if answer.status_code != 303:
        assert 'role="alert"' in answer.text


@pytest.mark.parametrize(
    "back", ["https://elsewhere.example/", "//elsewhere.example", "/library\r\nx: y", "/books", ""]
)
async def test_forms_never_lead_out_of_the_library(client: httpx.AsyncClient, back: str) -> None:
    answer = await client.post("/library/undo", data={"at": "9" * 18, "back": back})
    assert answer.status_code == 303
    assert urlsplit(answer.headers["location"]).netloc == ""
    assert answer.headers["location"].startswith("/library?")


async def test_a_project_is_made_filled_renamed_and_deleted(client: httpx.AsyncClient, studio: Studio) -> None:
    book_id = await studio.make()
    made = await client.post("/library/projects", data={"name": "Harbour tales"})
    (project,) = parse_qs(urlsplit(made.headers["location"]).query)["project"]
    moved = await client.post(
        "/library/picked", data={"pick": f"work:{book_id}", "act": "move", "project": project, "back": "/library"}
    )
    assert "did=moved" in moved.headers["location"]
    assert _titles(await _page(client, f"/library?project={project}")) == [str(book_id)]
    assert (await client.post(f"/library/projects/{project}", data={"name": "Sea tales"})).status_code == 303
    assert "<h1>Sea tales</h1>" in await _page(client, f"/library?project={project}")
    assert (await client.post(f"/library/projects/{project}", data={"name": "  "})).status_code == 422
    assert (await client.post(f"/library/projects/{project}/delete")).status_code == 303
    assert _titles(await _page(client, "/library")) == [str(book_id)]


async def test_a_file_tells_how_it_was_made_and_whether_it_is_still_the_same(
    client: httpx.AsyncClient, studio: Studio
) -> None:
    await studio.make()
    page = await _page(client, "/library/files?kind=image")
    file_id = re.findall(r'href="/library/files/([0-9a-f-]+)"', page)[-1]
    page = await _page(client, f"/library/files/{file_id}")
    assert "Seed" in page
    assert "All that it was made from" in page
    assert re.search(r'href="/jobs/[0-9a-f-]+#step-picture-', page)
    assert re.search(r'href="/make\?again=[0-9a-f-]+"', page)
    assert "Its bytes are those that were stored." in (await client.post(f"/library/files/{file_id}/verify")).text
    async with studio.transaction() as transaction:
        await transaction.driver.execute("UPDATE assets SET content_hash = 'x'")
    assert "are not those that were stored" in (await client.post(f"/library/files/{file_id}/verify")).text


async def test_an_upload_that_cannot_be_kept_is_told_on_the_page(client: httpx.AsyncClient) -> None:
    answer = await client.post("/library/upload", files={"file": ("a.exe", b"MZ", "image/png")})
    assert answer.status_code == 422
    assert "This kind of file cannot be kept." in answer.text


async def test_viewers_see_the_library_and_no_button_that_changes_it(studio: Studio) -> None:
    book_id = await studio.make()
    async with client_as(studio.viewer, studio) as client:
        page = await _page(client, "/library")
        assert _titles(page) == [str(book_id)]
        assert 'value="discard"' not in page
        assert "/library/projects" not in page
        assert "/library/upload" not in await _page(client, "/library/files")
        answer = await client.post("/library/picked", data={"pick": f"work:{book_id}", "act": "discard"})
        assert (answer.status_code, "Viewers may look" in answer.text) == (403, True)
        assert (
            await client.post("/library/picked", data={"pick": f"work:{book_id}", "act": "download"})
        ).status_code == 200


async def test_the_trash_restores_and_deletes_what_is_ticked(client: httpx.AsyncClient, studio: Studio) -> None:
    first, second = await studio.make(), await studio.make(LIGHTHOUSE)
    await client.post("/library/picked", data={"pick": [f"work:{first}", f"work:{second}"], "act": "discard"})
    assert (await client.post("/library/trash", data={"pick": f"work:{first}", "act": "restore"})).status_code == 303
    assert (await client.post("/library/trash", data={"pick": f"work:{second}", "act": "delete"})).status_code == 303
    assert _titles(await _page(client, "/library")) == [str(first)]
    assert "The trash is empty." in await _page(client, "/library/trash")
    assert await studio.count("books") == 1
    assert (await client.post("/library/trash", data={"act": "delete"})).status_code == 422


async def test_a_full_library_says_so_and_what_to_do(client: httpx.AsyncClient, studio: Studio) -> None:
    book_id = await studio.make()
    async with studio.transaction() as transaction:
        await transaction.driver.execute("UPDATE storage_usage SET used_bytes = 10 ^ 12")
    page = await _page(client, "/library/files")
    assert "The library is full, so nothing new can begin." in page
    assert 'href="/billing"' in page.partition('role="alert"')[2].partition("</p>")[0]
    refused = await client.post("/library/upload", files={"file": ("fox.png", PNG, "image/png")})
    assert (refused.status_code, "may keep" in refused.text) == (413, True)
    await client.post("/library/picked", data={"pick": f"work:{book_id}", "act": "discard"})
    assert "Empty the trash" in await _page(client, "/library")
