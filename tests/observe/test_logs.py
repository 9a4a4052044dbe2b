"""What comes out of the logs, for machines and for people."""

import io
import json
import logging
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog

from overprint.observe import ids, logs

CONTROLS = re.compile(r"\x1b\[[0-9;]*m")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(False)
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_outside_a_terminal_every_event_is_one_json_line_in_utc() -> None:
    stream = io.StringIO()
    logs.configure("INFO", "auto", stream)
    logs.logger("overprint.books").info("Chapter written.", chapter=2, title="The moon\nboat")
    (line,) = lines(stream)
    assert line["event"] == "Chapter written."
    assert (line["chapter"], line["title"], line["level"]) == (2, "The moon\nboat", "info")
    assert line["logger"] == "overprint.books"
    assert line["at"].endswith("Z")
    assert abs(datetime.fromisoformat(line["at"]) - datetime.now(UTC)) < timedelta(minutes=1)


def test_every_line_carries_the_bound_ids() -> None:
    stream = io.StringIO()
    logs.configure(stream=stream)
    with ids.bound(request_id="r1", job_id="j1", step_id="s1", team_id="t1"):
        logs.logger("overprint").info("ours")
        logging.getLogger("uvicorn.access").info('%s - "%s %s"', "127.0.0.1", "GET", "/")
    logs.logger("overprint").info("outside")
    ours, theirs, outside = lines(stream)
    for line in (ours, theirs):
        assert [line[name] for name in ids.NAMES] == ["r1", "j1", "s1", "t1"]
    assert theirs["event"] == '127.0.0.1 - "GET /"'
    assert "job_id" not in outside


@pytest.mark.parametrize("name", ["uvicorn.error", "alembic.runtime.migration", "pgqueuer", "sqlalchemy.pool"])
def test_libraries_log_in_the_same_form_even_if_they_had_handlers(name: str) -> None:
    stream, their_own = io.StringIO(), io.StringIO()
    library = logging.getLogger(name)
    library.addHandler(logging.StreamHandler(their_own))
    parent = logging.getLogger(name.partition(".")[0])
    parent.addHandler(logging.StreamHandler(their_own))
    logs.configure(stream=stream)
    library.handlers.clear()
    library.warning("careful: %s", "postgresql://u:hush@h/d", extra={"password": "hush", "color_message": "c"})
    (line,) = lines(stream)
    assert line["logger"] == name
    assert line["level"] == "warning"
    assert "color_message" not in line
    assert "hush" not in stream.getvalue()
    assert their_own.getvalue() == ""


def test_secrets_are_hidden_in_values_messages_and_exceptions() -> None:
    stream = io.StringIO()
    logs.configure(stream=stream)
    log = logs.logger("overprint")
    log.info("connecting to s3://key:hush@store", api_key="hush", request={"headers": {"Authorization": "hush"}})
    try:
        raise ValueError("cannot reach https://fox:hush@host/")
    except ValueError:
        log.exception("It failed.")
    assert "hush" not in stream.getvalue()
    assert "ValueError" in lines(stream)[1]["exception"]


def test_statements_and_their_parameters_are_never_logged() -> None:
    stream = io.StringIO()
    logs.configure("DEBUG", stream=stream)
    logging.getLogger("sqlalchemy.engine.Engine").info("INSERT … [parameters: ('a private premise',)]")
    assert stream.getvalue() == ""


def test_the_level_decides_what_is_written() -> None:
    stream = io.StringIO()
    logs.configure("warning", stream=stream)
    logs.logger("overprint").info("quiet")
    logging.getLogger("alembic").info("quiet")
    logs.logger("overprint").warning("loud")
    assert [line["event"] for line in lines(stream)] == ["loud"]
    with pytest.raises(ValueError, match="no log level"):
        logs.configure("LOUD")


def test_on_a_terminal_lines_are_for_people_and_cannot_move_the_cursor() -> None:
    stream = Terminal()
    logs.configure(stream=stream)
    logs.logger("overprint").info("Premise read.", premise="fox\x1b[2J\nERROR forged\x9b")
    text = stream.getvalue()
    assert text.count("\n") == 1
    assert "Premise read." in text
    assert "\x1b[2J" not in text
    assert "\x9b" not in text
    assert not text.startswith("{")


def test_on_a_terminal_a_line_is_short_unless_it_warns() -> None:
    stream = Terminal()
    logs.configure(stream=stream)
    with ids.bound(request_id="r1", job_id="j1"):
        logs.logger("overprint").info("request", method="GET", path="/api/books", status=200, milliseconds=3.2)
        logs.logger("overprint").warning("lost the lease", step="text/1")
    logging.getLogger("uvicorn.error").info("Started server process")
    quiet, loud = CONTROLS.sub("", stream.getvalue()).splitlines()
    assert re.fullmatch(r"\d\d:\d\d:\d\d GET /api/books 200 milliseconds=3.2", quiet)
    assert re.fullmatch(
        r"\d\d:\d\d:\d\d warning lost the lease step=text/1 logger=overprint request_id=r1 job_id=j1", loud
    )


def test_on_a_terminal_an_exception_is_shown_in_full_below_its_line() -> None:
    stream = Terminal()
    logs.configure(stream=stream)
    try:
        raise ValueError("no\x1b[2J fox")
    except ValueError:
        logs.logger("overprint").exception("It failed.")
    first, *rest = stream.getvalue().splitlines()
    assert "It failed." in first
    assert rest[0].startswith("Traceback")
    assert "ValueError: no\\x1b[2J fox" in rest[-1]


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_a_terminal_that_wants_no_colours_gets_none(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    stream = Terminal()
    logs.configure(stream=stream)
    logs.logger("overprint").warning("careful", step="text/1")
    assert "\x1b" not in stream.getvalue()


def test_the_form_can_be_chosen() -> None:
    stream, terminal = io.StringIO(), Terminal()
    logs.configure(log_format="json", stream=terminal)
    logs.logger("overprint").info("for machines")
    assert json.loads(terminal.getvalue())["event"] == "for machines"
    logs.configure(log_format="human", stream=stream)
    logs.logger("overprint").info("for people")
    assert not stream.getvalue().startswith("{")
    assert "\x1b" not in stream.getvalue()


def test_values_no_json_knows_do_not_lose_the_line() -> None:
    stream = io.StringIO()
    logs.configure(stream=stream)
    logs.logger("overprint").info("odd", thing=object(), data=b"\xff\x00", bad="\ud800")
    assert lines(stream)[0]["data"] == "<2 bytes>"


def test_a_line_that_a_full_disk_does_not_take_is_lost_without_a_trace(capsys: pytest.CaptureFixture[str]) -> None:
    with suppress(OSError), Path("/dev/full").open("w") as full:  # what it still holds is refused once more at the end
        logs.configure(stream=full)
        logs.logger("overprint").warning("lost the lease")
    assert capsys.readouterr().err == ""
