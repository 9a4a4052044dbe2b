"""What only the local store has: a folder, a disk that fills up, processes that die, and links of its own."""

import asyncio
import errno
import fcntl
import hashlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overprint.adapters.storage import disk
from overprint.adapters.storage.disk_errors import as_provider_error
from overprint.adapters.storage.links import LinkSigner, SigningKey
from overprint.adapters.storage.local import LocalStorage
from overprint.core.problems import Denied, Invalid
from overprint.ports.errors import Misconfigured, ProviderError, Unavailable
from overprint.ports.storage import Span
from tests.contracts.storage.conftest import SIGNING_KEY

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SOON = NOW + timedelta(minutes=10)
CHILD = """
import asyncio, concurrent.futures.thread, os, resource, sys, time
from pathlib import Path
from overprint.adapters.storage.links import SigningKey
from overprint.adapters.storage.local import LocalStorage
from overprint.ports.errors import ProviderError

storage = LocalStorage(Path(sys.argv[1]), [SigningKey("child", bytes(32))])

def put(key, data):
    try:
        asyncio.run(storage.put(key, data, media_type="text/plain"))
        print("stored", flush=True)
    except ProviderError as error:
        print(type(error).__name__, error.message, flush=True)

def check():
    try:
        asyncio.run(storage.check())
        print("fine", flush=True)
    except ProviderError as error:
        print(type(error).__name__, error.message, flush=True)
"""


