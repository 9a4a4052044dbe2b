"""What only child processes can promise: limits that hold, kills that reach everything, crashes that stay outside."""

import asyncio
import errno
import os
import resource
import signal
import sys
import tempfile
import textwrap
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from overprint.adapters.compute.child import UnknownWork, find_work
from overprint.adapters.compute.frames import FILE_MAX_BYTES
from overprint.adapters.compute.process import child_environment
from overprint.adapters.compute.processes import PoolRules, ProcessCompute
from overprint.ports.compute import DISK_FULL, ComputeFailed, ComputeLimit
from tests.contracts.compute import work

MIB = 1024 * 1024
PLENTY = 512 * MIB
PREFIXES = ("overprint.", "tests.contracts.compute.")
ROOT = Path(__file__).parents[3]


@pytest.fixture
async def compute() -> AsyncIterator[ProcessCompute]:
    pool = ProcessCompute(PoolRules(children=2, prefixes=PREFIXES))
    yield pool
    await pool.aclose()


def is_gone(pid: int) -> bool:
    """Dead, reaped or not: in a container nobody may reap an orphan."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


async def becomes_true(condition: Callable[[], bool], within_seconds: float) -> bool:
    deadline = time.monotonic() + within_seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(0.02)
    return True


async def run(pool: ProcessCompute, function: Callable[[bytes], bytes], payload: bytes = b"") -> bytes:
    return await pool.run(function, payload, timeout_seconds=30, memory_bytes=PLENTY)


async def test_no_child_is_started_before_there_is_work(compute: ProcessCompute) -> None:
    assert compute.pids() == []
    await run(compute, work.shout)
    assert len(compute.pids()) == 1


async def test_twenty_tasks_share_two_children(compute: ProcessCompute) -> None:
    pids = await asyncio.gather(*(run(compute, work.own_pid, b"0.01") for _ in range(20)))
    assert len(set(pids)) == 2
    assert compute.pids() == sorted(int(pid) for pid in set(pids))


@pytest.mark.parametrize(
    ("hog", "payload"),
    [
        (work.hog_slowly, b""),
        (work.hog_at_once, b"300000000"),
        (work.hog_shared_memory, b"300000000"),
        (work.hog_in_a_grandchild, b"300000000"),
    ],
)
async def test_work_over_its_memory_is_stopped_and_the_pool_goes_on(
    compute: ProcessCompute, hog: Callable[[bytes], bytes], payload: bytes
) -> None:
    with pytest.raises(ComputeLimit, match="more than 200 MiB"):
        await compute.run(hog, payload, timeout_seconds=25, memory_bytes=200 * MIB)
    assert await run(compute, work.shout, b"on") == b"ON"


async def test_a_cancelled_task_is_gone_with_its_grandchildren(compute: ProcessCompute, tmp_path: Path) -> None:
    told = tmp_path / "pids"
    doing = asyncio.create_task(run(compute, work.tell_pids_and_hang, str(told).encode()))
    assert await becomes_true(told.exists, 20)
    pids = [int(pid) for pid in told.read_text().split()]
    began = time.monotonic()
    doing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await doing
    assert await becomes_true(lambda: all(is_gone(pid) for pid in pids), 10)
    assert time.monotonic() - began < 10
    assert await run(compute, work.shout, b"on") == b"ON"


async def test_a_cancelled_task_leaves_no_temporary_file(tmp_path: Path) -> None:
    told, temporary = tmp_path / "folder", tmp_path / "temporary"
    temporary.mkdir()
    compute = ProcessCompute(PoolRules(children=1, prefixes=PREFIXES), temporary=temporary)
    doing = asyncio.create_task(run(compute, work.leave_a_file_and_hang, str(told).encode()))
    assert await becomes_true(told.exists, 20)
    left = Path(told.read_text())
    assert left.is_dir() and left.is_relative_to(temporary)
    doing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await doing
    assert await becomes_true(lambda: not any(temporary.iterdir()), 10)
    await compute.aclose()


async def test_no_file_grows_without_bound(compute: ProcessCompute, tmp_path: Path) -> None:
    async def write(after: int) -> bytes:
        order = b"%d" % after
        return await compute.run(work.write_too_much, order, timeout_seconds=30, memory_bytes=PLENTY, folder=tmp_path)

    assert await write(FILE_MAX_BYTES // 2) == b"written"
    with pytest.raises(ComputeLimit, match="a larger file than it may write"):
        await write(FILE_MAX_BYTES)


async def test_a_closer_bound_of_whoever_started_us_holds(tmp_path: Path) -> None:
    given = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, given[1]))
    try:
        compute = ProcessCompute(PoolRules(children=1, prefixes=PREFIXES))
        with pytest.raises(ComputeLimit, match="a larger file than it may write"):
            await compute.run(work.write_too_much, b"2000000", timeout_seconds=30, memory_bytes=PLENTY, folder=tmp_path)
        await compute.aclose()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, given)


async def test_a_child_that_finds_no_room_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def is_full(**_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryDirectory", is_full)
    compute = ProcessCompute(PoolRules(children=1, prefixes=PREFIXES))
    with pytest.raises(ComputeFailed) as failed:
        await run(compute, work.shout, b"on")
    assert failed.value.kind == DISK_FULL, "which is told, and tried again"


async def test_tasks_cancelled_while_they_wait_or_while_a_child_starts_take_nothing_along(
    compute: ProcessCompute,
) -> None:
    doing = [asyncio.create_task(run(compute, work.sleep, b"20")) for _ in range(6)]
    await asyncio.sleep(0)
    for task in doing:
        task.cancel()
    assert all(isinstance(end, asyncio.CancelledError) for end in await asyncio.gather(*doing, return_exceptions=True))
    assert await asyncio.gather(*(run(compute, work.shout, b"on") for _ in range(4))) == [b"ON"] * 4


async def test_a_crash_of_native_code_fails_that_task_only(compute: ProcessCompute) -> None:
    beside = asyncio.create_task(run(compute, work.sleep, b"0.5"))
    with pytest.raises(ComputeFailed, match=r"ChildDied.*SIGSEGV"):
        await run(compute, work.crash)
    with pytest.raises(ComputeFailed, match="SIGABRT") as failure:
        await run(compute, work.abort)
    assert "panicked at the typesetter" in "".join(failure.value.__notes__)
    assert await beside == b"slept"
    assert await run(compute, work.shout, b"on") == b"ON"


async def test_an_idle_child_that_was_killed_is_replaced(compute: ProcessCompute) -> None:
    first = int(await run(compute, work.own_pid))
    os.kill(first, signal.SIGKILL)
    assert await becomes_true(lambda: is_gone(first), 5)
    await asyncio.sleep(0.1)
    assert int(await run(compute, work.own_pid)) != first


async def test_a_failure_brings_the_trace_of_the_child(compute: ProcessCompute) -> None:
    with pytest.raises(ComputeFailed) as failure:
        await run(compute, work.fail, b"this")
    assert "work.py" in "".join(failure.value.__notes__)


async def test_a_huge_answer_comes_back_whole_and_one_over_the_bound_is_refused(compute: ProcessCompute) -> None:
    answer = await compute.run(work.many_bytes, b"100000000", timeout_seconds=60, memory_bytes=PLENTY)
    assert len(answer) == 100_000_000
    assert answer[:1] == answer[-1:] == b"\x07"
    with pytest.raises(ComputeLimit, match="answer"):
        await compute.run(work.many_bytes, b"268435457", timeout_seconds=60, memory_bytes=PLENTY)


async def test_a_large_payload_arrives_whole(compute: ProcessCompute) -> None:
    payload = os.urandom(1000) * 20_000
    assert await run(compute, work.shout, payload) == payload.upper()


async def test_what_libraries_print_disturbs_nothing(compute: ProcessCompute) -> None:
    assert await run(compute, work.be_noisy, b"5000") == b"quiet"
    assert await run(compute, work.shout, b"on") == b"ON"


async def test_a_child_knows_no_secret_of_its_parent() -> None:
    parent = {"PATH": os.environ["PATH"], "DATABASE_URL": "postgresql://u:hush@h/d", "OVERPRINT_TEXT_API_KEY": "hush"}
    pool = ProcessCompute(PoolRules(prefixes=PREFIXES), environment=parent)
    try:
        known = (await run(pool, work.environment)).decode()
    finally:
        await pool.aclose()
    assert "hush" not in known
    assert "DATABASE" not in known
    assert "OMP_NUM_THREADS=1" in known
    assert set(child_environment(parent)) >= {"PATH", "PYTHONPATH", "OPENCV_FOR_THREADS_NUM"}


async def test_a_child_is_polite_has_its_own_session_and_reads_nothing(compute: ProcessCompute) -> None:
    niceness, leads_session, stdin = (await run(compute, work.standing)).decode().split()
    assert int(niceness) >= min(19, os.nice(0) + 5)
    assert (leads_session, stdin) == ("True", "''")


async def test_the_heavy_libraries_run_within_400_mib(compute: ProcessCompute) -> None:
    answer = await compute.run(work.draw_with_everything, b"", timeout_seconds=60, memory_bytes=400 * MIB)
    assert answer == b"800 %PDF-"


async def test_children_are_replaced_after_so_many_tasks_or_when_they_stay_large() -> None:
    for rules in (
        PoolRules(children=1, tasks_max=2, prefixes=PREFIXES),
        PoolRules(children=1, keep_bytes=1, prefixes=PREFIXES),
    ):
        pool = ProcessCompute(rules)
        pids = [await run(pool, work.own_pid) for _ in range(3)]
        await pool.aclose()
        assert len(set(pids)) == (3 if rules.keep_bytes == 1 else 2)


async def test_closing_the_pool_ends_idle_and_working_children(tmp_path: Path) -> None:
    pool = ProcessCompute(PoolRules(children=2, prefixes=PREFIXES))
    await run(pool, work.shout)
    told = tmp_path / "pids"
    doing = asyncio.create_task(run(pool, work.tell_pids_and_hang, str(told).encode()))
    assert await becomes_true(told.exists, 20)
    pids = [*pool.pids(), *(int(pid) for pid in told.read_text().split())]
    await pool.aclose()
    with pytest.raises(ComputeFailed):
        await doing
    assert await becomes_true(lambda: all(is_gone(pid) for pid in pids), 2)
    with pytest.raises(ComputeFailed, match="closed"):
        await run(pool, work.shout)


async def test_children_and_grandchildren_die_with_a_killed_parent(tmp_path: Path) -> None:
    told = tmp_path / "pids"
    program = f"""
        import asyncio
        from overprint.adapters.compute.processes import PoolRules, ProcessCompute
        from tests.contracts.compute import work

        async def main():
            pool = ProcessCompute(PoolRules(prefixes={PREFIXES!r}))
            await pool.run(work.tell_pids_and_hang, {str(told).encode()!r}, timeout_seconds=60, memory_bytes={PLENTY})

        asyncio.run(main())
    """
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    command = (sys.executable, "-c", textwrap.dedent(program))
    parent = await asyncio.create_subprocess_exec(*command, env={**os.environ, "PYTHONPATH": paths})
    try:
        assert await becomes_true(told.exists, 20)
        pids = [int(pid) for pid in told.read_text().split()]
        assert not any(is_gone(pid) for pid in pids)
    finally:
        parent.kill()
        await parent.wait()
    assert await becomes_true(lambda: all(is_gone(pid) for pid in pids), 2)


def test_a_child_refuses_names_that_are_no_work_of_ours() -> None:
    assert find_work("tests.contracts.compute.work:shout", PREFIXES) is work.shout
    for name in (
        "os:system",
        "overprint.adapters.compute.child:os",
        "overprint.adapters.compute.child:UnknownWork",
        "overprint.adapters.compute.child:unpack_head",
        "overprint.nothing:work",
        "overprint.core.ids",
        "overprint.core.ids:new_id.__call__",
        "overprint.core.ids:new_id\n",
        "overprint." + "a" * 400 + ":work",
        "",
    ):
        with pytest.raises(UnknownWork):
            find_work(name, PREFIXES)
