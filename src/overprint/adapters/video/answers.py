"""Answers of vendors as JSON objects."""

import json
from typing import Any

from overprint.adapters.hosted.endpoint import Endpoint
from overprint.adapters.hosted.failures import failure_in_body


def object_in(endpoint: Endpoint, body: bytes) -> dict[str, Any]:
    """Raises what else ``body`` stands for: an error that came with status 200, a web page, nonsense."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise failure_in_body(endpoint, body)
    return answer
