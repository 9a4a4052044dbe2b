"""Links that expire, fetched over HTTP as a browser would."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import httpx
import pytest

from overprint.core.problems import Invalid
from overprint.ports.storage import StoragePort
from tests.contracts.storage.conftest import Served

KEY, OTHER_KEY = "teams/7/book.pdf", "teams/8/book.pdf"
REFUSED = {400, 403}


def fetch(served: Served, link: str) -> httpx.Response:
    return httpx.get(link if "://" in link else served.origin + link, trust_env=False, timeout=10)


async def link_to(storage: StoragePort, *, minutes: float = 5, file_name: str | None = None) -> str:
    await storage.put(KEY, b"a book", media_type="application/pdf")
    await storage.put(OTHER_KEY, b"a secret", media_type="application/pdf")
    return storage.signed_url(KEY, expires_at=datetime.now(UTC) + timedelta(minutes=minutes), file_name=file_name)


def altered(link: str, name: str, value: str | None) -> str:
    """The link with one field of its query changed, or left out."""
    parts = urlsplit(link)
    fields = [(n, v if n != name else value) for n, v in parse_qsl(parts.query, keep_blank_values=True)]
    return urlunsplit(parts._replace(query=urlencode([(n, v) for n, v in fields if v is not None], quote_via=quote)))


async def test_a_link_serves_the_bytes_with_their_type(served: Served) -> None:
    answer = fetch(served, await link_to(served.storage))
    assert (answer.status_code, answer.content) == (200, b"a book")
    assert answer.headers["content-type"] == "application/pdf"
    assert "content-disposition" not in answer.headers


async def test_a_link_with_a_name_downloads_under_it(served: Served) -> None:
    answer = fetch(served, await link_to(served.storage, file_name="Mia & der Bär, 100% 'neu'.pdf"))
    assert answer.content == b"a book"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert (
        "filename*=UTF-8''Mia%20%26%20der%20B%C3%A4r%2C%20100%25%20%27neu%27.pdf"
        in answer.headers["content-disposition"]
    )


async def test_a_link_for_another_blob_is_refused(served: Served) -> None:
    link = await link_to(served.storage)
    answer = fetch(served, link.replace("teams/7", "teams/8"))
    assert answer.status_code in REFUSED
    assert b"a secret" not in answer.content


async def test_no_part_of_a_link_can_be_changed_or_left_out(served: Served) -> None:
    link = await link_to(served.storage, file_name="book.pdf")
    fields = dict(parse_qsl(urlsplit(link).query))
    assert fetch(served, altered(link, "none", None)).status_code == 200
    for name, value in fields.items():
        for changed in (_longer_lived(value) if value.isdecimal() else _one_letter_off(value), None):
            answer = fetch(served, altered(link, name, changed))
            assert answer.status_code in REFUSED, (name, changed)
            assert b"a book" not in answer.content


async def test_an_expired_link_is_refused(served: Served) -> None:
    link = await link_to(served.storage, minutes=1.6 / 60)
    deadline = time.monotonic() + 5
    while fetch(served, link).status_code not in REFUSED:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.1)


@pytest.mark.parametrize(
    "name", ["", " ", "a/b", "a\\b", "a\r\nSet-Cookie: x=1", 'a"b', "a\x00", "a\u202egpj.exe", "x" * 201]
)
async def test_a_name_that_could_deceive_is_refused(storage: StoragePort, name: str) -> None:
    with pytest.raises(Invalid):
        storage.signed_url(KEY, expires_at=datetime.now(UTC) + timedelta(minutes=1), file_name=name)


@pytest.mark.parametrize("days", [-1, 0, 7.01, 400])
async def test_a_link_lives_at_most_seven_days_and_not_in_the_past(storage: StoragePort, days: float) -> None:
    with pytest.raises(Invalid):
        storage.signed_url(KEY, expires_at=datetime.now(UTC) + timedelta(days=days))


async def test_the_end_of_a_link_needs_a_time_zone(storage: StoragePort) -> None:
    with pytest.raises(Invalid):
        storage.signed_url(KEY, expires_at=datetime(2100, 1, 1))


def _longer_lived(seconds: str) -> str:
    return str(int(seconds) + 1000)


def _one_letter_off(text: str) -> str:
    return ("b" if text[0] != "b" else "c") + text[1:]
