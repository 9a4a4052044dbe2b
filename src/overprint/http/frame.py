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
from overprint.http.room import Product


@dataclass(frozen=True, slots=True)
class FrameTeam:
    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Frame:
    """``credits`` is None where nobody counts them: on an own machine, and for who may not see them.

    ``language`` is empty for who has chosen none. ``unread``: notifications of this team.
    ``is_here``: somebody is signed in, perhaps as a guest. ``is_local``: this machine's owner, who has no account.
    ``products``: what people can make here. ``is_answer``: what is shown answers a form, and has no address of its own.
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
    unread: int = 0
    products: tuple[Product, ...] = ()
    is_answer: bool = False


# What the house knows of somebody, in a frame; ``app.state.framing``.
Framing = Callable[[Principal], Awaitable[Frame]]

_NOW: ContextVar[Frame | None] = ContextVar("frame", default=None)


def frame_now() -> Frame:
    """The frame of the request that is being answered."""
    return _NOW.get() or Frame()


def language_of(connection: HTTPConnection, known: str = "") -> str:
    """The one chosen in this browser, else the one that a person has chosen elsewhere (``known``), else the first that
    the browser wants and we have."""
    chosen = connection.cookies.get(COOKIE, "") or known
    return choose_language(chosen, connection.headers.get("accept-language", ""))


def begin_frame(connection: HTTPConnection, known: Frame | None = None) -> None:
    """From here on pages of this request are rendered for ``known``, in the language that it asks for."""
    language = language_of(connection, known.language if known else "")
    products = getattr(connection.app.state, "products", ())
    shown = replace(known or Frame(), language=language, path=connection.url.path, products=products)
    _NOW.set(replace(shown, is_answer=connection.scope.get("method", "GET") not in ("GET", "HEAD")))
