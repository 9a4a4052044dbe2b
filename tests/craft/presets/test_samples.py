"""Films that show presets: three seconds, the same each time, and each another one."""

import io
from collections.abc import Generator
from dataclasses import replace

import av
import cv2
import numpy as np
import pytest

from overprint.core.problems import Invalid
from overprint.craft.presets import shipped_presets
from overprint.craft.presets.child import SampleOrder, sample_bytes, sample_order, thumbnail_bytes

ORDERS = {each.key: SampleOrder(each.preset.config, each.shown) for each in shipped_presets()}
ORBIT = ORDERS["orbit"]


def made(order: SampleOrder) -> bytes:
    making: Generator[int, None, bytes] = sample_bytes(sample_order(order))
    while True:
        try:
            next(making)
        except StopIteration as end:
            return bytes(end.value)


def test_a_sample_lasts_three_seconds_and_moves_all_the_time() -> None:
    film = made(ORDERS["daydream"])
    with av.open(io.BytesIO(film)) as opened:
        frames = [frame.to_ndarray(format="gray").astype(np.int16) for frame in opened.decode(video=0)]
    assert len(frames) == 72
    assert len(film) < 600_000
    later = zip(frames[:-12], frames[12:], strict=True)
    assert min(float(np.abs(after - before).mean()) for before, after in later) > 1


def test_thumbnails_differ_by_what_their_presets_decide_and_by_nothing_else() -> None:
    """All of one scene, so that nothing else tells them apart."""
    keys = ("orbit", "bedtime", "noir", "vlog")
    orders = [replace(ORDERS[key], shown=ORBIT.shown) for key in keys]
    pictures = [_picture(order) for order in orders]
    apart = [float(np.abs(one - other).mean()) for n, one in enumerate(pictures) for other in pictures[:n]]
    assert min(apart) > 6
    assert np.array_equal(_picture(orders[2]), pictures[2])
    assert len({order.recipe for order in ORDERS.values()}) == len(ORDERS)


def _picture(order: SampleOrder) -> "np.ndarray[tuple[int, ...], np.dtype[np.int16]]":
    data = np.frombuffer(thumbnail_bytes(sample_order(order)), np.uint8)
    found = cv2.imdecode(data, cv2.IMREAD_COLOR)
    assert found is not None and found.shape == (216, 384, 3)
    return np.asarray(found, np.int16)


def test_a_damaged_order_is_refused() -> None:
    with pytest.raises(Invalid):
        thumbnail_bytes(b"{")
