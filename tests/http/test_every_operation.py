"""Every operation that the API describes, asked with what it describes and with what it does not: what comes back is as
described, and a refusal is a problem.

An operation that is new is asked too. One that cannot be asked, or cannot be brought to say yes, is named here with
the reason.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
import requests
import schemathesis
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy
from pydantic import BaseModel
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.generation.case import Case as CaseOf
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from overprint.core.codec import encode
from overprint.core.files import FileKind, StoredFile
from overprint.features.videos.store import keep_board, keep_file
from overprint.http.openapi import describe
from tests.features.accounts.conftest import PASSWORD, SITE, Opens, Town, open_town
from tests.features.videos.test_pipeline import BOARD
from tests.http.test_tenant_walk import MIRA, Ids, furnished, made
from tests.support.database import TestDatabase

__all__ = ["open_town"]

Operation = APIOperation[Any, Any, Any, Any]
Case = CaseOf[Operation]

CHANGED = "four quiet herons"  # as the example of the description says
SOUND_CASES, UNSOUND_CASES = 6, 3
PLAYLIST = b"#EXTM3U\n"
PLAYLIST_FILE = StoredFile(
    "film.m3u8", "a" * 64, len(PLAYLIST), "application/vnd.apple.mpegurl", FileKind.OTHER, "film.m3u8"
)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
AGAIN = "/api/ebooks"  # the operations of /api/books once more, as test_surface.py sees
UNASKED = {
    "GET /api/jobs/{job_id}/events": "its answer goes on for as long as the job does",
    "GET /api/presets/{preset_id}/sample": "a film is made for it, which takes seconds",
    "GET /api/presets/{preset_id}/thumbnail": "a film is made for it, which takes seconds",
}
_CODE = "it takes a code of an app"
_PASSKEY = "an authenticator has to sign it"
_FILE = "it takes a file, and what is made up here is none"
_LINK = "it takes the token of a mail"
_NOBODY = "it is for who is not signed in"
_PHOTO = "nobody has read a photo here"
_ONESELF = "nobody does this to themselves"
_UNMADE = "no book is made here"
UNSUCCESSFUL = {
    "DELETE /api/teams/{team_id}/members/{member_id}": "the only member owns the team",
    "GET /api/shares/{work_id}": _UNMADE,
    "PUT /api/shares/{work_id}": _UNMADE,
    "GET /api/photos/{photo_id}/picture": _PHOTO,
    "GET /api/photos/{photo_id}/portrait": _PHOTO,
    "GET /api/photos/{photo_id}/receipt": "the photo is deleted only later",
    "PATCH /api/photos/{photo_id}": _PHOTO,
    "PATCH /api/books/{book_id}/characters/{character_id}": _UNMADE,
    "POST /api/admin/jobs/{job_id}/cancel": "the job was stopped before",
    "POST /api/admin/jobs/{job_id}/refund": _UNMADE,
    "POST /api/admin/people/{person_id}/unlock": _ONESELF,
    "PUT /api/admin/people/{person_id}/site-admin": _ONESELF,
    "POST /api/assets": _FILE,
    "POST /api/assets/upload": _FILE,
    "POST /api/auth/guest": _NOBODY,
    "POST /api/auth/identities": "it takes what a provider says of somebody",
    "DELETE /api/auth/second-factor": _CODE,
    "POST /api/auth/passkeys": _PASSKEY,
    "POST /api/auth/passkeys/confirm": _PASSKEY,
    "POST /api/auth/passkeys/login": _PASSKEY,
    "POST /api/auth/second-factor/confirm": _CODE,
    "POST /api/auth/second-factor/login": _CODE,
    "POST /api/auth/second-factor/recovery-codes": _CODE,
    "POST /api/auth/refresh": "the token of the last answer is good once",
    "POST /api/auth/reset-password": _LINK,
    "POST /api/auth/verify-email": _LINK,
    "POST /api/billing/webhook": "it is signed by who takes the money",
    "POST /api/books/import": _FILE,
    "POST /api/videos/import": _FILE,
    "POST /api/books/import/quote": _FILE,
    "POST /api/videos/import/quote": _FILE,
    "POST /api/invitations/accept": _LINK,
    "POST /api/invitations/decline": _LINK,
    "POST /api/photos": _FILE,
    "POST /api/photos/{photo_id}/confirm": _PHOTO,
    "POST /api/photos/{photo_id}/restyled": _PHOTO,
    "POST /api/stripe/webhook": "it is signed by who takes the money",
    "POST /api/teams/{team_id}/leave": "the only member owns the team",
    "POST /api/teams/{team_id}/members/invite": "whom the example invites was invited before, at the other address",
    "POST /api/teams/{team_id}/transfer": "there is nobody else in the team",
    "PUT /api/billing/subscription": "no plan is paid for here",
    "PUT /api/books/{book_id}/chapters/{number}": _UNMADE,
    **{
        f"{method} /api/books/{{book_id}}/{path}": _UNMADE
        for method, path in (
            ("GET", "pages/{page}"),
            ("PATCH", "pages/{page}"),
            ("GET", "pages/{page}/versions"),
            ("POST", "pages/{page}/versions"),
            ("DELETE", "edits/{step}"),
        )
    },
}
# What ends something that others need is asked last, in this order.
ORDER = ["GET", "PUT", "POST", "PATCH", "DELETE"]
ENDING = ["POST /api/auth/logout", "DELETE /api/teams/{team_id}", "DELETE /api/auth/me"]


def in_turn(label: str) -> tuple[int, int, str]:
    return ENDING.index(label) if label in ENDING else -1, ORDER.index(label.split()[0]), label


def some(strategy: SearchStrategy[Case], count: int) -> list[Case]:
    found: list[Case] = []

    @settings(max_examples=count, phases=[Phase.generate], database=None, suppress_health_check=list(HealthCheck))
    @given(strategy)
    def keep(case: Case) -> None:
        found.append(case)

    keep()
    return found


def cases_of(operation: Operation, theirs: Mapping[str, str]) -> Iterator[Case]:
    """What is sent to one operation: first the example of the description, and most of it to what is really there."""
    names = re.findall(r"{(\w+)}", operation.path)
    at = {name: theirs[name] for name in names}
    for example in operation.get_strategies_from_examples(path_parameters=at):
        yield from some(example, 1)
    yield from some(operation.as_strategy(path_parameters=at or None), SOUND_CASES)
    if names:
        yield from some(operation.as_strategy(), UNSOUND_CASES)
    if operation.body or operation.query:
        unsound = operation.as_strategy(GenerationMode.NEGATIVE, path_parameters=at or None)
        yield from some(unsound, UNSOUND_CASES)


def complaint(case: Case, answer: httpx.Response) -> str:
    """What is wrong with an answer; empty if nothing is."""
    try:
        case.validate_response(answer, checks=CHECKS)
    except FailureGroup as failures:
        return str(failures)
    if answer.status_code >= 400 and answer.headers["content-type"] != "application/problem+json":
        return f"{answer.status_code} is no problem: {answer.text}"
    return ""


@dataclass
class Caller:
    """Somebody who may do everything, and who signs in again as soon as that is over."""

    town: Town
    client: httpx.AsyncClient
    theirs: Ids
    headers: dict[str, str] = field(default_factory=dict)
    session_id: str = ""

    async def sign_in(self, password: str = PASSWORD) -> None:
        sent = {"email": MIRA, "password": password, "tokens": True}
        answer = await made(await (await self.town.visitor()).post("/api/auth/login", json=sent))
        self.headers = {"Authorization": f"Bearer {answer['access_token']}", "X-Team": self.theirs["team_id"]}
        self.theirs["session_id"], self.session_id = self.session_id, answer["session_id"]

    async def begin_book(self) -> None:
        """Have a book that no job is at work on: while one is, no other can begin."""
        book = await made(await self.client.post("/api/books", json={"premise": "A fox"}, headers=self.headers))
        await made(await self.client.post(f"/api/jobs/{book['job_id']}/cancel", headers=self.headers))
        self.theirs |= {"book_id": book["book_id"], "work_id": book["book_id"], "job_id": book["job_id"]}

    async def begin_film(self) -> None:
        """The same of a film, with two storyboards and a playlist as if a worker had made them."""
        film = await made(await self.client.post("/api/videos", json={"premise": "A fox"}, headers=self.headers))
        await made(await self.client.post(f"/api/jobs/{film['job_id']}/cancel", headers=self.headers))
        self.theirs["video_id"] = film["video_id"]
        house, video_id = self.town.house, UUID(film["video_id"])
        await house.ports.storage.put(PLAYLIST_FILE.key, PLAYLIST, media_type=PLAYLIST_FILE.media_type)
        async with house.database.transaction(UUID(self.theirs["team_id"])) as transaction:
            for _ in range(2):
                await keep_board(transaction, video_id, encode(BOARD), is_made=False, made_by=None)
            await keep_file(transaction, video_id, "output/hls/film.m3u8", encode(PLAYLIST_FILE), "")

    async def change_back(self) -> None:
        self.town.later(hours=1)
        await self.sign_in(CHANGED)
        both = {"old": CHANGED, "new": PASSWORD}
        answer = await self.client.post("/api/auth/change-password", json=both, headers=self.headers)
        assert answer.status_code == 204, answer.text

    async def ask(self, case: Case) -> httpx.Response:
        """Schemathesis would ask in a loop of its own, in which the house's connections do not work."""
        sent = requests.Request(**case.as_transport_kwargs(base_url=SITE)).prepare()
        self.client.cookies.clear()
        ours = {"cookie", *(name.lower() for name in self.headers)}
        made_up = {name: str(value) for name, value in sent.headers.items() if name.lower() not in ours}
        body = sent.body if isinstance(sent.body, str | bytes) else b""
        headers = {**made_up, **self.headers}
        return await self.client.request(str(sent.method), str(sent.url), headers=headers, content=body)

    async def walk(self, operation: Operation) -> tuple[list[int], str]:
        """The status of all answers, and what is wrong with the first that is not as it should be."""
        if "/auth/" in operation.path or operation.label in ENDING:
            self.town.later(hours=1)  # passwords that were wrong are forgotten
            await self.sign_in()
        if operation.label == "DELETE /api/auth/me":
            del self.headers["X-Team"]
        if {"{book_id}", "{work_id}", "{job_id}"} & set(operation.path.split("/")):
            await self.begin_book()
        if "{video_id}" in operation.path:
            await self.begin_film()
        statuses, wrong = [], ""
        for case in cases_of(operation, self.theirs):
            answer = await self.ask(case)
            statuses.append(answer.status_code)
            wrong = wrong or complaint(case, answer)
        if operation.label == "POST /api/auth/change-password":
            await self.change_back()
        return statuses, wrong


