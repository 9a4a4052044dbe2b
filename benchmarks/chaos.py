"""Jobs under fire: kill -9 of any process at random; exit status 1 if any promise was broken.

``python -m benchmarks.chaos [--jobs 200] [--steps 20] [--workers 3] [--seed 1] [--kills 80] [--minutes 10]``
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence

from tests.support.chaos import Outcome, Plan
from tests.support.under_fire import arena_for_a_run, show, told


def read_plan(arguments: Sequence[str]) -> Plan:
    parser = argparse.ArgumentParser(prog="benchmarks.chaos", description="Kill processes while jobs run.")
    parser.add_argument("--jobs", type=int, default=200)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=60, help="of workers; a tenth of that, of the others")
    parser.add_argument("--minutes", type=float, default=10.0, help="after which it counts as stuck")
    given = parser.parse_args(arguments)
    return Plan(
        jobs=given.jobs,
        steps=given.steps,
        workers=given.workers,
        seed=given.seed,
        worker_kills=given.kills,
        submitter_kills=given.kills // 10,
        web_kills=given.kills // 10,
        database_kills=given.kills // 10,
        limit_seconds=given.minutes * 60,
        kill_interval_seconds=1.0,
    )


async def run(plan: Plan) -> Outcome:
    async with arena_for_a_run() as arena:
        return await arena.chaos(plan).run()


def rows_of(plan: Plan, outcome: Outcome) -> dict[str, str]:
    return {
        "jobs × steps": f"{plan.jobs} × {plan.steps}, seed {plan.seed}",
        "seconds": f"{outcome.seconds:.0f}",
        "kills": told(outcome.kills),
        "steps": str(outcome.steps),
        "body runs": f"{outcome.bodies} ({outcome.bodies - outcome.steps} cut off by a kill)",
        "paid calls": f"{outcome.calls}, asked {outcome.asked} times",
        "events read": f"live over HTTP by sequence, {outcome.reconnects} reconnects",
    }


def main() -> int:
    plan = read_plan(sys.argv[1:])
    outcome = asyncio.run(run(plan))
    return show(rows_of(plan, outcome), outcome.violations)


if __name__ == "__main__":
    sys.exit(main())
