"""Impatient people, narrow terminals, pipes that close: a command ends in order, and says what it has to say."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.conftest import Finished
from tests.support.command_here import run_here
from tests.support.command_line import (
    PREMISE,
    SMALL_BOOK,
    TIMEOUT_SECONDS,
    environment,
    files_in,
    listen,
    run,
    run_afresh,
    start,
    told,
    until,
)
from tests.support.template import Command
from tests.support.terminal import is_coloured, lines_shown, rest_of, run_on_terminal, shown_until, start_on_terminal

STOPPED = "overprint: stopped. Nothing is lost: run the same command again to go on.\n"
STEP = re.compile(r"  \S")


def small_book(out: Path, data: Path, premise: str = PREMISE) -> tuple[str, ...]:
    return ("make", "book", premise, *SMALL_BOOK, "--out", str(out), "--data", str(data))


def first_step_of(process: Command) -> str:
    """The first step that is completed, when it is."""
    return next(str(line["key"]) for line in listen(process) if line["type"] == "step.completed")


def left_unread(process: Command) -> tuple[int, str]:
    """Read its output no further. Answers its exit code, and what it complains of."""
    assert process.stdout is not None
    process.stdout.close()
    _, said = process.communicate(timeout=TIMEOUT_SECONDS)
    return process.returncode, said


def test_however_often_a_command_is_stopped_nothing_is_lost_or_made_twice(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "book"
    killed = start(*small_book(out, data), "--json")
    completed = [first_step_of(killed)]
    killed.kill()
    killed.communicate(timeout=TIMEOUT_SECONDS)

    unread = start(*small_book(out, data), "--json")
    assert unread.stdout is not None
    unread.stdout.readline()
    assert left_unread(unread) == (141, "")

    twice = start(*small_book(out, data), "--json")
    completed.append(first_step_of(twice))
    twice.send_signal(signal.SIGINT)
    twice.send_signal(signal.SIGINT)
    rest, said = twice.communicate(timeout=TIMEOUT_SECONDS)
    assert twice.returncode == 130
    assert "Traceback" not in said
    completed += completed_in(rest)

    shown = stopped_at_its_first_step(small_book(out, data))
    assert re.fullmatch(r"\d+ steps were made already\.", shown[0])
    assert int(shown[0].split()[0]) >= len(completed) >= 2
    assert not {"Planning the story", "Beginning"} & {line.strip() for line in shown}
    assert shown[-1] == STOPPED.strip()
    assert not out.exists()

    made = run_here(*small_book(out, data), "--json")
    assert made.returncode == 0, made.stderr
    completed += completed_in(made.stdout)
    assert len(completed) == len(set(completed)), "a finished step ran again"
    assert "plan" in completed
    assert told(made.stdout)[-1]["state"] == "completed"
    assert out.is_dir()


def completed_in(said: str) -> list[str]:
    return [line["key"] for line in told(said) if line["type"] == "step.completed"]


def stopped_at_its_first_step(arguments: tuple[str, ...]) -> list[str]:
    """Run a command, press Ctrl-C once when it begins a step, and answer the lines that it showed."""
    process = start(*arguments)
    assert process.stderr is not None
    shown = []
    for line in process.stderr:
        shown.append(line.rstrip())
        if STEP.match(line):
            process.send_signal(signal.SIGINT)
            break
    _, rest = process.communicate(timeout=TIMEOUT_SECONDS)
    assert process.returncode == 130
    return [*shown, *rest.splitlines()]


@pytest.mark.parametrize("words", ["jobs list", "doctor", "migrate --print-roles"])
def test_a_list_that_nobody_reads_ends_without_a_word(finished: Finished, words: str) -> None:
    data = () if "roles" in words else ("--data", str(finished.data))
    assert left_unread(start(*words.split(), *data)) == (141, "")


def test_an_output_that_takes_nothing_is_told(finished: Finished) -> None:
    with Path("/dev/full").open("w") as full:
        ended = run("jobs", "list", "--data", str(finished.data), stdout=full.fileno())
    assert ended.returncode == 3
    assert "No space left on device" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("part", ["typer", "overprint.main.making", "asyncpg"])
def test_interrupted_while_its_parts_are_loaded_it_says_so_in_a_line(tmp_path: Path, part: str) -> None:
    # Whoever presses Ctrl-C in the first moment interrupts an import.
    program = (
        "import os, signal, sys, runpy\n"
        "class Impatient:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == {part!r}: os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Impatient())\n"
        f"sys.argv[1:] = ['make', 'book', 'A fox', '--data', {str(tmp_path / 'data')!r}]\n"
        "runpy.run_module('overprint', run_name='__main__')\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment())
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", STOPPED)
    assert not (tmp_path / "data").exists()


def test_interrupted_while_its_database_is_made_it_says_so_and_begins_anew_next_time(tmp_path: Path) -> None:
    data = tmp_path / "data"
    process = start(*small_book(tmp_path / "book", data))
    until((data / "pg.new").exists, "the database is being made")
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=TIMEOUT_SECONDS)
    assert (process.returncode, said) == (130, STOPPED)
    begun = run_here("migrate", "--data", str(data))
    assert begun.returncode == 0, begun.stderr
    assert not (data / "pg.new").exists()


def test_a_premise_comes_from_a_pipe_too(finished: Finished, tmp_path: Path) -> None:
    out = tmp_path / "piped"
    arguments = ("make", "book", "-", *finished.again[3:], "--out", str(out))
    typed, typing = os.pipe()
    with os.fdopen(typed), os.fdopen(typing, "w") as keyboard:
        keyboard.write(f"{finished.premise}\n")
        keyboard.close()
        made = run(*arguments, stdin=typed)
    assert made.returncode == 0, made.stderr
    assert made.stderr.startswith("Everything was made already.")
    assert files_in(out) == files_in(finished.out)


@pytest.mark.parametrize(
    ("piped", "said"),
    [(b"", "premise"), (b"\xff\xfe\x00", "is not UTF-8"), (bytes(200_000), "more than 100000 bytes")],
    ids=["nothing", "no text", "too much"],
)
def test_a_pipe_that_holds_no_premise_is_told_in_a_sentence(tmp_path: Path, piped: bytes, said: str) -> None:
    ended = run_here(*small_book(tmp_path / "book", tmp_path / "data", "-"), piped=piped)
    assert ended.returncode == 2
    assert said in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_terminal_shows_progress_as_well_as_it_can(data: Path, tmp_path: Path) -> None:
    """One book, begun where no cursor moves, gone on with where no colour is wanted, finished on a narrow terminal."""
    book = small_book(tmp_path / "book", data)
    process, terminal = start_on_terminal(*book, TERM="dumb")
    written = shown_until("  Planning the story", terminal)
    process.send_signal(signal.SIGINT)
    written += rest_of(terminal)
    assert process.wait(TIMEOUT_SECONDS) == 130, written
    assert "\x1b" not in written

    process, terminal = start_on_terminal(*book, columns=200, NO_COLOR="1")
    written = shown_until("%", terminal)
    process.send_signal(signal.SIGINT)
    written += rest_of(terminal)
    assert process.wait(TIMEOUT_SECONDS) == 130, written
    assert "\x1b" in written
    assert not is_coloured(written)

    code, written = run_on_terminal(*book, columns=20)
    assert code == 0, written
    bars = [line for line in lines_shown(written) if "%" in line]
    assert bars
    assert max(map(len, bars)) <= 20
    assert is_coloured(written)


def test_letters_that_the_locale_lacks_are_taken_and_shown(finished: Finished, tmp_path: Path) -> None:
    out = tmp_path / "Bär"
    made = run_afresh(*finished.again, "--out", str(out), variables={"LC_ALL": "C"})
    assert made.returncode == 0, made.stderr
    assert made.stdout == f"{out}\n"
    assert made.stderr.startswith("Everything was made already."), "the premise was taken for another"


def test_a_home_that_cannot_be_written_to_is_told_with_a_way_out(tmp_path: Path) -> None:
    ended = run_here("make", "book", PREMISE, "--out", str(tmp_path / "book"), variables={"HOME": "/proc"})
    assert ended.returncode == 3
    assert "The data folder cannot be used" in ended.stderr
    assert "--data" in ended.stderr
