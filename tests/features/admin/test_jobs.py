"""Site admins find jobs of all teams, see how they went and what they cost, stop them, and read nothing of works."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from overprint.engine.pipeline import Registry
from overprint.features.admin.rules import without_words
from overprint.features.admin.web.kinds import STEP_KINDS
from overprint.features.books import MAKE
from overprint.features.books import room as books_room
from overprint.features.jobs import KINDS
from overprint.features.videos import room as videos_room
from tests.features.admin.conftest import Keeping

BOOK = {"premise": "A fox of secret plans", "title": "The Secret Fox"}


async def begun(keeping: Keeping) -> str:
    job_id: str = (await keeping.mira.post("/api/books", json=BOOK)).json()["job_id"]
    return job_id


async def test_jobs_are_found_by_state_kind_team_and_day_and_strange_filters_find_none_or_all(keeping: Keeping) -> None:
    job_id = await begun(keeping)
    today = datetime.now(UTC).date()
    for query, is_found in (
        ("state=queued", True),
        ("state=failed", False),
        (f"kind={MAKE}", True),
        ("kind=films.make", False),
        (f"since={today}&until={today}", True),
        (f"since={today + timedelta(days=2)}", False),
        (f"until={today - timedelta(days=2)}", False),
        ("until=9999-12-31", True),
        (f"team={keeping.mira_id}", False),
        ("state=%00&kind=%27&team=x&since=never", True),
    ):
        page = await keeping.keeper.get(f"/admin/jobs?{query}")
        assert "<strong>books." not in page.text
        assert page.status_code == 200 and (job_id in page.text) is is_found, query
    ours = (await keeping.keeper.get(f"/api/admin/billing/jobs?state=queued&kind={MAKE}")).json()["items"]
    assert [(row["job_id"], row["margin_microdollars"]) for row in ours] == [(job_id, 0)]
    assert (await keeping.keeper.get("/api/admin/billing/jobs?state=lost")).status_code == 422


async def test_a_job_is_seen_step_by_step_without_a_word_of_the_work(keeping: Keeping) -> None:
    job_id = await begun(keeping)
    async with keeping.town.house.database.transaction(UUID(keeping.team_id)) as transaction:
        await transaction.driver.execute(
            "INSERT INTO step_logs (job_id, team_id, key, at, level, message) SELECT job_id, team_id, key, now(), "
            "'error', $2 FROM steps WHERE job_id = $1 LIMIT 1",
            UUID(job_id),
            'refused: the answer "The Secret Fox" has no scene',
        )
    page = (await keeping.keeper.get(f"/admin/jobs/{job_id}")).text
    assert "plan the story" in page and "@1" not in page
    assert "refused: the answer … has no scene" in page and "ecret" not in page
    told = (await keeping.keeper.get(f"/api/admin/jobs/{job_id}")).text
    assert "books.plan@1" in told and "ecret" not in told
    async with keeping.town.house.database.transaction(UUID(keeping.team_id)) as transaction:
        await transaction.driver.execute("DELETE FROM jobs WHERE id = $1", UUID(job_id))
    assert "Its work was deleted" in (await keeping.keeper.get(f"/admin/jobs/{job_id}")).text


def test_all_kinds_of_jobs_and_steps_have_words() -> None:
    registry = Registry.of(*books_room.PIPELINES, *videos_room.PIPELINES)
    assert (set(KINDS), set(STEP_KINDS)) == (set(registry.pipelines), set(registry.kinds))


async def test_a_job_of_any_team_is_stopped_with_a_reason_and_once(keeping: Keeping) -> None:
    job_id = await begun(keeping)
    here = f"/admin/jobs/{job_id}"
    assert (await keeping.act(f"{here}/cancel", reason=" ")).status_code == 422
    done = await keeping.act(f"{here}/cancel", reason="it went in circles")
    assert (done.status_code, done.headers["location"]) == (303, f"{here}?said=cancel")
    assert (await keeping.mira.get(f"/api/jobs/{job_id}")).json()["state"] == "cancelled"
    assert (await keeping.act(f"{here}/cancel", reason="once more")).status_code == 409
    assert await keeping.told() == [("job.cancelled", "it went in circles")]
    seen = (await keeping.mira.get("/api/audit?action=job.cancelled")).json()["items"]
    assert len(seen) == 1, "the team's own log tells it"


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("busy: the provider has no room", "busy: the provider has no room"),
        ("refused: “Mira’s fox” is no name", "refused: … is no name"),
        ("bad answer: 'a, b' and \"c\nd\"", "bad answer: … and …"),
        ("The writer answered “Once upon a", "The writer answered …"),
        ('refused: "Once\nupon a', "refused: …"),
        ("it's busy", "it's busy"),
    ],
)
def test_what_a_log_quotes_is_left_out(message: str, told: str) -> None:
    assert without_words(message) == told
