"""JSON API of what new books begin with: /api/settings."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import Field

from overprint.core.codec import encode
from overprint.core.story import Age, Genre, Style, Tone, Trim
from overprint.features.books.service import defaults
from overprint.features.books.service.defaults import AUTHOR_MAX_CHARACTERS, BookDefaults, Chosen
from overprint.http.responses import IfMatch, In, Out, etag_of, example, refuse_outdated
from overprint.http.routes import Router
from overprint.http.scope import InScope

Author = Annotated[str, Field(max_length=AUTHOR_MAX_CHARACTERS)]
Printer = Annotated[str, Field(max_length=40)]


class DefaultsIn(In):
    """What is left out stays; null takes a choice back."""

    author: Author | None = None
    age: Age | None = None
    genre: Genre | None = None
    tone: Tone | None = None
    style: Style | None = None
    trim: Trim | None = None
    printer: Printer | None = Field(None, description="A key of `/api/printers`.")
    is_aloud: bool | None = None

    def named(self) -> dict[str, Any]:
        return self.model_dump(mode="json", exclude_unset=True)


class SettingsIn(In):
    model_config = example(own={"author": "Ada Lark", "style": "ink"}, team={"trim": "6x9"})

    own: DefaultsIn | None = None
    team: DefaultsIn | None = None


class DefaultsOut(Out):
    """Null: not chosen."""

    author: str | None
    age: Age | None
    genre: Genre | None
    tone: Tone | None
    style: Style | None
    trim: Trim | None
    printer: str | None
    is_aloud: bool | None


class SettingsOut(Out):
    """What new books begin with where a request does not say: what you chose for yourself in this team (``own``), else
    what the ``team`` chose; ``in_force`` is what follows."""

    own: DefaultsOut
    team: DefaultsOut
    in_force: DefaultsOut


def router() -> APIRouter:
    api = Router(prefix="/api/settings", tags=["settings"])

    def shown(response: Response, chosen: Chosen) -> SettingsOut:
        response.headers.update(etag_of(chosen.version))
        return SettingsOut(own=_out(chosen.own), team=_out(chosen.team), in_force=_out(chosen.in_force))

    @api.get("")
    async def get_settings(response: Response, scope: InScope) -> SettingsOut:
        return shown(response, await defaults.read(scope.transaction, scope.principal.person_id))

    @api.patch("")
    async def change_settings(
        response: Response, scope: InScope, changes: SettingsIn, if_match: IfMatch = None
    ) -> SettingsOut:
        """The team's are for its owners and admins to change."""
        chosen = await defaults.change(
            scope.transaction,
            scope.principal,
            partial(refuse_outdated, if_match),
            own=changes.own.named() if changes.own else None,
            team=changes.team.named() if changes.team else None,
        )
        return shown(response, chosen)

    return api


def _out(chosen: BookDefaults) -> DefaultsOut:
    return DefaultsOut.model_validate(encode(chosen))
