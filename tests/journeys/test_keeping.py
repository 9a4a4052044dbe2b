"""Journeys of a backup: real processes, a real database, and restores that fail half-way."""

import json
import tarfile
from pathlib import Path

from tests.support.command_line import run


def _backup(data: Path, to: Path) -> Path:
    done = run("backup", str(to), "--data", str(data))
    assert done.returncode == 0, done.stderr
    return to


def _broken_copy(archive: Path, to: Path) -> Path:
    """The same archive with a dump that ends in the middle."""
    with tarfile.open(archive) as whole, tarfile.open(to, "w") as broken:
        for member in whole:
            file = whole.extractfile(member)
            if member.name == "database.dump":
                member.size //= 2
            broken.addfile(member, file)
    return to


def test_a_backup_holds_blobs_but_no_drafts_and_does_not_migrate(data: Path, tmp_path: Path) -> None:
    for name in ("blobs/a", "about/a~", "incoming/draft", "locks/00"):
        (data / "objects" / name).parent.mkdir(parents=True, exist_ok=True)
        (data / "objects" / name).write_text("x")
    with tarfile.open(_backup(data, tmp_path / "backup.tar")) as archive:
        names = archive.getnames()
        manifest = archive.extractfile("manifest.json")
        assert manifest is not None
        assert json.loads(manifest.read())["schema"] is None, "nothing ever migrated this database"
    assert names == ["manifest.json", "database.dump", "objects/blobs/a", "objects/about/a~"]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_restore_that_failed_leaves_nothing_and_the_next_one_works(data: Path, tmp_path: Path) -> None:
    assert run("migrate", "--data", str(data)).returncode == 0
    archive = _backup(data, tmp_path / "backup.tar")
    place = tmp_path / "place"
    place.mkdir()
    other = place / "other"
    failed = run("restore", str(_broken_copy(archive, tmp_path / "broken.tar")), "--data", str(other))
    assert failed.returncode == 3
    assert failed.stderr.startswith("overprint: pg_restore failed")
    assert [path.name for path in place.iterdir()] == ["other"]
    assert [path.name for path in other.iterdir()] == ["ENVIRONMENT"]
    restored = run("restore", str(archive), "--data", str(other))
    assert restored.returncode == 0, restored.stderr
    assert [path.name for path in place.iterdir()] == ["other"]
    jobs = run("jobs", "list", "--data", str(other))
    assert jobs.returncode == 0, jobs.stderr
