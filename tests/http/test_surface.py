"""What the house shows: its documented routes, its published schemas, its static files."""

import json
import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from overprint.core.codec import encode
from overprint.core.scene import Actor, Scene, Setting
from overprint.http.assets import FOLDER, assets
from overprint.http.schemas import KINDS
from overprint.wiring import House, worker_of
from tests.http.one_desk import ON_ONE_LOOP, desk, document
from tests.http.test_every_operation import AGAIN
from tests.support.database import TestDatabase
from tests.support.house import client_of, house_on

__all__ = ["desk", "document"]

pytestmark = ON_ONE_LOOP

PROMISED = {
    "/api/ping": "get",
    "/api/reading/{book_id}": "get put",
    "/api/shares/{work_id}": "get put delete",
    "/api/notifications": "get",
    "/api/notifications/read": "post",
    "/api/notifications/mails": "get put",
    "/api/projects": "get post",
    "/api/projects/{project_id}": "get patch delete",
    "/api/assets": "get post",
    "/api/assets/upload": "post",
    "/api/assets/{asset_id}": "get delete",
    "/api/works": "get",
    "/api/works/{work_id}/move": "post",
    "/api/trash": "get delete",
    "/api/trash/restore": "post",
    "/api/jobs": "get post",
    "/api/jobs/{job_id}": "get delete",
    "/api/jobs/{job_id}/cancel": "post",
    "/api/jobs/{job_id}/pause": "post",
    "/api/jobs/{job_id}/resume": "post",
    "/api/jobs/{job_id}/rerun": "post",
    "/api/jobs/{job_id}/forecast": "get",
    "/api/jobs/{job_id}/logs": "get",
    "/api/jobs/{job_id}/events": "get",
    "/api/jobs/{job_id}/history": "get",
    **{
        f"/api/{room}{path}": methods
        for room in ("books", "ebooks")
        for path, methods in {
            "": "get post",
            "/{book_id}": "get put patch delete",
            "/import": "post",
            "/import/quote": "post",
            "/{book_id}/archive": "get",
            "/{book_id}/status": "get",
            "/{book_id}/make": "post",
            "/{book_id}/chapters": "post",
            "/{book_id}/illustrations": "post",
            "/{book_id}/pdf": "post",
            "/{book_id}/epub": "post",
            "/{book_id}/print": "post",
            "/{book_id}/audio": "post",
            "/{book_id}/chapters/{number}": "put",
            "/{book_id}/characters/{character_id}": "patch",
            "/{book_id}/pages/{page}": "get patch",
            "/{book_id}/pages/{page}/versions": "get post",
            "/{book_id}/edits": "get",
            "/{book_id}/edits/{step}": "delete",
        }.items()
    },
    **{
        f"/api/videos{path}": methods
        for path, methods in {
            "": "get post",
            "/{video_id}": "get patch delete",
            "/import": "post",
            "/import/quote": "post",
            "/{video_id}/archive": "get",
            "/{video_id}/quote": "get",
            "/{video_id}/render": "post",
            "/{video_id}/stream/{playlist}": "get",
            "/{video_id}/storyboard": "get patch",
            "/{video_id}/storyboard/quote": "post",
            "/{video_id}/storyboard/versions": "get post",
            "/{video_id}/scenes/{scene}": "patch",
            "/{video_id}/scenes/{scene}/redo": "post",
        }.items()
    },
    **{
        f"/api/auth/{path}": methods
        for path, methods in {
            "register": "post",
            "login": "post",
            "logout": "post",
            "refresh": "post",
            "verify-email": "post",
            "forgot-password": "post",
            "reset-password": "post",
            "change-password": "post",
            "change-email": "post",
            "confirm": "post",
            "guest": "post",
            "export": "get",
            "me": "get patch delete",
            "sessions": "get",
            "sessions/{session_id}": "delete",
            "oidc": "get",
            "identities": "get post",
            "identities/{identity_id}": "delete",
            "second-factor": "get post delete",
            "second-factor/confirm": "post",
            "second-factor/recovery-codes": "post",
            "second-factor/login": "post",
            "passkeys": "get post",
            "passkeys/{passkey_id}": "delete",
            "passkeys/options": "post",
            "passkeys/login": "post",
            "passkeys/login/options": "post",
            "passkeys/confirm": "post",
            "passkeys/confirm/options": "post",
        }.items()
    },
    "/api/settings": "get patch",
    "/api/keys": "get post",
    "/api/keys/{key_id}": "delete",
    "/api/admin/mail": "get",
    "/api/presets": "get post",
    "/api/presets/{preset_id}": "get patch delete",
    "/api/presets/{preset_id}/sample": "get",
    "/api/presets/{preset_id}/thumbnail": "get",
    "/api/photos": "get post",
    "/api/photos/consent": "get",
    "/api/photos/{photo_id}": "get patch delete",
    "/api/photos/{photo_id}/confirm": "post",
    "/api/photos/{photo_id}/picture": "get",
    "/api/photos/{photo_id}/portrait": "get",
    "/api/photos/{photo_id}/receipt": "get",
    "/api/photos/{photo_id}/restyled": "post",
    **{
        f"/api/billing/{path}": methods
        for path, methods in {
            "plans": "get",
            "subscription": "get put",
            "checkout": "post",
            "portal": "post",
            "usage": "get",
            "credits": "get",
            "credits/quote": "post",
            "invoices": "get",
            "invoices/{invoice_id}": "get",
            "webhook": "post",
        }.items()
    },
    "/api/stripe/webhook": "post",
    "/api/admin/billing/disputes": "get",
    "/api/admin/billing/with-banks": "get",
    "/api/admin/billing/jobs": "get",
    "/api/admin/health": "get",
    "/api/admin/people": "get",
    "/api/admin/people/{person_id}/site-admin": "put",
    "/api/admin/people/{person_id}/sign-out": "post",
    "/api/admin/people/{person_id}/unlock": "post",
    "/api/admin/teams": "get",
    "/api/admin/plans": "get",
    "/api/admin/plans/{key}": "put",
    "/api/admin/plans/{key}/versions": "get",
    "/api/admin/providers": "get",
    "/api/admin/settings": "get",
    "/api/admin/teams/{team_id}/plan": "put",
    "/api/admin/teams/{team_id}/credits": "post",
    "/api/admin/teams/{team_id}/credits/take-back": "post",
    "/api/admin/jobs/{job_id}": "get",
    "/api/admin/jobs/{job_id}/cancel": "post",
    "/api/admin/jobs/{job_id}/refund": "post",
    "/api/audit": "get",
    "/api/audit/export": "get",
    "/api/invitations/accept": "post",
    "/api/invitations/decline": "post",
    **{
        f"/api/teams{path}": methods
        for path, methods in {
            "": "get post",
            "/{team_id}": "get patch delete",
            "/{team_id}/switch": "post",
            "/{team_id}/transfer": "post",
            "/{team_id}/leave": "post",
            "/{team_id}/members": "get post",
            "/{team_id}/members/invite": "post",
            "/{team_id}/members/{member_id}": "patch delete",
            "/{team_id}/invitations": "get",
            "/{team_id}/invitations/{invitation_id}": "delete",
            "/{team_id}/invitations/{invitation_id}/resend": "post",
        }.items()
    },
    "/api/printers": "get",
    "/api/schemas": "get",
    "/api/schemas/{name}": "get",
}
ABSENT = "00000000-0000-7000-8000-000000000000"


