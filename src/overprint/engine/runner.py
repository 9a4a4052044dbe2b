"""Running one step: claim it, run its body, and record how it ended in one transaction."""

import asyncio
import contextlib
import json
import random
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

import asyncpg
import structlog

from overprint.core.codec import Json, decode, encode
from overprint.core.files import files_in
from overprint.core.problems import Invalid, LimitReached, Problem
from overprint.db.database import DRIVER_ERRORS, Database, DatabaseAway, Transaction, patiently
from overprint.engine import claims, endings, graph, limits, queue, store
from overprint.engine.changes import Changes
from overprint.engine.changes import record as write_changes
from overprint.engine.context import Ports, StepContext
from overprint.engine.job import STEP_ENDED, Origin, StepState
from overprint.engine.participants import StepDone
from overprint.engine.pipeline import OUTPUT_MAX_BYTES, InDoubt, StepKind, bounded
from overprint.observe import ids, traces
from overprint.ports import errors as port_errors
from overprint.ports.compute import ComputeFailed, ComputeLimit

BACKOFF_BASE_SECONDS = 5.0
BACKOFF_MAX_SECONDS = 300.0
TEAM_BUSY_DELAY_SECONDS = 1.0
LEAVE_SECONDS = 5.0
CANCELLED = endings.Ending(StepState.CANCELLED)
T = TypeVar("T")

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Failure:
    """How a step failed, and whether it is tried again: after ``retry_seconds``, counted as a try or not."""

    kind: str
    message: str
    retry_seconds: float | None = None
    counts: bool = True


# Problems that the work itself found in a child process, by the name of their class.
_FINAL = {kind.__name__: kind.code for kind in (Invalid, LimitReached)}


class TookTooLong(Exception):
    """A body ran longer than its kind may."""


