"""What hosted voices do on the wire, and what they make of a provider that fails."""

import asyncio
import base64
import json
import logging
import struct

import numpy as np
import pytest

from overprint.adapters.speech.fake import tone
from overprint.core.narration import Register
from overprint.craft.narration.wave_file import write_wave
from overprint.ports.errors import Misconfigured, ProviderError, Unavailable
from overprint.ports.speech import SOUND_MAX_BYTES
from tests.contracts.speech.conftest import (
    ELEVENLABS_VOICE,
    SENTENCE,
    Stage,
    elevenlabs_speech,
    heard,
    openai_speech,
)
from tests.support.hosted_failures import FAILURES, check
from tests.support.model_server import Behaviour, Drops, Fails, Floods, Hangs, ModelServer, Sends

NO_SOUNDS = {
    "nothing": b"",
    "a document": b"%PDF-1.7",
    "a beginning": b"RIFF\x00\x00\x00\x00WAVE",
    "eight bits": write_wave(tone(300, 1), 24_000).replace(struct.pack("<HH", 2, 16), struct.pack("<HH", 1, 8), 1),
    "a silly rate": write_wave(tone(300, 1), 4_000_000),
    "no samples": write_wave(b"", 24_000),
}


async def failure_of(stage: Stage, *behaviours: Behaviour) -> ProviderError:
    request = await stage.request()
    stage.server.plan(*behaviours)
    with pytest.raises(ProviderError) as failed:
        await stage.speaker.speak(request)
    return failed.value


@pytest.mark.parametrize("name", FAILURES)
async def test_a_failure_has_its_type(hosted: Stage, name: str) -> None:
    failure = FAILURES[name]
    check(failure, await failure_of(hosted, failure.behaviour), hosted.speaker.provider, hosted.server.key)


async def test_openai_is_told_words_voice_and_idempotency_key(server: ModelServer) -> None:
    stage = Stage("openai", openai_speech(server), server)
    await stage.said(voice="onyx")
    await stage.said(speed=1.5)
    first, second = server.requests
    assert first.path == "/v1/audio/speech"
    assert first.headers["idempotency-key"] == "job-1:speak/1:speak"
    assert first.body == {"model": "tts-test", "input": SENTENCE, "voice": "onyx", "response_format": "wav"}
    assert second.body["speed"] == 1.5


async def test_elevenlabs_is_told_words_model_and_pace(server: ModelServer) -> None:
    stage = Stage("elevenlabs", elevenlabs_speech(server), server)
    await stage.said(speed=2.0)
    sent = server.requests[-1]
    assert sent.path == f"/v1/text-to-speech/{ELEVENLABS_VOICE}/with-timestamps"
    assert sent.headers["xi-api-key"] == server.key
    assert sent.body == {"text": SENTENCE, "model_id": "eleven-test", "voice_settings": {"speed": 1.2}}


async def test_elevenlabs_lists_the_voices_of_the_account_once(server: ModelServer) -> None:
    speaker = elevenlabs_speech(server)
    george, sarah = await speaker.voices()
    assert (george.label, george.register, sarah.register) == ("George", Register.LOW, Register.HIGH)
    await speaker.voices()
    assert [sent.path for sent in server.requests] == ["/v1/voices"]


@pytest.mark.parametrize("listing", [{}, [], {"voices": []}, {"voices": [{"voice_id": 5}, "x", {"voice_id": "../x"}]}])
async def test_elevenlabs_without_usable_voices_is_a_matter_of_settings(server: ModelServer, listing: object) -> None:
    server.plan(Sends(json.dumps(listing).encode()))
    with pytest.raises((Misconfigured, Unavailable)):
        await elevenlabs_speech(server).voices()


async def test_elevenlabs_account_out_of_credit_is_a_matter_of_settings(server: ModelServer) -> None:
    stage = Stage("elevenlabs", elevenlabs_speech(server), server)
    failure = await failure_of(stage, Fails(401, "quota_exceeded", "This request exceeds your quota."))
    assert isinstance(failure, Misconfigured)
    assert "no credit" in failure.message


