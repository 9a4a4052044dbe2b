"""Two people with the same book open: who edits what has changed meanwhile is told, and nobody's work is lost."""

import httpx
import pytest

from overprint.features.books.rules import edition_of
from tests.support.made import database_urls, studio
from tests.support.studio import Studio

__all__ = ["database_urls", "studio"]

LATE = {
    "PATCH ": {"title": "Late"},
    "PUT /chapters/1": {"title": "Late"},
    "PATCH /characters": {"look": {"body": "#000000"}},
}


def _paths(book: dict[str, object]) -> dict[str, str]:
    characters = book["characters"]
    assert isinstance(characters, list)
    return {"PATCH /characters": f"PATCH /characters/{characters[0]['id']}"}


async def test_an_edit_of_what_somebody_else_has_changed_is_refused(client: httpx.AsyncClient, studio: Studio) -> None:
    at = f"/api/books/{await studio.make()}"
    seen = await client.get(at)
    tag = {"If-Match": seen.headers["etag"]}
    for asked, body in LATE.items():
        method, _, path = _paths(seen.json()).get(asked, asked).partition(" ")
        first = await client.put(f"{at}/chapters/2", json={"title": f"Before {method}{path}"}, headers=tag)
        assert first.status_code == 200
        assert first.headers["etag"] != tag["If-Match"]
        late = await client.request(method, at + path, json=body, headers=tag)
        assert (late.status_code, late.json()["code"]) == (412, "outdated")
        tag = {"If-Match": first.headers["etag"]}
    now = (await client.get(at)).json()
    assert "Late" not in (now["title"], now["chapters"][0]["title"])
    assert now["characters"] == seen.json()["characters"]


async def test_an_edit_of_what_is_there_is_made_and_names_the_next_edition(
    client: httpx.AsyncClient, studio: Studio
) -> None:
    at = f"/api/books/{await studio.make()}"
    seen = await client.get(at)
    assert (await client.get(at)).headers["etag"] == seen.headers["etag"]
    who = seen.json()["characters"][0]["id"]
    edits = (
        ("PATCH", at, {"author": "Ann"}),
        ("PUT", f"{at}/chapters/1", {"title": "Into the Harbour"}),
        ("PATCH", f"{at}/characters/{who}", {"look": {"body": "#3344aa"}}),
    )
    tags = [seen.headers["etag"]]
    for method, path, body in edits:
        answer = await client.request(method, path, json=body, headers={"If-Match": tags[-1]})
        assert answer.status_code == 200
        tags.append(answer.headers["etag"])
    assert len(set(tags)) == len(tags)
    assert (await client.patch(at, json={"author": "Ben"})).status_code == 200  # whoever sends none takes the risk


@pytest.mark.parametrize("part", ["title", "brief", "words", "chapter title", "look"])
def test_whatever_people_can_edit_makes_another_edition(part: str) -> None:
    book = {"title": "A", "brief": {"author": ""}}
    chapters = [{"title": "One", "pages": [{"paragraphs": ["Words."]}]}]
    cast = [{"id": "mira", "sheet": {"body": "#ffffff"}}]
    before = edition_of(book, chapters, cast)
    changed = {
        "title": ({**book, "title": "B"}, chapters, cast),
        "brief": ({**book, "brief": {"author": "Ann"}}, chapters, cast),
        "words": (book, [{**chapters[0], "pages": [{"paragraphs": ["Other words."]}]}], cast),
        "chapter title": (book, [{**chapters[0], "title": "Two"}], cast),
        "look": (book, chapters, [{"id": "mira", "sheet": {"body": "#000000"}}]),
    }
    assert edition_of(*changed[part]) != before
    assert edition_of({**book, "updated_at": "later"}, chapters, cast) == before
