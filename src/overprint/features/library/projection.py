"""The library as a participant of the engine: what a step delivers becomes an asset, in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

from overprint.core.ids import new_id
from overprint.db.database import Transaction
from overprint.engine.job import JobState
from overprint.engine.participants import JobInfo, StepDone
from overprint.features.billing import Plans
from overprint.features.library import rules, store


@dataclass(frozen=True, slots=True)
class LibraryProjection:
    """A team keeps what its plan allows, or ``quota_bytes`` where that sets no limit: over it, no new job begins.

    Work in progress is never thrown away.
    """

    quota_bytes: int
    plans: Plans

    async def submitted(self, transaction: Transaction, job: JobInfo) -> None:
        # One byte more, so that a team that is exactly full begins nothing new.
        allowed_bytes = await self.plans.storage_limit_bytes(transaction, self.quota_bytes)
        rules.refuse_over_quota(await store.used_bytes(transaction) + 1, allowed_bytes)

    async def completed(self, transaction: Transaction, steps: Sequence[StepDone]) -> None:
        rows = [
            {
                "id": new_id(),
                "team_id": step.job.team_id,
                "project_id": step.job.project_id,
                "lineage": step.job.lineage,
                "job_id": step.job.id,
                "step_key": step.key,
                **rules.asset_of(file),
                "recipe": step.recipe or None,
                "recipe_input": step.input,
                "step_kind": step.kind,
                "seed": step.seed,
                "created_by": step.job.created_by,
            }
            for step in steps
            for file in step.files
        ]
        made = set(await store.insert_assets(transaction, rows))
        new = rules.kept_bytes(row for row in rows if row["id"] in made)
        if new:
            await store.add_usage(transaction, transaction.team_id, new)

    async def ended(self, transaction: Transaction, job: JobInfo, state: JobState) -> None:
        return None