@pytest.mark.parametrize(
    "alignment",
    [None, {}, {"characters": ["x"], "character_start_times_seconds": [0]}, {"characters": list(SENTENCE)}, "times"],
)
async def test_times_that_do_not_fit_are_no_times(server: ModelServer, alignment: object) -> None:
    stage = Stage("elevenlabs", elevenlabs_speech(server), server)
    request = await stage.request()
    told = {"audio_base64": base64.b64encode(tone(300, 1, 24_000)).decode(), "alignment": alignment}
    server.plan(Sends(json.dumps(told).encode()))
    assert (await stage.speaker.speak(request)).words == ()


@pytest.mark.parametrize("name", NO_SOUNDS)
async def test_bytes_that_are_no_sound_are_unavailable(server: ModelServer, name: str) -> None:
    server.sound = NO_SOUNDS[name]
    stage = Stage("openai", openai_speech(server), server)
    assert isinstance(await failure_of(stage), Unavailable)


@pytest.mark.parametrize("beginning", [b"ID3\x04", b"\xff\xfb\x90", b"OggS"])
async def test_compressed_sound_is_a_matter_of_settings(server: ModelServer, beginning: bytes) -> None:
    server.sound = beginning + bytes(500)
    assert isinstance(await failure_of(Stage("openai", openai_speech(server), server)), Misconfigured)


async def test_a_streamed_wave_that_does_not_know_its_length_is_read_whole(server: ModelServer) -> None:
    plain = write_wave(tone(300, 1, 24_000), 24_000)
    unknown = b"\xff\xff\xff\xff"
    server.sound = plain[:4] + unknown + plain[8:40] + unknown + plain[44:]
    answer = await Stage("openai", openai_speech(server), server).said()
    assert answer.data == plain


async def test_two_channels_become_one(server: ModelServer) -> None:
    mono = np.frombuffer(tone(300, 1, 24_000), "<i2")
    both = np.stack([mono, mono // 2], axis=1).astype("<i2").tobytes()
    head = struct.pack("<4sI4s4sIHHIIHH", b"RIFF", 36, b"WAVE", b"fmt ", 16, 1, 2, 24_000, 96_000, 4, 16)
    server.sound = head + struct.pack("<4sI", b"data", len(both)) + both
    sound = heard(await Stage("openai", openai_speech(server), server).said())
    assert sound.duration_seconds == pytest.approx(1)
    assert np.abs(sound.samples * 32_768 - mono * 0.75).max() < 2


async def test_a_flood_is_stopped(hosted: Stage) -> None:
    flood = Floods(b"A" * 65_536, size_bytes=1_000_000_000, media_type="audio/wav")
    assert isinstance(await failure_of(hosted, flood), Unavailable)
    await asyncio.wait_for(hosted.server.hung_up.wait(), 10)
    assert hosted.server.sent_bytes < 3 * SOUND_MAX_BYTES


async def test_a_cancelled_sentence_hangs_up_at_once(hosted: Stage) -> None:
    request = await hosted.request()
    hosted.server.plan(Hangs())
    speaking = asyncio.create_task(hosted.speaker.speak(request))
    await asyncio.wait_for(hosted.server.hanging.wait(), 10)
    speaking.cancel()
    await asyncio.wait_for(hosted.server.hung_up.wait(), 10)
    with pytest.raises(asyncio.CancelledError):
        await speaking


async def test_a_thousand_characters_cost_what_the_settings_say(server: ModelServer) -> None:
    for speaker in (openai_speech(server, 15_000), elevenlabs_speech(server, 15_000)):
        usage = (await Stage("hosted", speaker, server).said("a" * 100)).usage
        assert usage.cost_microdollars == 1_500


async def test_the_key_is_never_logged(hosted: Stage, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        await hosted.said()
        await failure_of(hosted, Drops())
    assert hosted.server.key not in caplog.text
