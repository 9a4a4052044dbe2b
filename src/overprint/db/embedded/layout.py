"""Where things lie in a data directory, and who may look at them."""

import os
from dataclasses import dataclass
from pathlib import Path

from overprint.core.problems import Conflict, Denied

LAYOUT_VERSION = 1
FROM_ANOTHER_VERSION = (
    "With the Overprint that made it: `overprint backup old.tar`. With this one: "
    "`overprint restore old.tar --data NEW`. Nothing has been changed."
)


@dataclass(frozen=True)
class DataLayout:
    """The database's part of a data directory."""

    root: Path

    @classmethod
    def of(cls, data_dir: Path) -> "DataLayout":
        return cls(Path(data_dir).expanduser().resolve())

    @property
    def pg(self) -> Path:
        return self.root / "pg"

    @property
    def unfinished_pg(self) -> Path:
        """A cluster in the making: it becomes ``pg`` by one rename, or is thrown away."""
        return self.root / "pg.new"

    @property
    def run(self) -> Path:
        return self.root / "run"

    @property
    def passwords(self) -> Path:
        return self.root / "secrets" / "database.json"

    @property
    def version(self) -> Path:
        return self.root / "VERSION"

    @property
    def scratch_mark(self) -> Path:
        """Its presence says: a throw-away cluster, fast and not durable."""
        return self.root / "SCRATCH"

    @property
    def port(self) -> Path:
        return self.run / "port"

    @property
    def holder_lock(self) -> Path:
        return self.run / "holder.lock"

    @property
    def start_lock(self) -> Path:
        return self.run / "start.lock"

    @property
    def holder_log(self) -> Path:
        return self.run / "holder.log"

    @property
    def server_log(self) -> Path:
        return self.run / "postgres.log"

    def prepare(self) -> None:
        """Make the private directories; refuse a data directory that another account's Overprint uses.

        Raises Denied when it cannot be written, Conflict when it is someone else's.
        """
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            for private in (self.run, self.passwords.parent):
                private.mkdir(mode=0o700, exist_ok=True)
                self._refuse_stranger(private)
                if private.stat().st_mode & 0o077:
                    private.chmod(0o700)
        except (PermissionError, NotADirectoryError, FileExistsError) as error:
            raise Denied(
                f"The data directory {self.root} cannot be used: {error.strerror}: {error.filename}.",
                "Choose another one with --data, or correct its owner and permissions.",
            ) from error

    def _refuse_stranger(self, directory: Path) -> None:
        owner = directory.stat().st_uid
        if owner != os.geteuid():
            raise Conflict(
                f"The data directory {self.root} is used by the account with id {owner}; this is id {os.geteuid()}.",
                "Run the command as that account, or choose another directory with --data.",
            )

    def recorded_major(self) -> int | None:
        """The PostgreSQL major version that wrote the cluster; None where there is no cluster yet."""
        try:
            return int((self.pg / "PG_VERSION").read_text("ascii").strip())
        except FileNotFoundError:
            return None
        except ValueError as error:
            raise Conflict(
                f"{self.pg} does not look like a PostgreSQL cluster.", "Restore it from a backup, or move it away."
            ) from error

    def check_major(self, major: int) -> None:
        """Raise Conflict unless a server of this major version can open the cluster."""
        self._check_layout()
        recorded = self.recorded_major()
        if recorded is not None and recorded != major:
            raise Conflict(
                f"The database in {self.root} was made by PostgreSQL {recorded}; "
                f"this Overprint brings PostgreSQL {major}.",
                FROM_ANOTHER_VERSION,
            )

    def _check_layout(self) -> None:
        try:
            entries = dict(line.split(maxsplit=1) for line in self.version.read_text("ascii").splitlines() if line)
            layout = int(entries["layout"])
        except FileNotFoundError:
            return
        except (ValueError, KeyError) as error:
            raise Conflict(
                f"{self.version} is damaged.", f"It should read `layout {LAYOUT_VERSION}`; correct it and try again."
            ) from error
        if layout > LAYOUT_VERSION:
            raise Conflict(
                f"{self.root} was made by a newer Overprint (layout {layout}; this one knows {LAYOUT_VERSION}).",
                "Install that version or a newer one.",
            )

    def record_version(self, major: int) -> None:
        write_whole(self.version, f"layout {LAYOUT_VERSION}\npostgresql {major}\n", mode=0o644)


def write_whole(path: Path, text: str, *, mode: int = 0o600) -> None:
    """Replace a file at once and durably: a reader sees the old text or the new one, never a part."""
    unfinished = path.with_name(path.name + ".new")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)
