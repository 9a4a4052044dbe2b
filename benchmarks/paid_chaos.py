"""Paid jobs under fire: kill -9 of any process at random, news of payments gone astray; exit status 1 if the books are
wrong.

``python -m benchmarks.paid_chaos [--jobs 300] [--teams 8] [--workers 2] [--seed 1] [--kills 40] [--minutes 10]``
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence

from tests.support.paid_chaos import PaidChaos, PaidOutcome, PaidPlan
from tests.support.under_fire import arena_for_a_run, show, told


def read_plan(arguments: Sequence[str]) -> PaidPlan:
    parser = argparse.ArgumentParser(prog="benchmarks.paid_chaos", description="Kill processes while people pay.")
    parser.add_argument("--jobs", type=int, default=300)
    parser.add_argument("--teams", type=int, default=8, help="each may begin 50 jobs a day")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=40, help="of all processes together")
    parser.add_argument("--minutes", type=float, default=10.0, help="after which it counts as stuck")
    given = parser.parse_args(arguments)
    if given.jobs > 50 * given.teams:
        parser.error("a team may begin 50 jobs a day: have more teams, or fewer jobs")
    return PaidPlan(
        jobs=given.jobs,
        teams=given.teams,
        workers=given.workers,
        seed=given.seed,
        worker_kills=given.kills - given.kills // 4 - 2 * (given.kills // 8),
        web_kills=given.kills // 4,
        submitter_kills=given.kills // 8,
        database_kills=given.kills // 8,
        kill_interval_seconds=2.0,
        limit_seconds=given.minutes * 60,
        news_seconds=4.0,
    )


async def run(plan: PaidPlan) -> PaidOutcome:
    async with arena_for_a_run() as arena:
        return await PaidChaos(arena.lease, arena.folder, plan).run()


def rows_of(plan: PaidPlan, outcome: PaidOutcome) -> dict[str, str]:
    return {
        "jobs, teams": f"{plan.jobs}, {plan.teams}, seed {plan.seed}",
        "seconds": f"{outcome.seconds:.0f}",
        "kills": told(outcome.kills),
        "news of payments": ", ".join(f"{count} × {how}" for how, count in outcome.told.items()),
        "body runs": str(outcome.bodies),
        **{name: str(count) for name, count in outcome.counts.items()},
    }


def main() -> int:
    plan = read_plan(sys.argv[1:])
    outcome = asyncio.run(run(plan))
    return show(rows_of(plan, outcome), outcome.violations)


if __name__ == "__main__":
    sys.exit(main())
