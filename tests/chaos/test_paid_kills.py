"""Web, workers, submitter and database killed while people pay. A tenth of ``benchmarks/paid_chaos.py``."""

from pathlib import Path

from tests.support.chaos_arena import CLUSTER, open_arena
from tests.support.database import home_like
from tests.support.paid_chaos import PaidChaos, PaidPlan


async def test_whatever_is_killed_and_however_news_of_payments_comes_the_books_are_right(
    tmp_path: Path, empty_home: Path
) -> None:
    home_like(empty_home, tmp_path / CLUSTER)
    async with open_arena(tmp_path) as arena:
        outcome = await PaidChaos(arena.lease, tmp_path, PaidPlan()).run()
    assert outcome.violations == []
    assert {kill.what for kill in outcome.kills} == {"worker", "web", "submitter", "database"}
    assert all(outcome.told.values()), outcome.told
    assert outcome.counts["jobs"] == 30 and outcome.counts["ledger capture"] > 30
    assert outcome.counts["ledger take_back"] > 0
    assert outcome.counts["refused by banks"] > 0
    assert outcome.counts.get("steps reused", 0) + outcome.counts.get("steps failed", 0) > 0
