"""A process that lost a part of itself says so and ends, so that its supervisor begins it again."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from overprint.main.exits import Exit
from tests.support.command_line import free_port
from tests.support.database import TestDatabase

# Only here can a part be made to break at will: the program itself, with one of its tasks replaced by one that dies.
PROGRAM = """
import asyncio, sys
from {module} import {name} as owner

async def die(self):
    await asyncio.sleep(0.5)
    raise ZeroDivisionError("a bug")

owner.{task} = die
from overprint.main.cli import main
sys.argv[0] = "overprint"
main()
"""


@pytest.mark.parametrize(
    ("command", "module", "name", "task", "said"),
    [
        ("web", "overprint.engine.events", "Hub", "run", "The event hub"),
        ("web", "overprint.engine.signals", "Listener", "run", "The listener"),
        ("worker", "overprint.engine.signals", "Poker", "run", "The poker"),
        ("worker", "overprint.engine.worker", "Worker", "_sweep", "The sweep for lost steps"),
    ],
)
def test_it_ends_with_its_own_exit_code(
    database_urls: TestDatabase, tmp_path: Path, command: str, module: str, name: str, task: str, said: str
) -> None:
    port = ["--port", str(free_port())] if command == "web" else []
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(module=module, name=name, task=task), command, *port],
        env={
            "PYTHONPATH": os.pathsep.join(sys.path),
            "OVERPRINT_DATA": str(tmp_path / "data"),
            "DATABASE_URL": database_urls.app,
            "DATABASE_SYSTEM_URL": database_urls.system,
            "DATABASE_OWNER_URL": database_urls.owner,
            "TMPDIR": str(tmp_path),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == Exit.BROKEN, ended.stderr
    assert f"overprint: {said} ended unexpectedly." in ended.stderr
    (details,) = tmp_path.glob("overprint-error-*.log")
    assert "ZeroDivisionError: a bug" in details.read_text()
