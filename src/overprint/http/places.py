"""Where a request came from, as it says itself, and which page of this server that is to go back to."""

import re
from urllib.parse import SplitResult, urlsplit

from starlette.requests import Request

from overprint.http.routes import methods_at

# Of this server: two slashes at the beginning would make it an address of somebody else's.
PLACE = re.compile(r"(/([a-z][A-Za-z0-9_/-]*)?)?")


def page_before(request: Request, *, with_query: bool = False) -> str:
    """The page from which a request came; the first page where it came from elsewhere, or from what is no page by
    itself because it answered a form."""
    before = split_url(request.headers.get("referer", ""))
    is_ours = before.netloc == request.headers.get("host") and bool(PLACE.fullmatch(before.path))
    if not (is_ours and before.path and methods_at(request, before.path, ["GET"])):
        return "/"
    return f"{before.path}?{before.query}" if with_query and before.query else before.path


def split_url(url: str) -> SplitResult:
    """The parts of ``url``; none of them when it is no URL at all."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")
