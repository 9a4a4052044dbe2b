"""Moving jobs along their graphs, inside a transaction that holds the jobs' rows.

``advance`` looks at the steps that wait for nothing any more. Each one is answered by a person's edit, or by an output
that the same recipe made before, or gets ready to run. What is answered at once may free further steps, so it goes on
until nothing moves; then, if all steps have ended, the job ends.
"""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from overprint.core.codec import Json, decode
from overprint.core.files import files_in
from overprint.core.problems import Invalid, Problem
from overprint.db.database import Transaction
from overprint.engine import endings, queue, store
from overprint.engine.changes import Changes, Event, Ready, record
from overprint.engine.job import JOB_ENDED, STEP_DELIVERED, JobState, Origin, StepState, outcome
from overprint.engine.participants import JobInfo, Participants, StepDone
from overprint.engine.pipeline import Registry, StepKind, UnknownKind
from overprint.engine.recipe import essence, recipe, resolve
from overprint.engine.spec import INPUT_MAX_BYTES, StepSpec, bounded, checked
from overprint.ports.provider import Provider

TAG_STRIDE = 60
TOGETHER_MAX = 100  # steps a statement: it compares each of its steps with each, and holds all their outputs


def free_of_charge(job: JobInfo, step: StepSpec) -> int:
    return 0


@dataclass(frozen=True, slots=True)
class Rules:
    """What the engine was wired with: what it can run, who takes part, and who the providers are (by port).

    ``price`` answers what a step costs in a job, in credits: purely, by the job's terms.
    """

    registry: Registry
    participants: Participants
    providers: Mapping[str, Provider] = field(default_factory=dict)
    price: Callable[[JobInfo, StepSpec], int] = free_of_charge

    def providers_of(self, kind: StepKind) -> dict[str, Provider]:
        return {port: self.providers[port] for port in kind.ports}


