"""What every store promises."""

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from overprint.core.problems import Invalid, LimitReached
from overprint.ports.storage import BlobMissing, Span, StoragePort

PICTURE = b"\x89PNG and some bytes \x00\xff\r\n" * 10
KEY = "teams/7/books/9/chapters/2/pictures/a1.png"
CHUNK_MAX_BYTES = 4 * 1024 * 1024
UNSOUND_KEYS = [
    "",
    "/",
    "/etc/passwd",
    "a//b",
    "a/",
    "../secret",
    "a/../../b",
    "a/./b",
    "a\\b",
    "a\x00b",
    "a b",
    "a/b\n",
    "é",
    "a%2e%2e",
    "~",
    "a" * 513,
    "b" * 201,
]


async def listed(storage: StoragePort, folder: str) -> list[str]:
    return [info.key async for info in storage.list(folder)]


async def test_what_is_put_is_got_back_with_its_hash_and_type(storage: StoragePort) -> None:
    put = await storage.put(KEY, PICTURE, media_type="image/png")
    found = await storage.find(KEY)
    assert await storage.get(KEY) == PICTURE
    assert found is not None
    assert (found.key, found.size_bytes, found.media_type) == (KEY, len(PICTURE), "image/png")
    assert found.content_hash == hashlib.sha256(PICTURE).hexdigest()
    assert (put.key, put.size_bytes, put.media_type, put.content_hash) == (
        found.key,
        found.size_bytes,
        found.media_type,
        found.content_hash,
    )
    assert abs(datetime.now(UTC) - found.stored_at) < timedelta(minutes=1)
    assert abs(put.stored_at - found.stored_at) < timedelta(seconds=5)


async def test_a_hash_that_is_known_is_not_worked_out_again(storage: StoragePort) -> None:
    put = await storage.put(KEY, PICTURE, media_type="image/png", content_hash="f" * 64)
    found = await storage.find(KEY)
    assert found is not None
    assert put.content_hash == found.content_hash == "f" * 64


async def test_putting_the_same_bytes_again_changes_nothing(storage: StoragePort) -> None:
    first = await storage.put(KEY, PICTURE, media_type="image/png")
    second = await storage.put(KEY, PICTURE, media_type="image/png")
    assert second.content_hash == first.content_hash
    assert await storage.get(KEY) == PICTURE
    assert await listed(storage, "") == [KEY]


async def test_other_bytes_under_the_same_key_replace_the_first_wholly(storage: StoragePort) -> None:
    await storage.put(KEY, PICTURE, media_type="image/png")
    await storage.put(KEY, b"short", media_type="text/plain")
    found = await storage.find(KEY)
    assert await storage.get(KEY) == b"short"
    assert found is not None
    assert (found.size_bytes, found.media_type) == (5, "text/plain")
    assert found.content_hash == hashlib.sha256(b"short").hexdigest()


async def test_an_empty_blob_is_a_blob(storage: StoragePort) -> None:
    await storage.put(KEY, b"", media_type="text/plain")
    found = await storage.find(KEY)
    assert await storage.get(KEY) == b""
    assert found is not None
    assert (found.size_bytes, found.media_type) == (0, "text/plain")
    with pytest.raises(Invalid):
        await storage.get(KEY, Span(0, 0))


async def test_what_was_never_put_is_missing(storage: StoragePort) -> None:
    await storage.put(KEY, PICTURE, media_type="image/png")
    for key in ("never", "teams/7", f"{KEY}/below"):
        assert await storage.find(key) is None
        with pytest.raises(BlobMissing):
            await storage.get(key)
        with pytest.raises(BlobMissing):
            await storage.get(key, Span(0, 1))
        with pytest.raises(BlobMissing):
            await anext(storage.stream(key))


async def test_a_deleted_blob_is_gone_and_may_be_deleted_again(storage: StoragePort) -> None:
    await storage.put(KEY, PICTURE, media_type="image/png")
    await storage.delete(KEY)
    await storage.delete(KEY)
    await storage.delete("never")
    assert await storage.find(KEY) is None
    assert await listed(storage, "") == []
    await storage.put(KEY, b"again", media_type="image/png")
    assert await storage.get(KEY) == b"again"


