"""What every illustrator does the same."""

import asyncio

import pytest

from overprint.ports.image import PICTURE_MAX_BYTES, REFERENCES_MAX, ImageAnswer
from tests.contracts.image.conftest import REQUEST, Easel, opened, sized


@pytest.mark.parametrize(("width_px", "height_px"), [(240, 200), (200, 240), (97, 101)])
async def test_a_picture_has_exactly_the_asked_size(easel: Easel, width_px: int, height_px: int) -> None:
    answer = await easel.illustrator.draw(sized(width_px, height_px))
    assert opened(answer).size == (answer.width_px, answer.height_px) == (width_px, height_px)


async def test_a_picture_is_what_its_media_type_says(easel: Easel) -> None:
    answer = await easel.illustrator.draw(REQUEST)
    assert answer.media_type == f"image/{str(opened(answer).format).lower()}"
    assert len(answer.data) <= PICTURE_MAX_BYTES


async def test_the_same_request_gives_the_same_picture(easel: Easel) -> None:
    first, second = await easel.illustrator.draw(REQUEST), await easel.illustrator.draw(REQUEST)
    assert first.data == second.data


async def test_usage_is_never_negative(easel: Easel) -> None:
    usage = (await easel.illustrator.draw(REQUEST)).usage
    assert min(usage.input_tokens, usage.output_tokens, usage.cost_microdollars) >= 0


async def test_what_is_shown_is_in_the_scene(easel: Easel) -> None:
    answer = await easel.illustrator.draw(REQUEST)
    people = {actor.who for actor in REQUEST.scene.actors}
    assert not answer.shown or people <= {shown.what for shown in answer.shown}


async def test_many_pictures_can_be_drawn_at_once(easel: Easel) -> None:
    drawn = await asyncio.gather(*(easel.illustrator.draw(sized(64 + n, 64)) for n in range(4)))
    assert [answer.width_px for answer in drawn] == [64, 65, 66, 67]


async def test_a_cancelled_picture_is_given_up_at_once(easel: Easel) -> None:
    drawing = asyncio.create_task(easel.illustrator.draw(sized(1200, 1200)))
    await asyncio.sleep(0)
    drawing.cancel()
    ended, _ = await asyncio.wait({drawing}, timeout=0.5)
    assert drawing in ended


async def test_a_provider_says_who_it_is(easel: Easel) -> None:
    provider = easel.illustrator.provider
    assert provider == easel.illustrator.provider
    assert provider.name and provider.model and provider.label
    assert 0 <= easel.illustrator.references_max <= REFERENCES_MAX
    assert 0 < easel.illustrator.kept_share(4000, 1000) <= easel.illustrator.kept_share(1000, 1000) <= 1
    assert easel.server.key not in repr(provider) + repr(easel.illustrator)
    assert isinstance(await easel.illustrator.draw(REQUEST), ImageAnswer)