async def caller_in(town: Town, urls: TestDatabase) -> Caller:
    theirs = {**await furnished(town, urls), "name": "book"}
    await town.house.database.system.execute("UPDATE people SET is_site_admin = true WHERE email = $1", MIRA)
    caller = Caller(town, await town.visitor(), theirs)
    await caller.sign_in()
    plan, at = {"plan": "enterprise", "reason": "Many works."}, f"/api/admin/teams/{theirs['team_id']}/plan"
    await made(await caller.client.put(at, json=plan, headers=caller.headers))
    theirs["key"] = "pro"  # of a plan
    return caller


def lacks_example(operation: Operation) -> bool:
    takes_json = any(body.media_type == "application/json" for body in operation.body)
    return takes_json and not operation.get_strategies_from_examples()


def operations_of(document: dict[str, Any]) -> dict[str, Operation]:
    found: dict[str, Operation] = {}
    for each in schemathesis.openapi.from_dict(document).get_all_operations():
        operation = each.ok()  # type: ignore[union-attr]  # what cannot be read has none, and fails here
        if not operation.path.startswith(AGAIN):
            found[operation.label] = operation
    return found


async def test_every_operation_answers_as_it_is_described(open_town: Opens, database_urls: TestDatabase) -> None:
    many = {"OVERPRINT_WEB_REQUESTS_PER_MINUTE": "1000000", "OVERPRINT_WEB_ADDRESS_REQUESTS_PER_MINUTE": "1000000"}
    town: Town = await open_town(**many)
    caller = await caller_in(town, database_urls)
    operations = operations_of(await made(await caller.client.get("/api/openapi.json")))
    assert len(operations) > 100 and set(UNASKED) | set(UNSUCCESSFUL) <= set(operations)
    assert {label for label, operation in operations.items() if lacks_example(operation)} == set()
    wrong: dict[str, str] = {}
    refused: dict[str, list[int]] = {}
    for label in sorted(set(operations) - set(UNASKED), key=in_turn):
        statuses, complained = await caller.walk(operations[label])
        wrong |= {label: complained} if complained else {}
        # Of what takes a body, the example in the description has to be good.
        said = statuses[:1] if operations[label].body else statuses
        if not any(status < 300 for status in said):
            refused[label] = statuses
    assert wrong == {}, "\n\n".join(f"{label}\n{each}" for label, each in wrong.items())
    unnamed = {label: statuses for label, statuses in refused.items() if label not in UNSUCCESSFUL}
    assert unnamed == {}, f"nothing that was sent to these was good: {unnamed}"
    yes = set(UNSUCCESSFUL) - set(refused)
    assert yes == set(), f"these say yes after all: {yes}"


