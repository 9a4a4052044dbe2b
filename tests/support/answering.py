"""A program that is slow to start and quick to answer: it is started once, asked a line and answers a line, as JSON."""

import json
import subprocess
import threading
from collections.abc import Mapping, Sequence
from typing import IO, Any, cast


class Answering:
    """It starts when it is first asked, and ends with this process, which then no longer holds its input open."""

    def __init__(
        self, command: Sequence[str], timeout_seconds: float, environment: Mapping[str, str] | None = None
    ) -> None:
        self._command, self._environment, self._timeout_seconds = command, environment, timeout_seconds
        self._started: subprocess.Popen[str] | None = None
        self._one_at_a_time = threading.Lock()

    def ask(self, question: Any) -> Any:
        """Raises ``RuntimeError`` if it ends without an answer, or has to be ended."""
        with self._one_at_a_time:
            program = self._program()
            watch = threading.Timer(self._timeout_seconds, program.kill)
            watch.start()
            try:
                asked, answered = cast(IO[str], program.stdin), cast(IO[str], program.stdout)
                asked.write(json.dumps(question) + "\n")
                asked.flush()
                answer = answered.readline()
            finally:
                watch.cancel()
            if not answer:
                self._started = None
                raise RuntimeError(f"{self._command[0]} ended without a word about {question}.")
        return json.loads(answer)

    def _program(self) -> subprocess.Popen[str]:
        if self._started is None:
            self._started = subprocess.Popen(
                self._command,
                text=True,
                encoding="utf-8",
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=self._environment,
            )
        return self._started
