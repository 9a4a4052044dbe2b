"""What is true of the embedded voice alone: a program of its own, that ends with us, and voices of different height."""

import asyncio
import os
import signal
import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from overprint.adapters.speech import embedded
from overprint.adapters.speech.embedded import FormantSpeech
from overprint.adapters.speech.formant_frames import BrokenFrame, frame, head_in, lengths_in
from overprint.adapters.speech.formant_voices import LANGUAGES
from overprint.craft.narration.waves import Sound
from overprint.ports.errors import Misconfigured, Refused, Unavailable
from overprint.ports.speech import SpeechRequest
from tests.contracts.speech.conftest import SENTENCE, heard

REQUEST = SpeechRequest(SENTENCE, "teller", "en", 1.0, "key")


def asked(**changes: str) -> SpeechRequest:
    return SpeechRequest(
        changes.get("text", SENTENCE), changes.get("voice", "teller"), changes.get("language", "en"), 1.0, "key"
    )


def pitch_hz(sound: Sound) -> float:
    """The median fundamental of the voiced parts, by autocorrelation."""
    found = []
    size, low, high = 1024, sound.rate_hz // 420, sound.rate_hz // 60
    for at in range(0, len(sound.samples) - size, size // 2):
        part = sound.samples[at : at + size] * np.hanning(size)
        if np.sqrt((part**2).mean()) < 0.02:
            continue
        likeness = np.fft.irfft(np.abs(np.fft.rfft(part, 4 * size)) ** 2)
        period = low + int(np.argmax(likeness[low:high]))
        if likeness[period] > 0.45 * likeness[0]:
            found.append(sound.rate_hz / period)
    return float(np.median(found))


async def test_no_two_voices_sit_at_the_same_height(formant: FormantSpeech) -> None:
    heights = {}
    for voice in await formant.voices():
        heights[voice.id] = pitch_hz(heard(await formant.speak(asked(voice=voice.id))))
    close = [pair for pair in combinations(sorted(heights.values()), 2) if pair[1] / pair[0] < 1.04]
    assert close == [], heights


async def test_registers_say_how_high_a_voice_sits(formant: FormantSpeech) -> None:
    heights: dict[str, list[float]] = {"low": [], "middle": [], "high": []}
    for voice in await formant.voices():
        heights[voice.register].append(pitch_hz(heard(await formant.speak(asked(voice=voice.id)))))
    assert max(heights["low"]) < min(heights["middle"]) <= max(heights["middle"]) < min(heights["high"])


async def test_two_programs_say_it_in_the_same_bytes(formant: FormantSpeech) -> None:
    other = FormantSpeech()
    await other.speak(asked(text="Something else first.", voice="gruff"))
    try:
        assert (await other.speak(REQUEST)).data == (await formant.speak(REQUEST)).data
    finally:
        await other.aclose()


async def test_its_words_are_timed(formant: FormantSpeech) -> None:
    marks = (await formant.speak(REQUEST)).words
    assert [SENTENCE[mark.first : mark.last] for mark in marks][:4] == ["Who", "lit", "the", "lantern"]


async def test_the_library_is_never_loaded_into_this_process(formant: FormantSpeech) -> None:
    await formant.speak(REQUEST)
    assert "espeakng_loader" not in sys.modules
    assert "espeak" not in Path("/proc/self/maps").read_text()


async def test_the_program_stays_for_the_next_sentence_and_ends_when_closed(formant: FormantSpeech) -> None:
    await formant.speak(REQUEST)
    pid = formant.pid()
    await formant.speak(REQUEST)
    assert formant.pid() == pid is not None
    await formant.aclose()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_a_killed_program_is_unavailable_once_and_then_starts_again(formant: FormantSpeech) -> None:
    before = await formant.speak(REQUEST)
    pid = formant.pid()
    assert pid is not None
    speaking = asyncio.create_task(formant.speak(asked(text="Lantern " * 240)))
    await asyncio.sleep(0.02)
    os.killpg(pid, signal.SIGKILL)
    with pytest.raises(Unavailable):
        await speaking
    assert (await formant.speak(REQUEST)).data == before.data


OWNER = """
import asyncio
from overprint.adapters.speech.embedded import FormantSpeech
from overprint.ports.speech import SpeechRequest

async def own():
    speaker = FormantSpeech()
    await speaker.speak(SpeechRequest("Hello.", "teller", "en", 1.0, "key"))
    print(speaker.pid(), flush=True)
    await asyncio.sleep(600)

asyncio.run(own())
"""


async def test_the_program_ends_when_its_owner_is_killed() -> None:
    owner = await asyncio.create_subprocess_exec(sys.executable, "-c", OWNER, stdout=asyncio.subprocess.PIPE)
    assert owner.stdout is not None
    pid = int(await asyncio.wait_for(owner.stdout.readline(), 60))
    os.kill(pid, 0)
    owner.kill()
    await owner.wait()
    async with asyncio.timeout(10):
        while is_running(pid):
            await asyncio.sleep(0.02)


def is_running(pid: int) -> bool:
    """Whether it runs; one that ended and was not yet asked for by its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def test_without_its_package_it_says_what_to_install(
    formant: FormantSpeech, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "find_spec", lambda _: None)
    for ask in (formant.voices, lambda: formant.speak(REQUEST)):
        with pytest.raises(Misconfigured, match="espeakng-loader"):
            await ask()


@pytest.mark.parametrize("language", ["en-GB", "en-US", "pt-BR", *LANGUAGES])
async def test_it_reads_many_languages(formant: FormantSpeech, language: str) -> None:
    assert (await formant.speak(asked(language=language, text="Laterna 3"))).duration_seconds > 0.3


@pytest.mark.parametrize("language", ["xx", "", "ja", "he", "ar", "../..", "en+croak"])
async def test_a_language_it_cannot_read_is_refused(formant: FormantSpeech, language: str) -> None:
    with pytest.raises(Refused, match="Choose another provider"):
        await formant.speak(asked(language=language))


async def test_a_name_in_letters_of_another_script_is_left_unsaid_and_not_spelled_out(formant: FormantSpeech) -> None:
    plain = await formant.speak(asked(text="The fox         ran."))
    for name in ("שוֹעל", "ثعلب", "狐狸", "лиса"):
        said = await formant.speak(asked(text=f"The fox {name:7} ran."))
        assert said.duration_seconds == pytest.approx(plain.duration_seconds, abs=0.2), name


async def test_a_sentence_of_nothing_else_is_a_short_silence(formant: FormantSpeech) -> None:
    sound = heard(await formant.speak(asked(text="狐狸跑向月亮。")))
    assert sound.duration_seconds < 1
    assert not sound.samples.any()
    assert heard(await formant.speak(asked(text="狐狸跑向月亮。", language="zh"))).samples.any()


def test_a_frame_that_announces_too_much_is_no_frame() -> None:
    with pytest.raises(BrokenFrame):
        lengths_in(b"\xff" * 8)
    with pytest.raises(BrokenFrame):
        head_in(b"[]")
    assert lengths_in(frame({"a": 1}, b"xyz")[:8]) == (8, 3)