@dataclass(slots=True)
class Course:
    """A job that this transaction moves along: the steps that it may go on from, and what was decided so far.

    ``near``: steps that ended just now, with what they added. ``delivered``: all that this transaction delivers.
    ``state`` is what the job ended in, if it did.
    """

    job: store.LockedJob
    changes: Changes
    free: Sequence[store.FreeStep] = ()
    near: list[str] = field(default_factory=list)
    delivered: list[StepDone] = field(default_factory=list)
    state: JobState | None = None

    @classmethod
    def of(cls, job: store.LockedJob, **begun: Any) -> "Course":
        return cls(job, Changes(job.info, max(1, TAG_STRIDE // max(1, job.weight)), **begun))


async def add_steps(
    transaction: Transaction, rules: Rules, course: Course, specs: Sequence[StepSpec], known: int
) -> None:
    """Insert steps behind the ``known`` ones the job has already."""
    queues = [str(rules.registry.get_kind(spec.kind).queue) for spec in specs]
    for spec in specs:
        bounded(spec.input, INPUT_MAX_BYTES, f"The input of step {spec.key}")
    prices = [rules.price(course.job.info, spec) for spec in specs]
    await store.insert_steps(transaction.driver, course.job.info, specs, queues, prices, known)
    course.changes.added += len(specs)


async def _expand(transaction: Transaction, rules: Rules, course: Course, specs: Sequence[StepSpec]) -> None:
    """Insert the further steps that delivered steps ask for."""
    job = course.job.info
    known = await store.step_keys(transaction.driver, job.id)
    feeds = any(spec.feeds for spec in specs)
    needs = await store.needs_of(transaction.driver, job.id) if feeds else {}
    await add_steps(transaction, rules, course, checked(specs, known, needs), len(known))
    course.near += [spec.key for spec in specs]


async def advance(transaction: Transaction, rules: Rules, courses: Sequence[Course]) -> None:
    """Go on from the steps that wait for nothing any more, and write what was decided about each job."""
    for course in courses:
        if course.job.cancel_requested:
            await _cancel_waiting(transaction, course)
            course.free = []
        elif course.job.is_paused:
            course.free = []
    going = [course for course in courses if course.free]
    while going:
        await _move(transaction, rules, going)
        going = [course for course in going if course.free]
    await _tell_participants(transaction, rules, courses)
    for course in courses:
        job, changes = course.job, course.changes
        if job.steps_ended + changes.ended == job.steps_total + changes.added:
            await _end(transaction, rules, course)
    changed = [course.changes for course in courses if course.changes]
    if changed:
        await record(transaction.driver, changed)


async def _move(transaction: Transaction, rules: Rules, going: Sequence[Course]) -> None:
    """Decide about free steps; then those are free that the ones that ended at once set free."""
    unrun: list[_Unrun] = []
    candidates = [(course, ready) for course in going for ready in _decide(rules, course, unrun)]
    await _settle(transaction, rules, unrun)
    for first in range(0, len(candidates), TOGETHER_MAX):
        await _get_ready(transaction, rules, candidates[first : first + TOGETHER_MAX])
    for course in going:
        info, near = course.job.info, course.near
        course.free = await store.free_steps(transaction.driver, info.id, info.lineage, near) if near else []


async def _get_ready(transaction: Transaction, rules: Rules, candidates: "Sequence[tuple[Course, _Prepared]]") -> None:
    """Make steps ready to run, or reuse what their recipe made before."""
    courses = {course.job.info.id: course for course, _ in candidates}
    for course, ready in candidates:
        course.changes.ready.append(Ready(ready.step.key, ready.resolved_text, ready.made))
    told = await record(transaction.driver, [course.changes for course in courses.values()])
    for job_id, (total, ended) in told.steps.items():
        courses[job_id].job = dataclasses.replace(courses[job_id].job, steps_total=total, steps_ended=ended)
    reused = [
        _answered(rules, course, ready, told.made_before[ready.made], Origin.REUSED)
        for course, ready in candidates
        if ready.made in told.made_before
    ]
    await _settle(transaction, rules, reused)


def _decide(rules: Rules, course: Course, unrun: "list[_Unrun]") -> "list[_Prepared]":
    """Adds to ``unrun`` what was not made possible, or was written by a person; answers the others.

    Raises ``UnknownKind`` where another version is to go on: whoever knows its steps does all of this once more.
    """
    course.near, prepared = [], []
    for step in course.free:
        try:
            prepared.append(_prepare(rules, step))
        except UnknownKind:
            raise
        except Problem as problem:
            state = StepState.SKIPPED if isinstance(problem, _Lacking) else StepState.FAILED
            course.changes.events.append((f"step.{state}", {"key": step.key, "error": str(problem)}))
            ending = store.Unrun(course.job.info.id, step.key, state, error_kind=problem.code, error=str(problem))
            unrun.append(_Unrun(course, ending))
    candidates: list[_Prepared] = []
    for ready in prepared:
        edit = ready.edit()
        if edit is None:
            candidates.append(ready)
        else:
            origin = Origin.PERSON if edit.made_of is None else Origin.IMPORTED
            unrun.append(_answered(rules, course, ready, edit.output, origin))
    return candidates


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A free step with its input filled in, and the recipe of that."""

    step: store.FreeStep
    resolved: Json
    resolved_text: str
    made: str

    def edit(self) -> store.Edit | None:
        """What stands in its place."""
        step = self.step
        if step.edit is not None and step.edit.stands_for(lambda: essence(step.kind, self.resolved, step.seed)):
            return step.edit
        return None


class _Lacking(Problem):
    """Something it needs was not made."""

    code = "skipped"


def _prepare(rules: Rules, step: store.FreeStep) -> _Prepared:
    for need in step.needs:
        if not need.soft and need.state not in STEP_DELIVERED:
            raise _Lacking(f"It needs {need.key}, which was not made.")
    kind = rules.registry.get_kind(step.kind)
    outputs = {need.key: need.output for need in step.needs if need.state in STEP_DELIVERED}
    resolved = resolve(step.input, outputs)
    text = bounded(resolved, INPUT_MAX_BYTES, f"The input of step {step.key}")
    return _Prepared(step, resolved, text, recipe(kind.name, resolved, rules.providers_of(kind), step.seed))


@dataclass(frozen=True, slots=True)
class _Unrun:
    """A step that ends without having run; ``done`` if it was delivered all the same."""

    course: Course
    ending: store.Unrun
    done: StepDone | None = None


def _answered(rules: Rules, course: Course, ready: _Prepared, output: Json, origin: Origin) -> _Unrun:
    """A step that need not run: a person wrote its output, it was imported, or the same recipe made it before."""
    job, key, is_reused = course.job.info, ready.step.key, origin is Origin.REUSED
    kind = rules.registry.get_kind(ready.step.kind)
    state, kept = (StepState.REUSED, ready.made) if is_reused else (StepState.COMPLETED, None)
    ending = store.Unrun(job.id, key, state, origin, output, recipe=kept, resolved=ready.resolved)
    files = tuple(files_in(decode(kind.output, output)))
    made = "" if origin is Origin.IMPORTED else ready.made
    done = StepDone(job, key, kind.name, ready.resolved, output, files, origin, made, ready.step.seed, 0)
    return _Unrun(course, ending, done)


async def _settle(transaction: Transaction, rules: Rules, unrun: Sequence[_Unrun]) -> None:
    for first in range(0, len(unrun), TOGETHER_MAX):
        together = [step.ending for step in unrun[first : first + TOGETHER_MAX]]
        await store.settle_unrun(transaction.driver, together)
    for step in unrun:
        step.course.changes.ended += 1
        if step.done is None:
            step.course.near.append(step.ending.key)
    await deliver(transaction, rules, [(step.course, step.done) for step in unrun if step.done is not None])


async def deliver(transaction: Transaction, rules: Rules, delivered: Sequence[tuple[Course, StepDone]]) -> None:
    """Tell watchers of delivered steps, and add what they ask for; ``advance`` tells the participants."""
    asked: dict[UUID, tuple[Course, list[StepSpec]]] = {}
    for course, done in delivered:
        job, kind = done.job, rules.registry.get_kind(done.kind)
        course.delivered.append(done)
        course.changes.events.append(completed_event(done, kind))
        course.near.append(done.key)
        if specs := rules.registry.expand(job.kind, job.request, kind, done.input, done.output):
            asked.setdefault(job.id, (course, []))[1].extend(specs)
    for course, wanted in asked.values():
        await _expand(transaction, rules, course, wanted)


async def _tell_participants(transaction: Transaction, rules: Rules, courses: Sequence[Course]) -> None:
    """One participant after the other, each of all the steps: so they take their rows in the same order as for one."""
    delivered = [done for course in courses for done in course.delivered]
    if delivered:
        for participant in rules.participants:
            await participant.completed(transaction, delivered)


def completed_event(done: StepDone, kind: StepKind) -> Event:
    """What watchers are told of a delivered step."""
    state = StepState.REUSED if done.origin is Origin.REUSED else StepState.COMPLETED
    files = [
        {"name": f.name, "kind": f.kind, "key": f.key, "content_hash": f.content_hash, "media_type": f.media_type}
        for f in done.files
    ]
    data = {"key": done.key, "kind": done.kind, "queue": kind.queue, "origin": done.origin, "files": files}
    return f"step.{state}", data


async def _end(transaction: Transaction, rules: Rules, course: Course) -> None:
    job = course.job
    states = await store.step_states(transaction.driver, job.info.id)
    state = outcome(states, cancel_requested=job.cancel_requested)
    if state is None:
        return
    error = await endings.end_job(transaction.driver, job.info.id, state)
    for participant in rules.participants:
        await participant.ended(transaction, job.info, state)
    counts = {str(kind): states.count(kind) for kind in set(states)}
    course.changes.events.append((f"job.{state}", {"state": state, "error": error, "steps": counts}))
    course.state = state


async def submit(
    transaction: Transaction,
    rules: Rules,
    job: JobInfo,
    *,
    title: str = "",
    idempotency_key: str | None = None,
    rerun_of: UUID | None = None,
    weight: int = 1,
) -> bool:
    """Store a job with its first steps and set it going, all in this transaction.

    False when the team already has a job with this idempotency key, or one of this work that goes on: nothing was
    written. Raises ``Invalid`` or ``LimitReached`` if the request does not decode or plans too much.
    """
    specs = rules.registry.plan(job.kind, job.request)
    if not specs:
        raise Invalid("There is nothing to do in this request.")
    bounded(job.request, INPUT_MAX_BYTES, "The request")
    driver = transaction.driver
    if not await store.insert_job(
        driver, job, title=title, idempotency_key=idempotency_key, rerun_of=rerun_of, weight=weight
    ):
        return False
    locked = store.LockedJob(job, JobState.QUEUED, weight, cancel_requested=False, steps_total=0, steps_ended=0)
    course = Course.of(locked, events=[("job.queued", {"kind": job.kind, "title": title})])
    await add_steps(transaction, rules, course, specs, 0)
    for participant in rules.participants:
        await participant.submitted(transaction, job)
    course.free = await store.free_steps(driver, job.id, job.lineage, None)
    await advance(transaction, rules, [course])
    return True


async def cancel(transaction: Transaction, rules: Rules, job_id: UUID) -> JobState | None:
    """Ask a job to stop: what has not begun is cancelled now, what runs is interrupted by its worker.

    Answers the job's state afterwards, None if there is no such job. Cancelling an ended job changes nothing.
    """
    job = await store.lock_job(transaction.driver, job_id)
    if job is None or job.state in JOB_ENDED or job.cancel_requested:
        return None if job is None else job.state
    await endings.ask_to_stop(transaction.driver, job_id)
    course = Course.of(dataclasses.replace(job, cancel_requested=True), events=[("job.cancelling", {})])
    await advance(transaction, rules, [course])
    return course.state or job.state


async def _cancel_waiting(transaction: Transaction, course: Course) -> None:
    job_id = course.job.info.id
    keys = await endings.cancel_waiting(transaction.driver, job_id)
    await queue.remove_waiting(transaction.driver, job_id, keys)
    await queue.hasten(transaction.driver, job_id)
    course.changes.ended += len(keys)