@dataclass(slots=True)
class Runner:
    """Runs the steps that the queue delivers to this worker."""

    database: Database
    rules: graph.Rules
    ports: Ports
    worker: str
    poke: Callable[[], None]
    team_limit: int = 16
    provider_limits: Mapping[str, limits.ProviderLimits] = field(default_factory=dict)
    retry_base_seconds: float = BACKOFF_BASE_SECONDS
    observe: Callable[[str, str, float], None] = lambda kind, outcome, seconds: None
    _running: dict[tuple[UUID, str], asyncio.Task[None]] = field(default_factory=dict)
    _interrupted: set[tuple[UUID, str]] = field(default_factory=set)
    _delivered: set[tuple[UUID, str]] = field(default_factory=set)

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
            claimed = await patiently(lambda: self._claim(delivery))
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

    async def _claim(self, delivery: queue.Delivery) -> claims.Claim | claims.Refusal:
        return await claims.claim(
            self.database.system,
            delivery.job_id,
            delivery.key,
            worker=self.worker,
            team_limit=self.team_limit,
            delivery=delivery,
        )

    async def _leave(self, delivery: queue.Delivery) -> None:
        """Give the entry, if it is still ours, to whoever comes next."""
        with contextlib.suppress(*DRIVER_ERRORS, asyncpg.PostgresError, TimeoutError):
            await queue.postpone(self.database.system, delivery, LEAVE_SECONDS)

    async def _decline(self, delivery: queue.Delivery, refusal: claims.Refusal) -> None:
        if refusal is claims.Refusal.GONE:
            await queue.remove(self.database.system, delivery)
        elif refusal is claims.Refusal.TEAM_BUSY:
            await queue.postpone(self.database.system, delivery, TEAM_BUSY_DELAY_SECONDS * random.uniform(0.5, 1.5))
        else:
            await self._cancel_abandoned(delivery)

    async def _cancel_abandoned(self, delivery: queue.Delivery) -> None:
        """A cancelled job's step whose worker died before it could stop."""
        row = await self.database.system.fetchrow(
            "SELECT team_id, attempt FROM steps WHERE job_id = $1 AND key = $2", delivery.job_id, delivery.key
        )
        if row is None:
            await queue.remove(self.database.system, delivery)
        else:
            await self._settle(delivery, row["team_id"], row["attempt"], CANCELLED, None)

    async def _run_claimed(self, delivery: queue.Delivery, claimed: claims.Claim) -> None:
        self.poke()
        place = (claimed.job.id, claimed.key)
        began = time.monotonic()
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
            await self._settle(
                delivery, claimed.job.team_id, claimed.attempt, endings.Ending(StepState.CANCELLED), None
            )
            self.observe(claimed.kind, "cancelled", time.monotonic() - began)
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
                if claimed.attempt > claims.ATTEMPTS_MAX:
                    await self._refuse_poison(claimed)
                output = await _body(kind, context)
                await self._complete(delivery, claimed, kind, context, output)
            except (claims.LostLease, DatabaseAway):
                raise
            except Exception as error:
                failure = diagnose(error, claimed.tries, self.retry_base_seconds)
                await self._fail(delivery, claimed, context, failure, error)
                self.observe(claimed.kind, failure.kind, time.monotonic() - began)
            else:
                self.observe(claimed.kind, "completed", time.monotonic() - began)

    async def _refuse_poison(self, claimed: claims.Claim) -> None:
        handed_back = await patiently(
            lambda: endings.times_handed_back(self.database.system, claimed.job.id, claimed.key)
        )
        if claimed.attempt - handed_back > claims.ATTEMPTS_MAX:
            raise Invalid(f"It was begun {claims.ATTEMPTS_MAX} times, and every time its worker died.")

    async def _complete(
        self, delivery: queue.Delivery, claimed: claims.Claim, kind: StepKind, context: StepContext, output: str
    ) -> None:
        ending = _ending(StepState.COMPLETED, context, output=output)
        await self._settle(delivery, claimed.job.team_id, claimed.attempt, ending, kind)

    async def _fail(
        self,
        delivery: queue.Delivery,
        claimed: claims.Claim,
        context: StepContext,
        failure: Failure,
        error: Exception,
    ) -> None:
        await context.log(f"{failure.kind}: {failure.message}", "error")
        kind = self.rules.registry.kinds.get(claimed.kind)
        if isinstance(error, port_errors.Misconfigured):
            await _pause_provider(self.database.system, error)
        tries_left = kind is not None and (not failure.counts or claimed.tries + 1 < kind.tries_max)
        if failure.retry_seconds is not None and tries_left:
            await self._hand_back(delivery, claimed, failure)
            return
        if failure.kind == "bug":
            _log.error("a step raised an unexpected error", exc_info=error)
        ending = _ending(StepState.FAILED, context, error_kind=failure.kind, error=failure.message)
        await self._settle(delivery, claimed.job.team_id, claimed.attempt, ending, None)

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
                delay_seconds=delay,
                error_kind=failure.kind,
                error=failure.message,
            )
            if row is None:
                raise claims.LostLease(claimed.key)
            await queue.postpone(driver, delivery, delay)
            data = {"key": claimed.key, "error": failure.message, "retry_seconds": delay}
            await write_changes(driver, claimed.job.id, Changes(events=[("step.retrying", data)]), stride=0)
            return True

        if not await self._in_transaction(claimed.job.team_id, record):
            await self._settle(
                delivery, claimed.job.team_id, claimed.attempt, endings.Ending(StepState.CANCELLED), None
            )

    async def _settle(
        self, delivery: queue.Delivery, team_id: UUID, attempt: int, ending: endings.Ending, kind: StepKind | None
    ) -> None:
        """End the step, tell the participants, go on along the graph: one transaction."""

        async def record(transaction: Transaction) -> None:
            finished = await endings.finish_step(transaction.driver, delivery, attempt, ending)
            if finished is None or not finished[1]["was_finished"]:
                # The job is gone, or this very transaction was committed before and its answer got lost.
                if finished is not None and finished[1]["old_state"] not in STEP_ENDED:
                    raise claims.LostLease(delivery.key)
                await queue.remove(transaction.driver, delivery)
                return
            job, row = finished
            changes = Changes(ended=1)
            near = await self._tell(transaction, job, delivery.key, row, ending, kind, changes)
            await graph.advance(transaction, self.rules, job, near, changes)

        await self._in_transaction(team_id, record)

    async def _tell(
        self,
        transaction: Transaction,
        job: store.LockedJob,
        key: str,
        row: store.Row,
        ending: endings.Ending,
        kind: StepKind | None,
        changes: Changes,
    ) -> list[str]:
        if ending.output is None or kind is None:
            data = {"key": key, "title": row["title"], "error": ending.error}
            changes.events.append((f"step.{ending.state}", data))
            return [key]
        output: Json = json.loads(ending.output)
        done = StepDone(
            job.info,
            key,
            kind.name,
            row["resolved"],
            output,
            tuple(files_in(decode(kind.output, output))),
            Origin.RUN,
            row["recipe"],
            row["seed"],
            row["price_credits"],
        )
        return await graph.deliver(transaction, self.rules, done, ending.state, changes)

    async def _in_transaction(self, team_id: UUID, record: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run ``record`` until the database took it: recording is idempotent, so a lost answer is no harm."""

        async def once() -> T:
            async with self.database.transaction(team_id) as transaction:
                transaction.after_commit(self.poke)
                return await record(transaction)

        return await patiently(once)


@contextlib.contextmanager
def _known_as(claimed: claims.Claim) -> Iterator[None]:
    """Logs and spans inside carry the ids of the step that runs."""
    job = claimed.job
    with (
        ids.bound(job_id=job.id, step_id=claimed.key, team_id=job.team_id),
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


def diagnose(error: Exception, tries: int, base_seconds: float) -> Failure:
    """What an exception of a step body means for the step."""
    backoff = min(BACKOFF_MAX_SECONDS, base_seconds * 2**tries) * random.uniform(0.8, 1.2)
    match error:
        case port_errors.Busy():
            return Failure("busy", error.message, error.retry_after_seconds, counts=False)
        case port_errors.Unavailable():
            return Failure("unavailable", error.message, backoff)
        case port_errors.Misconfigured():
            return Failure("misconfigured", f"{error.provider} is not set up: {error.message}")
        case port_errors.Refused():
            return Failure("refused", error.message)
        case Problem():
            return Failure(error.code, str(error))
        case ComputeFailed(kind=kind) if kind in _FINAL:
            return Failure(_FINAL[kind], error.message)
        case ComputeLimit():
            return Failure(LimitReached.code, str(error))
        case TookTooLong():
            return Failure("timeout", "It took too long and was stopped.", backoff)
        case _:
            return Failure("bug", f"Something went wrong inside Overprint ({type(error).__name__}).", backoff)


_PAUSE = "INSERT INTO provider_pauses (provider, reason) VALUES ($1, $2) ON CONFLICT (provider) DO NOTHING"


async def _pause_provider(pool: asyncpg.Pool, error: port_errors.Misconfigured) -> None:
    await patiently(lambda: pool.execute(_PAUSE, error.provider, error.message[:500]))
