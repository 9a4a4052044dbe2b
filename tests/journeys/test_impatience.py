"""Impatient people, narrow terminals, pipes that close: a command ends in order, and says what it has to say."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command_line import (
    PREMISE,
    SMALL_BOOK,
    TIMEOUT_SECONDS,
    command,
    environment,
    files_in,
    listen,
    make_book,
    run,
    start,
    until,
)
from tests.support.terminal import is_coloured, lines_shown, run_on_terminal

STOPPED = "overprint: stopped. Nothing is lost: run the same command again to go on.\n"


def small_book(out: Path, data: Path, premise: str = PREMISE) -> tuple[str, ...]:
    return ("make", "book", premise, *SMALL_BOOK, "--out", str(out), "--data", str(data))


def test_a_reader_that_goes_away_ends_the_command_without_a_word(data: Path, tmp_path: Path) -> None:
    process = start(*small_book(tmp_path / "book", data), "--json")
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    process.stdout = None
    _, said = process.communicate(timeout=TIMEOUT_SECONDS)
    assert (process.returncode, said) == (141, "")
    make_book(tmp_path / "book", data)


@pytest.mark.parametrize("arguments", [("jobs", "list"), ("doctor",), ("migrate", "--print-roles")])
def test_a_list_that_nobody_reads_ends_without_a_word(data: Path, arguments: tuple[str, ...]) -> None:
    process = start(*arguments, *(() if "--print-roles" in arguments else ("--data", str(data))))
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    _, said = process.communicate(timeout=TIMEOUT_SECONDS)
    assert (process.returncode, said) == (141, "")


def test_an_output_that_takes_nothing_is_told(data: Path) -> None:
    with Path("/dev/full").open("w") as full:
        seen = environment()
        ended = subprocess.run(
            command("jobs", "list", "--data", str(data)), stdout=full, stderr=subprocess.PIPE, text=True, env=seen
        )
    assert ended.returncode == 3
    assert "No space left on device" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_interrupted_twice_it_ends_at_once_and_loses_nothing(data: Path, tmp_path: Path) -> None:
    process = start(*small_book(tmp_path / "book", data), "--json")
    for line in listen(process):
        if line["type"] == "step.completed":
            break
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=TIMEOUT_SECONDS)
    assert process.returncode == 130
    assert "Traceback" not in said
    make_book(tmp_path / "book", data)


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
    make_book(tmp_path / "book", data)


def test_a_premise_comes_from_a_pipe_too(data: Path, tmp_path: Path) -> None:
    piped, typed = tmp_path / "piped", tmp_path / "typed"
    premise = "A shy fox called Löffel dreams of the moon"
    made = subprocess.run(
        command(*small_book(piped, data, "-")), input=f"{premise}\n".encode(), capture_output=True, env=environment()
    )
    assert made.returncode == 0, made.stderr
    make_book(typed, data, premise=premise)
    assert files_in(piped) == files_in(typed)


@pytest.mark.parametrize(
    ("piped", "said"),
    [(b"", "premise"), (b"\xff\xfe\x00", "is not UTF-8"), (bytes(200_000), "more than 100000 bytes")],
    ids=["nothing", "no text", "too much"],
)
def test_a_pipe_that_holds_no_premise_is_told_in_a_sentence(
    data: Path, tmp_path: Path, piped: bytes, said: str
) -> None:
    ended = subprocess.run(
        command(*small_book(tmp_path / "book", data, "-")), input=piped, capture_output=True, env=environment()
    )
    assert ended.returncode == 2
    assert said in ended.stderr.decode()
    assert ended.stderr.count(b"\n") == 1


@pytest.mark.parametrize("columns", [20, 40, 200])
def test_a_terminal_of_any_width_shows_progress_on_one_line(data: Path, tmp_path: Path, columns: int) -> None:
    code, written = run_on_terminal(*small_book(tmp_path / "book", data), columns=columns)
    assert code == 0, written
    lines = lines_shown(written)
    assert any("%" in line for line in lines)
    bars = [line for line in lines if "%" in line]
    assert max(map(len, bars)) <= columns
    assert is_coloured(written)


def test_no_color_is_heeded(data: Path, tmp_path: Path) -> None:
    code, written = run_on_terminal(*small_book(tmp_path / "book", data), NO_COLOR="1")
    assert code == 0, written
    assert not is_coloured(written)


def test_a_terminal_that_cannot_move_its_cursor_gets_a_line_a_step(data: Path, tmp_path: Path) -> None:
    code, written = run_on_terminal(*small_book(tmp_path / "book", data), TERM="dumb")
    assert code == 0, written
    assert "\x1b" not in written
    assert "  Planning the story" in lines_shown(written)


def test_letters_that_the_locale_lacks_are_taken_and_shown(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "Bär"
    made = run(*small_book(out, data, "A fox called Löffel dreams of apples"), variables={"LC_ALL": "C"})
    assert made.returncode == 0, made.stderr
    assert made.stdout == f"{out}\n"


def test_a_home_that_cannot_be_written_to_is_told_with_a_way_out(tmp_path: Path) -> None:
    ended = run("make", "book", PREMISE, "--out", str(tmp_path / "book"), variables={"HOME": "/proc"})
    assert ended.returncode == 3
    assert "The data folder cannot be used" in ended.stderr
    assert "--data" in ended.stderr
