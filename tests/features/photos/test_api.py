"""The room's API: from an upload to a confirmed look, and to a receipt."""

import io
from uuid import uuid4

import httpx
import pytest
from PIL import Image

from tests.craft.photos.portraits import encoded, portrait
from tests.features.photos.people import CONSENT, FORM, hills, photo, two_people
from tests.support.studio import Studio

AGREED = {"consent": CONSENT.version}


async def _send(
    client: httpx.AsyncClient, data: bytes, headers: dict[str, str] | None = None, **form: str
) -> httpx.Response:
    return await client.post("/api/photos", files={"file": ("mia.jpg", data)}, data={**AGREED, **form}, headers=headers)


async def _sent(client: httpx.AsyncClient, data: bytes | None = None) -> str:
    answer = await _send(client, data or photo())
    assert answer.status_code == 201, answer.text
    return f"/api/photos/{answer.json()['id']}"


async def test_what_is_agreed_to_can_be_read_first(client: httpx.AsyncClient) -> None:
    told = (await client.get("/api/photos/consent")).json()
    assert told == {"version": CONSENT.version, "language": "en", "text": CONSENT.text, "hours": 24.0}


async def test_an_upload_answers_with_what_was_read_and_when_it_goes(client: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": "once"}
    shown, said_twice = [(await _send(client, photo(), headers=key)).json() for _ in range(2)]
    assert said_twice["id"] == shown["id"]
    assert shown["state"] == "kept" and shown["look"] is None and shown["deleted_at"] is None
    read = {trait["of"]: trait["name"] for trait in shown["reading"]["traits"]}
    assert (read["hair_colour"], read["outfit"], read["hair"]) == ("auburn", "blue", "short")
    assert shown["expires_at"] > shown["created_at"] and shown["consent_version"] == CONSENT.version
    page = (await client.get("/api/photos")).json()
    assert [item["id"] for item in page["items"]] == [shown["id"]]


async def test_who_it_is_must_be_said_and_colours_may_be_corrected(client: httpx.AsyncClient) -> None:
    at = await _sent(client)
    for missing in FORM:
        said = {name: value for name, value in FORM.items() if name != missing}
        answer = await client.post(f"{at}/confirm", json=said)
        assert (answer.status_code, answer.json()["field"]) == (422, missing)
    answer = await client.post(f"{at}/confirm", json={**FORM, "species": "fox"})
    assert (answer.status_code, answer.json()["field"]) == (422, "species")
    look = (await client.post(f"{at}/confirm", json={**FORM, "hair_colour": "#1f1a1a"})).json()["look"]
    assert (look["name"], look["species"], look["accessories"]) == ("Mia", "child", ["glasses"])
    assert look["hair_colour"] == "#1f1a1a" and look["outfit"] == "#3f6fa8"
    drawn = await client.get(f"{at}/portrait")
    assert drawn.headers["content-type"] == "image/jpeg" and drawn.content.startswith(b"\xff\xd8\xff")


async def test_the_picture_is_private_and_can_be_had_as_if_made_by_hand(client: httpx.AsyncClient) -> None:
    at = await _sent(client)
    picture = await client.get(f"{at}/picture")
    painted = await client.post(f"{at}/restyled", json={"style": "ink", "seed": 3})
    for answer in (picture, painted):
        assert answer.headers["cache-control"] == "private, no-store"
        with Image.open(io.BytesIO(answer.content)) as image:
            assert image.format == "JPEG" and image.size == (200, 200)
    assert painted.content == (await client.post(f"{at}/restyled", json={"style": "ink", "seed": 3})).content
    assert painted.content != picture.content


async def test_several_faces_are_shown_and_one_is_chosen(client: httpx.AsyncClient) -> None:
    at = await _sent(client, two_people())
    assert len((await client.get(at)).json()["reading"]["faces"]) == 2
    chosen = (await client.patch(at, json={"face": 1})).json()["reading"]
    assert chosen["which"] == 1 and chosen["sheet"]["outfit"] == "#c8452f"
    answer = await client.patch(at, json={"face": 5})
    assert answer.status_code == 422 and "2 faces" in answer.json()["title"]


async def test_an_edit_of_a_photo_that_somebody_else_changed_is_refused(client: httpx.AsyncClient) -> None:
    at = await _sent(client, two_people())
    tag = {"If-Match": (await client.get(at)).headers["etag"]}
    chosen = await client.patch(at, json={"face": 1}, headers=tag)
    assert chosen.status_code == 200 and chosen.headers["etag"] != tag["If-Match"]
    for method, path, body in (("PATCH", at, {"face": 0}), ("POST", f"{at}/confirm", FORM), ("DELETE", at, None)):
        assert (await client.request(method, path, json=body, headers=tag)).status_code == 412
    tag = {"If-Match": chosen.headers["etag"]}
    said = await client.post(f"{at}/confirm", json=FORM, headers=tag)
    assert said.status_code == 200
    assert (await client.delete(at, headers=tag)).status_code == 412
    assert (await client.delete(at, headers={"If-Match": said.headers["etag"]})).status_code == 200


async def test_a_deleted_photo_leaves_a_receipt_and_nothing_else(client: httpx.AsyncClient, studio: Studio) -> None:
    at = await _sent(client)
    await client.post(f"{at}/confirm", json=FORM)
    assert (await client.get(f"{at}/receipt")).status_code == 409
    receipt = (await client.delete(at)).json()
    assert receipt["reason"] == "asked" and receipt["asked_by"] == str(studio.owner.person_id)
    assert receipt == (await client.get(f"{at}/receipt")).json() == (await client.delete(at)).json()
    shown = (await client.get(at)).json()
    assert (shown["state"], shown["reading"], shown["look"]) == ("deleted", None, None)
    for path in ("picture", "portrait"):
        assert (await client.get(f"{at}/{path}")).status_code == 409
    assert [info.key async for info in studio.storage.list("teams/")] == []


@pytest.mark.parametrize("path", ["", "/picture", "/portrait", "/receipt"])
async def test_what_is_not_there_is_not_found(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(f"/api/photos/{uuid4()}{path}")).status_code == 404


@pytest.mark.parametrize(
    ("data", "status", "said"),
    [
        (hills(), 422, "No face"),
        (b"", 422, "empty"),
        (b"%PDF-1.7 and so on", 422, "no photo"),
        (photo()[:2000], 422, "damaged"),
        (bytes(4) + b"ftypheic" + bytes(100), 422, "HEIC"),
        (encoded(portrait(side_px=64), "GIF"), 422, "GIF"),
        (photo() + bytes(40_000_000), 413, "40 MB"),
    ],
    ids=["hills", "empty", "pdf", "cut", "heic", "gif", "huge"],
)
async def test_what_is_no_photo_of_somebody_is_refused_plainly(
    client: httpx.AsyncClient, studio: Studio, data: bytes, status: int, said: str
) -> None:
    answer = await _send(client, data)
    assert answer.status_code == status and said in answer.json()["title"]
    assert await studio.count("photos") == 0


async def test_without_consent_or_with_that_to_an_older_text_nothing_is_read(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/photos", files={"file": ("mia.jpg", photo())})
    assert (answer.status_code, answer.json()["field"]) == (422, "consent")
    answer = await _send(client, photo(), consent="2020-01")
    assert (answer.status_code, answer.json()["field"]) == (422, "consent")
    assert CONSENT.version in answer.json()["detail"]
