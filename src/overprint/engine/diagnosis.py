"""What an exception of a step's body means for the step: tried again, when, and whether that counts."""

import random
from dataclasses import dataclass

from overprint.core.problems import Invalid, LimitReached, Problem
from overprint.engine.claims import Claim
from overprint.engine.pauses import WAITING, Paused
from overprint.engine.pipeline import StepKind, UnknownKind
from overprint.ports import errors as port_errors
from overprint.ports.compute import DISK_FULL, ComputeFailed, ComputeLimit

BACKOFF_BASE_SECONDS = 5.0
BACKOFF_MAX_SECONDS = 300.0
# Who has been made to wait so often comes back a second later each time, up to the most, whatever the provider says.
UNHURRIED_WAITS = 10
WAIT_MAX_SECONDS = 300.0
# Whoever lifts a pause hastens the steps that wait for it; this is for those that were just then being handed back.
PAUSED_SECONDS = 30.0
# While a house is brought to another version, workers of both take steps.
OTHER_VERSION_FIRST_SECONDS, OTHER_VERSION_LAST_SECONDS, OTHER_VERSION_MAX_SECONDS = 1.0, 60.0, 3600.0

# Problems that the work itself found in a child process, by the name of their class.
_FINAL = {kind.__name__: kind.code for kind in (Invalid, LimitReached)}


@dataclass(frozen=True, slots=True)
class Failure:
    """How a step failed, and whether it is tried again: after ``retry_seconds``, counted as a try or not.

    ``waits``: a provider makes it wait; that is no try, but not for ever either. ``is_foreign``: nor is what is left to
    workers of another version.
    """

    kind: str
    message: str
    retry_seconds: float | None = None
    counts: bool = True
    waits: bool = False
    is_foreign: bool = False


class TookTooLong(Exception):
    """A body ran longer than its kind may."""


def diagnose(
    error: Exception, claim: Claim, kind: StepKind | None, base_seconds: float, waits_while_paused: bool = True
) -> Failure:
    """``kind`` is None if this version does not know the step's."""
    backoff = min(BACKOFF_MAX_SECONDS, base_seconds * 2**claim.tries) * random.uniform(0.8, 1.2)
    match error:
        case port_errors.Busy() if kind is not None:
            return _wait(error, claim, kind)
        case Paused() if kind is not None and waits_while_paused:
            return _wait_for_operator(error, claim, kind)
        case UnknownKind() if waits_while_paused:
            return _wait_for_other_version(error, claim)
        case port_errors.Unavailable():
            return Failure("unavailable", error.message, backoff)
        case port_errors.Misconfigured():
            return Failure("misconfigured", f"{error.provider} is not set up: {error.message}")
        case port_errors.Refused():
            return Failure("refused", error.message)
        case Problem():
            return Failure(error.code, str(error))
        case ComputeFailed(kind=name) if name in _FINAL:
            return Failure(_FINAL[name], error.message)
        case ComputeFailed() if error.kind == DISK_FULL:
            return Failure("unavailable", port_errors.DISK_FULL, backoff)
        case ComputeLimit():
            return Failure(LimitReached.code, str(error))
        case TookTooLong():
            return Failure("timeout", "It took too long and was stopped.", backoff)
        case _:
            return Failure("bug", f"Something went wrong inside Overprint ({type(error).__name__}).", backoff)


def _wait(error: port_errors.Busy, claim: Claim, kind: StepKind) -> Failure:
    """The longer a provider has no room, the less often it is asked, and at last no more."""
    delay_seconds = _may_wait(error.retry_after_seconds, claim, kind)
    if delay_seconds is not None:
        return Failure("busy", error.message, delay_seconds, counts=False, waits=True)
    advice = "Run it again when the provider has room, or raise its limits there."
    if claim.waits == 0:
        return Failure("busy", f"{error.message} It asks us to wait longer than a step may. {advice}")
    waited = f"It had no room {claim.waits + 1} times in {claim.waited_seconds / 3600:.1f} hours"
    return Failure("busy", f"{error.message} {waited}, so this was given up. {advice}")


def _wait_for_operator(error: Paused, claim: Claim, kind: StepKind) -> Failure:
    """Its call was refused or not made, so waiting costs nothing; but nobody may ever mend the settings."""
    delay_seconds = _may_wait(PAUSED_SECONDS, claim, kind)
    if delay_seconds is not None:
        return Failure(WAITING, f"{error.provider} is paused: {error.message}", delay_seconds, counts=False, waits=True)
    waited = f"Nobody mended that in {claim.waited_seconds / 3600:.1f} hours, so this was given up."
    return Failure("misconfigured", f"{error.provider} is not set up: {error.message} {waited}")


def _wait_for_other_version(error: UnknownKind, claim: Claim) -> Failure:
    """Each time as long as all the times before together, up to the most."""
    delay_seconds = min(OTHER_VERSION_LAST_SECONDS, max(OTHER_VERSION_FIRST_SECONDS, claim.foreign_seconds))
    is_over = claim.foreign_seconds + delay_seconds > OTHER_VERSION_MAX_SECONDS
    return Failure(error.code, str(error), None if is_over else delay_seconds, counts=False, is_foreign=True)


def _may_wait(asked_seconds: float, claim: Claim, kind: StepKind) -> float | None:
    """For how long until it is tried again; None if it has waited as often or as long as its kind may."""
    least_seconds = min(WAIT_MAX_SECONDS, float(max(0, claim.waits - UNHURRIED_WAITS)))
    delay_seconds = max(asked_seconds, least_seconds)
    is_over = claim.waits >= kind.waits_max or claim.waited_seconds + delay_seconds > kind.waiting_max_seconds
    return None if is_over else delay_seconds
