"""A book never has more steps than its quote counted, whatever is asked for."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from overprint.core.codec import encode
from overprint.core.story import Brief
from overprint.engine.pipeline import Registry
from overprint.features.books import MakeBook, Target
from overprint.features.books.pipeline import MAKE, pipeline
from overprint.features.books.stages.bounds import most
from tests.support.studio import BRIEF, Studio

REGISTRY = Registry.of(pipeline)


async def test_no_book_has_more_steps_of_a_kind_than_were_counted(studio: Studio) -> None:
    """One whole book is made; what the others would be is told by what its steps answered."""
    brief = replace(BRIEF, dedication="For Ada")
    _, job_id = await studio.start(brief, is_aloud=True, printer="lulu-paperback")
    await studio.finish(job_id)
    rows = await studio.engine.database.system.fetch("SELECT * FROM steps WHERE job_id = $1", job_id)
    for target in Target:
        for is_aloud in (False, True):
            request = MakeBook(brief, target, "lulu-paperback", is_aloud or target is Target.AUDIO)
            made, counted = _steps(request, {row["key"]: row for row in rows}), most(request)
            assert {kind: count for kind, count in made.items() if count > counted.get(kind, 0)} == {}, target
            if target is Target.BOOK and is_aloud:
                assert made == Counter(row["kind"] for row in rows)


def _steps(request: MakeBook, answered: Mapping[str, Any]) -> Counter[str]:
    """The steps of a job with this request, by kind, if its steps answer as those did."""
    waiting = list(REGISTRY.plan(MAKE, encode(request)))
    made: Counter[str] = Counter()
    while waiting:
        spec = waiting.pop()
        made[spec.kind] += 1
        row, kind = answered[spec.key], REGISTRY.get_kind(spec.kind)
        more = REGISTRY.expand(MAKE, encode(request), kind, row["resolved"], row["output"]) if row["output"] else ()
        assert {step.kind for step in more} <= set(kind.adds)
        waiting += more
    return made


def test_what_adds_steps_says_of_which_kinds_and_they_exist() -> None:
    assert all(bool(step.adds) == (step.expand is not None) for step in pipeline.steps)
    assert {kind for step in pipeline.steps for kind in step.adds} <= REGISTRY.kinds.keys()


def test_more_pages_cost_more_and_a_nearer_target_less() -> None:
    short, long = most(MakeBook(Brief("A fox", pages=8, chapters=2))), most(MakeBook(Brief("A fox", pages=20)))
    assert long["books.illustrate@1"] - short["books.illustrate@1"] == 12
    assert set(most(MakeBook(Brief("A fox"), Target.CHAPTERS))) == {"books.plan@1", "books.write@1"}
