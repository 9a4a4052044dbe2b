"""No secret gets into a log, and no log line costs much."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overprint.observe import redact


@pytest.mark.parametrize(
    "name",
    [
        *("password", "DB_PASSWORD", "api_key", "apiKey", "x-api-key", "accessToken", "Authorization", "secret"),
        *("Set-Cookie", "client_secret", "secret_key", "signing_key", "private-key", "APIKey"),
    ],
)
def test_values_with_a_secret_name_are_hidden(name: str) -> None:
    assert redact.clean({"outer": [{name: "hush"}]}) == {"outer": [{name: redact.HIDDEN}]}


@pytest.mark.parametrize(
    "name", ["input_tokens", "output_tokens", "key", "secretary", "author", "passage", "idempotency_key"]
)
def test_counts_and_ordinary_names_are_shown(name: str) -> None:
    assert redact.clean({name: 12}) == {name: 12}


@pytest.mark.parametrize(
    "text",
    [
        "cannot reach postgresql://fox:hush-hush@127.0.0.1:5432/overprint?x=1",
        "cannot reach postgresql+asyncpg://:hush-hush@db/overprint",
        "password with an at: https://a:hush-hush@x@host/",
        "host=db password=hush-hush user=fox",
        "GET /files/a.jpg?signature=hush-hush&expires=3",
        'body {"api_key": "hush-hush"}',
        "Authorization: Bearer hush-hush.hush-hush",
        "authorization: basic aHVzaC1odXNo-hush-hush",
        "OVERPRINT_TEXT_API_KEY=hush-hush is wrong",
        "wrong key sk-hush-hush-hush-hush",
    ],
)
def test_secrets_inside_text_are_hidden(text: str) -> None:
    cleaned = redact.clean_text(text)
    assert "hush-hush" not in cleaned
    assert redact.HIDDEN in cleaned


@given(st.text(alphabet="abc:/@=_ \n\"'", max_size=200))
def test_text_without_secrets_in_it_stays_text(text: str) -> None:
    assert isinstance(redact.clean_text(text), str)


@pytest.mark.parametrize("piece", ["://", "a:", "password", "://a:b", "a_", "bearer ", "sk-", "password=", "@"])
def test_hostile_text_costs_little(piece: str) -> None:
    began = time.process_time()
    redact.clean_text(piece * 200_000)
    assert time.process_time() - began < 3


def test_deep_large_and_broken_values_are_bounded() -> None:
    class Broken:
        def __str__(self) -> str:
            raise RuntimeError("no")

    deep: list[object] = []
    for _ in range(100):
        deep = [deep]
    assert redact.clean(deep) == [[[[[["…"]]]]]]
    assert len(redact.clean(list(range(10_000)))) == redact.ITEMS_MAX
    assert redact.clean(Broken()) == "<Broken>"
    assert redact.clean(b"\x00" * 50) == "<50 bytes>"
    assert redact.clean("x" * 100_000).endswith("(100000 characters)")
