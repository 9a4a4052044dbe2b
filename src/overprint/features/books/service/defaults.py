"""What new books begin with where nobody says otherwise: what the team chose, and before that what its members chose
for themselves. Both are read together, and so have one version."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from uuid import UUID

from overprint.core.codec import Json, bounds, decode, encode
from overprint.core.principal import Principal
from overprint.core.problems import Invalid
from overprint.core.story import Age, Genre, Style, Tone, Trim
from overprint.core.words import clean_text
from overprint.craft.press import printers
from overprint.db.database import Transaction
from overprint.features import audit
from overprint.features.books import store
from overprint.features.teams import Action, permit

AUTHOR_MAX_CHARACTERS = 120


@dataclass(frozen=True, slots=True)
class BookDefaults:
    """None: not chosen. ``printer`` is whose terms a print edition follows unless another is named."""

    author: str | None = field(default=None, metadata=bounds(max_length=AUTHOR_MAX_CHARACTERS))
    age: Age | None = None
    genre: Genre | None = None
    tone: Tone | None = None
    style: Style | None = None
    trim: Trim | None = None
    printer: str | None = field(default=None, metadata=bounds(max_length=40))
    is_aloud: bool | None = None

    def chosen(self) -> dict[str, Json]:
        """Without what was not."""
        return {name: value for name, value in encode(self).items() if value is not None}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody chose for themselves in a team, and what the team chose. ``version`` is of both."""

    own: BookDefaults
    team: BookDefaults
    version: str

    @property
    def in_force(self) -> BookDefaults:
        return decode(BookDefaults, self.team.chosen() | self.own.chosen())


async def read(transaction: Transaction, person_id: UUID) -> Chosen:
    found = await store.find_defaults(transaction, person_id)
    own, team = found.get(person_id, ({}, 0)), found.get(None, ({}, 0))
    return Chosen(decode(BookDefaults, own[0]), decode(BookDefaults, team[0]), f"{own[1]}.{team[1]}")


async def change(
    transaction: Transaction,
    principal: Principal,
    check_version: Callable[[str], None],
    *,
    own: Mapping[str, Json] | None = None,
    team: Mapping[str, Json] | None = None,
) -> Chosen:
    """Change what is named; null takes a choice back. ``check_version`` may raise for the version that is held.

    Raises ``Denied``: the team's are changed by who may change the team, one's own by who may make books.
    """
    permit(principal, Action.MAKE_WORK)
    if team is not None:
        permit(principal, Action.CHANGE_TEAM)
    await store.hold_defaults(transaction)
    before = await read(transaction, principal.person_id)
    check_version(before.version)
    if own is not None:
        await _put(transaction, principal.person_id, before.own, own)
    if team is not None and await _put(transaction, None, before.team, team):
        detail = {"fields": sorted(team)}
        await audit.record(transaction, principal, "settings.changed", "team", transaction.team_id, detail)
    return await read(transaction, principal.person_id)


async def _put(
    transaction: Transaction, person_id: UUID | None, before: BookDefaults, changes: Mapping[str, Json]
) -> bool:
    """Whether anything is another now."""
    after = _checked(decode(BookDefaults, {**encode(before), **changes}, at=""))
    if after == before:
        return False
    await store.keep_defaults(transaction, person_id, after.chosen())
    return True


def _checked(defaults: BookDefaults) -> BookDefaults:
    if defaults.printer is not None and defaults.printer not in printers():
        raise Invalid("There is no such printer.", "GET /api/printers lists them.", field="printer")
    author = None if defaults.author is None else clean_text(defaults.author)
    return replace(defaults, author=author or None)


NAMES = tuple(one.name for one in fields(BookDefaults))
# What a brief takes from them; the rest goes beside it.
IN_BRIEF = ("author", "age", "genre", "tone", "style", "trim")
