"""What people agree to is what this house does with their photos."""

from pathlib import Path
from typing import Any

import pytest

from overprint.features.photos import Handling, consent_to
from overprint.settings import Settings
from overprint.settings.fields import StorageSettings
from overprint.settings.models import ImageSettings, SpeechSettings, TextSettings
from overprint.wiring.handling import consent_of


def _house(**chosen: Any) -> Settings:
    return Settings(data_dir=Path("data"), **chosen)


S3 = StorageSettings(kind="s3", bucket="books", endpoint="https://files.example.org")
AMAZON = StorageSettings(kind="s3", bucket="books")
WRITER = TextSettings(provider="anthropic", model="m", api_key="k")
PAINTER = ImageSettings(provider="openai", model="m", base_url="https://draw.example.org/v1")
LOCAL = TextSettings(provider="openai", model="m", base_url="http://localhost:11434/v1")
VOICE = SpeechSettings(provider="elevenlabs", model="m", api_key="k")
HOUSES = {
    "all on this server": _house(),
    "files elsewhere": _house(storage=S3),
    "files at Amazon": _house(storage=AMAZON),
    "a hosted writer": _house(text=WRITER),
    "a hosted illustrator": _house(image=PAINTER),
    "a writer on this machine": _house(text=LOCAL),
    "a hosted voice": _house(speech=VOICE),
    "a hosted writer and voice": _house(text=WRITER, speech=VOICE),
    "everything elsewhere": _house(storage=S3, text=WRITER, image=PAINTER),
}


def test_a_house_that_keeps_and_draws_everything_itself_says_so() -> None:
    text = consent_of(_house()).text
    assert "this server, which keeps" in text
    assert "sent to nobody, and nobody is told" in text


@pytest.mark.parametrize(
    ("house", "named"),
    [
        ("files elsewhere", "a smaller copy without place, time or camera is sent to files.example.org"),
        ("files at Amazon", "is sent to Amazon S3 and kept there"),
        ("a hosted writer", "told in words to Anthropic."),
        ("a hosted illustrator", "told in words to draw.example.org."),
        ("a writer on this machine", "told in words to a model that runs on this machine."),
        ("a hosted writer and voice", "told in words to Anthropic and ElevenLabs."),
        ("everything elsewhere", "told in words to Anthropic and draw.example.org."),
    ],
)
def test_whoever_gets_a_copy_or_a_look_is_named(house: str, named: str) -> None:
    text = consent_of(HOUSES[house]).text
    assert named in text
    assert ("sent to nobody," in text) is False


def test_a_voice_is_told_nothing_of_a_look_that_a_writer_here_keeps_to_the_pictures() -> None:
    assert consent_of(HOUSES["a hosted voice"]) == consent_of(HOUSES["all on this server"])


def test_a_command_that_keeps_nothing_names_no_store() -> None:
    assert consent_of(HOUSES["files elsewhere"], keeps=False) == consent_to(Handling(kept_in=None))
    assert "draw.example.org" in consent_of(HOUSES["a hosted illustrator"], keeps=False).text


def test_no_two_texts_have_the_same_version() -> None:
    texts = {consent_of(house, keeps=keeps).text for house in HOUSES.values() for keeps in (True, False)}
    versions = {consent_of(house, keeps=keeps).version for house in HOUSES.values() for keeps in (True, False)}
    assert len(versions) == len(texts) == 14
