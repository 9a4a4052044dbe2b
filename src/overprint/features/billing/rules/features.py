"""What a plan may have beside its numbers: one closed list, in the words that people are shown."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from overprint.core.problems import Invalid, NotInPlan

if TYPE_CHECKING:
    from overprint.features.billing.rules.plans import Plan


class Feature(StrEnum):
    """What only some plans have. The names stand in plans, so they never change their meaning."""

    PRINT = "print"
    AUDIO = "audio"
    EXPORT = "export"
    MEMBERS = "members"


WORDS: dict[Feature, str] = {
    Feature.PRINT: "print editions",
    Feature.AUDIO: "read-aloud e-books and audiobooks",
    Feature.EXPORT: "books to take along as one file",
    Feature.MEMBERS: "invitations for other people",
}


@dataclass(frozen=True, slots=True)
class Lacking:
    """A feature that a plan does not have, and the names of the plans that can be chosen and do."""

    feature: Feature
    words: str
    plans: tuple[str, ...]

    @property
    def told(self) -> str:
        """One sentence for where it would be offered."""
        where = f"come with {_and(self.plans)}" if self.plans else "come with no plan that can be chosen here"
        return f"{self.words[0].upper()}{self.words[1:]} {where}."


def check_features(names: Iterable[str]) -> tuple[str, ...]:
    """The names in the order of the list, each once. Raises ``Invalid`` for one that is not in it."""
    given = set(names)
    unknown = sorted(given - set(Feature))
    if unknown:
        raise Invalid(f"No feature is called {unknown[0][:40]!r}.", f"There are {_and(Feature)}.", field="features")
    return tuple(feature.value for feature in Feature if feature in given)


def told_of(plan: "Plan") -> tuple[str, ...]:
    """What a plan has, for people: its numbers, then its features."""
    works = "works without a limit" if plan.is_unlimited("daily_jobs") else f"{plan.daily_jobs:,} works a day"
    kept = "" if plan.is_unlimited("storage_bytes") else f"{plan.storage_bytes / 1e9:g} GB of files"
    numbers = (works, f"{plan.monthly_credits:,} credits a month", kept)
    has = (words for feature, words in WORDS.items() if feature in plan.features)
    trial = f"the first {plan.trial_days} days for nothing, once a team" if plan.trial_days else ""
    return (*(one for one in numbers if one), *has, *([trial] if trial else []))


def lacking(plan: "Plan", wanted: Collection[str], offered: Sequence["Plan"]) -> tuple[Lacking, ...]:
    """What is wanted and the plan does not have."""
    return tuple(
        Lacking(feature, words, tuple(other.name for other in offered if feature in other.features))
        for feature, words in WORDS.items()
        if feature in wanted and feature not in plan.features
    )


def next_step(lacks: Sequence[Lacking]) -> str:
    """Where what is lacking can be had: the plans that have all of it."""
    plans = [name for name in lacks[0].plans if all(name in one.plans for one in lacks)]
    if not plans:
        return "No plan that can be bought here has that. Ask who runs this site, or leave it out."
    return f"{_and(plans)} {'has' if len(plans) == 1 else 'have'} that: see the billing page. Or leave it out."


def refuse_lacking(plan: "Plan", lacks: Sequence[Lacking]) -> None:
    """Raises ``NotInPlan`` if anything is lacking."""
    if lacks:
        told = " and no ".join(one.words for one in lacks)
        raise NotInPlan(f"The plan {plan.name} has no {told}.", next_step(lacks))


def _and(names: Iterable[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else str(last)
