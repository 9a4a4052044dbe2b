"""What the hosted illustrator does on the wire, and what it makes of a provider that fails."""

import asyncio
import json
import logging
from dataclasses import replace
from decimal import Decimal

import pytest
from PIL import Image

from overprint.adapters.compute.inline import InlineCompute
from overprint.adapters.image.openai_compatible import SIZES, Offer, OpenAICompatibleImages, nearest_size
from overprint.ports.errors import Misconfigured, ProviderError, Refused, Unavailable
from overprint.ports.image import PICTURE_MAX_BYTES, REFERENCES_MAX, SIDE_MAX_PX
from tests.contracts.image.conftest import REQUEST, encoded, hosted_illustrator, opened, sized
from tests.support.hosted_failures import FAILURES, check
from tests.support.model_server import Behaviour, Drops, Fails, Floods, Hangs, ModelServer, Sends

PLAIN = Image.new("RGB", (64, 48), "#3080c0")


async def failure_of(server: ModelServer, *behaviours: Behaviour) -> ProviderError:
    server.plan(*behaviours)
    with pytest.raises(ProviderError) as failed:
        await hosted_illustrator(server).draw(REQUEST)
    return failed.value


@pytest.mark.parametrize("name", FAILURES)
async def test_a_failure_has_its_type(server: ModelServer, name: str) -> None:
    failure = FAILURES[name]
    check(failure, await failure_of(server, failure.behaviour), hosted_illustrator(server).provider, server.key)
    assert len(server.requests) == 1


async def test_the_request_carries_prompt_size_and_idempotency_key(server: ModelServer) -> None:
    await hosted_illustrator(server).draw(sized(300, 200))
    (sent,) = server.requests
    assert sent.path == "/v1/images/generations"
    assert sent.headers["idempotency-key"] == REQUEST.idempotency_key
    assert (sent.body["prompt"], sent.body["size"], sent.body["n"]) == (REQUEST.prompt, "1536x1024", 1)


