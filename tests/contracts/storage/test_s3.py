"""What only the S3 store has: a server that may be away, credentials, prefixes, and links that the server signs for."""

import asyncio
import hashlib
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import obstore
import pytest
from obstore.store import S3Store

from overprint.adapters.storage.s3 import S3Storage
from overprint.adapters.storage.s3_config import S3Config
from overprint.adapters.storage.s3_links import content_disposition
from overprint.ports.errors import Misconfigured, Unavailable
from overprint.ports.storage import StoragePort
from tests.support import s3

DOWN_MAX_SECONDS = 10.0
UNUSED = Path("/nowhere")
"""For who works with no files."""


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def silent_origin() -> Iterator[str]:
    """A server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


async def every_failure(storage: StoragePort) -> list[type]:
    """How each command fails, in the order of the port."""

    async def collect() -> None:
        async for _ in storage.list("a"):
            pass

    commands = [
        storage.put("a/b", b"x", media_type="text/plain"),
        storage.get("a/b"),
        storage.find("a/b"),
        storage.delete("a/b"),
        collect(),
        storage.check(),
    ]
    results = await asyncio.gather(*commands, return_exceptions=True)
    return [type(result) for result in results]


async def test_a_store_that_is_down_is_unavailable_within_ten_seconds() -> None:
    storage = S3Storage(s3.config(f"http://127.0.0.1:{closed_port()}"), UNUSED)
    started = time.monotonic()
    assert await every_failure(storage) == [Unavailable] * 6
    assert time.monotonic() - started < DOWN_MAX_SECONDS


async def test_a_store_that_never_answers_is_unavailable_after_its_time_limit(silent_origin: str) -> None:
    storage = S3Storage(s3.config(silent_origin, timeout_seconds=0.3, connect_timeout_seconds=0.3, retries=1), UNUSED)
    started = time.monotonic()
    assert await every_failure(storage) == [Unavailable] * 6
    assert time.monotonic() - started < DOWN_MAX_SECONDS


@pytest.mark.parametrize("changes", [{"secret_access_key": "wrong"}, {"access_key_id": "NOBODY"}])
async def test_wrong_credentials_are_a_matter_for_the_operator(s3_origin: str, changes: dict[str, str]) -> None:
    storage = S3Storage(s3.config(s3_origin, **changes), UNUSED)
    assert await every_failure(storage) == [Misconfigured] * 6


async def test_a_missing_bucket_is_a_matter_for_the_operator(s3_origin: str) -> None:
    storage = S3Storage(s3.config(s3_origin, bucket="nobody-made-this"), UNUSED)
    with pytest.raises(Misconfigured, match="bucket"):
        await storage.check()
    with pytest.raises(Misconfigured, match="bucket"):
        await storage.put("a/b", b"x", media_type="text/plain")
    with pytest.raises(Misconfigured, match="bucket"):
        await storage.get("a/b")


async def test_no_error_shows_the_secret_or_the_address(s3_origin: str) -> None:
    storage = S3Storage(s3.config(s3_origin, secret_access_key="hush-hush"), UNUSED)
    with pytest.raises(Misconfigured) as caught:
        await storage.check()
    assert "hush" not in str(caught.value)
    assert "127.0.0.1" not in str(caught.value)
    assert "hush" not in repr(s3.config(s3_origin, secret_access_key="hush-hush"))


async def test_environments_that_share_a_bucket_do_not_see_each_other(s3_origin: str) -> None:
    one, two, outside = (
        S3Storage(s3.config(s3_origin, prefix=prefix), UNUSED) for prefix in ("env/one", "env/two", "")
    )
    await one.put("a/b", b"of one", media_type="text/plain")
    await two.put("a/b", b"of two", media_type="text/plain")
    await two.delete("a/b")
    assert await one.get("a/b") == b"of one"
    assert await two.find("a/b") is None
    assert [info.key async for info in two.list("")] == []
    assert [info.key async for info in one.list("")] == ["a/b"]
    assert await outside.get("env/one/a/b") == b"of one"


async def test_a_blob_replaced_while_it_is_read_is_never_mixed(s3_origin: str) -> None:
    storage = S3Storage(s3.config(s3_origin, prefix="replaced"), UNUSED)
    await storage.put("a/b", b"1" * 9_000_000, media_type="text/plain")
    stream = storage.stream("a/b")
    assert set(await anext(stream)) == set(b"1")
    await storage.put("a/b", b"2" * 9_000_000, media_type="text/plain")
    with pytest.raises(Unavailable, match="replaced"):
        await anext(stream)


async def test_an_object_that_somebody_else_put_there_is_hashed_when_it_is_looked_at(s3_origin: str) -> None:
    config = s3.config(s3_origin)
    theirs = S3Store(
        config.bucket,
        endpoint=s3_origin,
        credential_provider=config.credentials,
        client_options={"allow_http": True},
    )
    await obstore.put_async(theirs, "theirs/a", b"hello", attributes={"Content-Type": "text/plain"})
    found = await S3Storage(config, UNUSED).find("theirs/a")
    assert found is not None
    assert (found.content_hash, found.media_type) == (hashlib.sha256(b"hello").hexdigest(), "text/plain")


async def test_nothing_is_taken_from_the_environment(s3_origin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    away = f"http://127.0.0.1:{closed_port()}"
    stray = {
        "AWS_ENDPOINT_URL_S3": away,
        "AWS_ENDPOINT": away,
        "AWS_ACCESS_KEY_ID": "STRAY",
        "AWS_SECRET_ACCESS_KEY": "stray",
        "AWS_SESSION_TOKEN": "stray",
        "AWS_REGION": "eu-west-3",
        "AWS_SKIP_SIGNATURE": "true",
        "AWS_VIRTUAL_HOSTED_STYLE_REQUEST": "true",
        "AWS_PROFILE": "nobody",
    }
    for name, value in stray.items():
        monkeypatch.setenv(name, value)
    storage = S3Storage(s3.config(s3_origin, prefix="stray"), UNUSED)
    await storage.put("a/b", b"x", media_type="text/plain")
    link = storage.signed_url("a/b", expires_at=datetime.now(UTC) + timedelta(minutes=1))
    assert await storage.get("a/b") == b"x"
    assert link.startswith(f"{s3_origin}/{s3.BUCKET}/stray/a/b?")
    assert parse_qs(urlsplit(link).query)["X-Amz-Credential"][0].startswith(f"{s3.ACCESS_KEY_ID}/")
    assert "Security-Token" not in link


async def test_a_stray_session_token_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SESSION_TOKEN", "stray")
    heads: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        assert await S3Storage(s3.config(f"http://127.0.0.1:{port}"), UNUSED).find("a/b") is None
    assert b"authorization: AWS4-HMAC-SHA256" in heads[0]
    assert b"security-token" not in heads[0]


async def test_what_a_killed_check_left_is_not_listed(s3_origin: str) -> None:
    storage = S3Storage(s3.config(s3_origin, prefix="checked"), UNUSED)
    await storage.put("overprint-check", b"x", media_type="text/plain")
    await storage.put("a/b", b"x", media_type="text/plain")
    assert [info.key async for info in storage.list("")] == ["a/b"]


def test_a_link_names_the_public_host_and_the_bucket_in_it() -> None:
    config = S3Config("books", "key", "secret", region="eu-west-1", public_endpoint="https://files.example.org")
    storage = S3Storage(config, UNUSED)
    link = storage.signed_url("a/b", expires_at=datetime.now(UTC) + timedelta(seconds=90.5))
    assert link.startswith("https://books.files.example.org/a/b?")
    assert 85 <= int(parse_qs(urlsplit(link).query)["X-Amz-Expires"][0]) <= 90
    assert (
        S3Config("books", "key", "secret", region="eu-west-1").bucket_url == "https://books.s3.eu-west-1.amazonaws.com"
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"bucket": "Books!"},
        {"bucket": ""},
        {"region": "eu west"},
        {"endpoint": "files.example.org"},
        {"endpoint": "ftp://files.example.org"},
        {"endpoint": "https://user:pass@files.example.org"},
        {"endpoint": "https://files.example.org/path"},
        {"endpoint": "https://files.example.org:port"},
        {"public_endpoint": "https://"},
        {"prefix": "../other"},
        {"access_key_id": ""},
        {"secret_access_key": ""},
        {"timeout_seconds": 0.0},
        {"connect_timeout_seconds": float("nan")},
        {"retries": 99},
    ],
)
def test_a_setting_that_cannot_be_right_is_refused_at_once(changes: dict[str, object]) -> None:
    with pytest.raises(Misconfigured):
        s3.config("https://files.example.org", **changes)


def test_a_download_name_is_safe_in_a_header() -> None:
    header = content_disposition('Bär "100%" \\ новый.pdf')
    assert header.isascii()
    assert header.startswith('attachment; filename="B_r _100__ _ _____.pdf"; ')
    assert header.endswith("filename*=UTF-8''B%C3%A4r%20%22100%25%22%20%5C%20%D0%BD%D0%BE%D0%B2%D1%8B%D0%B9.pdf")
