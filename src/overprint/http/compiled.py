"""What templates were compiled to. It is kept where Python keeps what modules were compiled to, so that a process that
has just begun need not do it again for the first who asks."""

import os
import sys
import tempfile
from contextlib import suppress
from hashlib import sha256
from importlib.util import cache_from_source
from pathlib import Path
from types import CodeType

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

_FOLDER = Path(cache_from_source(__file__)).parent


class CompiledTemplates(BytecodeCache):
    """In memory for all environments of this process, which differ in folders and words, and in files for the next.

    A file that is damaged, of another Python or of other words is passed over; one that cannot be written is done
    without. ``made_by`` changes with all else that the outcome depends on: the compiler, and what it is told.
    ``keeps``: whether files are written at all.
    """

    def __init__(self, made_by: str, folder: Path = _FOLDER, *, keeps: bool = not sys.dont_write_bytecode) -> None:
        self._made_by = sha256(made_by.encode()).digest()
        self._folder, self._keeps = folder, keeps
        self._code: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))
        if bucket.code is None:
            with suppress(OSError), self._file(bucket).open("rb") as kept:
                if kept.read(len(self._made_by)) == self._made_by:
                    bucket.load_bytecode(kept)
            self._code[bucket.key, bucket.checksum] = bucket.code

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key, bucket.checksum] = bucket.code
        if self._keeps:
            with suppress(OSError):
                self._write(bucket)

    def _write(self, bucket: Bucket) -> None:
        """Whole or not at all: others read meanwhile."""
        self._folder.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=self._folder)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(self._made_by)
                bucket.write_bytecode(file)
            Path(name).replace(self._file(bucket))
        except BaseException:
            Path(name).unlink()
            raise

    def _file(self, bucket: Bucket) -> Path:
        """One for each template, by its name and its place."""
        return self._folder / f"template-{bucket.key}.{sys.implementation.cache_tag}"