class Told(BaseModel):
    name: str


def answering(answer: JSONResponse) -> Callable[[], JSONResponse]:
    return lambda: answer


RIGHT = {
    "GET /right/body": JSONResponse({"name": "x"}),
    "GET /right/refusal": JSONResponse(
        {
            "type": "about:blank",
            "title": "No.",
            "detail": "Go.",
            "status": 404,
            "code": "not_found",
            "request_id": None,
        },
        404,
        media_type="application/problem+json",
    ),
}
WRONG = {
    "GET /wrong/body": JSONResponse({"name": 5}),
    "GET /wrong/status": JSONResponse({"name": "x"}, 201),
    "GET /wrong/refusal": JSONResponse({"detail": "no"}, 404),
    "GET /wrong/problem": JSONResponse({"detail": "no"}, 404, media_type="application/problem+json"),
    "GET /wrong/bug": JSONResponse({}, 500, media_type="application/problem+json"),
}


async def test_an_answer_that_is_not_as_described_is_noticed() -> None:
    app = FastAPI()
    describe(app)
    for label, answer in (RIGHT | WRONG).items():
        app.add_api_route(label.removeprefix("GET "), answering(answer), response_model=Told)
    operations = operations_of(app.openapi())
    complained = set()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=SITE) as client:
        for label, operation in operations.items():
            (case,) = some(operation.as_strategy(), 1)
            complained |= {label} if complaint(case, await client.get(operation.path)) else set()
    assert set(operations) == set(RIGHT | WRONG) and complained == set(WRONG)
