"""What a plan may have beside its numbers: one closed list, in the words that people are shown."""

from collections.abc import Iterable
from enum import StrEnum

from overprint.core.problems import Invalid
from overprint.http.wording import N_


class Feature(StrEnum):
    """What only some plans have. The names stand in plans, so they never change their meaning."""

    PRINT = "print"
    AUDIO = "audio"
    EXPORT = "export"
    MEMBERS = "members"


WORDS: dict[Feature, str] = {
    Feature.PRINT: "print editions",
    Feature.AUDIO: "read-aloud e-books and audiobooks",
    Feature.EXPORT: "books and films to take along as one file",
    Feature.MEMBERS: "invitations for other people",
}

# The same where plans are offered.
OFFERED: dict[Feature, str] = {
    Feature.EXPORT: N_("Take books and films along whole, as one file"),
    Feature.MEMBERS: N_("Invite other people into your team"),
    Feature.PRINT: N_("Print editions, checked for your printer"),
    Feature.AUDIO: N_("Read-aloud e-books and audiobooks"),
}


def check_features(names: Iterable[str]) -> tuple[str, ...]:
    """The names in the order of the list, each once. Raises ``Invalid`` for one that is not in it."""
    given = set(names)
    unknown = sorted(given - set(Feature))
    if unknown:
        raise Invalid(f"No feature is called {unknown[0][:40]!r}.", f"There are {and_so(Feature)}.", field="features")
    return tuple(feature.value for feature in Feature if feature in given)


def and_so(names: Iterable[str]) -> str:
    """Names as they are told one after the other: a, b and c."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else str(last)