def child(folder: Path, lines: str) -> "subprocess.Popen[str]":
    """A process that does ``lines`` with a store on ``folder``."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", CHILD + lines, str(folder)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def said_by(process: "subprocess.Popen[str]") -> str:
    return process.communicate(timeout=60)[0].strip()


def leftovers(folder: Path) -> list[Path]:
    return list((folder / "incoming").iterdir())


async def listed(storage: LocalStorage, folder: str = "") -> list[str]:
    return [info.key async for info in storage.list(folder)]


async def test_a_listing_is_in_the_order_of_the_keys(local: LocalStorage) -> None:
    keys = ["a-b/x", "a.b", "a/x", "a/x-y/z", "a/x.y", "a0", "B", "b/1/2/3", "b/10"]
    for key in reversed(keys):
        await local.put(key, b"x", media_type="text/plain")
    assert await listed(local) == sorted(keys)


@pytest.mark.parametrize("second", ["a/b/c", "a"])
async def test_a_key_is_never_the_folder_of_another(local: LocalStorage, second: str, tmp_path: Path) -> None:
    await local.put("a/b", b"first", media_type="text/plain")
    with pytest.raises(Invalid):
        await local.put(second, b"second", media_type="text/plain")
    assert await local.get("a/b") == b"first"
    assert leftovers(tmp_path / "objects") == []


async def test_blobs_are_plain_files_that_only_their_owner_can_read(local: LocalStorage, tmp_path: Path) -> None:
    await local.put("teams/7/book.txt", b"a book", media_type="text/plain")
    path = tmp_path / "objects/blobs/teams/7/book.txt"
    assert path.read_bytes() == b"a book"
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


async def test_deleting_the_last_blob_of_a_folder_removes_the_folder(local: LocalStorage, tmp_path: Path) -> None:
    await local.put("teams/7/a/b.txt", b"x", media_type="text/plain")
    await local.put("teams/8.txt", b"x", media_type="text/plain")
    await local.delete("teams/7/a/b.txt")
    assert [path.name for path in (tmp_path / "objects/blobs/teams").iterdir()] == ["8.txt"]
    assert [path.name for path in (tmp_path / "objects/about/teams").iterdir()] == ["8.txt~"]


async def test_puts_and_deletes_beside_each_other_never_trip_over_a_pruned_folder(local: LocalStorage) -> None:
    async def turn(number: int) -> None:
        key = f"a/b/c/{number}.txt"
        for _ in range(15):
            await local.put(key, b"x", media_type="text/plain")
            await local.delete(key)

    await asyncio.gather(*map(turn, range(6)))
    assert await listed(local) == []


async def test_new_bytes_with_an_old_description_are_described_anew(local: LocalStorage, tmp_path: Path) -> None:
    await local.put("a/book.pdf", b"old", media_type="application/x-own")
    (tmp_path / "objects/blobs/a/book.pdf").write_bytes(b"newer")  # as when a writer dies between its two renames
    for _ in range(2):
        found = await local.find("a/book.pdf")
        assert found is not None
        assert (found.size_bytes, found.media_type) == (5, "application/pdf")
        assert found.content_hash == hashlib.sha256(b"newer").hexdigest()


@pytest.mark.parametrize("about", [None, b"", b"{}", b'["about-1", 1, 2]', b'["about-9", "a", "b", 1, 1]', b"\xff"])
async def test_a_lost_or_torn_description_is_made_again(
    local: LocalStorage, tmp_path: Path, about: bytes | None
) -> None:
    put = await local.put("a/book.pdf", b"a book", media_type="application/pdf")
    path = tmp_path / "objects/about/a/book.pdf~"
    path.unlink() if about is None else path.write_bytes(about)
    found = await local.find("a/book.pdf")
    assert found == put
    path_again = path.read_bytes()
    assert await local.find("a/book.pdf") == put
    assert path.read_bytes() == path_again != about


async def test_a_restored_blob_keeps_its_type_though_its_time_changed(local: LocalStorage, tmp_path: Path) -> None:
    put = await local.put("a/unusual", b"bytes", media_type="application/x-own")
    os.utime(tmp_path / "objects/blobs/a/unusual", (1, 1))
    found = await local.find("a/unusual")
    assert found is not None
    assert (found.media_type, found.content_hash) == (put.media_type, put.content_hash)


async def test_a_writer_killed_before_the_end_leaves_the_old_blob_and_nothing_else(
    local: LocalStorage, tmp_path: Path
) -> None:
    folder = tmp_path / "objects"
    await local.put("a/b", b"old", media_type="text/plain")
    writer = child(
        folder, "os.fsync = lambda _: (print('written', flush=True), time.sleep(60))\nput('a/b', b'n' * 10**6)"
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == "written\n"
    writer.send_signal(signal.SIGKILL)
    said_by(writer)
    assert await local.get("a/b") == b"old"
    assert await listed(local) == ["a/b"]
    assert [path.stat().st_size for path in leftovers(folder)] == [10**6]


async def test_writers_killed_at_any_moment_leave_one_whole_blob(local: LocalStorage, tmp_path: Path) -> None:
    folder = tmp_path / "objects"
    lines = "n = 0\nwhile True:\n    n = (n + 1) % 200\n    put('a/b', bytes([n]) * (300_000 + n))"
    for extra_seconds in (0.0, 0.011, 0.023, 0.037):
        writer = child(folder, lines)
        assert writer.stdout is not None
        assert writer.stdout.readline() == "stored\n"
        await asyncio.sleep(extra_seconds)
        writer.send_signal(signal.SIGKILL)
        said_by(writer)
        data, found = await local.get("a/b"), await local.find("a/b")
        assert found is not None
        assert data == data[:1] * (300_000 + data[0])
        assert found.size_bytes == len(data)
        assert await listed(local) == ["a/b"]


async def test_a_check_sweeps_old_leftovers_and_leaves_young_ones(local: LocalStorage, tmp_path: Path) -> None:
    await local.check()
    old, young = tmp_path / "objects/incoming/old", tmp_path / "objects/incoming/young"
    old.write_bytes(b"x")
    young.write_bytes(b"x")
    long_ago = time.time() - disk.LEFTOVER_SECONDS - 60
    os.utime(old, (long_ago, long_ago))
    await local.check()
    assert leftovers(tmp_path / "objects") == [young]


async def test_a_file_larger_than_the_machine_allows_is_unavailable_and_leaves_nothing(
    local: LocalStorage, tmp_path: Path
) -> None:
    await local.put("a/b", b"old", media_type="text/plain")
    limit = "resource.setrlimit(resource.RLIMIT_FSIZE, (10**6, 10**6))\n"
    said = said_by(child(tmp_path / "objects", limit + "put('a/b', b'n' * 2 * 10**6)\nput('a/c', b'small')"))
    assert said.splitlines() == [
        "Unavailable The disk is full or its quota is used up. Make room, then try again.",
        "stored",
    ]
    assert await local.get("a/b") == b"old"
    assert leftovers(tmp_path / "objects") == []


def test_a_folder_that_may_not_be_written_is_misconfigured() -> None:
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o555)
        # root may write anywhere: it becomes somebody else first, after all imports.
        become = "if os.geteuid() == 0:\n    os.setuid(65534)\n"
        said = said_by(child(Path(name) / "objects", become + "check()\nput('a/b', b'x')"))
        Path(name).chmod(0o700)
    assert [line.split()[0] for line in said.splitlines()] == ["Misconfigured", "Misconfigured"]
    assert "Choose a folder that its user may write to." in said


async def test_a_folder_that_is_a_file_is_misconfigured(tmp_path: Path) -> None:
    (tmp_path / "objects").write_text("no folder")
    storage = LocalStorage(tmp_path / "objects", [SIGNING_KEY])
    with pytest.raises(Misconfigured):
        await storage.check()
    with pytest.raises(Misconfigured):
        await storage.put("a/b", b"x", media_type="text/plain")


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, Unavailable),
        (errno.EDQUOT, Unavailable),
        (errno.EIO, Unavailable),
        (errno.EMFILE, Unavailable),
        (errno.EROFS, Misconfigured),
        (errno.EACCES, Misconfigured),
    ],
)
def test_what_the_system_reports_becomes_the_right_error(number: int, kind: type[ProviderError]) -> None:
    error = as_provider_error(OSError(number, os.strerror(number)))
    assert type(error) is kind
    assert error.message.endswith(".")


async def test_a_writer_that_was_stopped_while_it_held_a_lock_is_not_waited_for_for_ever(
    local: LocalStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await local.put("a/b", b"old", media_type="text/plain")
    monkeypatch.setattr(disk, "_LOCK_MAX_SECONDS", 0.1)
    with ExitStack() as held:
        for path in (tmp_path / "objects/locks").iterdir():
            fcntl.flock(held.enter_context(path.open("w")), fcntl.LOCK_EX)
        with pytest.raises(Unavailable):
            await local.put("a/b", b"new", media_type="text/plain")
        assert await local.get("a/b") == b"old"
    assert leftovers(tmp_path / "objects") == []


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_a_reader_that_stops_early_leaves_no_open_file(local: LocalStorage) -> None:
    await local.put("a/b", bytes(5 * 1024 * 1024), media_type="text/plain")
    before = open_files()
    for _ in range(20):
        stream = local.stream("a/b", Span(1, 4_000_000))
        await anext(stream)
        await stream.aclose()  # type: ignore[attr-defined]
    assert open_files() <= before


def link_parts(signer: LinkSigner, file_name: str | None = None) -> tuple[str, str]:
    parts = urlsplit(signer.sign("teams/7/book.pdf", now=NOW, expires_at=SOON, file_name=file_name))
    return parts.path, parts.query


def test_a_link_tells_the_key_and_the_name() -> None:
    signer = LinkSigner([SIGNING_KEY])
    assert signer.verify(*link_parts(signer), NOW) == ("teams/7/book.pdf", None)
    assert signer.verify(*link_parts(signer, "Bär & Co.pdf"), NOW) == ("teams/7/book.pdf", "Bär & Co.pdf")


def test_a_link_ends_at_its_second() -> None:
    signer = LinkSigner([SIGNING_KEY])
    signer.verify(*link_parts(signer), SOON - timedelta(microseconds=1))
    with pytest.raises(Denied, match="expired"):
        signer.verify(*link_parts(signer), SOON)


def test_links_of_the_previous_key_stay_good_and_those_of_a_removed_one_do_not() -> None:
    new = SigningKey("2026-11", bytes(range(32)))
    parts = link_parts(LinkSigner([SIGNING_KEY]))
    assert LinkSigner([new, SIGNING_KEY]).verify(*parts, NOW).key == "teams/7/book.pdf"
    assert "kid=2026-11&" in link_parts(LinkSigner([new, SIGNING_KEY]))[1]
    with pytest.raises(Denied):
        LinkSigner([new]).verify(*parts, NOW)
    with pytest.raises(Denied):
        LinkSigner([SigningKey(SIGNING_KEY.id, bytes(32))]).verify(*parts, NOW)


def test_a_link_starts_with_the_public_address() -> None:
    signer = LinkSigner([SIGNING_KEY], "https://books.example.org/")
    link = signer.sign("a/b", now=NOW, expires_at=SOON)
    assert link.startswith("https://books.example.org/files/a/b?expires=")


def test_weak_or_doubled_signing_keys_are_refused_and_a_secret_is_never_shown() -> None:
    with pytest.raises(Misconfigured):
        SigningKey("a", b"short")
    with pytest.raises(Misconfigured):
        SigningKey("a b", bytes(32))
    with pytest.raises(Misconfigured):
        LinkSigner([])
    with pytest.raises(Misconfigured):
        LinkSigner([SIGNING_KEY, SIGNING_KEY])
    assert "thirty-two" not in repr(SIGNING_KEY)


@pytest.mark.parametrize("signature", ["\ud800", "é" * 43, "", "=" * 43, "A" * 43])
def test_a_made_up_signature_is_denied(signature: str) -> None:
    path, query = link_parts(LinkSigner([SIGNING_KEY]))
    with pytest.raises(Denied):
        LinkSigner([SIGNING_KEY]).verify(path, query[: query.index("signature=")] + f"signature={signature}", NOW)


@given(st.text(max_size=60), st.text(max_size=300))
def test_no_made_up_link_is_believed(path: str, query: str) -> None:
    with pytest.raises(Denied):
        LinkSigner([SIGNING_KEY]).verify(f"/files/{path}", query, NOW)


@given(st.data())
def test_no_link_with_one_changed_character_is_believed(data: st.DataObject) -> None:
    signer = LinkSigner([SIGNING_KEY])
    path, query = link_parts(signer, "Bär.pdf")
    link = f"{path}?{query}"
    place = data.draw(st.integers(0, len(link) - 1))
    letter = data.draw(st.characters(codec="utf-8"))
    changed = link[:place] + letter + link[place + 1 :]
    new_path, _, new_query = changed.partition("?")
    try:
        believed = signer.verify(new_path, new_query, NOW)
    except Denied:
        return
    assert believed == ("teams/7/book.pdf", "Bär.pdf")  # the same link, its name escaped in another way


async def test_what_is_lent_is_the_stored_file_itself(local: LocalStorage) -> None:
    await local.put("films/a.mp4", b"film", media_type="video/mp4")
    async with local.scratch() as folder:
        await local.lend("films/a.mp4", folder / "a.mp4")
        assert (folder / "a.mp4").stat().st_nlink == 2
    assert await local.get("films/a.mp4") == b"film"


async def test_where_a_file_can_have_no_second_name_a_copy_is_lent(
    local: LocalStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*names: object) -> None:
        raise OSError(errno.EXDEV, "another disk")

    monkeypatch.setattr(os, "link", refuse)
    await local.put("films/a.mp4", b"film", media_type="video/mp4")
    async with local.scratch() as folder:
        await local.lend("films/a.mp4", folder / "a.mp4")
        assert (folder / "a.mp4").read_bytes() == b"film"
