"""What a provider's HTTP answer means in the words of ``ports.errors``.

Statuses and error bodies follow the published APIs of OpenAI, Anthropic, ElevenLabs, Runway and fal; servers that
imitate them differ in the body only, so the status decides and the body refines.
"""

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from overprint.adapters.hosted.endpoint import Endpoint
from overprint.observe.redact import HIDDEN, clean_text
from overprint.ports.errors import Busy, Misconfigured, ProviderError, Refused, Unavailable

RETRY_AFTER_MIN_SECONDS, RETRY_AFTER_MAX_SECONDS, RETRY_AFTER_DEFAULT_SECONDS = 1.0, 600.0, 5.0
SAID_MAX_CHARACTERS = 300

_POLICY = frozenset({"content_policy_violation", "content_filter", "moderation_blocked", "safety_violation"})
_NO_MONEY = frozenset(
    {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "billing_error", "quota_exceeded"}
)
# Anthropic and Runway tell these as a bad request, fal as a locked account.
_NO_MONEY_WORDS = ("credit balance", "usage limit", "spend limit", "enough credits", "exhausted balance")
_BAD_KEY = frozenset({"invalid_api_key", "authentication_error", "permission_error", "account_deactivated"})
_NO_MODEL = frozenset({"model_not_found", "not_found_error"})
_TOO_MANY = frozenset({"rate_limit_exceeded", "rate_limit_error", "overloaded_error", "server_is_overloaded"})
_BROKEN = frozenset({"api_error", "server_error", "internal_server_error", "timeout_error"})
_REFUSING_STATUSES = frozenset({400, 413, 415, 422})
# A gateway that gave up waiting: the model behind it may have answered, and billed.
_GATEWAY_STATUSES = frozenset({502, 504, 524})
_OVERLOADED_STATUS = 529


class AddressUnknown(Misconfigured):
    """A 404 or its like: there is nothing at this address."""


class RequestRejected(Refused):
    """A 400. ``said`` is the provider's reason and ``param`` the field it names, so that an adapter can ask simpler."""

    def __init__(self, message: str, *, provider: str, said: str, param: str) -> None:
        super().__init__(message, provider=provider)
        self.said = said
        self.param = param


def failure_of(endpoint: Endpoint, status: int, headers: Mapping[str, str], body: bytes) -> ProviderError:
    """The error that an answer with ``status`` (anything but 2xx) stands for. ``headers`` have lower-case names."""
    error = _error_in(body)
    return _failure_of_code(endpoint, error) or _failure_of_status(endpoint, status, headers, error)


def failure_in_answer(endpoint: Endpoint, error: Mapping[str, Any]) -> ProviderError:
    """The error that stands in the middle of an answer that began well: there is only its code to go by."""
    codes, said = _codes_of(error), said_by(endpoint, error)
    known = _failure_of_code(endpoint, error)
    if known is not None:
        return known
    if codes & _TOO_MANY:
        return _busy(endpoint, {}, said)
    message = f"{endpoint.provider} failed in the middle of its answer.{said}"
    return Unavailable(message, provider=endpoint.provider, in_doubt=not codes & _BROKEN)


def failure_in_body(endpoint: Endpoint, body: bytes) -> ProviderError:
    """The error that a whole answer of status 200 stands for, when it is not what was asked for."""
    name = endpoint.provider
    if body.lstrip().startswith(b"<"):
        message = f"{name} answered with a web page. Check its base address in the settings. It is tried again."
        return Unavailable(message, provider=name)
    error = _error_in(body)
    if error.get("code") or error.get("message"):
        return failure_in_answer(endpoint, error)
    return Unavailable(f"{name} answered with something that makes no sense. It is tried again.", provider=name)


def _failure_of_code(endpoint: Endpoint, error: Mapping[str, Any]) -> ProviderError | None:
    """What a code says more exactly than the status it comes with."""
    codes, said = _codes_of(error), said_by(endpoint, error)
    name = endpoint.provider
    if codes & _POLICY:
        return refusal(endpoint, said)
    if codes & _NO_MONEY or any(words in said.lower() for words in _NO_MONEY_WORDS):
        return Misconfigured(f"The account at {name} has no credit left. Top it up there.{said}", provider=name)
    if codes & _BAD_KEY:
        return Misconfigured(f"{name} does not accept our key. Check it in the settings.{said}", provider=name)
    if codes & _NO_MODEL:
        return Misconfigured(f"{name} does not know this model or address. Check the settings.{said}", provider=name)
    return None


