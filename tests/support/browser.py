"""Chromium as people use it: pages are opened, filled in and sent by its own engine, over its debugging protocol.

Each visitor has cookies of their own; all tests of a process share the program. What is waited for is what the browser
tells; nothing here sleeps to be sure.
"""

import asyncio
import atexit
import base64
import itertools
import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from overprint.core.tasks import end_tasks
from overprint.main.toolchain import chromium

START_SECONDS, ANSWER_SECONDS = 60.0, 30.0
SHOT_MAX_BYTES, SHOT_MAX_PX = 30_000_000, 12_000
_POLL_SECONDS = 0.02
_OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--no-first-run",
    "--disable-extensions",
)

_FILL = """((name, value) => {{
  const field = document.querySelector(name.match(/^[\\w-]+$/) ? `[name="${{name}}"]` : name);
  if (!field) throw new Error(`there is no field ${{name}}`);
  field.value = value;
  field.dispatchEvent(new Event('input', {{bubbles: true}}));
  field.dispatchEvent(new Event('change', {{bubbles: true}}));
}})({name}, {value})"""
# Of those with these words on them, the shortest: a link within a paragraph, not the paragraph; and what the page
# itself says before what its frame does.
_CLICK = """((words) => {{
  const seen = [...document.querySelectorAll('button, a, summary, input[type=submit], label')];
  const named = seen.filter(e => (e.innerText || e.value || '').includes(words) && e.checkVisibility());
  const found = named.sort((a, b) => !!b.closest('main') - !!a.closest('main')
    || (a.innerText || '').length - (b.innerText || '').length)[0];
  if (!found) throw new Error(`nothing says ${{words}}: ` + document.body.innerText.slice(0, 2000));
  found.click();
}})({words})"""


# It becomes the program, beside which somebody waits at the other end of our pipe: however this process ends, even by a
# kill, that ends all of them.
_WITH_US = 'exec 3<&0; (read _ <&3; kill -s KILL -- -$$) & exec "$@" 3<&- </dev/null'


class PageError(Exception):
    """The page did not do what was asked of it."""


