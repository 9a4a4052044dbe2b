"""People, pages and tones to narrate: everything small, and made here."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from overprint.adapters.speech.fake import FakeSpeech
from overprint.core.book import BookDoc, Page, PageKind
from overprint.core.narration import Casting, Line, Voice
from overprint.core.story import Character, CharacterRole, Pronouns, Trim
from overprint.craft.narration import cast_voices, page_lines, page_order, page_sound, page_sound_bytes
from overprint.craft.narration.child import PageSound, voice_for
from overprint.craft.narration.waves import Sound
from overprint.ports.speech import SpeechRequest

RATE_HZ = 24_000
VOICES = asyncio.run(FakeSpeech().voices())


def person(id: str, name: str, noun: str, pronouns: Pronouns, role: CharacterRole = CharacterRole.OTHER) -> Character:
    return Character(id, name, noun, role, pronouns)


MIRA = person("mira", "Mira", "girl", Pronouns.SHE, CharacterRole.HERO)
EMBER = person("ember", "Ember", "fox", Pronouns.SHE, CharacterRole.COMPANION)
OTTO = person("otto", "Captain Otto Brand", "lighthouse keeper", Pronouns.HE, CharacterRole.HELPER)
PEOPLE = (MIRA, EMBER, OTTO)
HEIGHTS = {"otto": 1.4}

PAGES = (
    Page(PageKind.COVER),
    Page(PageKind.TITLE),
    Page(
        PageKind.STORY,
        (
            "Mira climbed the hill with Ember at her heels.",
            "“Is that the lighthouse?” asked the fox. “It has no light!”",
            "“It will,” said Mira, “when we carry the lamp up. Come on!”",
        ),
        "The Hill",
        chapter=1,
    ),
    Page(PageKind.STORY, ("Captain Otto called: “Mind the step.”", "", "They did & were glad."), chapter=1),
    Page(PageKind.STORY, ("It was <dark> outside.",), "The Lamp", chapter=2),
    Page(PageKind.COLOPHON, ("Set in EB Garamond.",)),
)
DOC = BookDoc("0192f0c1-2b7e-7cc0-9d7e-000000000002", "The Lamp", "Ada", "en", Trim.SQUARE, "", PAGES)


def sine(seconds: float, height: float = 0.25, hz: float = 440.0, rate_hz: int = RATE_HZ) -> Sound:
    time = np.arange(round(seconds * rate_hz)) / rate_hz
    return Sound((height * np.sin(2 * np.pi * hz * time)).astype(np.float32), rate_hz)


def silence(seconds: float, rate_hz: int = RATE_HZ) -> Sound:
    return Sound(np.zeros(round(seconds * rate_hz), np.float32), rate_hz)


def joined(*sounds: Sound) -> Sound:
    return Sound(np.concatenate([sound.samples for sound in sounds]), sounds[0].rate_hz)


@dataclass(frozen=True)
class Told:
    """A page read aloud by the fake voice."""

    lines: tuple[Line, ...]
    order: bytes
    sound: PageSound


def spoken(lines: Sequence[Line], casting: Casting) -> list[list[bytes]]:
    speaker = FakeSpeech()

    def say(who: str, text: str) -> bytes:
        return asyncio.run(speaker.speak(SpeechRequest(text, voice_for(casting, who), "en", 1, "key"))).data

    return [[say(said.who, said.text) for said in line.utterances] for line in lines]


def tell(doc: BookDoc, number: int, voices: Sequence[Voice] = VOICES) -> Told:
    casting = cast_voices(PEOPLE, HEIGHTS, voices, doc.language)
    lines = page_lines(doc, number, PEOPLE)
    order = page_order(lines, casting, spoken(lines, casting))
    return Told(lines, order, page_sound(page_sound_bytes(order)))


@pytest.fixture(scope="session")
def told() -> dict[int, Told]:
    """Every page of ``DOC`` that is read aloud, by its number."""
    return {number: tell(DOC, number) for number in range(1, len(PAGES) + 1) if page_lines(DOC, number, PEOPLE)}
