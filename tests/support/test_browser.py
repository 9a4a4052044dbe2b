"""The browser of all browser tests of a process."""

import asyncio
import os
import shutil
import signal
import sys
from pathlib import Path

from tests.support.browser import open_browser
from tests.support.command_line import environment, until
from tests.support.processes import is_running

CONTEXTS = "Target.getBrowserContexts"
OWNER = """
import asyncio, time
from tests.support.browser import open_browser
async def own():
    async with open_browser() as browser:
        command = (await browser.send("SystemInfo.getInfo"))["commandLine"]
        print((await browser.send("SystemInfo.getProcessInfo"))["processInfo"][0]["id"], flush=True)
        print(command.partition("--user-data-dir=")[2].split()[0], flush=True)
        time.sleep(60)
asyncio.run(own())
"""


async def test_who_visited_has_left_with_all_that_is_known_of_them() -> None:
    async with open_browser() as browser:
        first = await browser.visitor()
        await browser.visitor(beside=first)
        assert (await browser.send(CONTEXTS))["browserContextIds"] == [first.context["browserContextId"]]
    async with open_browser() as browser:
        assert (await browser.send(CONTEXTS))["browserContextIds"] == []


async def test_it_ends_with_a_process_that_is_killed() -> None:
    paths = os.pathsep.join(path for path in sys.path if path)
    told = {"stdout": asyncio.subprocess.PIPE, "env": environment(PYTHONPATH=paths)}
    owner = await asyncio.create_subprocess_exec(sys.executable, "-c", OWNER, **told)
    assert owner.stdout is not None
    program, folder = [(await owner.stdout.readline()).decode().strip() for _ in range(2)]
    assert is_running(int(program))
    owner.send_signal(signal.SIGKILL)
    await owner.wait()
    until(lambda: not is_running(int(program)), "the browser ends too", timeout_seconds=30)
    shutil.rmtree(Path(folder))