@pytest.mark.parametrize(
    ("span", "part"),
    [(Span(0, 0), b"0"), (Span(2, 4), b"234"), (Span(0, 9), b"0123456789"), (Span(7, 10_000), b"789")],
)
async def test_a_span_gives_its_bytes_with_both_ends(storage: StoragePort, span: Span, part: bytes) -> None:
    await storage.put(KEY, b"0123456789", media_type="text/plain")
    assert await storage.get(KEY, span) == part
    assert b"".join([chunk async for chunk in storage.stream(KEY, span)]) == part


@pytest.mark.parametrize("span", [Span(10, 10), Span(10, 12), Span(5, 4), Span(-1, 3), Span(-5, -1)])
async def test_a_span_that_the_blob_does_not_have_is_invalid(storage: StoragePort, span: Span) -> None:
    await storage.put(KEY, b"0123456789", media_type="text/plain")
    with pytest.raises(Invalid):
        await storage.get(KEY, span)


async def test_a_large_blob_is_streamed_in_small_chunks(storage: StoragePort) -> None:
    data = hashlib.shake_256(b"film").digest(20 * 1024 * 1024 + 7)
    await storage.put("films/a.mp4", data, media_type="video/mp4")
    found = await storage.find("films/a.mp4")
    chunks = [chunk async for chunk in storage.stream("films/a.mp4")]
    assert b"".join(chunks) == data
    assert len(chunks) >= 5
    assert max(map(len, chunks)) <= CHUNK_MAX_BYTES
    assert found is not None
    assert (found.content_hash, found.media_type) == (hashlib.sha256(data).hexdigest(), "video/mp4")
    span = Span(5_000_000, 15_000_000)
    assert await storage.get("films/a.mp4", span) == data[5_000_000:15_000_001]


@pytest.mark.parametrize("size_bytes", [0, 10, 9 * 1024 * 1024 + 7])
async def test_a_file_is_kept_as_its_bytes_would_be_and_lent_as_a_file(
    storage: StoragePort, tmp_path: Path, size_bytes: int
) -> None:
    data = hashlib.shake_256(b"long film").digest(size_bytes)
    given = tmp_path / "film.mp4"
    given.write_bytes(data)
    put = await storage.put_file(KEY, given, media_type="video/mp4")
    found = await storage.find(KEY)
    assert found is not None
    assert (put.size_bytes, put.content_hash) == (found.size_bytes, found.content_hash)
    assert (found.size_bytes, found.media_type) == (size_bytes, "video/mp4")
    assert found.content_hash == hashlib.sha256(data).hexdigest()
    given.unlink()
    async with storage.scratch() as folder:
        await storage.lend(KEY, folder / "lent.mp4")
        await storage.put(KEY, b"another", media_type="text/plain")
        assert (folder / "lent.mp4").read_bytes() == data, "what was lent changed"
        await storage.delete(KEY)
        assert (folder / "lent.mp4").read_bytes() == data
    with pytest.raises(BlobMissing):
        async with storage.scratch() as folder:
            await storage.lend(KEY, folder / "lent.mp4")


