"""SQL, markup, control characters, half characters and names in any script, in every text field of every JSON body.

Each is a clear problem that leaves nothing behind, or it is kept as it was written and shown as text.
"""

import json
from collections.abc import Iterator
from typing import Any

import asyncpg

from tests.features.accounts.conftest import PASSWORD, Opens, Town, log_in, open_town
from tests.http.test_every_operation import AGAIN, Caller, caller_in
from tests.http.test_tenant_walk import MIRA, made
from tests.support.database import TestDatabase

__all__ = ["open_town"]

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(1)>"
TEXTS = {
    "SQL": "x'); DROP TABLE books; --",
    "markup": MARKUP,
    "any script": "Łukasz 美羽 سارة 🦊",
    "control characters": "a\x00b\x1b[31m",
    "half a character": "a\ud800b",
    "template": "{{ 7 * 7 }}${7*7}%s%n",
}
# What would end the caller's own way in is asked with a password that is wrong.
EXAMPLES: dict[str, dict[str, Any]] = {
    "POST /api/auth/change-password": {"old": "wrong password", "new": "four quiet herons"},
    "DELETE /api/auth/me": {"password": "wrong password"},
}
# Of what is refused, these remember that it was tried; and mails of before go out meanwhile.
REMEMBERING = {"audit_chains", "audit_log", "kept_mail", "outgoing_mail", "rate_buckets"}
PAGES = (
    "/make",
    "/account",
    "/admin/mail",
    "/audit",
    "/billing",
    "/books/{book_id}",
    "/photos",
    "/teams",
    "/teams/{team_id}",
)


def bodies_of(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and the example of each JSON body, with an empty text in each text field that the example lacks."""
    for path, methods in document["paths"].items():
        if path.startswith(AGAIN):
            continue
        for method, operation in methods.items():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if body is not None:
                schema = document["components"]["schemas"][body["schema"]["$ref"].rpartition("/")[2]]
                example = EXAMPLES.get(f"{method.upper()} {path}") or schema["examples"][0]
                texts = {name: "" for name, of in schema["properties"].items() if takes_text(of)}
                yield method.upper(), path, {**texts, **example}


def takes_text(schema: dict[str, Any]) -> bool:
    return any(kind.get("type") == "string" for kind in (schema, *schema.get("anyOf", ())))


def with_each_text(body: Any, text: str) -> Iterator[tuple[str, Any]]:
    """The body with ``text`` in place of one of its texts, and where: an empty field elsewhere is left out."""
    if isinstance(body, dict):
        for name, value in body.items():
            others = {other: its for other, its in body.items() if other != name and its != ""}
            for place, changed in [(name, text)] if isinstance(value, str) else with_each_text(value, text):
                yield f"{name}.{place}" if place != name else name, {**others, name: changed}
    elif isinstance(body, list):
        for number, value in enumerate(body):
            for place, changed in [("", text)] if isinstance(value, str) else with_each_text(value, text):
                yield f"{number}.{place}", [*body[:number], changed, *body[number + 1 :]]


async def counted(connection: asyncpg.Connection, tables: list[str]) -> dict[str, int]:
    both = " UNION ALL ".join(f"SELECT '{table}' AS name, count(*) AS n FROM {table}" for table in tables)
    return {row["name"]: row["n"] for row in await connection.fetch(both)}


class Pest:
    """Sends what nobody should to one house. ``wrong`` is what was not answered as it should be."""

    def __init__(self, caller: Caller, connection: asyncpg.Connection, tables: list[str]) -> None:
        self.caller = caller
        self.connection = connection
        self.tables = tables
        self.counts: dict[str, int] = {}
        self.sent = self.taken = 0
        self.wrong: list[str] = []

    async def pester(self, method: str, path: str, body: dict[str, Any]) -> None:
        if "/auth/" in path:
            self.caller.town.later(hours=1)  # passwords that were wrong are forgotten
            await self.caller.sign_in()
        at = path
        for name, value in self.caller.theirs.items():
            at = at.replace(f"{{{name}}}", value)
        self.counts = await counted(self.connection, self.tables)
        for kind, text in TEXTS.items():
            for place, changed in with_each_text(body, text):
                await self._send(f"{method} {path}, {kind} in {place}", method, at, place, text, changed)

    async def _send(self, what: str, method: str, at: str, place: str, text: str, body: Any) -> None:
        sent = json.dumps(body).encode()
        headers = {**self.caller.headers, "Content-Type": "application/json"}
        self.caller.client.cookies.clear()
        answer = await self.caller.client.request(method, at, content=sent, headers=headers)
        self.sent += 1
        before, self.counts = self.counts, await counted(self.connection, self.tables)
        if answer.is_success:
            self.taken += 1
            told = answer.json() if answer.content and answer.text.startswith("{") else {}
            kept = {**told, **(told.get("brief") or {})}.get(place)  # a book's own title is as it was made last
            if isinstance(kept, str) and kept not in ("", text, "".join(filter(str.isprintable, text))):
                self.wrong.append(f"{what} was kept as {kept!r}")
        elif answer.status_code >= 500 or answer.headers.get("content-type") != "application/problem+json":
            self.wrong.append(f"{what} was answered {answer.status_code}: {answer.text[:300]}")
        elif more := {table for table, n in self.counts.items() if n != before[table]}:
            self.wrong.append(f"{what} was refused with {answer.status_code} and left something in {sorted(more)}")


async def test_whatever_is_written_into_any_text_field_is_refused_clearly_or_kept_and_shown_as_text(
    open_town: Opens, database_urls: TestDatabase
) -> None:
    many = {"OVERPRINT_WEB_REQUESTS_PER_MINUTE": "1000000", "OVERPRINT_WEB_ADDRESS_REQUESTS_PER_MINUTE": "1000000"}
    town: Town = await open_town(OVERPRINT_ADMIN_SECOND_FACTOR="false", **many)
    caller = await caller_in(town, database_urls)
    connection = await asyncpg.connect(database_urls.superuser)
    try:
        rows = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        pest = Pest(caller, connection, sorted({row["tablename"] for row in rows} - REMEMBERING))
        for method, path, body in bodies_of(await made(await caller.client.get("/api/openapi.json"))):
            await pest.pester(method, path, body)
        assert pest.wrong == [], "\n".join(pest.wrong)
        assert pest.sent > 500 and pest.taken > 50
        assert await connection.fetchval("SELECT count(*) FROM books") > 0
        letters = "".join(row["html"] for row in await connection.fetch("SELECT html FROM outgoing_mail"))
    finally:
        await connection.close()
    seen = letters + "".join([await seen_at(town, caller, page) for page in PAGES])
    assert MARKUP not in seen and "<img src=x" not in seen
    assert "&lt;script&gt;" in seen and "美羽" in seen and "DROP TABLE books" in seen


async def seen_at(town: Town, caller: Caller, page: str) -> str:
    browser = await town.visitor()
    assert (await log_in(browser, MIRA, PASSWORD)).status_code == 200
    browser.headers["X-Team"] = caller.theirs["team_id"]
    answer = await browser.get(page.format(**caller.theirs), headers={"Accept": "text/html"})
    assert answer.status_code == 200, f"{page}: {answer.text}"
    return answer.text