@dataclass
class Visitor:
    """One person's browser window, with cookies of their own."""

    browser: "Browser"
    session_id: str
    context: dict[str, Any]
    loaded: asyncio.Event = field(default_factory=asyncio.Event)
    complaints: list[str] = field(default_factory=list)

    async def send(self, method: str, **params: Any) -> dict[str, Any]:
        """Any command of the protocol, to this window."""
        return await self.browser.send(method, self.session_id, **params)

    async def goto(self, url: str) -> None:
        self.loaded.clear()
        answer = await self.send("Page.navigate", url=url)
        if answer.get("errorText"):
            raise PageError(f"{url}: {answer['errorText']}")
        await self.until_loaded(url)

    async def eval(self, script: str) -> Any:
        """The value of an expression in the page; of a promise, what it becomes."""
        asked = {"expression": script, "returnByValue": True, "awaitPromise": True, "userGesture": True}
        answer = await self.send("Runtime.evaluate", **asked)
        if "exceptionDetails" in answer:
            told = answer["exceptionDetails"]
            raise PageError(told.get("exception", {}).get("description") or told["text"])
        return answer["result"].get("value")

    async def fill(self, **values: str) -> None:
        """Write into the fields of these names."""
        for name, value in values.items():
            await self.eval(_FILL.format(name=json.dumps(name), value=json.dumps(value)))

    async def click(self, words: str, *, leads_on: bool = True) -> None:
        """Click what has these words on it. ``leads_on``: wait for the page that comes of it."""
        self.loaded.clear()
        await self.eval(_CLICK.format(words=json.dumps(words)))
        if leads_on:
            await self.until_loaded(f"the page after {words!r}")

    async def until(self, script: str, what: str) -> None:
        """Until an expression is true, on this page or on one that it leads to by itself."""
        with suppress(TimeoutError):
            async with asyncio.timeout(ANSWER_SECONDS):
                while not await self._quietly(script):
                    await asyncio.sleep(_POLL_SECONDS)
                return
        raise PageError(f"{what} did not come about: {await self.text()}")

    async def _quietly(self, script: str) -> Any:
        try:
            return await self.eval(script)
        except PageError:  # the page is just being left
            return None

    async def text(self) -> str:
        """What can be read on the page."""
        return str(await self.eval("document.body.innerText"))

    async def path(self) -> str:
        return str(await self.eval("location.pathname"))

    async def shoot(self, file: Path) -> None:
        """A picture of the whole page."""
        size = (await self.send("Page.getLayoutMetrics"))["cssContentSize"]
        whole = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], SHOT_MAX_PX), "scale": 1}
        shot = await self.send("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=whole)
        file.write_bytes(base64.b64decode(shot["data"]))

    async def until_loaded(self, what: str) -> None:
        try:
            await asyncio.wait_for(self.loaded.wait(), ANSWER_SECONDS)
        except TimeoutError:
            raise PageError(f"{what} does not come: {await self.text()}") from None


class Browser:
    """Chromium, as a test talks to it: ``open_browser``."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._ids = itertools.count(1)
        self._asked: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._visitors: dict[str, Visitor] = {}

    async def visitor(self, beside: Visitor | None = None) -> Visitor:
        """Somebody new, whom no site knows yet; or another window of who is there, with the same cookies."""
        context = beside.context if beside else await self.send("Target.createBrowserContext", disposeOnDetach=True)
        target = await self.send("Target.createTarget", url="about:blank", **context)
        attached = await self.send("Target.attachToTarget", flatten=True, **target)
        visitor = Visitor(self, attached["sessionId"], context)
        self._visitors[visitor.session_id] = visitor
        for domain in ("Page", "Runtime", "Log"):
            await visitor.send(f"{domain}.enable")
        return visitor

    async def send(self, method: str, session_id: str | None = None, **params: Any) -> dict[str, Any]:
        number = next(self._ids)
        answer = self._asked[number] = asyncio.get_running_loop().create_future()
        told = {"id": number, "method": method, "params": params} | ({"sessionId": session_id} if session_id else {})
        await self._socket.send(json.dumps(told))
        try:
            return await asyncio.wait_for(answer, ANSWER_SECONDS)
        finally:
            del self._asked[number]

    async def listen(self) -> None:
        """Hand on what the browser says, until it ends."""
        async for said in self._socket:
            message = json.loads(said)
            if "id" in message:
                self._answer(message)
            elif (visitor := self._visitors.get(message.get("sessionId", ""))) is not None:
                _tell(visitor, message["method"], message["params"])

    def _answer(self, message: dict[str, Any]) -> None:
        waiting = self._asked.get(message["id"])
        if waiting is None or waiting.done():
            return
        if "error" in message:
            waiting.set_exception(PageError(message["error"]["message"]))
        else:
            waiting.set_result(message["result"])


def _tell(visitor: Visitor, method: str, params: dict[str, Any]) -> None:
    if method == "Page.loadEventFired":
        visitor.loaded.set()
    elif method == "Runtime.exceptionThrown":
        visitor.complaints.append(params["exceptionDetails"]["text"])
    elif method == "Log.entryAdded" and params["entry"]["level"] == "error":
        visitor.complaints.append(f"{params['entry']['text']} ({params['entry'].get('url', '')})")


class _Chromium:
    """The program, which runs until this process ends: it takes more than a second to start."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="overprint-browser-"))
        told = ("--remote-debugging-port=0", f"--user-data-dir={self._folder}")
        self._process = subprocess.Popen(
            ["sh", "-c", _WITH_US, "sh", chromium() or "chromium", *_OPTIONS, *told],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        atexit.register(self._end)

    @property
    def runs(self) -> bool:
        return self._process.poll() is None

    async def address(self) -> str:
        """Where it listens, as soon as it says so."""
        file = self._folder / "DevToolsActivePort"
        async with asyncio.timeout(START_SECONDS):
            while not file.exists() or file.read_text().count("\n") < 1:
                if not self.runs:
                    raise PageError(f"the browser ended at once, with {self._process.returncode}")
                await asyncio.sleep(_POLL_SECONDS)
        port, path = file.read_text().split("\n")[:2]
        return f"ws://127.0.0.1:{port}{path}"

    def _end(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)


_started: list[_Chromium] = []


@asynccontextmanager
async def open_browser() -> AsyncIterator[Browser]:
    """A browser that nobody has used, as far as its visitors can tell; they leave with the block."""
    if not (_started and _started[-1].runs):
        _started.append(_Chromium())
    async with connect(await _started[-1].address(), max_size=SHOT_MAX_BYTES, proxy=None) as socket:
        browser = Browser(socket)
        listening = asyncio.create_task(browser.listen())
        try:
            yield browser
        finally:
            await end_tasks(listening)
