"""Jobs under fire: kill -9 of any process at random; exit status 1 if any promise was broken.

``python -m benchmarks.chaos [--jobs 200] [--steps 20] [--workers 3] [--seed 1] [--kills 80] [--minutes 10]``
"""

import argparse
import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.support.chaos import Outcome, Plan
from tests.support.chaos_arena import open_arena

VIOLATIONS_SHOWN = 30


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
    with tempfile.TemporaryDirectory(prefix="overprint-chaos-") as folder:
        Path(folder).chmod(0o755)  # the database server may run as another account
        async with open_arena(Path(folder)) as arena:
            return await arena.chaos(plan).run()


def show(plan: Plan, outcome: Outcome) -> None:
    kills = Counter(kill.what for kill in outcome.kills)
    rows = {
        "jobs × steps": f"{plan.jobs} × {plan.steps}, seed {plan.seed}",
        "seconds": f"{outcome.seconds:.0f}",
        "kills": ", ".join(f"{count} × {what}" for what, count in sorted(kills.items())),
        "steps": str(outcome.steps),
        "body runs": f"{outcome.bodies} ({outcome.bodies - outcome.steps} cut off by a kill)",
        "paid calls": f"{outcome.calls}, asked {outcome.asked} times",
        "events read": f"live over HTTP by sequence, {outcome.reconnects} reconnects",
        "promises broken": str(len(outcome.violations)),
    }
    for name, value in rows.items():
        print(f"{name:<18}{value}")
    for violation in outcome.violations[:VIOLATIONS_SHOWN]:
        print(f"  ! {violation}")


def main() -> int:
    plan = read_plan(sys.argv[1:])
    outcome = asyncio.run(run(plan))
    show(plan, outcome)
    return 1 if outcome.violations else 0


if __name__ == "__main__":
    sys.exit(main())
