"""The films that show presets: each is made when somebody first asks for it, one at a time, and kept as long as its
preset is as it was. Not more of them wait for their turn than are shown on a page or two, and of each team's own no
more than there is room left for: however many teams wait, another one finds a place. Teams take turns; children that
make samples let others go first, as all of them do. Thumbnails of presets that came along came with them.

A sample lies under its preset's id and the recipe of the film. Made twice it is the same bytes, so nothing is lost
where two processes make one at once. What belongs to no preset any more goes with the next turn of the schedule.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from overprint.core.clock import Clock
from overprint.core.codec import decode
from overprint.core.presets import PresetConfig
from overprint.core.problems import Invalid, Unavailable
from overprint.craft.presets import ANY_SCENE, shipped_presets
from overprint.craft.presets.child import (
    SAMPLE_MEDIA_TYPE,
    SAMPLE_MEMORY_BYTES,
    SAMPLE_TIMEOUT_SECONDS,
    THUMBNAIL_MEDIA_TYPE,
    SampleOrder,
    sample_bytes,
    sample_order,
    thumbnail_bytes,
)
from overprint.craft.presets.thumbnails import shipped_thumbnail
from overprint.engine.schedule import ScheduleContext
from overprint.features.presets import store
from overprint.ports.compute import ComputeFailed, ComputeLimit, ComputePort, Work
from overprint.ports.storage import StoragePort

FOLDER = "presets"
LINK_LIFETIME = timedelta(hours=1)
WAITING_MAX = 120

Row = Mapping[str, Any]


class Part(StrEnum):
    """What there is of a sample; the value ends its file's name."""

    FILM = "mp4"
    THUMBNAIL = "webp"


_WORK: Mapping[Part, tuple[Work, str]] = {
    Part.FILM: (sample_bytes, SAMPLE_MEDIA_TYPE),
    Part.THUMBNAIL: (thumbnail_bytes, THUMBNAIL_MEDIA_TYPE),
}


@dataclass(frozen=True, slots=True)
class Samples:
    """``preset`` everywhere is a row as :class:`Presets` answers it."""

    compute: ComputePort
    storage: StoragePort
    clock: Clock
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _turns: dict[Any, asyncio.Lock] = field(default_factory=dict)
    _making: dict[str, tuple[Any, asyncio.Task[None]]] = field(default_factory=dict)

    async def link(self, preset: Row, part: Part) -> str:
        """A signed link to it, good for an hour. Raises ``Unavailable`` where it could not be made just now, or where
        too many others are being made."""
        key = key_of(preset, part)
        if await self.storage.find(key) is None:
            brought = shipped_thumbnail(preset["id"], _order_of(preset).config) if part is Part.THUMBNAIL else None
            if brought is not None:
                await self.storage.put(key, brought, media_type=THUMBNAIL_MEDIA_TYPE)
            else:
                await asyncio.shield(self._begun(preset, part, key))
        return self.storage.signed_url(key, expires_at=self.clock.now() + LINK_LIFETIME)

    def _begun(self, preset: Row, part: Part, key: str) -> "asyncio.Task[None]":
        """The one task that makes it, whoever asks for it and goes away."""
        if key in self._making:
            return self._making[key][1]
        team = preset.get("team_id")
        of_team = sum(team is not None and team == other for other, _ in self._making.values())
        if of_team >= WAITING_MAX - len(self._making):
            raise Unavailable("Many samples of presets are being made just now.", "Try again in a minute.")
        turn = self._turns.setdefault(team, asyncio.Lock())
        task = asyncio.create_task(self._make(preset, part, key, turn))
        self._making[key] = team, task
        task.add_done_callback(lambda done: self._forget(key, done))
        return task

    def _forget(self, key: str, done: "asyncio.Task[None]") -> None:
        team, _ = self._making.pop(key)
        if all(team != other for other, _ in self._making.values()):
            del self._turns[team]
        if not done.cancelled():
            done.exception()  # whoever asked has heard of it, unless they went away

    async def _make(self, preset: Row, part: Part, key: str, turn_of_team: asyncio.Lock) -> None:
        """Only one of each team's waits for the turn of all, so nobody is behind all that another team asks for."""
        async with turn_of_team, self._turn:
            if await self.storage.find(key) is None:
                await self.storage.put(key, await self._made(preset, part), media_type=_WORK[part][1])

    async def read(self, preset: Row, part: Part) -> bytes:
        """It itself. Raises as :meth:`link`."""
        await self.link(preset, part)
        return await self.storage.get(key_of(preset, part))

    async def _made(self, preset: Row, part: Part) -> bytes:
        try:
            return await self.compute.run(
                _WORK[part][0],
                sample_order(_order_of(preset)),
                timeout_seconds=SAMPLE_TIMEOUT_SECONDS,
                memory_bytes=SAMPLE_MEMORY_BYTES,
            )
        except (ComputeFailed, ComputeLimit) as failure:
            raise Unavailable("This sample cannot be made just now.", "Try again in a minute.") from failure

    async def tidy(self, context: ScheduleContext) -> None:
        """Delete what shows no preset as it is now."""
        await store.delete_left(context.database.system)
        rows = {row["id"]: row for row in await store.list_configs(context.database.system)}
        shipped = {each.id: {"id": each.id, "config": each.preset.config} for each in shipped_presets()}
        wanted = {key_of(row, part) for row in (shipped | rows).values() if _is_known(row) for part in Part}
        async for blob in self.storage.list(f"{FOLDER}/"):
            if blob.key not in wanted:
                await self.storage.delete(blob.key)


def key_of(preset: Row, part: Part) -> str:
    """Where it is kept."""
    return f"{FOLDER}/{preset['id']}/{_order_of(preset).recipe}.{part.value}"


def _is_known(preset: Row) -> bool:
    """Not so where another version of Overprint kept it."""
    try:
        decode(PresetConfig, preset["config"])
    except Invalid:
        return False
    return True


def _order_of(preset: Row) -> SampleOrder:
    shown = _SHOWN.get(preset["id"], ANY_SCENE)
    try:
        return SampleOrder(decode(PresetConfig, preset["config"]), shown)
    except Invalid:
        raise Unavailable("This preset is of another version.", "Change it, and it can be shown again.") from None


_SHOWN = {each.id: each.shown for each in shipped_presets()}
