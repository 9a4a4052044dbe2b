"""The pages at the door: what anybody sees, and what they say of prices."""

import re

import pytest

from overprint.core.codec import encode
from overprint.core.story import Brief
from overprint.features.billing import packs
from overprint.features.books import MAKE, MakeBook
from overprint.features.front.web import showcase
from overprint.http.assets import FOLDER, assets
from tests.features.accounts.conftest import Town, open_town, town

__all__ = ["open_town", "town"]

PAGE = {"Accept": "text/html"}


async def test_the_door_shows_a_whole_book_to_whoever_comes(town: Town) -> None:
    page = await (await town.visitor()).get("/", headers=PAGE)
    pictures = re.findall(r'src="([^"]+/page-\d+\.webp)"', page.text)
    assert page.status_code == 200 and len(pictures) == len(showcase()["pages"]) - 1
    assert all(line in page.text.replace("&#39;", "'") for line in showcase()["pages"][3]["words"])


async def test_who_is_signed_in_goes_on_to_work(town: Town) -> None:
    mira = await town.person()
    answer = await mira.get("/", headers=PAGE, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/make")


async def test_a_guest_begins_with_the_sentence_they_pressed(town: Town) -> None:
    guest = await town.visitor()
    offered = re.search(r'name="next" value="(/make\?premise=[^"]+)"', (await guest.get("/", headers=PAGE)).text)
    assert offered is not None
    answer = await guest.post("/guest", data={"next": offered[1]})
    assert (answer.status_code, answer.headers["location"]) == (303, offered[1])
    assert "Soot might be one</textarea>" in (await guest.get(offered[1], headers=PAGE)).text


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "x" * 5000])
async def test_a_guest_is_never_sent_to_another_site(town: Town, elsewhere: str) -> None:
    answer = await (await town.visitor()).post("/guest", data={"next": elsewhere})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


async def test_prices_are_those_of_the_plans_and_say_what_they_buy(town: Town) -> None:
    page = (await (await town.visitor()).get("/pricing", headers=PAGE)).text
    book = town.house.billing.quotes.most(MAKE, encode(MakeBook(Brief("...")))).credits
    plans = [plan for plan in await town.house.billing.plans.list_public() if plan.is_offered]
    assert {plan.key for plan in plans} == {"free", "pro", "team"}
    for credits in (*(plan.monthly_credits for plan in plans), *(pack.credits for pack in packs().values())):
        assert f"about {credits // book} picture books" in page
    assert f"at most {book} credits" in page
    assert "This is what you have" not in page and 'href="/billing"' not in page


async def test_who_has_a_plan_finds_it_marked_and_the_way_to_others(town: Town) -> None:
    page = (await (await town.person()).get("/pricing", headers=PAGE)).text
    assert page.count("This is what you have") == 1 and page.count('class="go" href="/billing"') == 2
    guest = await town.visitor()
    await guest.post("/guest")
    page = (await guest.get("/pricing", headers=PAGE)).text
    assert "This is what you have" not in page and 'href="/billing">' not in page.partition("<main")[2]


async def test_a_shared_link_has_a_picture(town: Town) -> None:
    visitor = await town.visitor()
    for path in ("/", "/pricing"):
        page = (await visitor.get(path, headers=PAGE)).text
        shared = dict(re.findall(r'<meta property="(og:[a-z:]+)" content="([^"]*)">', page))
        address = shared["og:image"].removeprefix(shared["og:url"].removesuffix(path))
        assert shared["og:image"].startswith("http") and address == assets()["pictures/card.png"].url
        picture = await visitor.get(address)
        assert picture.headers["content-type"] == "image/png" and picture.content[16:24] == bytes.fromhex(
            "000004b000000276"
        )


def test_what_the_door_shows_is_small() -> None:
    assert sum(path.stat().st_size for path in (FOLDER / "pictures").iterdir()) <= 1_000_000
    for sheet in ("front.css", "start.css"):
        assert len(assets()["studio.css"].packed) + len(assets()[sheet].packed) <= 8_000


async def test_the_start_offers_what_the_rooms_say_can_be_made(town: Town) -> None:
    mira = await town.person()
    page = (await mira.get("/make", headers=PAGE)).text
    offered = re.findall(r'<a href="([^"]+)"[^>]*>.*?<strong>([^<]+)</strong>', page.partition('class="products"')[2])
    assert offered == [("/make", "A book"), ("/make/film", "A film"), ("/photos", "A picture from a photo")]
    assert [product.path for product in town.app.state.products] == [path for path, _ in offered]
    assert [(await mira.get(path, headers=PAGE)).status_code for path, _ in offered] == [200] * len(offered)
