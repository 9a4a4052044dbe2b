"""What goes into a backup, and what comes out of an archive."""

import hashlib
import io
import tarfile
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest

from overprint.core.problems import Conflict, Invalid
from overprint.db.embedded import linux
from overprint.main import restoring
from overprint.main.archive import CHECKSUMS, DUMP, MANIFEST, ArchiveWriter, Stopped, unpack

NEVER = Event()


def folder_with(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    return root


def files_below(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def written(to: Path, root: Path) -> Path:
    """A sound archive of ``root``."""
    writer = ArchiveWriter(to, {}, NEVER)
    writer.add_new_files("objects/blobs", root / "blobs")
    writer.add_file(DUMP, root / "dump")
    writer.add_new_files("objects/blobs", root / "blobs")
    writer.close()
    return to


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    root = folder_with(tmp_path / "root", "blobs/a", "blobs/deep/b", "dump")
    return written(tmp_path / "whole.tar", root)


def test_an_archive_gives_back_every_file_with_its_time_to_the_nanosecond(whole: Path, tmp_path: Path) -> None:
    unpack(whole, tmp_path / "out", NEVER)
    assert files_below(tmp_path / "out") == [DUMP, "objects/blobs/a", "objects/blobs/deep/b"]
    before, after = tmp_path / "root/blobs/deep/b", tmp_path / "out/objects/blobs/deep/b"
    assert after.read_bytes() == before.read_bytes()
    assert after.stat().st_mtime_ns == before.stat().st_mtime_ns
    assert after.stat().st_mode & 0o777 == 0o600


def test_a_backup_can_be_checked_without_overprint(whole: Path) -> None:
    with tarfile.open(whole) as archive:
        read = {member.name: archive.extractfile(member).read() for member in archive}  # type: ignore[union-attr]
    sums = dict(line.split("  ")[::-1] for line in read.pop(CHECKSUMS).decode().splitlines())
    assert sums == {name: hashlib.sha256(content).hexdigest() for name, content in read.items()}


def test_files_that_vanish_or_are_not_the_stores_are_left_out(tmp_path: Path) -> None:
    root = folder_with(tmp_path / "root", "blobs/a", "blobs/a note.txt", "dump")
    (root / "blobs" / "gone").symlink_to(tmp_path / "nowhere")
    unpack(written(tmp_path / "x.tar", root), tmp_path / "out", NEVER)
    assert files_below(tmp_path / "out") == [DUMP, "objects/blobs/a"]


def test_a_file_that_came_while_the_database_was_dumped_is_in_it_and_none_is_twice(tmp_path: Path) -> None:
    root = folder_with(tmp_path / "root", "blobs/a", "blobs/b")
    writer = ArchiveWriter(tmp_path / "x.tar", {}, NEVER)
    writer.add_new_files("objects/blobs", root / "blobs")
    (root / "blobs/a").unlink()
    folder_with(root, "blobs/c")
    writer.add_new_files("objects/blobs", root / "blobs")
    writer.close()
    with tarfile.open(tmp_path / "x.tar") as archive:
        names = archive.getnames()
    assert names == [MANIFEST, "objects/blobs/a", "objects/blobs/b", "objects/blobs/c", CHECKSUMS]


def test_a_folder_that_cannot_be_read_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    writer = ArchiveWriter(tmp_path / "x.tar", {}, NEVER)
    with pytest.raises(OSError, match="symbolic links"):
        writer.add_new_files("objects/blobs", tmp_path / "loop")


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.99])
def test_an_archive_that_was_cut_short_is_refused(whole: Path, tmp_path: Path, part: float) -> None:
    with tarfile.open(whole) as archive:
        end = archive.getmember(CHECKSUMS).offset
    with whole.open("r+b") as file:
        file.truncate(int(end * part))
    with pytest.raises(Invalid, match=r"too early|was not written"):
        unpack(whole, tmp_path / "out", NEVER)


def test_an_archive_that_was_cut_between_two_files_is_refused(whole: Path, tmp_path: Path) -> None:
    with tarfile.open(whole) as archive:
        end = archive.getmember(CHECKSUMS).offset
    whole.write_bytes(whole.read_bytes()[:end] + bytes(10_240))
    with pytest.raises(Invalid, match="ends too early"):
        unpack(whole, tmp_path / "out", NEVER)


def test_a_changed_file_is_named(whole: Path, tmp_path: Path) -> None:
    content = whole.read_bytes()
    with tarfile.open(whole) as archive:
        start = archive.getmember("objects/blobs/a").offset_data
    whole.write_bytes(content[:start] + b"X" + content[start + 1 :])
    with pytest.raises(Invalid, match="'objects/blobs/a' is not what was put into it"):
        unpack(whole, tmp_path / "out", NEVER)


