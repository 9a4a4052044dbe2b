"""What goes into a backup, and what comes out of an archive."""

import tarfile
from pathlib import Path

import pytest

from overprint.core.problems import Conflict, Invalid
from overprint.main import keeping


def _folder_with(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)


def _archive(path: Path, *members: str) -> Path:
    with tarfile.open(path, "w") as archive:
        keeping._add_bytes(archive, keeping.MANIFEST, b'{"format": 1}')
        for member in members:
            keeping._add_bytes(archive, member, b"x")
    return path


def test_a_file_that_vanishes_is_left_out(tmp_path: Path) -> None:
    _folder_with(tmp_path, "blobs/a", "blobs/deep/b")
    (tmp_path / "blobs" / "gone").symlink_to(tmp_path / "nowhere")
    with tarfile.open(tmp_path / "x.tar", "w") as archive:
        keeping._add_files(archive, tmp_path / "blobs", "objects/blobs")
    with tarfile.open(tmp_path / "x.tar") as archive:
        assert archive.getnames() == ["objects/blobs/a", "objects/blobs/deep/b"]


def test_only_what_a_backup_holds_is_unpacked(tmp_path: Path) -> None:
    names = ["database.dump", "objects/blobs/a", "objects/incoming/b", "secrets/database.json", "pg/PG_VERSION"]
    keeping._unpack(_archive(tmp_path / "x.tar", *names), tmp_path / "out")
    out = tmp_path / "out"
    found = sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())
    assert found == ["database.dump", "objects/blobs/a"]


@pytest.mark.parametrize("names", [["objects/blobs/a"], ["database.dump", "objects/blobs/../../../escaped"]])
def test_an_archive_that_is_no_backup_is_refused(tmp_path: Path, names: list[str]) -> None:
    (tmp_path / "deep").mkdir()
    with pytest.raises(Invalid):
        keeping._unpack(_archive(tmp_path / "x.tar", *names), tmp_path / "deep" / "out")
    assert not list(tmp_path.rglob("escaped"))


def test_a_folder_in_use_keeps_what_it_has(tmp_path: Path) -> None:
    staging, target = tmp_path / "new", tmp_path / "data"
    _folder_with(staging, "pg/PG_VERSION")
    _folder_with(target, "objects/blobs/a", "ENVIRONMENT")
    with pytest.raises(Conflict, match="in use"):
        keeping._give_name(staging, target)
    assert (target / "objects/blobs/a").exists()


def test_a_finished_folder_takes_the_place_of_the_empty_one_and_its_settings(tmp_path: Path) -> None:
    staging, target = tmp_path / "new", tmp_path / "data"
    _folder_with(staging, "pg/PG_VERSION")
    _folder_with(target, "overprint.toml", "ENVIRONMENT")
    keeping._give_name(staging, target)
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
    assert sorted(path.name for path in target.iterdir()) == ["ENVIRONMENT", "overprint.toml", "pg"]
