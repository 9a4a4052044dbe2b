"""Small pictures of every kind, a statement, and a key."""

import io
from datetime import UTC, datetime

import pytest
from PIL import Image

from overprint.craft.credentials import Source, Statement, new_identity
from tests.craft.typesetting.conftest import book

__all__ = ["book"]

NOW = datetime.now(UTC).replace(microsecond=0)
STATEMENT = Statement("The fox at the gate", Source.PROCEDURE, "ab" * 32, "embedded", "illustrator", "Ada Machine", NOW)
KINDS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}


def picture(media_type: str, colour: str = "teal") -> bytes:
    kept = io.BytesIO()
    image = Image.effect_mandelbrot((160, 120), (-2, -1, 1, 1), 30).convert("RGB")
    image.paste(colour, (0, 0, 40, 40))
    image.save(kept, KINDS[media_type])
    return kept.getvalue()


def pixels(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as image:
        return image.convert("RGB").tobytes()


def flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


@pytest.fixture(scope="session")
def identity() -> bytes:
    return new_identity(NOW)


@pytest.fixture(scope="session")
def stranger() -> bytes:
    return new_identity(NOW)
