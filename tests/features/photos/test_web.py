"""The room's pages, without JavaScript."""

import re

import httpx

from overprint.features.photos import PHOTO_MAX_BYTES
from tests.features.photos.people import CONSENT, hills, photo, two_people
from tests.support.studio import Studio

AGREED = {"consent": CONSENT.version}
SAID = {"name": "Mia <b>", "species": "woman", "garment": "dress", "accessories": ["hijab", "glasses"]}


async def _sent(client: httpx.AsyncClient, data: bytes | None = None) -> str:
    answer = await client.post("/photos", files={"file": ("mia.jpg", data or photo())}, data=AGREED)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def _checked(page: str, field: str) -> list[str]:
    return re.findall(rf'name="{field}" value="([^"]+)" checked', page)


async def test_the_page_asks_for_consent_and_says_how_long_a_photo_is_kept(client: httpx.AsyncClient) -> None:
    page = (await client.get("/photos")).text
    assert "24 hours" in page and CONSENT.text[:40] in page
    assert f'name="consent" value="{CONSENT.version}" required' in page


async def test_a_photo_becomes_a_proposal_with_nothing_chosen_that_was_not_read(client: httpx.AsyncClient) -> None:
    page = (await client.get(await _sent(client))).text
    assert _checked(page, "body") and _checked(page, "hair_colour") == ["#7c3a22"] and _checked(page, "outfit")
    assert _checked(page, "accessories") == []
    assert page.count('<option value="">Choose</option>') == 2
    assert '<option value="child" selected>' not in page and '<option value="coat" selected>' not in page
    assert '<option value="short" selected>' in page and 'class="face read"' in page


async def test_a_form_that_leaves_out_what_nobody_can_guess_comes_back_as_it_was(client: httpx.AsyncClient) -> None:
    at = await _sent(client)
    answer = await client.post(at, data={**SAID, "species": "", "outfit": "#34583f"})
    assert answer.status_code == 422 and "Who is this?" in answer.text.partition('role="alert"')[2]
    assert _checked(answer.text, "outfit") == ["#34583f"] and '<option value="dress" selected>' in answer.text
    assert sorted(_checked(answer.text, "accessories")) == ["glasses", "hijab"]


async def test_a_confirmed_look_is_shown_drawn_and_offered_for_a_book(client: httpx.AsyncClient) -> None:
    at = await _sent(client)
    answer = await client.post(at, data={**SAID, "hair_colour": "#123456"})
    assert (answer.status_code, answer.headers["location"]) == (303, at)
    page = (await client.get(at)).text
    assert "Mia &lt;b&gt;" in page and "<b>" not in page
    assert f'src="/api{at}/portrait"' in page and f'href="/make?photo={at.rpartition("/")[2]}"' in page
    assert _checked(page, "hair_colour") == ["#123456"] and "as chosen" in page


async def test_a_face_is_chosen_by_a_button(client: httpx.AsyncClient) -> None:
    at = await _sent(client, two_people())
    page = (await client.get(at)).text
    assert page.count("<rect") == 2 and 'name="face" value="1"' in page
    assert (await client.post(f"{at}/face", data={"face": "1"})).status_code == 303
    assert _checked((await client.get(at)).text, "outfit") == ["#c8452f"]
    assert (await client.post(f"{at}/face", data={"face": "²"})).status_code == 422


async def test_what_cannot_be_read_is_said_on_the_page(client: httpx.AsyncClient, studio: Studio) -> None:
    for files, said in (({"file": ("a.jpg", hills())}, "No face"), ({"file": ("", b"")}, "no photo in this form")):
        answer = await client.post("/photos", files=files, data=AGREED)
        assert answer.status_code == 422 and said in answer.text.partition('role="alert"')[2]
    assert await studio.count("photos") == 0


async def test_a_deleted_photo_shows_its_receipt(client: httpx.AsyncClient) -> None:
    at = await _sent(client)
    assert (await client.post(f"{at}/delete")).status_code == 303
    page = (await client.get(at)).text
    assert "Receipt of deletion" in page and len(re.findall(r"<code>[0-9a-f]{64}</code>", page)) == 3
    assert "the words in English" in page and CONSENT.version in page
    shown = page.partition("<main")[2].partition("</main")[0]
    assert "<form" not in shown and "<svg" not in shown
    assert "deleted" in (await client.get("/photos")).text


async def test_the_photo_goes_and_the_character_stays_by_one_button(client: httpx.AsyncClient) -> None:
    at = await _sent(client)
    await client.post(at, data={**SAID, "name": "Mia"})
    assert "Delete the photo, keep Mia" in (await client.get(at)).text
    await client.post(f"{at}/delete", data={"keep": "look"})
    page = (await client.get(at)).text
    shown = page.partition("<main")[2].partition("</main")[0]
    assert (
        "Receipt of deletion" in shown and "Delete Mia" in shown and "<svg viewBox" not in shown.partition("<form")[0]
    )
    assert "photo deleted, character kept" in (await client.get("/photos")).text


async def test_the_photo_can_be_taken_home_painted(client: httpx.AsyncClient) -> None:
    answer = await client.post(f"{await _sent(client)}/restyled", data={"style": "pencil"})
    assert answer.headers["content-disposition"] == 'attachment; filename="pencil.jpg"'
    assert answer.content.startswith(b"\xff\xd8\xff")


async def test_the_page_that_refuses_a_photo_says_with_its_status_why(client: httpx.AsyncClient) -> None:
    for data, status in ((b"no photo", 422), (b"x" * (PHOTO_MAX_BYTES + 1), 413)):
        answer = await client.post("/photos", files={"file": ("a.jpg", data)}, data=AGREED)
        assert answer.status_code == status and 'role="alert"' in answer.text


async def test_what_was_read_from_a_photo_is_shown_no_longer_than_the_photo(
    client: httpx.AsyncClient, studio: Studio
) -> None:
    at = await _sent(client)
    assert (await client.get(f"/api{at}")).json()["reading"]
    async with studio.transaction() as transaction:
        await transaction.driver.execute("UPDATE photos SET expires_at = now()")
    told = (await client.get(f"/api{at}")).json()
    assert (told["state"], told["reading"]) == ("deleting", None)
    page = (await client.get(at)).text
    assert "The photo is being deleted" in page and 'name="species"' not in page