async def test_every_route_that_was_promised_is_there_and_described(
    desk: httpx.AsyncClient, document: dict[str, Any]
) -> None:
    assert (await desk.get("/api/openapi.json")).json() == document, "it says the same however often it is asked for"
    assert document["openapi"].startswith("3.1")
    assert document["info"]["title"] == "Overprint"
    shown = {path: set(item) for path, item in document["paths"].items()}
    missing = {
        path: methods for path, methods in PROMISED.items() if not set(methods.split()) <= shown.get(path, set())
    }
    assert missing == {}
    assert set(shown) - set(PROMISED) == set()


async def test_the_description_of_the_api_holds_together(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for item in document["paths"].values() for operation in item.values()]
    assert len(names) == len(set(names))
    schemas = document["components"]["schemas"]
    for reference in set(re.findall(r'"#/components/schemas/([^"]+)"', str(document).replace("'", '"'))):
        assert reference in schemas
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)


async def test_an_e_book_is_asked_for_as_a_book_is(document: dict[str, Any]) -> None:
    def told(beginning: str) -> str:
        """All that is said of the addresses that begin like this, which stands in names, too."""
        said = json.dumps({path: item for path, item in document["paths"].items() if path.startswith(beginning)})
        return re.sub("(?<=[/_ ])e?books", "books", said, flags=re.IGNORECASE)

    assert told(AGAIN) == told("/api/books") != "{}"


