"""Which request, job, step and team the present task works for. Every log line and span carries them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from uuid import UUID

NAMES = ("request_id", "job_id", "step_id", "team_id")
VALUE_MAX_CHARACTERS = 200

_NONE: Mapping[str, str] = MappingProxyType({})
_bound: ContextVar[Mapping[str, str]] = ContextVar("overprint_ids", default=_NONE)


@contextmanager
def bound(
    *,
    request_id: str | UUID | None = None,
    job_id: str | UUID | None = None,
    step_id: str | UUID | None = None,
    team_id: str | UUID | None = None,
) -> Iterator[None]:
    """Binds the given ids inside the block, on top of those bound outside; tasks started inside inherit them."""
    given = dict(zip(NAMES, (request_id, job_id, step_id, team_id), strict=True))
    fresh = {name: str(value)[:VALUE_MAX_CHARACTERS] for name, value in given.items() if value is not None}
    token = _bound.set(MappingProxyType({**_bound.get(), **fresh}))
    try:
        yield
    finally:
        _bound.reset(token)


@contextmanager
def unbound() -> Iterator[None]:
    """No ids inside the block: for work that outlives the request that started it."""
    token = _bound.set(_NONE)
    try:
        yield
    finally:
        _bound.reset(token)


def current() -> Mapping[str, str]:
    """The ids bound here, by name."""
    return _bound.get()