async def test_a_file_that_cannot_be_kept_is_refused(
    storage: StoragePort, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = tmp_path / "film.mp4"
    given.write_bytes(b"twenty bytes of film")
    with pytest.raises(Invalid):
        await storage.put_file("../secret", given, media_type="video/mp4")
    with pytest.raises(Invalid):
        await storage.put_file(KEY, given, media_type="no type")
    with pytest.raises(Invalid):
        await storage.lend("../secret", tmp_path / "lent")
    for bound in ("FILE_MAX_BYTES", "BLOB_MAX_BYTES"):
        monkeypatch.setattr(f"overprint.adapters.storage.rules.{bound}", 10)
    with pytest.raises(LimitReached):
        await storage.put_file(KEY, given, media_type="video/mp4")


async def test_folders_to_work_in_are_empty_and_go_with_all_that_is_in_them(storage: StoragePort) -> None:
    async with storage.scratch() as one, storage.scratch() as other:
        assert one != other
        for folder in (one, other):
            assert not any(folder.iterdir())
            (folder / "below").mkdir()
            (folder / "below" / "film.mp4").write_bytes(b"film")
    assert not one.exists() and not other.exists()
    with pytest.raises(RuntimeError, match="midway"):
        async with storage.scratch() as folder:
            raise RuntimeError("midway")
    assert not folder.exists()
    assert await listed(storage, "") == []


async def test_a_folder_lists_what_lies_below_it_and_nothing_beside_it(storage: StoragePort) -> None:
    keys = ["teams/7/a.txt", "teams/7/b/c.txt", "teams/7/b-d.txt", "teams/77/a.txt", "teams/7.txt", "other/7/a.txt"]
    for key in keys:
        await storage.put(key, key.encode(), media_type="text/plain")
    assert sorted(await listed(storage, "teams/7")) == ["teams/7/a.txt", "teams/7/b-d.txt", "teams/7/b/c.txt"]
    assert sorted(await listed(storage, "teams/7/")) == ["teams/7/a.txt", "teams/7/b-d.txt", "teams/7/b/c.txt"]
    assert sorted(await listed(storage, "")) == sorted(keys)
    assert await listed(storage, "teams/7/a.txt") == []
    assert await listed(storage, "nobody") == []


async def test_a_listing_tells_what_find_tells_over_many_pages(storage: StoragePort) -> None:
    keys = [f"pages/{number:03}.txt" for number in range(230)]
    for start in range(0, len(keys), 20):
        await asyncio.gather(
            *(storage.put(key, key.encode(), media_type="text/plain") for key in keys[start : start + 20])
        )
    infos = [info async for info in storage.list("pages")]
    assert [info.key for info in infos] == keys
    assert infos[7] == await storage.find("pages/007.txt")


async def test_twenty_writers_of_one_key_leave_one_whole_blob(storage: StoragePort) -> None:
    blobs = {hashlib.sha256(data).hexdigest(): data for data in (bytes([n]) * (200_000 + n) for n in range(20))}
    await asyncio.gather(*(storage.put(KEY, data, media_type=f"x/n{len(data)}") for data in blobs.values()))
    found = await storage.find(KEY)
    assert found is not None
    assert await storage.get(KEY) == blobs[found.content_hash]
    assert found.media_type == f"x/n{found.size_bytes}"
    assert await listed(storage, "") == [KEY]


async def test_readers_beside_a_writer_see_whole_blobs_only(storage: StoragePort) -> None:
    blobs = [bytes([letter]) * 500_000 for letter in b"abcdef"]
    await storage.put(KEY, blobs[0], media_type="text/plain")

    async def write() -> None:
        for data in blobs:
            await storage.put(KEY, data, media_type="text/plain")

    async def read() -> list[bytes]:
        return [await storage.get(KEY) for _ in range(6)]

    _, *seen = await asyncio.gather(write(), read(), read(), read())
    assert all(data in blobs for reader in seen for data in reader)


@pytest.mark.parametrize("key", UNSOUND_KEYS)
async def test_an_unsound_key_is_refused_by_every_command(storage: StoragePort, key: str) -> None:
    with pytest.raises(Invalid):
        await storage.put(key, b"x", media_type="text/plain")
    with pytest.raises(Invalid):
        await storage.get(key)
    with pytest.raises(Invalid):
        await storage.find(key)
    with pytest.raises(Invalid):
        await storage.delete(key)
    with pytest.raises(Invalid):
        await anext(storage.stream(key))
    with pytest.raises(Invalid):
        storage.signed_url(key, expires_at=datetime.now(UTC) + timedelta(minutes=1))


@pytest.mark.parametrize("prefix", ["/", "//", "..", "a/../b", "/a", "a//", "a\x00"])
async def test_an_unsound_folder_is_not_listed(storage: StoragePort, prefix: str) -> None:
    with pytest.raises(Invalid):
        await anext(storage.list(prefix))


@pytest.mark.parametrize("key", ["a", "A-b_c.D", "...", "a..b", ".hidden", "x" * 200, "/".join(["y" * 127] * 4)])
async def test_unusual_but_sound_keys_work(storage: StoragePort, key: str) -> None:
    await storage.put(key, b"x", media_type="text/plain")
    assert await storage.get(key) == b"x"
    assert await listed(storage, "") == [key]


@pytest.mark.parametrize(
    "media_type", ["", "image", "image/png\r\nX-Evil: 1", "a/b;" + "c" * 200, "text/html; charset"]
)
async def test_a_media_type_that_is_none_is_refused(storage: StoragePort, media_type: str) -> None:
    with pytest.raises(Invalid):
        await storage.put(KEY, b"x", media_type=media_type)


async def test_a_store_that_works_passes_its_check_and_keeps_nothing_of_it(storage: StoragePort) -> None:
    await storage.check()
    await storage.check()
    assert await listed(storage, "") == []
