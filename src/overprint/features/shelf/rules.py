"""Pure decisions about what people pick from the shelf."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from uuid import UUID

from overprint.core.files import file_name
from overprint.core.problems import Invalid, LimitReached

PICKS_MAX = 200
BUNDLE_MAX_FILES = 500
BUNDLE_MAX_BYTES = 2_000_000_000


class Sort(StrEnum):
    """A work with all that it is made of, or a file that somebody brought or a work made."""

    WORK = "work"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Picked:
    """What somebody chose, in the order of ids: that is the order in which works are held."""

    works: tuple[UUID, ...] = ()
    files: tuple[UUID, ...] = ()

    def __len__(self) -> int:
        return len(self.works) + len(self.files)


def picked(works: Iterable[UUID], files: Iterable[UUID]) -> Picked:
    """Each once. Raises ``Invalid`` for nothing, ``LimitReached`` for too much."""
    chosen = Picked(tuple(sorted(set(works))), tuple(sorted(set(files))))
    if not len(chosen):
        raise Invalid("Nothing was chosen.", "Tick what you mean first.", field="pick")
    if len(chosen) > PICKS_MAX:
        raise LimitReached(f"At most {PICKS_MAX} things can be chosen at once.", "Choose fewer.")
    return chosen


def read_picks(values: Sequence[str]) -> Picked:
    """What a form's ticked boxes say: ``work:<id>`` or ``file:<id>``. Raises as ``picked`` does."""
    chosen: dict[Sort, list[UUID]] = {Sort.WORK: [], Sort.FILE: []}
    for value in values[: PICKS_MAX + 1]:
        sort, _, name = value.partition(":")
        try:
            chosen[Sort(sort)].append(UUID(name))
        except ValueError:
            raise Invalid("This choice cannot be read.", "Go back, and choose again.", field="pick") from None
    return picked(chosen[Sort.WORK], chosen[Sort.FILE])


@dataclass(frozen=True, slots=True)
class Packed:
    """A file of a bundle: its place in it, and where it is stored."""

    name: str
    storage_key: str
    size_bytes: int


def check_bundle(files: Sequence[Packed]) -> None:
    """Raises ``Invalid`` for a bundle of nothing, ``LimitReached`` for one that is too large."""
    if not files:
        raise Invalid("There is nothing to download in what you chose.", "Wait until it is made, or choose another.")
    if len(files) > BUNDLE_MAX_FILES or sum(file.size_bytes for file in files) > BUNDLE_MAX_BYTES:
        raise LimitReached(
            f"A download holds at most {BUNDLE_MAX_FILES} files and {BUNDLE_MAX_BYTES // 10**9} GB.",
            "Choose fewer things at once.",
        )


def named_apart(files: Iterable[Packed]) -> list[Packed]:
    """With no two of the same name, and all names safe; folders are kept."""
    taken: set[str] = set()
    named = []
    for file in files:
        folder, _, name = file.name.rpartition("/")
        stem, dot, extension = name.rpartition(".")
        kept, ending = (file_name(stem), f".{file_name(extension)}") if dot else (file_name(name), "")
        first = f"{file_name(folder)}/{kept}" if folder else kept
        numbered = (f"{first} ({again}){ending}" for again in count(2))
        place = f"{first}{ending}"
        while place.casefold() in taken:  # many file systems know no capitals
            place = next(numbered)
        taken.add(place.casefold())
        named.append(Packed(place, file.storage_key, file.size_bytes))
    return named
