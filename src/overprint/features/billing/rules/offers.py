"""What a plan lacks of what somebody wants, and which plans have that."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from overprint.core.problems import NotInPlan
from overprint.features.billing.rules.features import WORDS, Feature, and_so
from overprint.features.billing.rules.plans import Plan


@dataclass(frozen=True, slots=True)
class Lacking:
    """A feature that a plan does not have, and the names of the plans that can be chosen and do."""

    feature: Feature
    words: str
    plans: tuple[str, ...]

    @property
    def told(self) -> str:
        """One sentence for where it would be offered."""
        what = f"{self.words[0].upper()}{self.words[1:]}"
        if not self.plans:
            return f"{what} come with no plan that can be chosen here."
        return f"{what} come with {and_so(self.plans)}."


def lacking(plan: Plan, wanted: Collection[str], offered: Sequence[Plan]) -> tuple[Lacking, ...]:
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
    if len(plans) == 1:
        return f"{plans[0]} has that: see the billing page. Or leave it out."
    return f"{and_so(plans)} have that: see the billing page. Or leave it out."


def refuse_lacking(plan: Plan, lacks: Sequence[Lacking]) -> None:
    """Raises ``NotInPlan`` if anything is lacking."""
    if lacks:
        told = " and no ".join(one.words for one in lacks)
        raise NotInPlan(f"The plan {plan.name} has no {told}.", next_step(lacks))
