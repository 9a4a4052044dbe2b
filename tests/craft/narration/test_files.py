"""The files: M4A a page and the M4B, read back with PyAV."""

import io
import subprocess
import sys

import av
import numpy as np
import pytest
from PIL import Image

from overprint.adapters.compute.processes import PoolRules, ProcessCompute
from overprint.core.problems import Invalid
from overprint.craft.framing import pack
from overprint.craft.narration import (
    PAGE_MEMORY_BYTES,
    PAGE_TIMEOUT_SECONDS,
    SpokenPage,
    audiobook_bytes,
    audiobook_order,
    bound_audiobook,
    page_order,
    page_sound,
    page_sound_bytes,
)
from overprint.craft.narration.waves import wave_of
from tests.craft.narration.conftest import Told, sine

DECODED_CEILING = 10 ** (-1 / 20)


def heard(data: bytes) -> np.ndarray:
    with av.open(io.BytesIO(data)) as opened:
        return np.concatenate([frame.to_ndarray()[0] for frame in opened.decode(audio=0)])


def cover() -> bytes:
    kept = io.BytesIO()
    Image.new("RGBA", (900, 600), (40, 80, 120, 128)).save(kept, "PNG")
    return kept.getvalue()


def book(told: dict[int, Told], picture: bytes = b"") -> bytes:
    chapters = {3: "The Hill", 5: "The Lamp – ü"}
    pages = [SpokenPage(page.sound.data, chapters.get(number, "")) for number, page in told.items()]
    order = audiobook_order(pages, title="The Lamp", author="Ada", narrator="test tone", cover=picture)
    return bound_audiobook(audiobook_bytes(order)).data


def test_a_page_is_aac_of_the_length_that_it_says(told: dict[int, Told]) -> None:
    page = told[3].sound
    with av.open(io.BytesIO(page.data)) as opened:
        (stream,) = opened.streams
        assert (stream.codec_context.name, stream.codec_context.sample_rate) == ("aac", 24_000)
        assert opened.duration / 1e6 == pytest.approx(page.facts.duration_seconds, abs=0.001)
    assert page.facts.cues[-1].end_seconds == page.facts.duration_seconds


def test_sentences_sound_where_their_cues_say(told: dict[int, Told]) -> None:
    samples = heard(told[3].sound.data)
    for cue in told[3].sound.facts.cues[1:]:
        at = round(cue.start_seconds * 24_000)
        assert np.abs(samples[at - 3_600 : at - 480]).max() < 0.01
        assert np.abs(samples[at : at + 1_440]).max() > 0.03


def test_nothing_is_clipped_after_encoding(told: dict[int, Told]) -> None:
    assert all(np.abs(heard(page.sound.data)).max() < DECODED_CEILING for page in told.values())


def test_the_same_sentences_give_the_same_bytes(told: dict[int, Told]) -> None:
    assert page_sound_bytes(told[4].order) == page_sound_bytes(told[4].order)
    assert book(told, cover()) == book(told, cover())


def test_the_audiobook_has_title_author_chapters_and_cover(told: dict[int, Told]) -> None:
    made = book(told, cover())
    with av.open(io.BytesIO(made)) as opened:
        told_by_file = dict(opened.metadata)
        chapters = opened.chapters()
        pictures = [stream for stream in opened.streams if stream.type == "video"]
        assert pictures[0].disposition & av.stream.Disposition.attached_pic
        assert (pictures[0].codec_context.width, pictures[0].codec_context.height) == (900, 600)
    assert made[4:12] == b"ftypM4B "
    assert (told_by_file["title"], told_by_file["artist"], told_by_file["genre"]) == ("The Lamp", "Ada", "Audiobook")
    assert [chapter["metadata"]["title"] for chapter in chapters] == ["The Lamp", "The Hill", "The Lamp – ü"]


def test_chapters_begin_where_their_pages_sound(told: dict[int, Told]) -> None:
    made = book(told)
    samples = heard(made)
    with av.open(io.BytesIO(made)) as opened:
        starts = [float(chapter["start"] * chapter["time_base"]) for chapter in opened.chapters()]
    assert starts[0] == 0
    for start in starts[1:]:
        at = round(start * 24_000)
        assert np.abs(samples[at - 4_800 : at + 4_800]).max() < 0.01  # the pauses of two pages meet
        assert np.abs(samples[at + 4_800 : at + 14_400]).max() > 0.03  # and the heading begins


def test_an_audiobook_lasts_as_long_as_its_pages(told: dict[int, Told]) -> None:
    seconds = sum(page.sound.facts.duration_seconds for page in told.values())
    assert len(heard(book(told))) / 24_000 == pytest.approx(seconds, abs=0.1 * len(told))


def test_the_index_comes_first_so_that_it_can_be_played_while_it_loads(told: dict[int, Told]) -> None:
    for data in (told[3].sound.data, book(told)):
        assert data.index(b"moov") < data.index(b"mdat")


def test_a_sentence_that_was_not_spoken_is_told(told: dict[int, Told]) -> None:
    with pytest.raises(Invalid, match="not been spoken"):
        page_sound_bytes(page_order(told[3].lines, {"": "hum"}, [[wave_of(sine(1))]]))


@pytest.mark.parametrize("data", [b"", b"no sound", b"RIFF", wave_of(sine(0.1))[:40]])
def test_bytes_that_are_no_wave_are_no_page(told: dict[int, Told], data: bytes) -> None:
    lines = told[5].lines
    with pytest.raises(Invalid):
        page_sound_bytes(page_order(lines, {"": "hum"}, [[data] for _ in lines]))


@pytest.mark.parametrize("data", [b"", b"no sound", wave_of(sine(0.1)), pack({}, {})])
def test_bytes_that_are_no_page_are_no_audiobook(data: bytes) -> None:
    with pytest.raises(Invalid, match=r"cannot be read|of another kind"):
        audiobook_bytes(audiobook_order([SpokenPage(data)], title="t", author="", narrator=""))


def test_a_book_without_sound_is_no_audiobook() -> None:
    with pytest.raises(Invalid, match="Nothing of this book"):
        audiobook_bytes(audiobook_order([], title="t", author="", narrator=""))


def test_a_cover_that_is_no_picture_is_told(told: dict[int, Told]) -> None:
    with pytest.raises(Invalid, match="cover"):
        book(told, b"%PDF-1.7")


async def test_a_child_process_makes_the_same_bytes_within_its_memory(told: dict[int, Told]) -> None:
    compute = ProcessCompute(PoolRules(children=1))
    try:
        made = await compute.run(
            page_sound_bytes, told[3].order, timeout_seconds=PAGE_TIMEOUT_SECONDS, memory_bytes=PAGE_MEMORY_BYTES
        )
    finally:
        await compute.aclose()
    assert page_sound(made) == told[3].sound


def test_without_its_encoder_it_says_what_to_install(told: dict[int, Told]) -> None:
    asked = (
        "import sys; sys.modules['av'] = None\n"
        "from overprint.craft.narration import page_sound_bytes\n"
        "from overprint.core.problems import Invalid\n"
        "try: page_sound_bytes(sys.stdin.buffer.read())\n"
        "except Invalid as problem: print(problem)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", asked], input=told[5].order, capture_output=True, timeout=60, check=True
    )
    assert b"PyAV is not installed. Install the package av." in ended.stdout


def test_ordering_the_work_loads_no_encoder() -> None:
    asked = "import sys, overprint.craft.narration, overprint.craft.typesetting; sys.exit('av' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], timeout=60, check=False).returncode == 0
