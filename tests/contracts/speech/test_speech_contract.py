"""What every voice does the same."""

import asyncio

import numpy as np
import pytest

from overprint.ports.errors import Refused
from overprint.ports.speech import SOUND_MAX_BYTES, SOUND_MEDIA_TYPE, SPEED_MAX, TEXT_MAX_CHARACTERS
from tests.contracts.speech.conftest import SENTENCE, Stage, heard


async def test_an_answer_is_a_wave_of_the_length_that_it_says(stage: Stage) -> None:
    answer = await stage.said()
    sound = heard(answer)
    assert (answer.media_type, answer.data[:4]) == (SOUND_MEDIA_TYPE, b"RIFF")
    assert answer.duration_seconds == pytest.approx(sound.duration_seconds)
    assert 0.5 < answer.duration_seconds < 20
    assert 0.05 < np.abs(sound.samples).max() < 1
    assert len(answer.data) <= SOUND_MAX_BYTES


async def test_the_same_request_gives_the_same_sound_whatever_was_said_before(stage: Stage) -> None:
    first = await stage.said()
    await stage.said("Something else altogether!", language="en-US")
    assert (await stage.said()).data == first.data


async def test_more_words_take_more_time(stage: Stage) -> None:
    short, long = await stage.said("One lantern."), await stage.said("One lantern. " * 6)
    assert long.duration_seconds > 3 * short.duration_seconds


async def test_a_faster_voice_takes_less_time(stage: Stage) -> None:
    own, fast = await stage.said(), await stage.said(speed=1.2)
    assert fast.duration_seconds < 0.95 * own.duration_seconds


async def test_word_marks_lie_in_the_text_and_in_the_sound_and_in_order(stage: Stage) -> None:
    answer = await stage.said()
    words = [SENTENCE[mark.first : mark.last].strip("“”?,.") for mark in answer.words]
    assert not words or words == ["Who", "lit", "the", "lantern", "asked", "Mira", "and", "the", "old", "fox", "smiled"]
    starts = [mark.start_seconds for mark in answer.words]
    assert starts == sorted(starts)
    assert all(0 <= start < answer.duration_seconds for start in starts)


@pytest.mark.parametrize("text", ["", "   ", "— … !", "🦊", "x" * (TEXT_MAX_CHARACTERS + 1)])
async def test_what_nobody_can_say_is_refused(stage: Stage, text: str) -> None:
    with pytest.raises(Refused):
        await stage.said(text)


@pytest.mark.parametrize("speed", [0.0, -1.0, SPEED_MAX + 0.1, float("nan"), float("inf")])
async def test_an_impossible_pace_is_refused(stage: Stage, speed: float) -> None:
    with pytest.raises(Refused):
        await stage.said(speed=speed)


@pytest.mark.parametrize("voice", ["", "../../voices", "nobody at all", "x" * 500])
async def test_a_voice_that_nobody_has_is_refused(stage: Stage, voice: str) -> None:
    with pytest.raises(Refused):
        await stage.said(voice=voice)


@pytest.mark.parametrize(
    "text", ["\ud800 a \x00\x01+10S b", "[[h@l'oU]] <speak>hi</speak> &amp; |ok", "a\u202eb 漢字 é"]
)
async def test_hostile_words_are_only_words(stage: Stage, text: str) -> None:
    assert (await stage.said(text)).duration_seconds > 0.05


async def test_the_longest_text_can_be_said(stage: Stage) -> None:
    answer = await stage.said(("Lantern, " * TEXT_MAX_CHARACTERS)[: TEXT_MAX_CHARACTERS - 1] + ".")
    assert answer.duration_seconds > 20


async def test_voices_are_told_apart_and_stay_in_order(stage: Stage) -> None:
    voices = await stage.speaker.voices()
    assert voices and voices == await stage.speaker.voices()
    assert len({voice.id for voice in voices}) == len(voices)
    assert all(voice.id and voice.label for voice in voices)


async def test_many_sentences_can_be_said_at_once(stage: Stage) -> None:
    texts = [f"Number {n} of the lanterns. " * (n + 1) for n in range(4)]
    answers = await asyncio.gather(*(stage.said(text) for text in texts))
    lengths = [answer.duration_seconds for answer in answers]
    assert lengths == sorted(lengths)


async def test_a_cancelled_sentence_is_given_up_at_once_and_the_next_is_whole(stage: Stage) -> None:
    whole = await stage.said()
    speaking = asyncio.create_task(stage.said("Lantern " * 240))
    await asyncio.sleep(0.01)
    speaking.cancel()
    ended, _ = await asyncio.wait({speaking}, timeout=0.5)
    assert speaking in ended
    assert (await stage.said()).data == whole.data


async def test_usage_is_never_negative(stage: Stage) -> None:
    usage = (await stage.said()).usage
    assert min(usage.input_tokens, usage.output_tokens, usage.cost_microdollars) >= 0


async def test_a_provider_says_who_it_is(stage: Stage) -> None:
    provider = stage.speaker.provider
    assert provider == stage.speaker.provider
    assert provider.name and provider.model and provider.label
    assert stage.server.key not in repr(provider) + repr(stage.speaker)