async def test_each_operation_says_how_it_can_refuse_and_whether_somebody_has_to_be_signed_in(
    document: dict[str, Any],
) -> None:
    paths, refusals = document["paths"], document["components"]["responses"]

    def of(method: str, path: str) -> tuple[bool, set[str]]:
        operation = paths[path][method]
        refused = {status for status, said in operation["responses"].items() if "$ref" in said}
        assert {said["$ref"].rpartition("/")[2] for said in operation["responses"].values() if "$ref" in said} <= set(
            refusals
        )
        return bool(operation["security"]), refused

    assert of("get", "/api/ping") == (False, set())
    assert of("get", "/api/books/{book_id}") == (True, {"401", "403", "404", "422", "429"})
    assert of("post", "/api/books") == (True, {"401", "402", "403", "409", "413", "422", "429"})
    assert "412" in of("patch", "/api/teams/{team_id}")[1]
    assert "`out_of_credits`" in refusals["OutOfCredits"]["description"]


# What answers "made" or "begun" to a POST, and takes no Idempotency-Key; said twice it changes nothing more.
WITHOUT_KEY = {
    "/api/billing/portal": "a page that can be left unused",
    "/api/auth/register": "it answers the same whatever becomes of it, and mails a few times only",
    "/api/auth/login": "whoever signs in twice is signed in twice",
    "/api/auth/forgot-password": "as registering",
    "/api/auth/change-email": "as registering",
    "/api/auth/second-factor": "what is shown only once is not kept; begun anew it takes the place of the first",
    "/api/auth/passkeys": "it answers a challenge that is good once",
    "/api/keys": "what is shown only once is not kept",
    "/api/jobs/{job_id}/cancel": "it makes nothing",
    "/api/jobs/{job_id}/pause": "it makes nothing",
    "/api/jobs/{job_id}/resume": "it makes nothing",
}


async def test_whatever_is_made_by_a_post_is_made_once_under_a_key(document: dict[str, Any]) -> None:
    posts = {path: found["post"] for path, found in document["paths"].items() if "post" in found}
    making = {path: of for path, of in posts.items() if {"201", "202"} & of["responses"].keys()}
    keyed = {
        path for path, of in making.items() if any(p["name"] == "idempotency-key" for p in of.get("parameters", ()))
    }
    assert making.keys() - keyed == WITHOUT_KEY.keys()


async def test_every_promised_route_answers_for_what_is_absent_without_breaking(desk: httpx.AsyncClient) -> None:
    for path, methods in PROMISED.items():
        where = re.sub(r"\{(\w+)\}", lambda part: "1" if part[1] in ("number", "scene") else ABSENT, path)
        for method in methods.split():
            answer = await desk.request(method, where)
            assert answer.status_code < 500, f"{method} {where}"
            if "{" in path:
                assert answer.status_code in (404, 422), f"{method} {where}: {answer.status_code} {answer.text}"
                assert answer.headers["content-type"] == "application/problem+json"


UNREAD = ["/api/books/not-an-id", "/api/jobs/1", "/api/jobs?cursor=%00", "/api/jobs?limit=0"]
FAR = [f"/api/jobs/{ABSENT}/{name}?after={after}" for name in ("history", "events") for after in (10**20, 2**63, -1)]


async def test_what_is_no_id_cursor_or_count_is_refused_with_its_field(desk: httpx.AsyncClient) -> None:
    for path in (*UNREAD, *FAR):
        answer = await desk.get(path)
        assert answer.status_code == 422, path
        assert answer.json()["field"], path


async def test_a_wrong_method_says_what_the_path_can_do(desk: httpx.AsyncClient) -> None:
    answer = await desk.put(f"/api/projects/{ABSENT}")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, PATCH, DELETE"


async def test_requests_are_measured_by_their_whole_route(desk: httpx.AsyncClient) -> None:
    await desk.get(f"/api/books/{ABSENT}")
    assert 'route="/api/books/{book_id}"' in (await desk.get("/metrics")).text


async def test_every_published_schema_is_a_valid_one_of_2020_12(desk: httpx.AsyncClient) -> None:
    assert set(KINDS) <= set((await desk.get("/api/schemas")).json())
    for name in KINDS:
        schema = (await desk.get(f"/api/schemas/{name}")).json()
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema", name
        assert schema["$id"] == f"/api/schemas/{name}"
        Draft202012Validator.check_schema(schema)


async def test_the_published_schema_of_a_scene_tells_scenes_from_other_things(desk: httpx.AsyncClient) -> None:
    validator = Draft202012Validator((await desk.get("/api/schemas/scene")).json())
    scene = encode(Scene(Setting.SEA, "the harbour", "A cat in a boat.", actors=(Actor("soot"),)))
    assert validator.is_valid(scene)
    assert not validator.is_valid({**scene, "actors": [{"who": 1}]})
    assert not validator.is_valid({**scene, "pixels": 1})