def _codes_of(error: Mapping[str, Any]) -> set[str]:
    return {str(error.get(name, "")) for name in ("code", "type", "status")}


def refusal(endpoint: Endpoint, said: str = "") -> Refused:
    """The provider will not write or draw this."""
    message = f"{endpoint.provider} refused this for its content. Change the wording and try again.{said}"
    return Refused(message, provider=endpoint.provider)


def _failure_of_status(
    endpoint: Endpoint, status: int, headers: Mapping[str, str], error: Mapping[str, Any]
) -> ProviderError:
    name, said = endpoint.provider, said_by(endpoint, error)
    if status in (401, 402, 403):
        return Misconfigured(f"{name} does not let us in ({status}). Check the key and account.{said}", provider=name)
    if status in (404, 405, 410) or 300 <= status < 400:
        return AddressUnknown(
            f"{name} has no such model or address ({status}). Check the model and base address in the settings.{said}",
            provider=name,
        )
    if status in (429, _OVERLOADED_STATUS) or (status == 503 and "retry-after" in headers):
        return _busy(endpoint, headers, said)
    if status in _REFUSING_STATUSES:
        message = f"{name} cannot do what was asked ({status}).{said}"
        return RequestRejected(message, provider=name, said=said, param=str(error.get("param") or "")[:100])
    is_doubtful = status in _GATEWAY_STATUSES
    return Unavailable(f"{name} failed ({status}). It is tried again.{said}", provider=name, in_doubt=is_doubtful)


def _busy(endpoint: Endpoint, headers: Mapping[str, str], said: str) -> Busy:
    wait = retry_after_seconds(headers)
    message = f"{endpoint.provider} is busy. It is asked again in {wait:.0f} seconds.{said}"
    return Busy(message, provider=endpoint.provider, retry_after_seconds=wait)


def retry_after_seconds(headers: Mapping[str, str]) -> float:
    """``Retry-After`` (seconds or a date, RFC 9110) or ``retry-after-ms``, between 1 and 600 seconds; 5 if not said."""
    wait = _number(headers.get("retry-after-ms", ""), 0.001)
    if wait is None:
        wait = _number(headers.get("retry-after", ""), 1.0)
    if wait is None:
        wait = _until(headers.get("retry-after", ""))
    if wait is None:
        return RETRY_AFTER_DEFAULT_SECONDS
    return min(max(wait, RETRY_AFTER_MIN_SECONDS), RETRY_AFTER_MAX_SECONDS)


def _number(text: str, unit_seconds: float) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value * unit_seconds if math.isfinite(value) else None


def _until(text: str) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (aware - datetime.now(UTC)).total_seconds()


def said_by(endpoint: Endpoint, error: Mapping[str, Any]) -> str:
    """The provider's own words to follow a sentence: short, on one line, without secrets (providers do echo keys)."""
    words = " ".join(str(error.get("message") or "").split())
    if endpoint.secret:
        words = words.replace(endpoint.secret, HIDDEN)
    words = "".join(letter for letter in clean_text(words) if letter.isprintable())[:SAID_MAX_CHARACTERS]
    return f" It says: {words.rstrip('.')}." if words else ""


def _error_in(body: bytes) -> Mapping[str, Any]:
    """``{"error": {…}}``, ``{"detail": {…}}`` (ElevenLabs), either with plain words, ``{"detail": [{…}]}`` (fal), or
    ``{"message": "…"}``."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(data, dict):
        return {}
    error = data.get("error", data.get("detail", data))
    if isinstance(error, list):
        first = error[0] if error and isinstance(error[0], dict) else {}
        return {"code": first.get("type"), "message": first.get("msg"), "param": first.get("loc")}
    return error if isinstance(error, dict) else {"message": str(error)}
