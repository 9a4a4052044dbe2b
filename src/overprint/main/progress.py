"""How a running job shows on the command line: a live bar for people, lines for logs, JSON lines for machines."""

import json
import sys
import time
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

from rich.console import Console
from rich.progress import BarColumn, SpinnerColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from overprint.engine.events import Event
from overprint.engine.job import JobState
from overprint.main.beginning import Begun
from overprint.main.exporting import Exported

WIDE_COLUMNS = 72
"""Narrower terminals show what is being made and how much of it, no more."""


class Progress(Protocol):
    """Hears what is there already, with a ``note`` that a person should read first, then of every event and the end."""

    def __enter__(self) -> object: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def begin(self, begun: Begun, note: str) -> None: ...

    def tell(self, event: Event, job: dict[str, Any] | None) -> None: ...

    def done(self, state: JobState, out: Path, exported: Exported, error: str | None) -> None: ...


class _JsonProgress:
    """One JSON object a line on standard output; the last one has ``"type": "done"``."""

    def __enter__(self) -> "_JsonProgress":
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def begin(self, begun: Begun, note: str) -> None:
        ids = {f"{begun.what}_id": str(begun.work_id), "job_id": str(begun.job["id"])}
        self._say({"type": "begun", **ids, "steps_made": begun.steps_made, "pictures_redrawn": begun.redrawn})

    def tell(self, event: Event, job: dict[str, Any] | None) -> None:
        if event.type != "step.text":
            self._say({"type": event.type, "seq": event.seq, "at": event.at.isoformat(), **event.data})

    def done(self, state: JobState, out: Path, exported: Exported, error: str | None) -> None:
        files = [str(path) for path in exported.paths]
        told = {"state": state, "out": str(out), "files": files, "notes": exported.notes, "error": error}
        self._say({"type": "done", **told})

    def _say(self, line: dict[str, Any]) -> None:
        print(json.dumps(line, ensure_ascii=False), flush=True)


class _TerminalProgress:
    """A bar on a terminal, a line a step elsewhere."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False, markup=False, emoji=False)
        self._is_live = self._console.is_terminal and not self._console.is_dumb_terminal
        is_wide = self._console.width >= WIDE_COLUMNS
        self._bar = Bar(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            *((BarColumn(),) if is_wide else ()),
            TaskProgressColumn(),
            *((TextColumn("{task.fields[left]}"), TimeElapsedColumn()) if is_wide else ()),
            console=self._console,
            disable=not self._is_live,
        )
        self._task = self._bar.add_task("Beginning", total=1.0, left="")
        self._titles: dict[str, str] = {}
        self._running: list[str] = []
        self._steps = ""
        self._began = time.monotonic()
        self._progress_before = 0.0
        self._has_news = False

    def __enter__(self) -> "_TerminalProgress":
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def begin(self, begun: Begun, note: str) -> None:
        if begun.has_ended:
            return
        if begun.steps_made:
            steps = "1 step was" if begun.steps_made == 1 else f"{begun.steps_made} steps were"
            self._console.print(f"{steps} made already.")
        if note:
            self._console.print(note)
        for key, title in begun.running:
            self._start(key, title)
        self._progress_before = float(begun.job["progress"])

    def _start(self, key: str, title: str) -> None:
        self._has_news = True
        is_new = title not in self._titles.values()  # what is done to every picture is one line
        self._titles[key] = title
        self._running = [*(running for running in self._running if running != key), key]
        if is_new and not self._is_live:
            self._console.print(f"  {title}")

    def tell(self, event: Event, job: dict[str, Any] | None) -> None:
        data = event.data
        key = data.get("key", "")
        if event.type == "step.started":
            self._start(key, data["title"])
        elif event.type.startswith("step.") and event.type not in ("step.progress", "step.text"):
            self._running = [running for running in self._running if running != key]
            if event.type in ("step.failed", "step.retrying"):
                more = " It is tried again by itself." if event.type == "step.retrying" else ""
                self._console.print(f"  {self._titles.get(key, key)}: {data.get('error')}{more}", style="yellow")
        title = self._titles.get(self._running[0], "") if self._running else "Waiting"
        progress = float(data.get("progress", 0))
        self._bar.update(self._task, completed=progress, description=title, left=self._left(progress, job))

    def _left(self, progress: float, job: dict[str, Any] | None) -> str:
        if job is not None:
            self._steps = f"{job['steps_ended']}/{job['steps_total']} steps"
        passed, made = time.monotonic() - self._began, progress - self._progress_before
        if made < 0.08 or passed < 2:
            return self._steps
        return f"{self._steps}, about {max(1, round(passed / made * (1 - progress)))} s left"

    def done(self, state: JobState, out: Path, exported: Exported, error: str | None) -> None:
        for note in exported.notes:
            self._console.print(f"Note: {note}", style="yellow")
        count = len(exported.paths)
        if not count:
            self._console.print(f"Nothing could be made ({state}). {error or ''}", style="yellow")
            return
        if state is JobState.COMPLETED and not self._has_news:
            self._console.print(f"Everything was made already. {count} files are in:")
        elif state is JobState.COMPLETED:
            self._console.print(f"Made in {time.monotonic() - self._began:.0f} s. {count} files in:")
        else:
            self._console.print(f"Not everything could be made ({state}). {error or ''}", style="yellow")
            self._console.print("Run the same command again to try only the rest. What was made is in:")
        print(out)


def json_progress() -> Progress:
    return _JsonProgress()


def terminal_progress() -> Progress:
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)
    return _TerminalProgress()
