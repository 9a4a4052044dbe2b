"""Every illustrator, ready to draw."""

import io
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest
from PIL import Image

from overprint.adapters.compute.inline import InlineCompute
from overprint.adapters.image.embedded import EmbeddedIllustrator
from overprint.adapters.image.fake import FakeImages, FakeTaskImages
from overprint.adapters.image.openai_compatible import DEFAULT_OFFER, Offer, OpenAICompatibleImages
from overprint.core.story import Style
from overprint.ports.image import ImageAnswer, ImagePort, ImageRequest
from overprint.steps.prompts import picture_prompt
from tests.support.hosted_failures import IMPATIENT
from tests.support.model_server import ModelServer, model_server
from tests.support.stories import SCENE, SHEETS

ILLUSTRATORS = ("embedded", "fake", "fake tasks", "openai")
REQUEST = ImageRequest(
    scene=SCENE,
    sheets=SHEETS,
    style=Style.STORYBOOK,
    width_px=240,
    height_px=200,
    seed=3,
    prompt=picture_prompt(SCENE, SHEETS, Style.STORYBOOK),
    idempotency_key="job-1:picture/1/1:draw",
)


def sized(width_px: int, height_px: int) -> ImageRequest:
    return replace(REQUEST, width_px=width_px, height_px=height_px)


def opened(answer: ImageAnswer) -> Image.Image:
    """The picture, decoded to its last pixel."""
    picture = Image.open(io.BytesIO(answer.data))
    picture.load()
    return picture


def encoded(picture: Image.Image, form: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


@dataclass(frozen=True)
class Easel:
    """An illustrator, and the server behind it if it is a hosted one."""

    illustrator: ImagePort
    server: ModelServer


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with model_server() as running:
        yield running


def illustrator_called(name: str, server: ModelServer) -> ImagePort:
    if name == "openai":
        return hosted_illustrator(server)
    fakes = {"fake": FakeImages, "fake tasks": FakeTaskImages}
    return fakes[name]() if name in fakes else EmbeddedIllustrator(InlineCompute())


def hosted_illustrator(server: ModelServer, offer: Offer = DEFAULT_OFFER) -> OpenAICompatibleImages:
    return OpenAICompatibleImages(
        model="gpt-image-test",
        compute=InlineCompute(),
        api_key=server.key,
        base_url=server.url,
        offer=offer,
        patience=IMPATIENT,
    )


@pytest.fixture(params=ILLUSTRATORS)
def easel(request: pytest.FixtureRequest, server: ModelServer) -> Easel:
    return Easel(illustrator_called(request.param, server), server)
