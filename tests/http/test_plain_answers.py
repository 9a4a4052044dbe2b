"""Whatever is wrong with a request, on whichever route, the answer says so in plain words, and what to do."""

import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import httpx

from tests.http.one_desk import ON_ONE_LOOP, desk, document

__all__ = ["desk", "document"]

pytestmark = ON_ONE_LOOP

ABSENT = "00000000-0000-7000-8000-000000000000"
JARGON = re.compile(
    r"Input should|parsing|pydantic|uuid|UUID|string_|_type\b|Value error|Field required|\bNone\b|\bstr\b|\bint\b"
    r"|\bdict\b|<class|Extra inputs|valid (string|integer|list|dictionary)|Not Found|Not Allowed|\$\.|\bloc\b|Traceback"
)
BAD_TEXTS = ["not-an-id", "ü", "9" * 400, "%00", "-1", "x" * 1000]
BAD_VALUES: list[Any] = [
    "",
    "x",
    "x" * 10_000,
    -1,
    10**30,
    1.5,
    True,
    None,
    [],
    ["x"],
    [[]] * 400,
    {},
    {"a": 1},
    "\x00",
]
BODIES = [b"", b"{", b"[]", b'"words"', b"null", b"\xff\xfe", b'{"surprise": 1}', b'{"a": ' * 50, b'{"x": NaN}']
TYPES = ["application/json", "text/plain", "multipart/form-data", "application/x-www-form-urlencoded"]


def judge(answer: httpx.Response, asked: str) -> None:
    """An answer that refuses is a problem in plain words; a bug it never is."""
    assert answer.status_code < 500, f"{asked}: {answer.status_code} {answer.text}"
    if answer.status_code < 400:
        return
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json", asked
    assert problem["type"].startswith("/problems/"), f"{asked}: {problem}"
    for name in ("title", "detail"):
        words = problem.get(name, "")
        assert re.match(r"\S.{8,400}\.$", words, re.DOTALL), f"{asked}: {problem}"
        assert not JARGON.search(words), f"{asked}: {problem}"


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        if not path.startswith("/api/ebooks"):  # the same routes as /api/books
            yield from ((path, method, operation) for method, operation in item.items())


def filled(path: str, **given: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda part: given.get(part[1], "1" if part[1] == "number" else ABSENT), path)


def resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = document["components"]["schemas"][name] if name else schema
    return found


async def test_bad_addresses_are_told_plainly(desk: httpx.AsyncClient, document: dict[str, Any]) -> None:
    tried = 0
    for path, method, _ in operations(document):
        for name in re.findall(r"\{(\w+)\}", path):
            for bad in BAD_TEXTS:
                where = filled(path, **{name: bad})
                judge(await desk.request(method, where, json={}), f"{method} {where}")
                tried += 1
    assert tried > 100


async def test_bad_parameters_are_told_plainly(desk: httpx.AsyncClient, document: dict[str, Any]) -> None:
    tried = 0
    for path, method, operation in operations(document):
        for parameter in operation.get("parameters", ()):
            for bad in BAD_TEXTS:
                if parameter["in"] == "path":
                    continue
                is_header = parameter["in"] == "header"
                headers = {parameter["name"]: bad.encode()} if is_header else {}
                params = {} if is_header else {parameter["name"]: bad}
                answer = await desk.request(method, filled(path), params=params, headers=headers)
                judge(answer, f"{method} {path} {parameter['name']}={bad[:30]}")
                tried += 1
    assert tried > 50


async def test_bad_fields_are_told_plainly(desk: httpx.AsyncClient, document: dict[str, Any]) -> None:
    tried = 0
    for path, method, operation in operations(document):
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" not in content:
            continue
        fields = resolved(document, content["application/json"]["schema"])["properties"]
        sound = {"premise": "A fox"} if "premise" in fields else {}
        for name in fields:
            for bad in BAD_VALUES:
                answer = await desk.request(method, filled(path), json={**sound, name: bad})
                judge(answer, f"{method} {path} {name}={str(bad)[:30]!r}")
                tried += 1
    assert tried > 100


async def test_bad_bodies_are_told_plainly(desk: httpx.AsyncClient, document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        if "requestBody" in operation:
            for media_type, body in product(TYPES, BODIES):
                answer = await desk.request(method, filled(path), content=body, headers={"Content-Type": media_type})
                judge(answer, f"{method} {path} {media_type} {body[:20]!r}")


async def test_jobs_of_a_bad_request_are_told_plainly(desk: httpx.AsyncClient) -> None:
    for bad in BAD_VALUES:
        for request in ({"brief": bad}, {"brief": {"premise": bad}}, {"brief": {"premise": "A fox", "pages": bad}}):
            answer = await desk.post("/api/jobs", json={"kind": "books.make@1", "request": request})
            judge(answer, str(request)[:80])


async def test_methods_and_addresses_that_are_none_are_told_plainly(
    desk: httpx.AsyncClient, document: dict[str, Any]
) -> None:
    for path in {path: None for path, _, _ in operations(document)}:
        for method in ("PUT", "DELETE", "PATCH", "POST", "TRACE"):
            judge(await desk.request(method, filled(path)), f"{method} {path}")
    for path in ("/api", "/api/", "/api/nothing", "/api/books/", "/files/x", "/files/x?signature=1", "/problems/x"):
        judge(await desk.get(path), path)


MOST: list[tuple[str, str, Any, str, str]] = [
    ("GET", "/api/books/not-an-id", None, "book_id is not an id.", "GET /api/books lists the ids that there are."),
    ("POST", "/api/books", {"premise": ""}, "premise is empty.", "Write at least 3 characters and send it again."),
    ("POST", "/api/books", {}, "premise is missing.", "Add it and send the request again."),
    ("GET", "/api/jobs?limit=x", None, "limit must be a whole number.", "Send digits only."),
    ("GET", f"/api/books/{ABSENT}", None, "There is no such book.", "Check the id."),
    ("GET", "/api/nothing", None, "There is nothing at this address.", "Check it against /api/openapi.json."),
    ("DELETE", "/api/books", None, "This address does not take DELETE.", "It takes GET, POST."),
    ("POST", "/api/books", {"premise": "A fox", "style": "oil"}, "style must be one of storybook,", "Choose one"),
]


async def test_what_people_get_wrong_most(desk: httpx.AsyncClient) -> None:
    for method, path, sent, title, detail in MOST:
        problem = (await desk.request(method, path, json=sent)).json()
        assert problem["title"].startswith(title), f"{method} {path}"
        assert problem["detail"].startswith(detail), f"{method} {path}"
