"""Where a bucket is and how it is reached."""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from overprint.adapters.storage.rules import check_folder
from overprint.adapters.storage.s3_errors import PROVIDER
from overprint.core.problems import Invalid
from overprint.ports.errors import Misconfigured

if TYPE_CHECKING:
    from obstore.store import S3Credential

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_REGION = re.compile(r"[a-z0-9-]{2,32}")
_SECONDS_MAX = 300.0
_RETRIES_MAX = 5


@dataclass(frozen=True, slots=True)
class S3Config:
    """Nothing else is asked, neither environment variables nor files in the home directory.

    ``endpoint``         origin of the store (``https://minio.example.org``); empty means Amazon in ``region``
    ``public_endpoint``  origin that people's browsers reach it by, where that differs; links name it
    ``prefix``           folder in the bucket that all keys lie below: one for each environment that shares a bucket
    ``path_style``       the bucket is named in the path, not the host name; most self-hosted stores want that
    ``retries``          tries after the first one, within about ``retries * connect_timeout_seconds``
    """

    bucket: str
    access_key_id: str
    secret_access_key: str = field(repr=False)
    region: str = "us-east-1"
    endpoint: str = ""
    public_endpoint: str = ""
    prefix: str = ""
    path_style: bool = False
    connect_timeout_seconds: float = 3.0
    timeout_seconds: float = 30.0
    retries: int = 2

    def __post_init__(self) -> None:
        _require(_BUCKET.fullmatch(self.bucket) is not None, "The bucket name is not one that S3 allows.")
        _require(_REGION.fullmatch(self.region) is not None, "The region of the object store is not a region name.")
        _require(
            bool(self.access_key_id and self.secret_access_key), "The object store needs an access key and its secret."
        )
        for url in (self.endpoint, self.public_endpoint):
            _require(
                not url or _is_origin(url), "The address of the object store is not like https://storage.example.org."
            )
        seconds = (self.connect_timeout_seconds, self.timeout_seconds)
        _require(
            all(0 < each <= _SECONDS_MAX for each in seconds), "A time limit of the object store is 0 to 300 seconds."
        )
        _require(0 <= self.retries <= _RETRIES_MAX, "The object store is tried again at most 5 times.")
        try:
            check_folder(self.prefix)
        except Invalid as error:
            raise Misconfigured(
                f"The prefix in the bucket cannot be used. {error.next_step}", provider=PROVIDER
            ) from error

    @property
    def origin(self) -> str:
        """Where requests go, without the bucket."""
        return self.endpoint.rstrip("/") or f"https://s3.{self.region}.amazonaws.com"

    @property
    def bucket_url(self) -> str:
        return _with_bucket(self.origin, self.bucket, path_style=self.path_style)

    @property
    def public_bucket_url(self) -> str:
        origin = self.public_endpoint.rstrip("/") or self.origin
        return _with_bucket(origin, self.bucket, path_style=self.path_style)

    def key_in_bucket(self, key: str) -> str:
        folder = self.prefix.rstrip("/")
        return f"{folder}/{key}" if folder else key

    def credentials(self) -> "S3Credential":
        """For the client: these and no others, and they do not expire."""
        return {"access_key_id": self.access_key_id, "secret_access_key": self.secret_access_key, "expires_at": None}


def _with_bucket(origin: str, bucket: str, *, path_style: bool) -> str:
    if path_style:
        return f"{origin}/{bucket}"
    scheme, host = origin.split("://", 1)
    return f"{scheme}://{bucket}.{host}"


def _is_origin(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    bare = not (parts.query or parts.fragment or parts.username) and parts.path in ("", "/")
    return parts.scheme in ("http", "https") and bool(parts.hostname) and bare


def _require(fine: bool, message: str) -> None:
    if not fine:
        raise Misconfigured(message, provider=PROVIDER)