def with_member(name: str, **changes: object) -> Callable[[Path], None]:
    """Makes an archive that holds one member more."""

    def make(path: Path) -> None:
        with tarfile.open(path, "w") as archive:
            for each, said in ((MANIFEST, b'{"format": 1}'), (DUMP, b"x"), (name, b"x")):
                entry = tarfile.TarInfo(each)
                entry.size = len(said)
                if each == name:
                    for attribute, value in changes.items():
                        setattr(entry, attribute, value)
                archive.addfile(entry, io.BytesIO(said))

    return make


HOSTILE = {
    "parent": with_member("objects/blobs/../../../escaped"),
    "absolute": with_member("/tmp/escaped"),
    "absolute in place": with_member("objects/blobs//tmp/escaped"),
    "link": with_member("objects/blobs/link", type=tarfile.SYMTYPE, linkname="/etc/passwd"),
    "hard link": with_member("objects/blobs/link", type=tarfile.LNKTYPE, linkname="../../escaped"),
    "device": with_member("objects/blobs/device", type=tarfile.CHRTYPE),
    "folder": with_member("objects/blobs/folder", type=tarfile.DIRTYPE),
    "other secrets": with_member("secrets/database.json"),
    "a cluster": with_member("pg/PG_VERSION"),
    "twice": with_member(DUMP),
    "settings": with_member("overprint.toml"),
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_no_backup_holds_is_refused_and_writes_nothing_outside(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path / "x.tar")
    (tmp_path / "deep").mkdir()
    with pytest.raises(Invalid, match="which no backup does"):
        unpack(tmp_path / "x.tar", tmp_path / "deep" / "out", NEVER)
    assert {path.name for path in tmp_path.rglob("*")} <= {"x.tar", "deep", "out", DUMP}


@pytest.mark.parametrize(
    "content",
    [b"", b"no tar at all", b"\x1f\x8b\x08\x00" + bytes(40), bytes(10_240)],
    ids=["empty", "text", "gzip", "zeros"],
)
def test_a_file_that_is_no_backup_is_refused_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.tar").write_bytes(content)
    with pytest.raises(Invalid, match="was not written by `overprint backup`") as caught:
        unpack(tmp_path / "x.tar", tmp_path / "out", NEVER)
    assert "\n" not in str(caught.value)


def test_an_archive_that_is_not_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"x.tar cannot be read \(No such file or directory\)"):
        unpack(tmp_path / "x.tar", tmp_path / "out", NEVER)


def test_an_archive_of_another_format_names_the_version_that_reads_it(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "x.tar", "w") as archive:
        said = b'{"format": 2, "overprint": "9.1"}'
        entry = tarfile.TarInfo(MANIFEST)
        entry.size = len(said)
        archive.addfile(entry, io.BytesIO(said))
    with pytest.raises(Conflict, match=r"Use version 9\.1\."):
        unpack(tmp_path / "x.tar", tmp_path / "out", NEVER)


def test_who_is_told_to_stop_stops(whole: Path, tmp_path: Path) -> None:
    stop = Event()
    stop.set()
    with pytest.raises(Stopped):
        unpack(whole, tmp_path / "out", stop)
    with pytest.raises(Stopped):
        ArchiveWriter(tmp_path / "x.tar", {}, stop)


def test_a_folder_in_use_keeps_what_it_has(tmp_path: Path) -> None:
    staging = folder_with(tmp_path / "new", "pg/PG_VERSION")
    target = folder_with(tmp_path / "data", "objects/blobs/a", "ENVIRONMENT")
    with pytest.raises(Conflict, match="in use"):
        restoring._give_name(staging, target)
    assert files_below(target) == ["ENVIRONMENT", "objects/blobs/a"]


@pytest.mark.parametrize("trades", [True, False], ids=["in one step", "where the file system cannot"])
def test_a_finished_folder_takes_the_place_of_the_empty_one_and_its_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trades: bool
) -> None:
    monkeypatch.setattr(restoring, "exchange", linux.exchange if trades else lambda one, other: False)
    staging = folder_with(tmp_path / "new", "pg/PG_VERSION")
    target = folder_with(tmp_path / "data", "overprint.toml", "ENVIRONMENT")
    restoring._give_name(staging, target)
    assert files_below(target) == ["ENVIRONMENT", "overprint.toml", "pg/PG_VERSION"]


def test_what_a_killed_restore_was_about_to_put_back_is_put_back(tmp_path: Path) -> None:
    staging = folder_with(tmp_path / "new", "overprint.toml", "ENVIRONMENT", "pg/PG_VERSION")
    target = folder_with(tmp_path / "data", "ENVIRONMENT")
    restoring._clear(staging, target)
    assert files_below(target) == ["ENVIRONMENT", "overprint.toml"]
    assert not staging.exists()
