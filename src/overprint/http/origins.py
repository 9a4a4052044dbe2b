"""Pages of other sites that may read the API's answers (CORS), as the operator lists them. Never with cookies."""

from collections.abc import Sequence
from typing import Any

# What a page may send beside what every request may have, and what it may read of an answer.
SENT = ("Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "Last-Event-ID", "X-Team")
READ = ("ETag", "Location", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-Id")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
REMEMBERED_SECONDS = 600


def cors_options(origins: Sequence[str]) -> dict[str, Any]:
    """For Starlette's ``CORSMiddleware``."""
    return {
        "allow_origins": list(origins),
        "allow_methods": METHODS,
        "allow_headers": SENT,
        "expose_headers": READ,
        "allow_credentials": False,
        "max_age": REMEMBERED_SECONDS,
    }
