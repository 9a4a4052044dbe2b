"""Journeys of a backup: real processes, a real database, and commands that are stopped half-way."""

import asyncio
import json
import signal
import tarfile
from pathlib import Path
from subprocess import CompletedProcess
from threading import Event

import asyncpg
import pytest

from overprint.db.embedded import Lease, new_cluster
from overprint.main.archive import DUMP, ArchiveWriter
from tests.journeys.conftest import Finished
from tests.support.command_here import run_here
from tests.support.command_line import (
    PREMISE,
    SMALL_BOOK,
    files_in,
    listen,
    run,
    start,
    told,
    unsigned,
    until,
)
from tests.support.database import home_like

FILE_MAX_BYTES = 20_000_000  # more than any file of an empty database
DUMPS = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pg_dump'"


def back_up(data: Path, to: Path) -> Path:
    done = run_here("backup", str(to), "--data", str(data))
    assert done.returncode == 0, done.stderr
    assert hidden_in(to.parent) == []
    return to


def hidden_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


def database_in(folder: Path) -> bool:
    """Whether it has one, or one is being made."""
    return (folder / "pg.new").exists() or (folder / "pg").exists()


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory, empty_home: Path) -> Path:
    """A backup of a data folder in which nothing was made yet."""
    folder = tmp_path_factory.mktemp("backup")
    with new_cluster(home_like(empty_home, folder / "data")):
        return back_up(folder / "data", folder / "backup.tar")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An empty folder to restore inside of."""
    (tmp_path / "place").mkdir()
    return tmp_path / "place"


def test_a_backup_comes_back_in_another_folder(finished: Finished, tmp_path: Path) -> None:
    archive, other = tmp_path / "backup.tar", tmp_path / "other"
    done = run("backup", str(archive), "--data", str(finished.data))
    assert done.returncode == 0, done.stderr
    assert hidden_in(tmp_path) == []
    again = run_here("backup", str(archive), "--data", str(finished.data))
    assert again.returncode == 2
    assert "never overwritten" in again.stderr
    restored = run("restore", str(archive), "--data", str(other))
    assert restored.returncode == 0, restored.stderr
    (pdf,) = finished.out.glob("*.pdf")
    verified = run_here("verify", str(pdf), "--data", str(other))
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert "this installation's own key" in verified.stdout
    twice = run_here("restore", str(archive), "--data", str(other))
    assert twice.returncode == 2
    assert "in use already" in twice.stderr


def test_a_backup_holds_blobs_but_no_drafts_and_does_not_migrate(tmp_path: Path) -> None:
    data = tmp_path / "data"
    for name in ("blobs/a", "about/a~", "incoming/draft", "locks/00"):
        (data / "objects" / name).parent.mkdir(parents=True, exist_ok=True)
        (data / "objects" / name).write_text("x")
    with new_cluster(data), tarfile.open(back_up(data, tmp_path / "backup.tar")) as archive:
        names = archive.getnames()
        manifest = archive.extractfile("manifest.json")
        assert manifest is not None
        assert json.loads(manifest.read())["schema"] is None, "nothing ever migrated this database"
    assert names == ["manifest.json", "objects/blobs/a", "objects/about/a~", "database.dump", "checksums.txt"]


def test_a_backup_of_a_book_in_the_making_holds_all_that_was_made_and_the_rest_is_made_of_it(
    data: Path, tmp_path: Path
) -> None:
    out, other = tmp_path / "book", tmp_path / "other"
    command = ("make", "book", PREMISE, *SMALL_BOOK, "--json")
    process = start(*command, "--out", str(out), "--data", str(data))
    completed: set[str] = set()
    for line in listen(process):
        if line["type"] == "step.completed":
            completed.add(line["key"])
        if "picture/1/1" in completed:
            break
    backup = run_here("backup", str(tmp_path / "backup.tar"), "--data", str(data))
    process.communicate(timeout=120)
    assert backup.returncode == 0, backup.stderr
    assert "not in it" not in backup.stderr
    restored = run_here("restore", str(tmp_path / "backup.tar"), "--data", str(other))
    assert restored.returncode == 0, restored.stderr
    made = run_here(*command, "--out", str(tmp_path / "again"), "--data", str(other))
    assert made.returncode == 0, made.stderr
    replayed = [line["key"] for line in told(made.stdout) if line["type"] == "step.completed"]
    assert len(replayed) == len(set(replayed)), "a finished step ran again"
    assert unsigned(tmp_path / "again") == unsigned(out)


def test_files_that_are_gone_are_told(finished: Finished, tmp_path: Path) -> None:
    pdf = next((finished.data / "objects/blobs").rglob("*.pdf"))
    pdf.rename(tmp_path / "gone")
    try:
        done = run_here("backup", str(tmp_path / "backup.tar"), "--data", str(finished.data))
    finally:
        (tmp_path / "gone").rename(pdf)
    assert done.returncode == 0
    assert "1 file that the database names is not in it" in done.stderr


ID = "01a1fdc5-25e2-759e-8e22-371bab54d3ab"
LOOKING = [
    "backup x.tar",
    "upgrade",
    f"verify {ID}",
    "jobs list",
    *(f"jobs {w} {ID}" for w in ("show", "cancel", "rerun")),
]


@pytest.mark.parametrize("command", LOOKING)
def test_a_mistyped_folder_is_told_and_not_made(tmp_path: Path, command: str) -> None:
    ended = run_here(*command.split(), "--data", str(tmp_path / "typo"))
    assert ended.returncode == 2
    assert "typo holds no database" in ended.stderr
    assert "--data" in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_doctor_makes_nothing_where_nothing_was_made_yet(tmp_path: Path) -> None:
    examined = run_here("doctor", "--data", str(tmp_path / "typo"))
    assert examined.returncode == 0, examined.stdout
    assert "Nothing was made in the data folder yet" in examined.stdout
    assert "`overprint make book`" in examined.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_ends_a_backup_in_a_sentence_and_leaves_nothing(data: Path, place: Path) -> None:
    (data / "objects/blobs").mkdir(parents=True)
    (data / "objects/blobs/large").write_bytes(bytes(FILE_MAX_BYTES + 1))
    full = run("backup", str(place / "backup.tar"), "--data", str(data), file_max_bytes=FILE_MAX_BYTES)
    assert full.returncode == 3
    assert full.stderr.startswith(f"overprint: {place / 'backup.tar'} could not be written (File too large).")
    assert list(place.iterdir()) == []


def test_a_full_disk_ends_a_restore_in_a_sentence_and_leaves_nothing(data: Path, tmp_path: Path, place: Path) -> None:
    (data / "objects/blobs").mkdir(parents=True)
    (data / "objects/blobs/large").write_bytes(bytes(FILE_MAX_BYTES + 1))
    archive = back_up(data, tmp_path / "backup.tar")
    full = run("restore", str(archive), "--data", str(place / "other"), file_max_bytes=FILE_MAX_BYTES)
    assert full.returncode == 3
    assert "could not be written (File too large)" in full.stderr
    assert list(place.iterdir()) == []


def test_a_restore_that_failed_leaves_nothing_and_the_next_one_works(
    archive: Path, tmp_path: Path, place: Path
) -> None:
    (tmp_path / "nonsense").write_text("PGDMP, but not really")
    writer = ArchiveWriter(tmp_path / "nonsense.tar", {"storage": "local"}, Event())
    writer.add_file(DUMP, tmp_path / "nonsense")
    writer.close()
    failed = run_here("restore", str(tmp_path / "nonsense.tar"), "--data", str(place / "other"))
    assert failed.returncode == 3
    assert failed.stderr.startswith("overprint: pg_restore failed")
    assert list(place.iterdir()) == []
    restored = run_here("restore", str(archive), "--data", str(place / "other"))
    assert restored.returncode == 0, restored.stderr
    assert [path.name for path in place.iterdir()] == ["other"]
    jobs = run_here("jobs", "list", "--data", str(place / "other"))
    assert jobs.returncode == 0, jobs.stderr


@pytest.mark.parametrize("holds", [(), ("overprint.toml",), ("a file",)], ids=["not there", "settings", "used"])
def test_a_restore_that_is_refused_changes_nothing(tmp_path: Path, place: Path, holds: tuple[str, ...]) -> None:
    other = place / "deep" / "other"
    for name in holds:
        other.mkdir(parents=True, exist_ok=True)
        (other / name).touch()
    (tmp_path / "no archive.tar").write_text("words")
    for archive in ("no archive.tar", "nothing.tar"):
        refused = run_here("restore", str(tmp_path / archive), "--data", str(other))
        assert refused.returncode == 2, refused.stderr
        assert refused.stderr.count("\n") == 1
    assert sorted(files_in(place)) == [f"deep/other/{name}" for name in holds]
    assert (place / "deep").exists() == bool(holds)


def test_a_restored_folder_belongs_to_the_environment_it_was_restored_in(archive: Path, place: Path) -> None:
    staging = {"OVERPRINT_ENVIRONMENT": "staging"}
    restored = run_here("restore", str(archive), "--data", str(place / "other"), variables=staging)
    assert restored.returncode == 0, restored.stderr
    assert (place / "other" / "ENVIRONMENT").read_text() == "staging\n"


def test_a_killed_restore_is_found_by_the_doctor_and_cleared_by_the_next_one(archive: Path, place: Path) -> None:
    other, left = place / "other", place / "other.restoring"
    other.mkdir()
    (other / "overprint.toml").write_text("[worker]\ncpu = 1\n")
    process = start("restore", str(archive), "--data", str(other))
    until(lambda: database_in(left), "the database is being made")
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    examined = run_here("doctor", "--data", str(other))
    assert examined.returncode == 3
    assert "was cut short" in examined.stdout
    assert str(left) in examined.stdout
    restored = run_here("restore", str(archive), "--data", str(other))
    assert restored.returncode == 0, restored.stderr
    assert [path.name for path in place.iterdir()] == ["other"]
    assert (other / "overprint.toml").read_text() == "[worker]\ncpu = 1\n"
    assert run_here("doctor", "--data", str(other)).returncode == 0


def test_an_interrupted_restore_clears_up_after_itself(archive: Path, place: Path) -> None:
    process = start("restore", str(archive), "--data", str(place / "other"))
    until(lambda: database_in(place / "other.restoring"), "the database is being made")
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in said
    assert list(place.iterdir()) == []


def test_a_killed_backup_is_cleared_by_the_next_one(lease: Lease, data: Path, place: Path) -> None:
    second = asyncio.run(_kill_a_backup(lease, data, place))
    assert second.returncode == 2
    assert "Another backup" in second.stderr
    assert len(hidden_in(place)) == 1
    back_up(data, place / "three.tar")
    assert [path.name for path in place.iterdir()] == ["three.tar"]


async def _kill_a_backup(lease: Lease, data: Path, place: Path) -> "CompletedProcess[str]":
    """Kill one in the middle of its work; answers how another ended that was tried meanwhile."""
    async with asyncpg.create_pool(lease.urls.superuser, min_size=1) as database, asyncio.timeout(60):
        async with database.acquire() as holding, holding.transaction():
            await holding.execute("LOCK TABLE jobs IN ACCESS EXCLUSIVE MODE")  # pg_dump waits for it
            process = start("backup", str(place / "one.tar"), "--data", str(data))
            while not await database.fetchval(DUMPS):
                await asyncio.sleep(0.05)
            second = run("backup", str(place / "two.tar"), "--data", str(data))
            process.send_signal(signal.SIGKILL)
            process.communicate(timeout=60)
            while await database.fetchval(DUMPS):
                await asyncio.sleep(0.05)
    return second


def test_an_archive_of_a_stranger_gets_no_superusers_rights(lease: Lease, data: Path, tmp_path: Path) -> None:
    # Only a superuser may make one in this language.
    asyncio.run(_execute(lease, "CREATE FUNCTION f(int, int) RETURNS int LANGUAGE internal AS 'int4pl'"))
    archive = back_up(data, tmp_path / "backup.tar")
    refused = run_here("restore", str(archive), "--data", str(tmp_path / "other"))
    assert refused.returncode == 3
    assert "permission denied for language internal" in refused.stderr


async def _execute(lease: Lease, statement: str) -> None:
    connection = await asyncpg.connect(lease.urls.superuser)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


S3 = {"OVERPRINT_STORAGE_KIND": "s3", "OVERPRINT_STORAGE_BUCKET": "books"}


def test_a_backup_beside_a_bucket_says_that_the_files_are_not_in_it(data: Path, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar"
    done = run_here("backup", str(archive), "--data", str(data), variables=S3)
    assert done.returncode == 0, done.stderr
    assert "the files are in the bucket books, not in this archive" in done.stderr
    refused = run_here("restore", str(archive), "--data", str(tmp_path / "other"))
    assert refused.returncode == 2
    assert "OVERPRINT_STORAGE_KIND" in refused.stderr
    restored = run_here("restore", str(archive), "--data", str(tmp_path / "other"), variables=S3)
    assert restored.returncode == 0, restored.stderr


def test_a_postgresql_of_ones_own_is_left_to_its_own_tools(tmp_path: Path) -> None:
    urls = {name: f"postgresql://{name}:x@db/o" for name in ("a", "b", "c")}
    own = dict(zip(("DATABASE_URL", "DATABASE_SYSTEM_URL", "DATABASE_OWNER_URL"), urls.values(), strict=True))
    ended = run_here("backup", str(tmp_path / "x.tar"), "--data", str(tmp_path / "data"), variables=own)
    assert ended.returncode == 2
    assert "Back it up with pg_dump first, then the folder" in ended.stderr
