"""Which queues a worker serves, and how often it may ask providers: as the operator set it."""

from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from overprint.adapters.compute.inline import InlineCompute
from overprint.adapters.image.embedded import EmbeddedIllustrator
from overprint.adapters.image.fake import FakeImages
from overprint.adapters.speech.embedded import FormantSpeech
from overprint.adapters.speech.fake import FakeSpeech
from overprint.adapters.storage.memory import MemoryStorage
from overprint.adapters.text.fake import ScriptedText
from overprint.craft.media import probe_bytes
from overprint.engine.context import Ports
from overprint.engine.limits import ProviderLimits
from overprint.engine.spec import Queue
from overprint.ports.compute import ComputeFailed
from overprint.ports.image import ImagePort
from overprint.ports.speech import SpeechPort
from overprint.wiring import lanes_of, limits_of
from overprint.wiring.ports import ports_of
from tests.support.house import settings_in

ILLUSTRATORS: dict[str, ImagePort] = {"embedded": EmbeddedIllustrator(InlineCompute()), "hosted": FakeImages()}


def _ports(image: ImagePort, speech: SpeechPort | None = None) -> Ports:
    return Ports(ScriptedText(), image, MemoryStorage(), InlineCompute(), speech or FakeSpeech())


@pytest.mark.parametrize("illustrator", ILLUSTRATORS)
@pytest.mark.parametrize("gpu", ["0", "2"])
def test_every_queue_is_in_one_lane(tmp_path: Path, illustrator: str, gpu: str) -> None:
    settings = settings_in(tmp_path, OVERPRINT_WORKER_GPU=gpu)
    lanes = lanes_of(settings, _ports(ILLUSTRATORS[illustrator]))
    served = [name for lane in lanes for name in lane.queues]
    assert sorted(served) == sorted(map(str, Queue))
    assert all(lane.limit >= 1 for lane in lanes)


def test_pictures_are_drawn_by_the_processor_only_where_they_are_drawn_here(tmp_path: Path) -> None:
    for name, lane_name in (("embedded", "cpu"), ("hosted", "network")):
        lanes = lanes_of(settings_in(tmp_path), _ports(ILLUSTRATORS[name]))
        assert [lane.name for lane in lanes if Queue.IMAGE in lane.queues] == [lane_name]


def test_books_are_read_aloud_by_the_processor_only_where_the_voice_is_here(tmp_path: Path) -> None:
    for speech, lane_name in ((FormantSpeech(), "cpu"), (FakeSpeech(), "network")):
        lanes = lanes_of(settings_in(tmp_path), _ports(ILLUSTRATORS["hosted"], speech))
        assert [lane.name for lane in lanes if Queue.SPEECH in lane.queues] == [lane_name]


def test_films_have_a_lane_of_their_own_where_there_is_a_graphics_processor(tmp_path: Path) -> None:
    ports = _ports(ILLUSTRATORS["embedded"])
    plain = {lane.name: lane for lane in lanes_of(settings_in(tmp_path), ports)}
    assert set(plain) == {"network", "cpu"}
    with_gpu = {lane.name: lane for lane in lanes_of(settings_in(tmp_path, OVERPRINT_WORKER_GPU="2"), ports)}
    assert (with_gpu["gpu"].queues, with_gpu["gpu"].limit) == (("video-synthesis", "motion-transfer"), 2)


async def test_films_of_a_provider_elsewhere_are_waited_for_and_not_worked_on(tmp_path: Path) -> None:
    chosen = {"OVERPRINT_VIDEO_MODEL": "gen4_turbo", "OVERPRINT_VIDEO_API_KEY": "k", "OVERPRINT_VIDEO_SECONDS": "5"}
    for name, lane_name in (("embedded", "cpu"), ("runway", "network")):
        settings = settings_in(tmp_path, **chosen, OVERPRINT_VIDEO_PROVIDER=name)
        async with AsyncExitStack() as stack:
            ports = await ports_of(settings, stack)
            assert [lane.name for lane in lanes_of(settings, ports) if Queue.VIDEO in lane.queues] == [lane_name]
            assert ports.providers()["video"].name == name


async def test_works_go_on_where_the_data_folder_takes_no_folder_more(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    (settings.data_dir / "run").write_text("a file where the folder should be stops root too")
    async with AsyncExitStack() as stack:
        ports = await ports_of(settings, stack)
        with pytest.raises(ComputeFailed, match="damaged"):  # by a child, which therefore began
            await ports.compute.run(probe_bytes, b"", timeout_seconds=30, memory_bytes=500_000_000)


def test_limits_of_providers_are_what_the_operator_set(tmp_path: Path) -> None:
    settings = settings_in(
        tmp_path,
        OVERPRINT_TEXT_CALLS_PER_SECOND="0.2",
        OVERPRINT_TEXT_CALLS_AT_ONCE="1",
        OVERPRINT_IMAGE_CALLS_PER_SECOND="2.5",
        OVERPRINT_SPEECH_CALLS_AT_ONCE="3",
        OVERPRINT_VIDEO_CALLS_PER_SECOND="0.5",
    )
    assert limits_of(settings) == {
        "text": ProviderLimits(per_second=0.2, burst=1, at_once=1),
        "image": ProviderLimits(per_second=2.5, burst=3, at_once=8),
        "speech": ProviderLimits(per_second=10.0, burst=10, at_once=3),
        "video": ProviderLimits(per_second=0.5, burst=1, at_once=4),
    }
