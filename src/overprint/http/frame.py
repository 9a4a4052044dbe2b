"""Who a page is shown to, and in which language: what the shell around every page says of them.

It is found once a request, before the page's route runs, and read where the page is rendered; in between nothing has
to hand it on.
"""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass, replace
from uuid import UUID

from starlette.requests import HTTPConnection

from overprint.core.principal import Principal
from overprint.http.catalogues import COOKIE, choose_language


@dataclass(frozen=True, slots=True)
class FrameTeam:
    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Frame:
    """``credits`` is None where nobody counts them: on an own machine, and for who may not see them.

    ``is_here``: somebody is signed in, perhaps as a guest. ``is_local``: this machine's owner, who has no account.
    """

    language: str = "en"
    path: str = "/"
    is_here: bool = False
    is_local: bool = False
    is_guest: bool = False
    is_site_admin: bool = False
    name: str = ""
    team: FrameTeam | None = None
    teams: tuple[FrameTeam, ...] = ()
    credits: int | None = None


# What the house knows of somebody, in a frame; ``app.state.framing``.
Framing = Callable[[Principal], Awaitable[Frame]]

_NOW: ContextVar[Frame | None] = ContextVar("frame", default=None)


def frame_now() -> Frame:
    """The frame of the request that is being answered."""
    return _NOW.get() or Frame()


def begin_frame(connection: HTTPConnection, known: Frame | None = None) -> None:
    """From here on pages of this request are rendered for ``known``, in the language that it asks for."""
    headers = connection.headers
    language = choose_language(connection.cookies.get(COOKIE, ""), headers.get("accept-language", ""))
    _NOW.set(replace(known or Frame(), language=language, path=connection.url.path))
