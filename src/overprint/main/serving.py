"""``overprint web``, ``worker`` and ``up``: the processes that stay.

``up`` only watches over the other two, so what these load it does not.
"""

import asyncio
import contextlib
import fcntl
import os
import resource
import signal
import sys
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from overprint.core.problems import Conflict, Invalid, Unavailable
from overprint.core.tasks import end_tasks
from overprint.db.embedded.linux import parent_death_hook
from overprint.main.exits import Exit
from overprint.main.home import open_home, read_settings
from overprint.main.reaching import told
from overprint.observe import logs
from overprint.settings import Settings

RESTART_DELAY_MAX_SECONDS = 30.0
PORT_MAX = 65_535
OPEN_FILES_MAX = 65_536
FRAME_MAX_BYTES = 64 * 1024  # of what comes in over a WebSocket: the longest message there is names one job
STOP_TIMEOUT_SECONDS = 30.0
GREETING_POLL_SECONDS = 0.1
GREETING_TIMEOUT_SECONDS = 360.0  # longer than a migration's longest statement
_HOPELESS = (Exit.USAGE, Exit.UNAVAILABLE)

_log = logs.logger(__name__)


async def serve_web(data: Path | None, port: int | None) -> int:
    """Serve until told to stop. Raises ``TaskDied``, so that a supervisor begins anew, rather than serve by half."""
    settings = _at(read_settings(data), port)
    chosen = settings.web.port
    allow_connections()
    async with open_home(settings, loads=("overprint.main.greeting", "overprint.wiring.web")) as house:
        import uvicorn

        from overprint.main.greeting import GreetingServer
        from overprint.main.heads import BoundedHttp
        from overprint.wiring.web import web_app

        config = uvicorn.Config(
            web_app(house),
            host=settings.web.host,
            port=chosen,
            log_config=None,
            access_log=False,
            server_header=False,
            http=BoundedHttp,
            ws="websockets-sansio",
            ws_max_size=FRAME_MAX_BYTES,
            timeout_graceful_shutdown=5,
        )
        server = GreetingServer(config, _on_mail(settings))

        def stop(*_: object) -> None:
            server.should_exit = True

        # Uvicorn raises a signal again when it has ended; by default that would end us before we tidied up.
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, stop)
        with _port_free(settings.web.host, chosen), told(settings):
            await house.background.guard(server.serve(), stop)
    return Exit.OK


def allow_connections() -> None:
    """Open as many files as the system lets us: every watcher is a connection, and usual shells begin with 1024."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    bounded = OPEN_FILES_MAX if most == resource.RLIM_INFINITY else min(most, OPEN_FILES_MAX)
    resource.setrlimit(resource.RLIMIT_NOFILE, (bounded, most))


def _at(settings: Settings, port: int | None) -> Settings:
    """``settings`` with the port of the command line, if there is one: links in mails lead there."""
    if port is None:
        return settings
    return settings.model_copy(update={"web": settings.web.model_copy(update={"port": port})})


def _on_mail(settings: Settings) -> str:
    """Where the mails are that nobody delivers."""
    if settings.accounts.mode == "local" or settings.mail.provider != "embedded":
        return ""
    return (
        f"No mail server is set: site admins read what would be sent at {settings.site_url}/admin/mail; "
        "`overprint people admin ADDRESS` makes the first one."
    )


async def serve_worker(data: Path | None) -> int:
    """Work until told to stop; running steps are ended or handed back. Raises ``TaskDied`` as ``serve_web`` does."""
    settings = read_settings(data)
    async with open_home(settings, loads=("overprint.engine.worker",)) as house:
        from overprint.wiring import lift_pauses, worker_of

        await lift_pauses(house)
        worker = worker_of(house)
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, worker.stop)
        _log.info("a worker is ready")
        await house.background.guard(worker.run(), worker.stop)
    return Exit.OK


async def serve_all(data: Path | None, port: int | None) -> int:
    """One web and one worker process, begun again when they die.

    The first web process makes the database. What keeps it from starting it says itself, and then nothing is begun
    again: its exit code is ours.
    """
    settings = read_settings(data)
    chosen = port if port is not None else settings.web.port
    with _only_one(settings), _port_free(settings.web.host, chosen):
        arguments = ["--data", str(settings.data_dir)]
        stop, hurry = _told_to_stop()
        begun = asyncio.Event()
        web = asyncio.create_task(_supervise(["web", *arguments, "--port", str(chosen)], hurry, begun))
        await _first_of(_is_answered(settings.web.host, chosen), asyncio.wait([web]), stop.wait())
        if web.done():
            return web.result()
        begun.set()
        children = [web, asyncio.create_task(_supervise(["worker", *arguments], hurry, begun))]
        await stop.wait()
        _say("stopping. What is being made goes on next time; Ctrl-C again stops at once.")
        for child in children:
            child.cancel()
        await asyncio.gather(*children, return_exceptions=True)
    return Exit.OK


def _told_to_stop() -> tuple[asyncio.Event, asyncio.Event]:
    """What is set by the first signal that asks us to stop, and what by the second: somebody who cannot wait."""
    stop, hurry = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, lambda: hurry.set() if stop.is_set() else stop.set())
    return stop, hurry


async def _first_of(*waits: Coroutine[Any, Any, object]) -> None:
    """Return when one of them has come, or when nobody wants to wait any longer."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    await asyncio.wait(tasks, timeout=GREETING_TIMEOUT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    await end_tasks(*tasks)


