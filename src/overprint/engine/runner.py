"""Running one step: claim it, run its body, and record how it ended in one transaction."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

import structlog

from overprint.core.codec import decode, encode
from overprint.core.problems import Invalid
from overprint.db.database import Database, DatabaseAway, Transaction, passing_over, patiently
from overprint.engine import claims, endings, graph, job_pauses, limits, queue, store
from overprint.engine.calling_off import call_off
from overprint.engine.changes import Changes
from overprint.engine.changes import record as write_changes
from overprint.engine.context import Ports, StepContext
from overprint.engine.diagnosis import BACKOFF_BASE_SECONDS, Failure, TookTooLong, diagnose
from overprint.engine.fleet import Pace
from overprint.engine.group_commit import GroupCommit
from overprint.engine.job import StepState
from overprint.engine.pipeline import StepKind
from overprint.engine.spec import OUTPUT_MAX_BYTES, InDoubt, bounded
from overprint.observe import ids, traces

LEAVE_SECONDS = 5.0
CANCELLED = endings.Ending(StepState.CANCELLED)
T = TypeVar("T")

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Runner:
    """Runs the steps that the queue delivers to this worker.

    ``waits_while_paused``: a step whose provider is paused waits for the operator; else it fails at once, for whoever
    sits in front of it.
    """

    database: Database
    rules: graph.Rules
    ports: Ports
    worker: str
    poke: Callable[[], None]
    team_limit: int = 16
    provider_limits: Mapping[str, limits.ProviderLimits] = field(default_factory=dict)
    retry_base_seconds: float = BACKOFF_BASE_SECONDS
    waits_while_paused: bool = True
    pace: Pace = field(default_factory=Pace)
    _running: dict[tuple[UUID, str], asyncio.Task[None]] = field(default_factory=dict)
    _interrupted: set[tuple[UUID, str]] = field(default_factory=set)
    _delivered: set[tuple[UUID, str]] = field(default_factory=set)
    _desk: claims.Desk = field(init=False)
    _commits: GroupCommit = field(init=False)

    def __post_init__(self) -> None:
        self._desk = claims.Desk(self.database, self.worker, self.team_limit)
        self._commits = GroupCommit(self.database, self.rules, self.poke)

    def running_jobs(self) -> set[UUID]:
        return {job_id for job_id, _ in self._running}

    def interrupt(self, job_id: UUID) -> None:
        """Stop this job's running steps at their next await; their children are killed with them."""
        for place, task in self._running.items():
            if place[0] == job_id and place not in self._interrupted:
                self._interrupted.add(place)
                task.cancel()

    def hand_back_all(self) -> None:
        """Stop every running step and leave it to other workers; it does not count as a try."""
        for task in self._running.values():
            task.cancel()

    async def run(self, delivery: queue.Delivery) -> None:
        """Run a delivered step to its end, whichever that is. Raises only when this worker is shut down."""
        place = (delivery.job_id, delivery.key)
        if place in self._delivered:
            return  # delivered again because its heartbeat was late: the one that has it keeps it
        self._delivered.add(place)
        try:
            claimed = await patiently(lambda: self._desk.claim(delivery))
            if isinstance(claimed, claims.Refusal):
                await self._decline(delivery, claimed)
            else:
                await self._run_claimed(delivery, claimed)
        except (claims.LostLease, DatabaseAway) as error:
            _log.warning("lost the lease", job_id=str(delivery.job_id), step=delivery.key, error=str(error))
            await self._leave(delivery)
        except Exception:
            _log.exception("a step could not be recorded", job_id=str(delivery.job_id), step=delivery.key)
            await self._leave(delivery)
        finally:
            self._delivered.discard(place)

    async def _leave(self, delivery: queue.Delivery) -> None:
        """Give the entry, if it is still ours, to whoever comes next."""
        with passing_over("giving a step's entry back"):
            await queue.postpone(self.database.system, delivery, LEAVE_SECONDS)

    async def _decline(self, delivery: queue.Delivery, refusal: claims.Refusal) -> None:
        if refusal is claims.Refusal.GONE:
            await queue.remove(self.database.system, delivery)
        elif refusal is claims.Refusal.CANCELLED:
            await self._cancel_abandoned(delivery)

    async def _cancel_abandoned(self, delivery: queue.Delivery) -> None:
        """A cancelled job's step whose worker died before it could stop. Fenced by the attempt that it left behind."""
        held = await endings.attempt_of(self.database.system, delivery)
        if held is None:
            await queue.remove(self.database.system, delivery)
        else:
            await self._commits.record(endings.Ended(delivery, *held, CANCELLED))
            await self._call_off(delivery)

    async def _run_claimed(self, delivery: queue.Delivery, claimed: claims.Claim) -> None:
        self.poke()
        place = (claimed.job.id, claimed.key)
        task = asyncio.ensure_future(self._attempt(delivery, claimed))
        self._running[place] = task
        try:
            await task
        except asyncio.CancelledError:
            if place not in self._interrupted:
                await self._hand_back(delivery, claimed, Failure("shutdown", "The worker stopped.", 0.0, counts=False))
                if _is_cancelled_itself():
                    raise
                return
            await self._commits.record(_ended(delivery, claimed, CANCELLED))
            await self._call_off(delivery)
        finally:
            self._running.pop(place, None)
            self._interrupted.discard(place)

    async def _attempt(self, delivery: queue.Delivery, claimed: claims.Claim) -> None:
        began = time.monotonic()
        with _known_as(claimed):
            context = StepContext(
                claimed, self.ports, self.database.system, _doubt(self.rules, claimed.kind), self.provider_limits
            )
            try:
                kind = self.rules.registry.get_kind(claimed.kind)
                self.rules.registry.get_pipeline(claimed.job.kind)  # or nobody here could go on from what it makes
                if claimed.attempt > claims.ATTEMPTS_MAX:
                    await self._refuse_poison(claimed)
                output = await _body(kind, context)
                ending = _ending(StepState.COMPLETED, context, output=output)
                await self._commits.record(_ended(delivery, claimed, ending))
            except (claims.LostLease, DatabaseAway):
                raise
            except Exception as error:
                await self._fail(delivery, claimed, context, error)
            else:
                self.pace.add(kind.queue, time.monotonic() - began)

    async def _refuse_poison(self, claimed: claims.Claim) -> None:
        handed_back = await patiently(
            lambda: endings.times_handed_back(self.database.system, claimed.job.id, claimed.key)
        )
        if claimed.attempt - handed_back > claims.ATTEMPTS_MAX:
            raise Invalid(f"It was begun {claims.ATTEMPTS_MAX} times, and every time its worker died.")

    async def _fail(
        self, delivery: queue.Delivery, claimed: claims.Claim, context: StepContext, error: Exception
    ) -> None:
        kind = self.rules.registry.kinds.get(claimed.kind)
        failure = diagnose(error, claimed, kind, self.retry_base_seconds, self.waits_while_paused)
        await context.log(f"{failure.kind}: {failure.message}", "error")
        tries_left = not failure.counts or (kind is not None and claimed.tries + 1 < kind.tries_max)
        if failure.retry_seconds is not None and tries_left:
            await self._hand_back(delivery, claimed, failure)
            return
        if failure.kind == "bug":
            _log.error("a step raised an unexpected error", exc_info=error)
        ending = _ending(StepState.FAILED, context, error_kind=failure.kind, error=failure.message)
        await self._commits.record(_ended(delivery, claimed, ending))
        await self._call_off(delivery)

    async def _call_off(self, delivery: queue.Delivery) -> None:
        """What providers still do for a step that has ended without it."""
        await call_off(self.database.system, self.ports, delivery.job_id, delivery.key)

    async def _hand_back(self, delivery: queue.Delivery, claimed: claims.Claim, failure: Failure) -> None:
        async def record(transaction: Transaction) -> bool:
            driver = transaction.driver
            job = await store.lock_job(driver, claimed.job.id)
            if job is None or job.cancel_requested:
                return False
            delay = failure.retry_seconds or 0.0
            row = await endings.hand_back_step(
                driver,
                claimed.job.id,
                claimed.key,
                claimed.attempt,
                counts=failure.counts,
                waits=failure.waits,
                is_foreign=failure.is_foreign,
                delay_seconds=delay,
                error_kind=failure.kind,
                error=failure.message,
            )
            if row is None:
                raise claims.LostLease(claimed.key)
            if job.is_paused:
                await queue.remove(driver, delivery)
                await job_pauses.put_aside(driver, claimed.job.id)
            else:
                await queue.postpone(driver, delivery, delay)
            data = {"key": claimed.key, "error": failure.message, "retry_seconds": delay}
            await write_changes(driver, [Changes(claimed.job, events=[("step.retrying", data)])])
            return True

        if not await self._commits.in_transaction(claimed.job, record):
            await self._commits.record(_ended(delivery, claimed, CANCELLED))
            await self._call_off(delivery)


