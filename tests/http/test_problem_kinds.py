"""Every problem that an answer may name has a page at its type's URI."""

import ast
import html
from collections.abc import Iterator
from pathlib import Path

import httpx

import overprint
from overprint.http.problem_kinds import KINDS, type_of

SOURCE = Path(overprint.__file__).parent


def _codes_in(tree: ast.AST) -> Iterator[str]:
    """Codes that classes carry, and that are answered directly."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for line in node.body:
                if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "code":
                    yield ast.literal_eval(line.value)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "answer" and node.args[2:]:
            code = node.args[2]
            if isinstance(code, ast.Constant):
                yield ast.literal_eval(code)


def _codes() -> set[str]:
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in SOURCE.rglob("*.py"))
    return {code for tree in trees for code in _codes_in(tree)}


def test_the_catalogue_has_every_code_that_exists_and_no_other() -> None:
    codes = _codes()
    assert {"not_found", "range_not_satisfiable", "refused", "bug"} <= codes
    assert codes == set(KINDS)


async def test_every_type_answers_with_what_it_means_and_what_to_do(desk: httpx.AsyncClient) -> None:
    for code in KINDS:
        page = await desk.get(type_of(code))
        assert (page.status_code, page.text.count(f"<code>{code}</code>")) == (200, 1), code
        assert page.headers["content-type"].startswith("text/html"), code
        assert "What to do:" in page.text, code


async def test_one_page_lists_them_all(desk: httpx.AsyncClient) -> None:
    page = (await desk.get("/problems")).text
    assert all(f'href="/problems/{code}"' in page for code in KINDS)


async def test_a_german_reader_finds_no_english_there(desk: httpx.AsyncClient) -> None:
    page = html.unescape((await desk.get("/problems", headers={"Accept-Language": "de"})).text)
    assert "Was schiefgehen kann" in page
    assert not [
        kind for kind in KINDS.values() if any(words in page for words in (kind.title, kind.meaning, kind.remedy))
    ]


async def test_the_type_that_an_answer_names_can_be_followed(desk: httpx.AsyncClient) -> None:
    for problem in (await desk.get("/api/jobs/00000000-0000-7000-8000-000000000000"), await desk.get("/api/nothing")):
        assert (await desk.get(problem.json()["type"])).status_code == 200


async def test_a_kind_that_does_not_exist_is_not_found(desk: httpx.AsyncClient) -> None:
    answer = await desk.get("/problems/volcano")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert type_of("volcano") == "about:blank"