async def _is_answered(host: str, port: int) -> None:
    """Return once somebody listens there."""
    while True:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection(host, port)
            writer.close()
            return
        await asyncio.sleep(GREETING_POLL_SECONDS)


def _say(words: str) -> None:
    with contextlib.suppress(OSError):
        print(f"overprint: {words}", file=sys.stderr, flush=True)


async def _supervise(arguments: list[str], hurry: asyncio.Event, begun: asyncio.Event) -> int:
    """Keep one child running; wait longer between restarts when it keeps dying young. If we are killed, it stops.

    Until all has ``begun``, a child that says what is missing is not begun again: answers its exit code.
    """
    delay = 0.5
    while True:
        began = time.monotonic()
        try:
            code = await _run(arguments, hurry)
        except OSError as error:  # no process, memory or file to be had right now
            ended = f"could not begin ({error.strerror})"
        else:
            if code in _HOPELESS and not begun.is_set():
                return code
            ended = f"ended with {code}"
        delay = 0.5 if time.monotonic() - began > 60 else min(delay * 2, RESTART_DELAY_MAX_SECONDS)
        _say(f"{arguments[0]} {ended}; beginning again in {delay:g} s")
        await asyncio.sleep(delay)


async def _run(arguments: list[str], hurry: asyncio.Event) -> int:
    """The exit code of one child; if we are told to stop, so is it. Raises ``OSError`` when there can be none."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "overprint", *arguments),
        start_new_session=True,
        preexec_fn=parent_death_hook(signal.SIGTERM),
    )
    try:
        return await process.wait()
    except asyncio.CancelledError:
        await _stop(process, hurry)
        raise


async def _stop(process: asyncio.subprocess.Process, hurry: asyncio.Event) -> None:
    """Let it tidy up, but not for ever, and not when somebody hurries: a killed worker loses nothing either."""
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    ways = [asyncio.create_task(process.wait()), asyncio.create_task(hurry.wait())]
    await asyncio.wait(ways, timeout=STOP_TIMEOUT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    await end_tasks(ways[1])
    await ways[0]


@contextmanager
def _only_one(settings: Settings) -> Iterator[None]:
    """Refuse a second ``up`` on one data folder."""
    path = settings.data_dir / "run" / "up.lock"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("a+b") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(
                f"Overprint is already up on {settings.data_dir}.",
                "Use that one, or choose another folder with --data.",
            ) from None
        yield


@contextmanager
def _port_free(host: str, port: int) -> Iterator[None]:
    """Raises ``Unavailable`` when somebody else listens there, ``Invalid`` for a number that no port has."""
    import socket

    if not 0 < port <= PORT_MAX:
        raise Invalid(f"There is no port {port}.", f"Choose one from 1 to {PORT_MAX} with --port.", field="port")
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Unavailable(
                f"Port {port} of {host} cannot be used ({os.strerror(error.errno or 0)}).",
                "Choose another one with --port.",
            ) from error
    yield