@contextlib.contextmanager
def _known_as(claimed: claims.Claim) -> Iterator[None]:
    """Logs and spans inside carry the ids of the step that runs, and belong to the request that asked for its job."""
    job = claimed.job
    with (
        ids.bound(request_id=claimed.request_id, job_id=job.id, step_id=claimed.key, team_id=job.team_id),
        traces.continued({"traceparent": claimed.traceparent or ""}),
        traces.span("step", kind=claimed.kind, attempt=claimed.attempt),
    ):
        yield


def _is_cancelled_itself() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def _body(kind: StepKind, context: StepContext) -> str:
    step_input = decode(kind.input, context.claim.input)
    try:
        async with asyncio.timeout(kind.timeout_seconds):
            output = await kind.body(context, step_input)
    except TimeoutError as error:
        raise TookTooLong from error
    return bounded(encode(output), OUTPUT_MAX_BYTES, f"The output of step {context.claim.key}")


def _doubt(rules: graph.Rules, kind: str) -> InDoubt:
    known = rules.registry.kinds.get(kind)
    return known.in_doubt if known else InDoubt.RETRY


def _ended(delivery: queue.Delivery, claimed: claims.Claim, ending: endings.Ending) -> endings.Ended:
    claim = claimed if ending.state is StepState.COMPLETED else None
    return endings.Ended(delivery, claimed.job, claimed.attempt, ending, claim)


def _ending(
    state: StepState,
    context: StepContext,
    *,
    output: str | None = None,
    error_kind: str | None = None,
    error: str | None = None,
) -> endings.Ending:
    meter = context.meter
    return endings.Ending(
        state,
        output=output,
        error_kind=error_kind,
        error=error,
        provider=meter.provider,
        input_tokens=meter.input_tokens,
        output_tokens=meter.output_tokens,
    )
