"""What holds of people, passwords, sessions and keys. Pure: no clock, no database."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from overprint.core.editions import edition_of
from overprint.core.principal import Principal
from overprint.core.problems import Invalid, NotConfirmed

NAME_MAX_CHARACTERS = 120
PASSWORD_MIN_CHARACTERS, PASSWORD_MAX_CHARACTERS = 10, 200
EMAIL_MAX_CHARACTERS = 254
PAGE_MAX_CHARACTERS = 300
TOKEN_MAX_CHARACTERS = 2000

ACCESS_LIFETIME = timedelta(minutes=15)
REFRESH_LIFETIME = timedelta(days=7)
SESSION_LIFETIME = timedelta(days=90)
"""However often it is refreshed, a session ends then."""
REPEAT_GRACE = timedelta(seconds=30)
"""A retry of a request whose answer got lost, or a second one sent with it, is no thief."""
LINK_LIFETIME = {"register": timedelta(hours=24), "change": timedelta(hours=24), "reset": timedelta(hours=1)}
CONFIRMED_FOR = timedelta(minutes=10)
KEY_SEEN_EVERY = timedelta(minutes=1)
KEY_LIFETIME_MAX_DAYS = 3650
SESSIONS_MAX = 50
KEYS_MAX = 100

KEY_PREFIX = "op_live_"

# The commonest of breached passwords that are long enough to be taken.
_COMMON_WORDS = """
1234567890 12345678910 123456789a a123456789 0123456789 0987654321 9876543210 1234567891 123456789q q123456789
1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc qwertyuiop qwerty12345 qwerty123456 qwertyuiop123 qwe123qwe123 asdfghjkl1
asdfghjkl123 zxcvbnm123 password12 password123 password1234 password123! passw0rd123 p@ssw0rd123 passwordpassword
iloveyou123 iloveyou12 letmein123 letmein1234 welcome123 welcome1234 changeme123 changeme1234 administrator
admin12345 admin123456 adminadmin administrator1 superman123 football123 baseball123 sunshine123 princess123
michael123 jordan2345 trustno1trustno1 monkey12345 dragon12345 master12345 qazwsxedcr 1122334455 1111111111
aaaaaaaaaa 0000000000 abcdefghij abcd123456 abc1234567 abc123abc123 secret12345 computer123 internet123 whatever123
starwars123 overprint1 overprint123 correcthorsebatterystaple
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_JOINERS = "\u200c\u200d"  # some scripts cannot be written without them
_DOTLESS = ("gmail.com", "googlemail.com")


def edition_of_person(person: Mapping[str, Any]) -> str:
    """Of what people change about themselves."""
    return edition_of(person["name"], person["email"])


class Mode(StrEnum):
    """Whom this house lets in."""

    LOCAL = "local"
    OPEN = "open"
    INVITED = "invited"


class Verdict(StrEnum):
    """What becomes of a refresh token that was shown."""

    ROTATE = "rotate"  # it is the newest: its successor is given out
    REPEAT = "repeat"  # its answer got lost, or two requests showed it at once: the same successor again
    REVOKE = "revoke"  # it was used before: somebody has a copy, so the whole family ends
    REFUSE = "refuse"  # it is over, and nothing is wrong with that


@dataclass(frozen=True, slots=True)
class ShownToken:
    """A refresh token that we gave out, as it stands when it is shown. ``successor_used``: so was the one after it."""

    ended: bool
    session_expires_at: datetime
    expires_at: datetime
    used_at: datetime | None
    successor_used: bool


def judge_refresh(token: ShownToken, now: datetime) -> Verdict:
    """A token is good once. Shown again, its family ends, but within ``REPEAT_GRACE`` while the next is unused."""
    if token.ended or now >= token.session_expires_at:
        return Verdict.REFUSE
    if token.used_at is None:
        return Verdict.ROTATE if now < token.expires_at else Verdict.REFUSE
    is_fresh = now - token.used_at <= REPEAT_GRACE and not token.successor_used
    return Verdict.REPEAT if is_fresh else Verdict.REVOKE