async def test_there_is_no_schema_of_what_there_is_not(desk: httpx.AsyncClient) -> None:
    answer = await desk.get("/api/schemas/volcano")
    assert answer.status_code == 404
    assert "scene" in answer.json()["detail"]


async def test_static_files_carry_their_hash_and_are_kept_for_ever(desk: httpx.AsyncClient) -> None:
    for name, asset in assets().items():
        answer = await desk.get(asset.url)
        assert re.fullmatch(rf"/static/[0-9a-f]{{12}}/{re.escape(Path(name).name)}", asset.url)
        assert answer.content == asset.data
        assert asset.integrity == f"sha256-{b64encode(sha256(asset.data).digest()).decode()}"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert (await desk.get(assets()["studio.css"].url)).headers["content-type"].startswith("text/css")
    assert "javascript" in (await desk.get(assets()["js/work.js"].url)).headers["content-type"]


PACKED_FOR = {
    "gzip, deflate, br": "gzip",
    "br;q=1, GZIP;q=0.2": "gzip",
    "gzip;q=0": None,
    "identity": None,
    "gzipped": None,
    "": None,
}


async def test_a_style_sheet_comes_packed_to_those_who_take_it(desk: httpx.AsyncClient) -> None:
    for accepted, coding in PACKED_FOR.items():
        answer = await desk.get(assets()["studio.css"].url, headers={"Accept-Encoding": accepted})
        assert answer.headers.get("content-encoding") == coding, accepted
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.content == assets()["studio.css"].data


async def test_the_style_page_shows_all_that_pages_are_made_of(desk: httpx.AsyncClient) -> None:
    page = (await desk.get("/styleguide", headers={"Accept": "text/html"})).text
    shown = {name for names in re.findall(r'class="([^"]+)"', page) for name in names.split()}
    parts = re.sub(r"/\*.*?\*/", "", (FOLDER / "css" / "parts.css").read_text("utf-8"))
    assert set(re.findall(r"\.([a-z][a-z0-9-]*)", parts)) <= shown


async def test_a_static_file_of_another_hash_or_name_is_not_there(desk: httpx.AsyncClient) -> None:
    for path in ("/static/000000000000/studio.css", "/static/x/nothing.css", "/static/x/..%2fpages.py"):
        answer = await desk.get(path)
        assert answer.status_code == 404, path
        assert "immutable" not in answer.headers.get("cache-control", ""), path


async def test_pages_load_nothing_from_elsewhere_and_link_only_files_that_are_there(desk: httpx.AsyncClient) -> None:
    page = await desk.get("/make", headers={"Accept": "text/html"})
    assert page.headers["cache-control"] == "private, no-cache"
    linked = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert linked
    for link in linked:
        if link.startswith("#"):
            assert f'id="{link[1:]}"' in page.text
            continue
        assert link.startswith("/")
        assert (await desk.get(link, follow_redirects=True)).status_code == 200, link


async def test_people_who_ask_for_what_is_not_there_get_a_page(desk: httpx.AsyncClient) -> None:
    page = await desk.get(f"/books/{ABSENT}", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert "There is no such book." in page.text
    assert page.headers["content-security-policy"]
    page = await desk.get("/books/no-id", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert "There is no such page." in page.text


@pytest.mark.asyncio(loop_scope="session")
async def test_readiness_names_what_does_not_work(quiet_house: House) -> None:
    async with client_of(quiet_house) as client:
        assert (await client.get("/readyz")).json() == {"status": "ready", "failed": {}}
        await quiet_house.database.system.close()
        answer = await client.get("/readyz")
        assert answer.status_code == 503
        assert list(answer.json()["failed"]) == ["database"]
        assert (await client.get("/healthz")).status_code == 200


@pytest.mark.asyncio(loop_scope="session")
async def test_the_metrics_tell_of_the_work_and_whether_the_database_answers(quiet_house: House) -> None:
    async with client_of(quiet_house) as client:
        assert "overprint_database_up 1.0" in (await client.get("/metrics")).text
    async with client_of(quiet_house, "8.8.8.8") as stranger:
        answer = await stranger.get("/metrics")
        assert (answer.status_code, answer.json()["code"]) == (403, "denied")
    async with client_of(quiet_house) as newcomer:
        await quiet_house.database.system.close()
        answer = await newcomer.get("/metrics")
    assert answer.status_code == 200
    assert "overprint_database_up 0.0" in answer.text


async def test_a_worker_runs_as_many_steps_of_a_team_as_it_was_told(
    database_urls: TestDatabase, tmp_path: Path
) -> None:
    async with house_on(database_urls, tmp_path, works=False, OVERPRINT_WORKER_TEAM_STEPS="3") as house:
        assert worker_of(house)._runner.team_limit == 3
