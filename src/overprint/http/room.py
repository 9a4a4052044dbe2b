"""What a room brings to the house. ``wiring`` collects these."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from overprint.core.codec import Json
from overprint.core.principal import Principal
from overprint.db.database import Transaction

if TYPE_CHECKING:
    from fastapi import APIRouter


class Starter(Protocol):
    """Begins a work of one job kind from a job's request; answers the job's row."""

    async def __call__(
        self,
        transaction: Transaction,
        principal: Principal,
        request: Json,
        project_id: UUID | None,
        idempotency_key: str | None,
    ) -> dict[str, Any]: ...


PROMPTED = "prompt"
"""Under this the starters have what begins a work of a ``prompt``, a ``presetId`` and ``settings``, as documented."""


@dataclass(frozen=True, slots=True)
class Results:
    """Links to what a job came to, as the documented messages have them; None for what there is not."""

    image_url: str | None = None
    video_url: str | None = None
    thumbnail_url: str | None = None


class Teller(Protocol):
    """Tells what the jobs of one kind came to, by their work."""

    async def __call__(self, transaction: Transaction, work_id: UUID) -> Results: ...


@dataclass(frozen=True, slots=True)
class Product:
    """Something that people can make here, and where that begins. ``name`` and ``about`` are sentences of the
    catalogues, ``icon`` the name of one of ours."""

    key: str
    path: str
    name: str
    about: str
    icon: str


@dataclass(frozen=True, slots=True)
class Room:
    """A room's manifest. ``open_routers`` answer whoever comes, signed in or not, and so do ``open_pages``.

    ``quick_routers`` are asked so often that they are looked for before all others; they ask for rights by themselves.
    ``pages`` and ``open_pages`` answer people with pages, the others programs. ``products`` are offered where people
    say what they would like to make. ``starters`` and ``tellers`` are by the kinds of jobs.
    """

    name: str
    routers: "tuple[APIRouter, ...]" = ()
    quick_routers: "tuple[APIRouter, ...]" = ()
    open_routers: "tuple[APIRouter, ...]" = ()
    pages: "tuple[APIRouter, ...]" = ()
    open_pages: "tuple[APIRouter, ...]" = ()
    starters: Mapping[str, Starter] = field(default_factory=dict)
    tellers: Mapping[str, Teller] = field(default_factory=dict)
    products: tuple[Product, ...] = ()
