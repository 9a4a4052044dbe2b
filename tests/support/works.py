"""Works of films that take and leave files, as functions of bytes: what tests make is short."""

import tempfile
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from overprint.core.checks import FilmChecks
from overprint.core.film import Output
from overprint.craft.editing import (
    BEFORE,
    CLIP,
    FILM,
    FINISHED,
    MADE,
    SOUND,
    FinishOrder,
    JoinOrder,
    checks_of,
    clip_name,
    finish_clip,
    finish_order,
    join_film,
    join_order,
    package_film,
    package_order,
)
from overprint.craft.editing.probing import Meant, probed
from overprint.craft.motion.encoder import Quality, film_writer


def encoded(frames: Iterable[np.ndarray], fps: int, quality: Quality) -> bytes:
    """A clip of these frames: blue, green, red and a byte that says nothing."""
    pictures = iter(frames)
    first = next(pictures)
    with _folder({}) as folder:
        with film_writer(folder / CLIP, first.shape[1], first.shape[0], fps, quality) as writer:
            writer.add_bgra(first)
            for frame in pictures:
                writer.add_bgra(frame)
            writer.close()
        return (folder / CLIP).read_bytes()


def clip_left(work: Callable[[bytes, Path], Generator[int, None, bytes]], order: bytes) -> bytes:
    """The clip that a work leaves."""
    with _folder({}) as folder:
        _told(work(order, folder))
        return (folder / CLIP).read_bytes()


def finished(order: FinishOrder, clip: bytes, before: bytes = b"", lut: bytes = b"") -> tuple[list[int], bytes]:
    """What was told on the way, and the finished clip."""
    with _folder({CLIP: clip, BEFORE: before}) as folder:
        told = _told(finish_clip(finish_order(order, lut), folder))
        return told, (folder / FINISHED).read_bytes()


def joined(order: JoinOrder, clips: Sequence[bytes], sound: bytes) -> tuple[bytes, FilmChecks]:
    with _folder({clip_name(number): clip for number, clip in enumerate(clips)} | {SOUND: sound}) as folder:
        checks = checks_of(join_film(join_order(order), folder))
        return (folder / FILM).read_bytes(), checks


def packaged(output: Output, film: bytes) -> Mapping[str, bytes]:
    with _folder({FILM: film}) as folder:
        package_film(package_order(output), folder)
        return {path.name: path.read_bytes() for path in (folder / MADE).iterdir()}


def checked(film: bytes, meant: Meant) -> FilmChecks:
    with _folder({FILM: film}) as folder:
        return probed(folder / FILM, meant)


def _told(work: Generator[int, None, bytes]) -> list[int]:
    return list(work)


@contextmanager
def _folder(files: Mapping[str, bytes]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        for file, data in files.items():
            (Path(name) / file).write_bytes(data)
        yield Path(name)
