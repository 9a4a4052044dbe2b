"""What holds of names, passwords, pages to come back to, and of a refresh token that is shown."""

from datetime import UTC, datetime, timedelta

import pytest

from overprint.core.problems import Invalid
from overprint.features.accounts.rules import (
    REPEAT_GRACE,
    ShownToken,
    Verdict,
    checked_name,
    checked_password,
    judge_refresh,
    next_page,
)
from overprint.features.accounts.service.addresses import normal_email

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SOON = timedelta(seconds=1)


@pytest.mark.parametrize("name", ["Mira", "José Ñandú", "Нина", "美咲", "محمد", "श्री‍मान", "O'Brien-Smith", "א" * 120])
def test_a_name_may_be_in_any_script(name: str) -> None:
    assert checked_name(name) == name


@pytest.mark.parametrize("name", ["", "   ", "a" * 121, "a\x00b", "a\u202eb", "a\ud800b", "\u200b"])
def test_a_name_is_not_empty_nor_endless_and_hides_nothing(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_name(name)
    assert refused.value.field == "name"


def test_a_name_loses_its_idle_spaces() -> None:
    assert checked_name("  Mira \n Okafor ") == "Mira Okafor"


@pytest.mark.parametrize(
    "password", ["three loud geese", "пароль-из-слов", "🦆🐢🦊🐝🐘🐙🦀🐌🐞🐛", "x9!" * 60 + "abcde"]
)
def test_a_password_may_be_of_any_characters(password: str) -> None:
    assert checked_password(password)


@pytest.mark.parametrize(
    "password",
    ["short", "a" * 201, "Password123", "1234567890", "aaaaabbbbb", "mira@example.org", "Mira Okafor"],
)
def test_a_password_that_is_tried_first_is_refused_and_never_repeated(password: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_password(password, email="mira@example.org", name="Mira Okafor")
    assert refused.value.field == "password" and password not in str(refused.value)


@pytest.mark.parametrize(
    ("given", "kept"),
    [(" Mira@Example.ORG ", "mira@example.org"), ("用户@例え.jp", "用户@例え.jp"), ("a+b@x-y.org", "a+b@x-y.org")],
)
def test_an_address_is_kept_in_one_form(given: str, kept: str) -> None:
    assert normal_email(given) == kept


@pytest.mark.parametrize(
    "given",
    ["", "mira", "mira@", "@x.org", "a b@x.org", "owner@localhost", "a@b@c.org", "a" * 300, "a@x.org\r\nBcc: b"],
)
def test_what_is_no_address_is_refused(given: str) -> None:
    with pytest.raises(Invalid, match="no mail address"):
        normal_email(given)


def shown(**changes: object) -> ShownToken:
    fields = {
        "ended": False,
        "session_expires_at": NOW + timedelta(days=1),
        "expires_at": NOW + timedelta(hours=1),
        "used_at": None,
        "successor_used": False,
    }
    return ShownToken(**{**fields, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("token", "verdict"),
    [
        (shown(), Verdict.ROTATE),
        (shown(expires_at=NOW), Verdict.REFUSE),
        (shown(session_expires_at=NOW), Verdict.REFUSE),
        (shown(ended=True), Verdict.REFUSE),
        (shown(ended=True, used_at=NOW), Verdict.REFUSE),
        (shown(used_at=NOW - REPEAT_GRACE), Verdict.REPEAT),
        (shown(used_at=NOW - REPEAT_GRACE - SOON), Verdict.REVOKE),
        (shown(used_at=NOW, successor_used=True), Verdict.REVOKE),
        (shown(used_at=NOW - timedelta(days=6), expires_at=NOW - SOON), Verdict.REVOKE),
    ],
)
def test_a_token_is_good_once(token: ShownToken, verdict: Verdict) -> None:
    assert judge_refresh(token, NOW) is verdict


@pytest.mark.parametrize("wanted", ["/books/1?x=1", "/"])
def test_one_comes_back_to_the_page_that_was_asked_for(wanted: str) -> None:
    assert next_page(wanted) == wanted


@pytest.mark.parametrize(
    "wanted",
    ["", "https://evil.example", "//evil.example", "/\\evil.example", "/a\\b", "/a\nb", "javascript:1", "/" * 400],
)
def test_nobody_is_sent_to_another_site(wanted: str) -> None:
    assert next_page(wanted) == "/"
