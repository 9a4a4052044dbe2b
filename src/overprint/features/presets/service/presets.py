"""Use cases of presets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from overprint.core.clock import Clock
from overprint.core.codec import decode
from overprint.core.ids import new_id
from overprint.core.presets import Category, PresetConfig
from overprint.core.principal import Principal
from overprint.core.problems import Conflict, Denied, Invalid, LimitReached, NotFound
from overprint.core.words import clean_text
from overprint.craft.presets import shipped_presets
from overprint.db.database import Database, Transaction
from overprint.features import audit
from overprint.features.accounts import require_confirmed
from overprint.features.presets import rules, store
from overprint.features.teams import Action, is_allowed, permit, permit_site

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Presets:
    """``default`` ones are offered to everybody. What a team adds is seen by the team, by its maker alone
    (``is_personal``), or by all teams (``is_public``)."""

    database: Database
    clock: Clock

    @staticmethod
    def as_shipped() -> list[Row]:
        """Those that come along, before anybody changed one."""
        return rules.defaults_of(shipped_presets(), ())

    async def list_seen(
        self,
        transaction: Transaction,
        principal: Principal,
        *,
        category: Category | None = None,
        before: UUID | None = None,
        limit: int = rules.PAGE_MAX,
    ) -> list[Row]:
        """Default ones in the order of their categories, then the others, the newest first."""
        limit = max(1, min(rules.PAGE_MAX, limit))
        defaults = [row for row in await self._defaults(transaction, principal) if category in (None, row["category"])]
        shown, behind, room = rules.page_of(defaults, before, limit)
        others = await store.list_seen(transaction, principal.person_id, category=category, before=behind, limit=room)
        return [*shown, *(_own(row) for row in others)]

    async def get(self, transaction: Transaction, principal: Principal, preset_id: UUID, *, holds: bool = False) -> Row:
        """Raises ``NotFound``. ``holds``: nobody else changes it before this transaction ends."""
        permit(principal, Action.SEE_WORK)
        for row in await self._defaults(transaction, principal):
            if row["id"] == preset_id:
                return row
        found = await store.find_seen(transaction, principal.person_id, preset_id)
        if found is not None and holds and found["team_id"] == transaction.team_id:
            found = await store.find_seen(transaction, principal.person_id, preset_id, holds=True)
        if found is None:
            raise NotFound("There is no such preset.", "GET /api/presets lists them.")
        return _own(found)

    async def asked(self, transaction: Transaction, principal: Principal, word: str) -> dict[str, Any]:
        """What the preset of this key, id or name says of a film. Raises ``Invalid`` where there is none."""
        found = await self.find_named(transaction, principal, word)
        return self.asked_among([found] if found else [], word)

    async def find_named(self, transaction: Transaction, principal: Principal, word: str) -> Row | None:
        """The preset of this key, id or name. Those of the team come first, then default ones; what other teams call
        their public ones counts last, so that nobody stands in for those."""
        permit(principal, Action.SEE_WORK)
        name = clean_text(word)  # names are kept so, and the database takes no other
        own = await store.list_named(transaction, principal.person_id, name, is_ours=True)
        others = await store.list_named(transaction, principal.person_id, name, is_ours=False)
        rows = [*map(_own, own), *await self._defaults(transaction, principal), *map(_own, others)]
        return rules.named(rows, word)

    async def find_used(self, transaction: Transaction, principal: Principal, brief: Mapping[str, Any]) -> Row | None:
        """The preset that a film was asked for with (its brief in JSON), whatever it is called by now. Films of before
        briefs knew which one it was say only its name."""
        word = brief.get("preset_id") or brief["preset"]
        return await self.find_named(transaction, principal, word) if word else None

    @staticmethod
    def asked_among(rows: Sequence[Row], word: str) -> dict[str, Any]:
        """As fields of a ``FilmBrief`` in JSON: what somebody asks for besides goes before it. Raises ``Invalid``."""
        found = rules.named(rows, word)
        if found is None:
            raise Invalid(
                f"There is no preset called {word[:40]!r}.", "`overprint presets list` shows them.", field="preset"
            )
        return Presets.says(found)

    @staticmethod
    def says(preset: Row) -> dict[str, Any]:
        """What this one says of a film, as fields of a ``FilmBrief`` in JSON."""
        return decode(PresetConfig, preset["config"]).asked(preset["name"], str(preset["id"]))

    async def make(
        self,
        transaction: Transaction,
        principal: Principal,
        told: Mapping[str, Any],
        *,
        is_default: bool = False,
        is_public: bool = False,
        is_personal: bool = False,
    ) -> Row:
        """A preset of the team, or a default one. Raises ``Invalid``, ``Denied`` and ``LimitReached``."""
        kept = rules.checked(told)
        if is_default:
            added = {**kept, "id": new_id(), "is_public": True, "is_personal": False, "person_id": None, "key": ""}
            return await self._keep_default(principal, {**added, "is_default": True}, 0, "preset.added")
        permit(principal, Action.MAKE_WORK)
        _check_audience(principal, is_public=is_public, is_personal=is_personal)
        if await store.hold_own(transaction) >= rules.OWN_MAX:
            raise LimitReached(f"A team keeps at most {rules.OWN_MAX} presets.", "Delete one that nobody uses.")
        now = self.clock.now()
        row = {
            **kept,
            "id": new_id(),
            "team_id": transaction.team_id,
            "person_id": principal.person_id,
            "is_public": is_public,
            "is_personal": is_personal,
            "version": 1,
            "created_at": now,
            "updated_at": now,
        }
        await store.insert_own(transaction, row)
        await self._record(transaction, principal, "preset.made", row)
        return _own(row)

    async def change(
        self, transaction: Transaction, principal: Principal, before: Row, changes: Mapping[str, Any]
    ) -> Row:
        """``before``: as :meth:`get` answered it, held. Raises ``Invalid``, ``Denied`` and ``Conflict``."""
        kept = rules.checked({name: changes.get(name, before[name]) for name in _TOLD})
        seen = {name: bool(changes.get(name, before[name])) for name in ("is_public", "is_personal")}
        if before["is_default"]:
            if seen["is_personal"]:
                raise Invalid("A default preset is nobody's own.", "Make a preset of your own.", field="is_personal")
            wanted = {**before, **kept, "is_public": seen["is_public"]}
            return await self._keep_default(principal, wanted, before["version"], "preset.changed")
        self._permit_own(transaction, principal, before)
        _check_audience(principal, **seen)
        changed = {**kept, **seen, "version": before["version"] + 1, "updated_at": self.clock.now()}
        await store.change_own(transaction, before["id"], changed)
        row = {**before, **changed}
        await self._record(transaction, principal, "preset.changed", row)
        return row

    async def delete(self, transaction: Transaction, principal: Principal, preset_id: UUID) -> None:
        """One that came along is again as it came; a public one of another team is the team's alone from then on, if
        a site admin says so. Films that were asked for with it keep what it said."""
        row = await self.get(transaction, principal, preset_id, holds=True)
        if row["is_default"]:
            await self._by_system(principal, row, "preset.reset" if row["key"] else "preset.deleted")
        elif row["team_id"] != transaction.team_id:
            await self._by_system(principal, row, "preset.taken_back")
        else:
            self._permit_own(transaction, principal, row)
            await store.delete_own(transaction, preset_id)
            await self._record(transaction, principal, "preset.deleted", row)

    @staticmethod
    async def withdraw(connection: asyncpg.Connection, team_id: UUID) -> None:
        """What other teams see of a team that is closed: nothing. Joins the transaction in which it is."""
        await store.withdraw(connection, team_id)

    async def _defaults(self, transaction: Transaction, principal: Principal) -> list[Row]:
        found = rules.defaults_of(shipped_presets(), await store.list_defaults(transaction))
        return [row for row in found if row["is_public"] or principal.is_site_admin]

    async def _keep_default(self, principal: Principal, row: Row, version: int, action: str) -> Row:
        self._permit_site(principal)
        now = self.clock.now()
        async with self.database.system.acquire() as connection, connection.transaction():
            await store.hold_defaults(connection)
            names = [(each.id, each.preset.name) for each in shipped_presets()] + await store.list_names(connection)
            if any(name == row["name"] and other != row["id"] for other, name in names):
                raise Conflict("A default preset has this name already.", "Choose another name.")
            if len({other for other, _ in names} | {row["id"]}) > rules.DEFAULTS_MAX:
                raise LimitReached(f"There are at most {rules.DEFAULTS_MAX} default presets.", "Delete one of them.")
            if not await store.keep_default(connection, row, version, now):
                raise Conflict("Somebody else changed this preset at this moment.", "Read it and change it again.")
            await audit.record_by_system(
                connection, audit.Actor.of(principal), action, "preset", row["id"], {"name": row["name"]}
            )
        return {**row, "created_at": row.get("created_at") or now, "updated_at": now, "version": version + 1}

    async def _by_system(self, principal: Principal, row: Row, action: str) -> None:
        self._permit_site(principal)
        async with self.database.system.acquire() as connection, connection.transaction():
            if row["is_default"]:
                await store.delete_default(connection, row["id"])
            else:
                await store.take_back(connection, row["id"], self.clock.now())
            await audit.record_by_system(
                connection, audit.Actor.of(principal), action, "preset", row["id"], {"name": row["name"]}
            )

    def _permit_site(self, principal: Principal) -> None:
        permit_site(principal)
        require_confirmed(principal, self.clock.now())

    def _permit_own(self, transaction: Transaction, principal: Principal, row: Row) -> None:
        permit(principal, Action.MAKE_WORK)
        if row["team_id"] != transaction.team_id:
            raise Denied("This preset is another team's.", "Save it as one of your own.")
        if row["person_id"] != principal.person_id and not is_allowed(principal, Action.CHANGE_TEAM):
            raise Denied("Somebody else made this preset.", "Save it as one of your own, or ask who made it.")

    async def _record(self, transaction: Transaction, principal: Principal, action: str, row: Row) -> None:
        detail = {"name": row["name"], "is_public": row["is_public"]}
        await audit.record(transaction, principal, action, "preset", row["id"], detail)


_TOLD = ("name", "description", "category", "config")


def _own(row: Row) -> Row:
    return {**row, "is_default": False, "key": ""}


def _check_audience(principal: Principal, *, is_public: bool, is_personal: bool) -> None:
    """Whoever shows something to other teams speaks for their own."""
    rules.check_seen_by(is_public=is_public, is_personal=is_personal)
    if is_public:
        permit(principal, Action.CHANGE_TEAM)
