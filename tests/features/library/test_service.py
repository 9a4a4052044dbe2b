"""Projects and assets on a real database, their bytes in a real (if forgetful) storage."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from overprint.core.files import FileKind, StoredFile
from overprint.core.ids import new_id
from overprint.core.problems import Denied, Invalid, LimitReached, NotFound
from overprint.db.database import Database
from overprint.engine.job import Origin
from overprint.engine.participants import JobInfo, StepDone
from overprint.engine.store import lock_job
from overprint.features.books import Target
from overprint.features.library.projection import LibraryProjection
from tests.support.database import TestDatabase
from tests.support.statements import until_it_waits
from tests.support.studio import Studio, open_studio, upload

PNG = b"\x89PNG\r\n\x1a\n" + bytes(92)
AUDIT = "SELECT action, subject_id, actor_id FROM audit_log ORDER BY seq"


async def _upload(
    studio: Studio, data: bytes = PNG, name: str = "a.png", project_id: UUID | None = None
) -> dict[str, Any]:
    async with studio.transaction() as transaction:
        return await upload(studio.library, transaction, studio.owner, data, name, project_id)


async def _delete(studio: Studio, asset_id: UUID) -> None:
    async with studio.transaction() as transaction:
        await studio.library.delete_asset(transaction, studio.owner, asset_id)


async def _used_bytes(studio: Studio) -> int:
    async with studio.transaction() as transaction:
        return int(await transaction.driver.fetchval("SELECT coalesce(sum(used_bytes), 0) FROM storage_usage"))


async def test_a_team_over_its_quota_uploads_nothing_and_begins_nothing(
    database: Database, database_urls: TestDatabase
) -> None:
    async with open_studio(database, database_urls, quota_bytes=250) as studio:
        assets = [await _upload(studio), await _upload(studio, PNG + b"x")]
        with pytest.raises(LimitReached, match="Delete what is not needed"):
            await _upload(studio, PNG + b"y")
        assert await studio.count("assets") == 2
        await _upload(studio, PNG[:20])
        await studio.start()
        await _upload(studio, PNG[:28])
        assert await _used_bytes(studio) == 249
        async with studio.transaction() as transaction:
            await transaction.driver.execute("UPDATE storage_usage SET used_bytes = 250")
        with pytest.raises(LimitReached):
            await studio.start()
        assert (await studio.count("books"), await studio.count("jobs")) == (1, 1)
        await _delete(studio, assets[0]["id"])
        await studio.start()


async def test_work_that_has_begun_is_finished_even_over_the_quota(
    database: Database, database_urls: TestDatabase
) -> None:
    async with open_studio(database, database_urls, quota_bytes=1) as studio:
        book_id = await studio.make(target=Target.ILLUSTRATIONS)
        assert len((await studio.book(book_id))["files"]) == 7
        assert await _used_bytes(studio) > 1
        with pytest.raises(LimitReached):
            await studio.start()


async def test_all_files_of_the_widest_job_are_kept_at_once(studio: Studio) -> None:
    job = JobInfo(new_id(), studio.owner.team_id, "toy.make@1", new_id(), None, {}, None)
    files = [StoredFile(f"key/{n}", f"{n:064}", 10, "image/png", FileKind.IMAGE, f"{n}.png") for n in range(2000)]
    steps = [
        StepDone(job, file.name, "toy.leaf@1", {}, {}, (file, file), Origin.REUSED, f"recipe {file.name}", 0, 0)
        for file in files
    ]
    async with studio.transaction() as transaction:
        await LibraryProjection(10, studio.library.plans).completed(transaction, steps)
        await LibraryProjection(10, studio.library.plans).completed(transaction, steps[:5])
    assert (await studio.count("assets"), await _used_bytes(studio)) == (2000, 20_000)


async def test_bytes_that_another_asset_names_outlive_the_first(studio: Studio) -> None:
    first, second = await _upload(studio), await _upload(studio, name="b.png")
    assert first["storage_key"] == second["storage_key"]
    assert await _used_bytes(studio) == 2 * len(PNG)
    await _delete(studio, first["id"])
    await studio.sweep()
    assert await studio.storage.get(second["storage_key"]) == PNG
    assert await _used_bytes(studio) == len(PNG)
    await _delete(studio, second["id"])
    await studio.sweep()
    assert await studio.storage.find(second["storage_key"]) is None
    assert await _used_bytes(studio) == 0
    with pytest.raises(NotFound):
        await _delete(studio, second["id"])


async def test_pictures_that_two_books_share_outlive_the_first_book(studio: Studio) -> None:
    first = await studio.make(target=Target.ILLUSTRATIONS)
    second = await studio.make(target=Target.ILLUSTRATIONS)
    keys = {row["file"]["key"] for row in (await studio.book(second))["files"]}
    assert keys == {row["file"]["key"] for row in (await studio.book(first))["files"]}
    async with studio.transaction() as transaction:
        await studio.books.delete(transaction, studio.owner, first)
    await studio.sweep()
    for key in keys:
        assert await studio.storage.find(key) is not None
    again = await studio.book(await studio.make(target=Target.ILLUSTRATIONS))
    assert {row["file"]["key"] for row in again["files"]} == keys


async def test_what_is_done_and_that_it_was_done_are_kept_or_lost_together(studio: Studio) -> None:
    project = new_id()
    with pytest.raises(RuntimeError):
        async with studio.transaction() as transaction:
            made = await studio.library.make_project(transaction, studio.owner, "Bedtime")
            await upload(studio.library, transaction, studio.owner, PNG, "a.png", made["id"])
            raise RuntimeError
    for table in ("projects", "assets", "audit_log", "storage_usage"):
        assert await studio.count(table) == 0, table
    async with studio.transaction() as transaction:
        project = (await studio.library.make_project(transaction, studio.owner, "Bedtime"))["id"]
        await studio.library.rename_project(transaction, studio.owner, project, "Night")
    asset = await _upload(studio, project_id=project)
    await _delete(studio, asset["id"])
    async with studio.transaction() as transaction:
        await studio.library.delete_project(transaction, studio.owner, project)
    async with studio.transaction() as transaction:
        lines = [tuple(row) for row in await transaction.driver.fetch(AUDIT)]
    who = studio.owner.person_id
    assert lines == [
        ("project.made", project, who),
        ("project.renamed", project, who),
        ("asset.uploaded", asset["id"], who),
        ("asset.deleted", asset["id"], who),
        ("project.deleted", project, who),
    ]


async def test_viewers_and_other_teams_change_nothing(studio: Studio) -> None:
    asset = await _upload(studio)
    library, viewer = studio.library, studio.viewer
    async with studio.transaction() as transaction:
        project = (await library.make_project(transaction, studio.owner, "Bedtime"))["id"]
        assert await library.get_asset(transaction, asset["id"])
        for refused in (
            library.make_project(transaction, viewer, "x"),
            library.rename_project(transaction, viewer, project, "x"),
            library.delete_project(transaction, viewer, project),
            library.read_upload(viewer, PNG, "x.png", None),
            library.delete_asset(transaction, viewer, asset["id"]),
        ):
            with pytest.raises(Denied):
                await refused
    async with studio.engine.database.transaction(new_id()) as transaction:
        assert await library.list_assets(transaction) == await library.list_projects(transaction) == []
        for missing in (
            library.get_asset(transaction, asset["id"]),
            library.get_project(transaction, project),
            library.delete_asset(transaction, studio.owner, asset["id"]),
            library.rename_project(transaction, studio.owner, project, "x"),
        ):
            with pytest.raises(NotFound):
                await missing
    assert (await studio.count("assets"), await studio.count("projects")) == (1, 1)


async def test_projects_have_names_and_what_was_in_one_stays(studio: Studio) -> None:
    async with studio.transaction() as transaction:
        for name in ("", " ", "\x00\u202a"):
            with pytest.raises(Invalid) as caught:
                await studio.library.make_project(transaction, studio.owner, name)
            assert caught.value.field == "name"
        project = (await studio.library.make_project(transaction, studio.owner, "\x00A" + "b" * 500))["id"]
        assert (await studio.library.get_project(transaction, project))["name"] == "A" + "b" * 199
        named = await studio.library.make_project(transaction, studio.owner, "C:\\Owls / <b>")
        assert named["name"] == "C:\\Owls / <b>"
    with pytest.raises(NotFound):
        await _upload(studio, project_id=new_id())
    asset = await _upload(studio, project_id=project)
    async with studio.transaction() as transaction:
        await studio.library.delete_project(transaction, studio.owner, project)
        assert (await studio.library.get_asset(transaction, asset["id"]))["project_id"] is None


async def test_a_project_can_be_deleted_while_a_step_delivers_to_it(studio: Studio) -> None:
    async with studio.transaction() as transaction:
        project = (await studio.library.make_project(transaction, studio.owner, "Bedtime"))["id"]
    _, job_id = await studio.start(project_id=project)

    async def delete() -> None:
        async with studio.transaction() as transaction:
            await studio.library.delete_project(transaction, studio.owner, project)

    async with studio.transaction() as delivering:
        assert await lock_job(delivering.driver, job_id)
        deleting = asyncio.create_task(delete())
        await until_it_waits(studio.engine.database, deleting)
        asset = await upload(studio.library, delivering, studio.owner, PNG, "a.png", project)
    await deleting
    async with studio.transaction() as transaction:
        assert (await studio.library.get_asset(transaction, asset["id"]))["project_id"] is None
        assert (await studio.jobs.get(transaction, job_id))["project_id"] is None


async def test_lists_come_newest_first_page_by_page(studio: Studio) -> None:
    ids = [(await _upload(studio, name=f"{n}.png"))["id"] for n in range(5)]
    async with studio.transaction() as transaction:
        first = await studio.library.list_assets(transaction, limit=2)
        rest = await studio.library.list_assets(transaction, limit=9, before=first[-1]["id"])
        assert [row["id"] for row in first + rest] == ids[::-1]
        assert len(await studio.library.list_assets(transaction, limit=0)) == 1
        assert len(await studio.library.list_assets(transaction, limit=10**9)) == 5
