"""Processes that are started to be killed: workers, web processes, submitters, and the database under them."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from overprint.db.embedded import Lease

HOME = Path(__file__).parents[2]
WATCH_SECONDS = 0.5


@dataclass(frozen=True)
class Kill:
    """``thawed_at`` is when a process that was only frozen went on."""

    what: str
    pid: int
    at: float
    thawed_at: float | None = None


class Fallen(Exception):
    """A process ended badly that nobody killed."""


@dataclass
class Victims:
    """Processes by name. ``command`` is what Python is started with for a name; who is killed begins anew.
    ``fallen`` says who ended badly without having been killed."""

    lease: Lease
    folder: Path
    command: Callable[[str], Sequence[str]]
    chance: random.Random
    kills: list[Kill] = field(default_factory=list)
    fallen: list[str] = field(default_factory=list)
    _processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str) -> None:
        """Start a process, in place of the one of this name if there was one."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                [sys.executable, *self.command(name)],
                cwd=HOME,
                env={**os.environ, "PYTHONPATH": os.pathsep.join((str(HOME / "src"), str(HOME)))},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def stop_all(self) -> None:
        for name in self._processes:
            self._look_after(name)
        for process in self._processes.values():
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.wait()

    async def watch(self) -> None:
        """Raises ``Fallen`` as soon as one ends badly by itself: whatever waits for it would wait for ever."""
        while not self.fallen:
            await asyncio.sleep(WATCH_SECONDS)
            for name in list(self._processes):
                self._look_after(name)
        raise Fallen(self.fallen[0])

    def _look_after(self, name: str) -> None:
        code = self._processes[name].poll()
        if code and not self.fallen:
            self.fallen.append(f"{name} ended by itself with {code}, see {name}.log")

    def pid_of(self, name: str) -> int:
        return self._processes[name].pid

    async def stop_for(self, name: str, seconds: float) -> None:
        """Freeze a process, as a machine that is put to sleep would; others must be free to take over its steps."""
        process = self._processes[name]
        frozen_at = time.time()
        process.send_signal(signal.SIGSTOP)
        await asyncio.sleep(seconds)
        self.kills.append(Kill("stopped", process.pid, frozen_at, time.time()))
        process.send_signal(signal.SIGCONT)

    async def kill_all(self, planned: Sequence[str], interval_seconds: float) -> None:
        """Kill these, in an order and at moments of ``chance``. ``worker`` is one of ``worker-0``, ``worker-1``, …"""
        victims = list(planned)
        self.chance.shuffle(victims)
        for victim in victims:
            await asyncio.sleep(interval_seconds * self.chance.uniform(0.4, 1.6))
            if victim == "database":
                await self._kill_database()
            else:
                self._kill_process(victim)

    def _kill_process(self, victim: str) -> None:
        named = sorted(name for name in self._processes if name == victim or name.startswith(f"{victim}-"))
        name = self.chance.choice(named)
        self._look_after(name)
        process = self._processes[name]
        self.kills.append(Kill(victim, process.pid, time.time()))
        process.kill()
        process.wait()
        self.start(name)

    async def _kill_database(self) -> None:
        ready = self.lease.ready
        self.kills.append(Kill("database", ready.server_pid, time.time()))
        os.kill(ready.server_pid, signal.SIGKILL)
        if self.chance.random() < 0.5:
            os.kill(ready.holder_pid, signal.SIGKILL)
        await asyncio.sleep(self.chance.uniform(0, 0.5))
        await asyncio.to_thread(self.lease.ensure)
