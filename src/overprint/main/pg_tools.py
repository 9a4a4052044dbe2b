"""Running PostgreSQL's own programs against the embedded database."""

import asyncio
import os
import signal
from urllib.parse import urlsplit

from overprint.core.problems import Unavailable
from overprint.db.embedded import find_binaries
from overprint.db.embedded.diagnosis import DISK_FULL
from overprint.db.embedded.linux import parent_death_hook

TIMEOUT_SECONDS = 3600


async def run_tool(name: str, url: str, *arguments: str) -> None:
    """Run ``pg_dump`` or ``pg_restore`` to its end; it does not outlive us. The password travels in the environment.

    Raises ``OSError`` when the disk is full, ``Unavailable`` for any other failure.
    """
    parts = urlsplit(url)
    process = await asyncio.create_subprocess_exec(
        str(find_binaries().get_tool(name)),
        "--dbname",
        parts._replace(netloc=f"{parts.username}@{parts.hostname}:{parts.port}").geturl(),
        *arguments,
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "PGPASSWORD": parts.password or ""},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is ours to hear: we tell it to stop
        preexec_fn=parent_death_hook(signal.SIGKILL),
    )
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            _, said = await process.communicate()
    except TimeoutError:
        raise Unavailable(f"{name} did not end within an hour.") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise _failure(name, said.decode(errors="replace"))


def _failure(name: str, said: str) -> Exception:
    if DISK_FULL.search(said):
        return OSError("the disk is full")
    lines = [line.strip() for line in said.splitlines() if line.strip()] or ["it gave no reason"]
    reason = next((line for line in lines if "error: " in line), lines[-1]).removeprefix(f"{name}: error: ")
    return Unavailable(f"{name} failed: {reason[:500].rstrip('.')}.", "Nothing was changed; what it began is cleared.")
