"""The README's calls of the API, typed as they stand there."""

import json
import re
import shlex
from typing import Any

import httpx

from tests.docs.documents import HOME, shell_scripts

ORIGIN = re.compile(r"^localhost:8000")


def calls() -> list[list[str]]:
    """The words of each ``curl``."""
    text = (HOME / "README.md").read_text(encoding="utf-8")
    (script,) = [script for script in shell_scripts(text) if "curl" in script]
    lines = script.replace("\\\n", " ").splitlines()
    return [shlex.split(line, comments=True)[1:] for line in lines if line.startswith("curl")]


async def call(client: httpx.AsyncClient, words: list[str], **names: str) -> httpx.Response:
    """What curl would get; ``names`` are put where the README has words in capitals."""
    method, url, headers, body = "GET", "", {}, None
    rest = iter(words)
    for word in rest:
        if word == "-X":
            method = next(rest)
        elif word == "-H":
            name, _, value = next(rest).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = next(rest)
        elif word != "-N":
            url = ORIGIN.sub("", word)
    for name, value in names.items():
        url = url.replace(name, value)
    answer = await client.request(method, url, headers=headers, content=body)
    assert answer.status_code < 300, f"{' '.join(words)}: {answer.text}"
    return answer


async def test_a_book_in_four_calls(client: httpx.AsyncClient) -> None:
    begin, watch, look, change = calls()
    # As the README has it, but smaller.
    asked = json.loads(begin[begin.index("-d") + 1])
    begin[begin.index("-d") + 1] = json.dumps({**asked, "pages": 6, "chapters": 2, "picture_dpi": 72})
    started: dict[str, Any] = (await call(client, begin)).json()
    names = {"JOB": started["job_id"], "BOOK": started["book_id"]}
    assert "job.completed" in (await call(client, watch, **names)).text
    book = (await call(client, look, **names)).json()
    assert book["state"] == "ready"
    assert (await client.get(book["files"][0]["url"])).status_code == 200
    names["CHARACTER"] = book["characters"][0]["id"]
    assert (await call(client, change, **names)).json()["characters"][0]["sheet"]["body"] == "#c0392b"