async def test_references_are_sent_along_as_files(server: ModelServer) -> None:
    references = (encoded(PLAIN), encoded(PLAIN, "WEBP"))
    answer = await hosted_illustrator(server).draw(replace(REQUEST, references=references))
    (sent,) = server.requests
    assert sent.path == "/v1/images/edits"
    assert sent.files == (("image[]", references[0]), ("image[]", references[1]))
    assert (sent.body["prompt"], sent.body["model"]) == (REQUEST.prompt, "gpt-image-test")
    assert opened(answer).size == (240, 200)


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (replace(REQUEST, references=(b"GIF89a",)), "no PNG"),
        (replace(REQUEST, references=(encoded(PLAIN),) * (REFERENCES_MAX + 1)), "at most"),
        (sized(SIDE_MAX_PX + 1, 10), "at most"),
        (sized(10, 0), "at most"),
    ],
)
async def test_what_cannot_be_drawn_is_never_sent(server: ModelServer, request_: object, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        await hosted_illustrator(server).draw(request_)  # type: ignore[arg-type]
    assert server.requests == []


async def test_a_server_that_rejects_the_answer_format_is_asked_without_it(server: ModelServer) -> None:
    server.plan(Fails(400, "unknown_parameter", "Unknown parameter: 'response_format'.", param="response_format"))
    illustrator = hosted_illustrator(server)
    await illustrator.draw(REQUEST)
    await illustrator.draw(REQUEST)
    assert ["response_format" in sent.body for sent in server.requests] == [True, False, False]


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("size", [(1024, 1024), (10, 2000), (1, 1), (240, 200)])
async def test_a_picture_of_any_size_and_kind_becomes_the_asked_one(
    server: ModelServer, form: str, size: tuple[int, int]
) -> None:
    server.picture = encoded(PLAIN.resize(size), form)
    picture = opened(await hosted_illustrator(server).draw(REQUEST))
    assert (picture.size, picture.mode, picture.format) == ((240, 200), "RGB", "JPEG")
    red, green, blue = picture.getpixel((120, 100))  # type: ignore[misc]
    assert abs(red - 0x30) + abs(green - 0x80) + abs(blue - 0xC0) < 20


async def test_the_middle_of_a_picture_is_kept(server: ModelServer) -> None:
    wide = Image.new("RGB", (480, 200), "#ff0000")
    wide.paste("#00ff00", (120, 0, 360, 200))
    server.picture = encoded(wide)
    picture = opened(await hosted_illustrator(server).draw(REQUEST))
    assert all(picture.getpixel(at)[1] > 200 for at in ((4, 4), (235, 195)))  # type: ignore[index]


async def test_nothing_hidden_in_a_picture_is_kept(server: ModelServer) -> None:
    exif = Image.Exif()
    exif[0x010E] = "a secret description"
    server.picture = encoded(PLAIN, "JPEG", exif=exif, comment=b"a secret comment")
    answer = await hosted_illustrator(server).draw(REQUEST)
    assert b"secret" not in answer.data
    assert not opened(answer).getexif()


async def test_a_picture_lying_on_its_side_is_put_upright(server: ModelServer) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn clockwise
    lying = Image.new("RGB", (200, 240), "#0000ff")
    lying.paste("#ff0000", (0, 0, 100, 240))
    server.picture = encoded(lying, "JPEG", exif=exif, quality=95)
    picture = opened(await hosted_illustrator(server).draw(REQUEST))
    assert picture.getpixel((120, 20))[0] > 200  # type: ignore[index]
    assert picture.getpixel((120, 180))[2] > 200  # type: ignore[index]


async def test_clear_parts_become_white(server: ModelServer) -> None:
    server.picture = encoded(Image.new("RGBA", (240, 200), (0, 0, 0, 0)))
    assert opened(await hosted_illustrator(server).draw(REQUEST)).getpixel((9, 9)) == (255, 255, 255)


def _bomb() -> bytes:
    """A small file of a very large picture."""
    return encoded(Image.new("1", (20_000, 10_000)))


NO_PICTURES = {
    "nothing": b"",
    "a document": b"%PDF-1.7",
    "another kind": encoded(PLAIN, "GIF"),
    "cut off": encoded(PLAIN)[:60],
    "only a beginning": b"\x89PNG\r\n\x1a\n" + bytes(99),
}


@pytest.mark.parametrize("name", NO_PICTURES)
async def test_bytes_that_are_no_picture_are_unavailable(server: ModelServer, name: str) -> None:
    server.picture = NO_PICTURES[name]
    assert isinstance(await failure_of(server), Unavailable)


async def test_a_decompression_bomb_is_unavailable(server: ModelServer) -> None:
    server.picture = _bomb()
    assert len(server.picture) < 100_000
    assert isinstance(await failure_of(server), Unavailable)


@pytest.mark.parametrize(
    "answer",
    [
        {},
        [],
        {"data": []},
        {"data": [{}]},
        {"data": [{"b64_json": "!!!"}]},
        {"data": [{"b64_json": 5}]},
        {"data": "no"},
        None,
    ],
)
async def test_an_answer_without_a_picture_is_unavailable(server: ModelServer, answer: object) -> None:
    assert isinstance(await failure_of(server, Sends(json.dumps(answer).encode())), Unavailable)


async def test_a_link_is_never_followed(server: ModelServer) -> None:
    link = {"data": [{"url": f"{server.url}/secret"}]}
    assert isinstance(await failure_of(server, Sends(json.dumps(link).encode())), Misconfigured)
    assert len(server.requests) == 1


async def test_an_error_inside_a_good_answer_has_its_type(server: ModelServer) -> None:
    told = {"error": {"code": "moderation_blocked", "message": "Your request was rejected."}}
    assert isinstance(await failure_of(server, Sends(json.dumps(told).encode())), Refused)


async def test_a_flood_is_stopped(server: ModelServer) -> None:
    flood = Floods(b"A" * 65_536, size_bytes=1_000_000_000, media_type="application/json")
    assert isinstance(await failure_of(server, flood), Unavailable)
    await asyncio.wait_for(server.hung_up.wait(), 10)
    assert server.sent_bytes < 2 * PICTURE_MAX_BYTES


async def test_a_cancelled_picture_hangs_up_at_once(server: ModelServer) -> None:
    server.plan(Hangs())
    drawing = asyncio.create_task(hosted_illustrator(server).draw(REQUEST))
    await asyncio.wait_for(server.hanging.wait(), 10)
    drawing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(drawing, 10)
    await asyncio.wait_for(server.hung_up.wait(), 10)


async def test_a_picture_costs_what_the_settings_say(server: ModelServer) -> None:
    offer = Offer(dollars_per_picture=Decimal("0.0400001"))
    usage = (await hosted_illustrator(server, offer).draw(REQUEST)).usage
    assert (usage.input_tokens, usage.output_tokens, usage.cost_microdollars) == (50, 4160, 40_001)


async def test_a_picture_that_cannot_be_used_was_billed_all_the_same(server: ModelServer) -> None:
    server.picture = b"<html>Welcome to the hotel's network</html>"
    with pytest.raises(Unavailable) as failed:
        await hosted_illustrator(server, Offer(dollars_per_picture=Decimal("0.04"))).draw(REQUEST)
    assert failed.value.usage.cost_microdollars == 40_000


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        (b'{"error": {"code": "content_policy_violation", "message": "No."}}', Refused, "refused this"),
        (b'{"error": "no GPU is free"}', Unavailable, "no GPU is free"),
        (b'{"created": 1, "data": [{"b64_json": "iVBORw0KGgo', Unavailable, "makes no sense"),
        (b"<!doctype html><title>Sign in</title>", Unavailable, "web page"),
    ],
)
async def test_status_200_is_no_promise(server: ModelServer, body: bytes, kind: type[ProviderError], said: str) -> None:
    failure = await failure_of(server, Sends(body))
    assert isinstance(failure, kind)
    assert said in failure.message


