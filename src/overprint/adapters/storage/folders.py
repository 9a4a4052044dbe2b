"""Folders of the local store: made, walked, pruned and made safe from a power cut."""

import os
from collections.abc import Iterator
from pathlib import Path


def walk(folder: Path, path: str) -> Iterator[str]:
    """Every file below ``folder``, each named by its way from there behind ``path``, in the order of that text."""
    try:
        with os.scandir(folder) as found:
            # A folder's keys sort as if its name ended in a slash: "a-b" < "a.b" < "a/b".
            entries = sorted((e.name + "/" if e.is_dir(follow_symlinks=False) else e.name) for e in found)
    except (FileNotFoundError, NotADirectoryError):
        return
    for name in entries:
        if name.endswith("/"):
            yield from walk(folder / name, path + name)
        else:
            yield path + name


def make_folders(folder: Path, top: Path) -> None:
    """Makes ``folder`` and what lies between it and ``top``, so that they survive a power cut.

    Raises ``FileNotFoundError`` if somebody prunes them meanwhile.
    """
    missing: list[Path] = []
    while folder != top and not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for path in reversed(missing):
        path.mkdir(mode=0o700, exist_ok=True)
        sync_folder(path.parent)


def prune(folder: Path, top: Path) -> None:
    """Removes ``folder`` and those above it, up to ``top``, while they are empty."""
    while folder != top:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent


def sync_folder(folder: Path) -> None:
    """Makes the names in ``folder`` safe from a power cut."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
