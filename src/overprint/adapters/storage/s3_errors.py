"""What S3 answers, in the words of the port. No message of the store goes on: it may name hosts and keys."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError

from overprint.ports.errors import Busy, Misconfigured, ProviderError, Unavailable
from overprint.ports.storage import BlobMissing

PROVIDER = "S3"
_STATUS = re.compile(r"status code: ([0-9]{3})")
_CODE = re.compile(r"<Code>([A-Za-z]{1,64})</Code>")
_WRONG_PLACE = {
    "NoSuchBucket",
    "InvalidBucketName",
    "PermanentRedirect",
    "TemporaryRedirect",
    "AuthorizationHeaderMalformed",
    "IllegalLocationConstraintException",
}


@contextmanager
def plain_errors(key: str) -> Iterator[None]:
    """Raises ``BlobMissing`` with ``key``, or the port's error, for what the client raises inside."""
    try:
        yield
    except (BaseError, OSError) as error:
        raise _translated(error, key) from error


def starts_behind_the_end(error: BaseError) -> bool:
    """Whether a range was asked for that the object does not reach."""
    return _status(error) == 416 or "Wanted range" in str(error)


def _translated(error: Exception, key: str) -> ProviderError | BlobMissing:
    status, code = _status(error), _code(error)
    if code in _WRONG_PLACE or status in (301, 307):
        return _wrong_place(code)
    if isinstance(error, FileNotFoundError):
        return BlobMissing(key)
    if code == "RequestTimeTooSkewed":
        return Misconfigured(
            "The object store says that this machine's clock is wrong. Set it right.", provider=PROVIDER
        )
    if isinstance(error, (PermissionDeniedError, UnauthenticatedError)) or status in (401, 403):
        return Misconfigured(
            "The object store refuses our access key. Check the key, its secret, and that it may read, write, list and"
            " delete in this bucket.",
            provider=PROVIDER,
        )
    if status == 404:
        return _wrong_place(code)
    if status == 429 or code == "SlowDown":
        return Busy("The object store asks us to slow down.", provider=PROVIDER)
    if status is not None and 400 <= status < 500:
        return Misconfigured(f"The object store does not accept our request ({code or status}).", provider=PROVIDER)
    return Unavailable("The object store does not answer properly now. It will be tried again.", provider=PROVIDER)


def _wrong_place(code: str) -> Misconfigured:
    said = f" ({code})" if code else ""
    return Misconfigured(f"The bucket is not there{said}. Check its name, region and address.", provider=PROVIDER)


def _status(error: Exception) -> int | None:
    found = _STATUS.search(str(error))
    return int(found.group(1)) if found else None


def _code(error: Exception) -> str:
    found = _CODE.search(str(error))
    return found.group(1) if found else ""