async def test_the_operators_choices_are_asked_for_and_are_part_of_who_draws(server: ModelServer) -> None:
    offer = Offer(sizes=((512, 512),), quality="high", output_format="webp")
    illustrator = hosted_illustrator(server, offer)
    await illustrator.draw(REQUEST)
    (sent,) = server.requests
    assert (sent.body["size"], sent.body["quality"], sent.body["output_format"]) == ("512x512", "high", "webp")
    assert illustrator.provider.settings == {"quality": "high", "output_format": "webp", "sizes": "512x512"}
    assert hosted_illustrator(server).provider.settings == {}


async def test_a_word_that_the_model_does_not_know_is_refused_with_its_reason(server: ModelServer) -> None:
    with pytest.raises(Refused, match="Supported values are"):
        await hosted_illustrator(server, Offer(quality="superb")).draw(REQUEST)


async def test_how_many_references_go_along_is_declared_and_kept(server: ModelServer) -> None:
    illustrator = hosted_illustrator(server, Offer(references_max=1))
    assert illustrator.references_max == 1
    with pytest.raises(Refused, match="at most 1"):
        await illustrator.draw(replace(REQUEST, references=(encoded(PLAIN),) * 2))
    assert server.requests == []


async def test_a_server_that_draws_after_nothing_says_which_setting_to_change(server: ModelServer) -> None:
    server.plan(Fails(404))
    with pytest.raises(Misconfigured, match="references to 0"):
        await hosted_illustrator(server).draw(replace(REQUEST, references=(encoded(PLAIN),)))


@pytest.mark.parametrize("details", [None, {"image_tokens": 4000, "text_tokens": 160}])
def test_tokens_of_pictures_are_told_apart(details: dict[str, int] | None) -> None:
    usage = {"input_tokens": 300, "output_tokens": 4160, "input_tokens_details": {"image_tokens": 200}}
    priced = OpenAICompatibleImages(model="gpt-image-1.5", compute=InlineCompute(), api_key="k")
    used = priced.usage_in({"usage": usage | {"output_tokens_details": details}})
    assert used.cost_microdollars == 100 * 5 + 200 * 8 + (4160 * 32 if details is None else 4000 * 32 + 160 * 10)


async def test_the_key_is_never_logged(server: ModelServer, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        await hosted_illustrator(server).draw(REQUEST)
        await failure_of(server, Drops())
    assert server.key not in caplog.text


@pytest.mark.parametrize(
    ("wanted", "nearest"),
    [((1700, 1700), (1024, 1024)), ((300, 200), (1536, 1024)), ((200, 300), (1024, 1536)), ((4096, 10), (1536, 1024))],
)
def test_the_size_whose_shape_is_nearest_is_asked_for(wanted: tuple[int, int], nearest: tuple[int, int]) -> None:
    assert nearest_size(wanted, SIZES) == nearest


def test_among_equal_shapes_the_smallest_that_is_large_enough_is_asked_for() -> None:
    offered = ((256, 256), (512, 512), (1024, 1024))
    assert nearest_size((300, 300), offered) == (512, 512)
    assert nearest_size((3000, 3000), offered) == (1024, 1024)


def test_it_tells_how_much_of_its_pictures_a_shape_leaves() -> None:
    images = OpenAICompatibleImages(model="m", compute=InlineCompute())
    assert images.kept_share(1500, 1000) == 1
    assert images.kept_share(3000, 1000) == pytest.approx(0.5)
    assert images.kept_share(1000, 3000) == pytest.approx(0.5)