def checked_name(text: str) -> str:
    """A person's or key's name, in any script. Raises ``Invalid``."""
    name = unicodedata.normalize("NFC", " ".join(text.split()))
    odd = any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co") and char not in _JOINERS for char in name)
    if not name or len(name) > NAME_MAX_CHARACTERS or odd:
        raise Invalid(
            f"A name has 1 to {NAME_MAX_CHARACTERS} characters and no control characters.",
            "Write it as you would on a letter.",
            field="name",
        )
    return name


def mailbox_of(email: str) -> str:
    """The mailbox that a normal address leads to, as far as the address shows it: what is after a plus leads nowhere
    else, and Google's servers pass over dots. Good to compare by, not to write to."""
    name, _, domain = email.rpartition("@")
    name = name.partition("+")[0] or name
    if domain in _DOTLESS:
        name, domain = name.replace(".", ""), "gmail.com"
    return f"{name}@{domain}"


def checked_password(password: str, *, email: str = "", name: str = "") -> str:
    """A new password that is not easily guessed. Raises ``Invalid`` and never repeats it."""
    plain = unicodedata.normalize("NFKC", password)
    if not PASSWORD_MIN_CHARACTERS <= len(plain) <= PASSWORD_MAX_CHARACTERS:
        raise Invalid(
            f"A password has {PASSWORD_MIN_CHARACTERS} to {PASSWORD_MAX_CHARACTERS} characters.",
            "Three or four words in a row are a good one.",
            field="password",
        )
    low = plain.lower()
    own = {low_part for low_part in (email.lower(), email.lower().partition("@")[0], name.lower()) if low_part}
    if low in _COMMON or low in own or len(set(low)) < 5:
        raise Invalid(
            "This password is among the first that anybody would try.",
            "Choose another; three or four words in a row are a good one.",
            field="password",
        )
    return plain


def shown_password(password: str) -> str:
    """A password as it is compared: nobody is told by its length or its signs that it cannot be right."""
    return unicodedata.normalize("NFKC", password[: PASSWORD_MAX_CHARACTERS * 4])


def checked_scopes(scopes: frozenset[str], known: frozenset[str]) -> tuple[str, ...]:
    """Raises ``Invalid`` for none, and for one that does not exist."""
    unknown = sorted(scopes - known)
    if unknown or not scopes:
        raise Invalid(
            f"There is no scope {unknown[0][:40]!r}." if unknown else "A key needs at least one scope.",
            f"There are {', '.join(sorted(known))}.",
            field="scopes",
        )
    return tuple(sorted(scopes))


def require_confirmed(principal: Principal, now: datetime) -> None:
    """Raises ``NotConfirmed`` unless they showed in the last minutes that it is them, by two factors if they run this
    house and it wants two. The owner of this machine did."""
    require_fresh(principal, now)
    if principal.lacks_factor:
        raise NotConfirmed("Whoever runs this house shows two things.", "Go to /confirm; it says what is missing.")


def require_fresh(principal: Principal, now: datetime) -> None:
    """The same, however many factors it were: before they set their second one up."""
    if not is_fresh(principal, now):
        raise NotConfirmed("Please show once more that it is you.", "Go to /confirm, then try again.")


def is_fresh(principal: Principal, now: datetime) -> bool:
    """Whether they showed in the last minutes that it is them."""
    if principal.via == "local":
        return True
    return principal.confirmed_at is not None and now - principal.confirmed_at <= CONFIRMED_FOR


def next_page(wanted: str) -> str:
    """Where to go after signing in: a path of ours, never another site."""
    sound = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable()
    return wanted if sound and "\\" not in wanted and len(wanted) <= PAGE_MAX_CHARACTERS else "/"
