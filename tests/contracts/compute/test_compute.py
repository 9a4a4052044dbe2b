"""What every ``compute`` adapter does the same."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from overprint.adapters.compute.inline import InlineCompute
from overprint.adapters.compute.processes import PoolRules, ProcessCompute
from overprint.ports.compute import DISK_FULL, ComputeFailed, ComputeLimit, ComputePort
from tests.contracts.compute import work

MIB = 1024 * 1024
PLENTY = 512 * MIB
PREFIXES = ("overprint.", "tests.contracts.compute.")


@pytest.fixture(params=["processes", "inline"])
async def compute(request: pytest.FixtureRequest) -> AsyncIterator[ComputePort]:
    chosen: InlineCompute | ProcessCompute
    chosen = InlineCompute(PREFIXES) if request.param == "inline" else ProcessCompute(PoolRules(prefixes=PREFIXES))
    yield chosen
    await chosen.aclose()


async def test_the_answer_of_the_work_comes_back(compute: ComputePort) -> None:
    assert await compute.run(work.shout, b"a fox", timeout_seconds=20, memory_bytes=PLENTY) == b"A FOX"
    assert await compute.run(work.shout, b"", timeout_seconds=20, memory_bytes=PLENTY) == b""


async def test_what_a_work_yields_is_told_in_order_before_its_answer(compute: ComputePort) -> None:
    heard: list[int] = []

    async def told(done: int) -> None:
        heard.append(done)

    answer = await compute.run(work.count_up, b"3", timeout_seconds=20, memory_bytes=PLENTY, told=told)
    assert (heard, answer) == ([1, 2, 3], b"counted")
    assert await compute.run(work.count_up, b"2", timeout_seconds=20, memory_bytes=PLENTY) == b"counted"


async def test_files_lie_in_a_folder_that_both_sides_know(compute: ComputePort, tmp_path: Path) -> None:
    (tmp_path / "film").write_bytes(b"frames")
    ran = await compute.run(work.double_a_file, b"film", timeout_seconds=20, memory_bytes=PLENTY, folder=tmp_path)
    assert (ran, (tmp_path / "doubled").read_bytes()) == (b"doubled", b"framesframes")
    with pytest.raises(ComputeFailed) as failure:
        await compute.run(work.find_the_disk_full, b"", timeout_seconds=20, memory_bytes=PLENTY, folder=tmp_path)
    assert failure.value.kind == DISK_FULL


async def test_whoever_is_told_may_end_the_work(compute: ComputePort) -> None:
    async def told(done: int) -> None:
        raise LookupError("lost the lease")

    with pytest.raises(LookupError):
        await compute.run(work.count_up, b"3", timeout_seconds=20, memory_bytes=PLENTY, told=told)
    assert await compute.run(work.shout, b"on", timeout_seconds=20, memory_bytes=PLENTY) == b"ON"


async def test_work_that_raises_tells_what_it_raised(compute: ComputePort) -> None:
    with pytest.raises(ComputeFailed) as failure:
        await compute.run(work.fail, b"this", timeout_seconds=20, memory_bytes=PLENTY)
    assert (failure.value.kind, failure.value.message) == ("ValueError", "cannot use this")


async def test_work_that_exits_is_a_failure_of_that_work_only(compute: ComputePort) -> None:
    with pytest.raises(ComputeFailed, match="SystemExit"):
        await compute.run(work.exit_quietly, b"", timeout_seconds=20, memory_bytes=PLENTY)
    assert await compute.run(work.shout, b"on", timeout_seconds=20, memory_bytes=PLENTY) == b"ON"


async def test_work_that_takes_too_long_is_given_up(compute: ComputePort) -> None:
    began = asyncio.get_running_loop().time()
    with pytest.raises(ComputeLimit, match=r"0\.5 seconds"):
        await compute.run(work.sleep, b"1.5", timeout_seconds=0.5, memory_bytes=PLENTY)
    assert asyncio.get_running_loop().time() - began < 1.4


async def test_work_must_answer_bytes(compute: ComputePort) -> None:
    with pytest.raises(ComputeFailed, match="instead of bytes"):
        await compute.run(work.answer_text, b"words", timeout_seconds=20, memory_bytes=PLENTY)


async def test_only_functions_at_the_top_of_an_allowed_module_are_run(compute: ComputePort) -> None:
    def inner(payload: bytes) -> bytes:
        return payload

    for refused in (inner, lambda payload: payload, bytes.upper, asyncio.run):
        with pytest.raises(ComputeFailed, match="top of its module"):
            await compute.run(refused, b"", timeout_seconds=20, memory_bytes=PLENTY)  # type: ignore[arg-type]


async def test_a_payload_over_the_bound_is_refused_before_it_is_sent(compute: ComputePort) -> None:
    with pytest.raises(ComputeLimit, match="payload"):
        await compute.run(work.shout, bytes(256 * MIB + 1), timeout_seconds=20, memory_bytes=PLENTY)


async def test_work_without_bounds_is_refused(compute: ComputePort) -> None:
    for timeout_seconds, memory_bytes in ((0.0, PLENTY), (float("inf"), PLENTY), (5.0, 0)):
        with pytest.raises(ValueError, match="positive"):
            await compute.run(work.shout, b"", timeout_seconds=timeout_seconds, memory_bytes=memory_bytes)
