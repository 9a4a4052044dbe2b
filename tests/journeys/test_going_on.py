"""Whoever runs a command again is told what is there already, and what is made now."""

import re
import signal
from pathlib import Path

import pytest

from tests.support.command_line import PREMISE, SMALL_BOOK, TIMEOUT_SECONDS, files_in, make_book, run, start, told
from tests.support.terminal import lines_shown, run_on_terminal


def interrupted_at(step: str, out: Path, data: Path) -> list[str]:
    """Begin a book, press Ctrl-C when it comes to a step, and answer the steps it had shown."""
    process = start("make", "book", PREMISE, *SMALL_BOOK, "--out", str(out), "--data", str(data))
    assert process.stderr is not None
    shown = []
    for line in process.stderr:
        shown.append(line.strip())
        if line.strip() == step:
            process.send_signal(signal.SIGINT)
            break
    process.communicate(timeout=TIMEOUT_SECONDS)
    assert process.returncode == 130
    return shown


def test_a_command_that_goes_on_tells_only_what_is_made_now(data: Path, tmp_path: Path) -> None:
    before = interrupted_at("Drawing chapter 1, page 2", tmp_path / "book", data)
    again = make_book(tmp_path / "book", data).stderr.splitlines()
    assert re.fullmatch(r"\d+ steps were made already\.", again[0])
    assert int(again[0].split()[0]) >= 5
    now = [line.strip() for line in again[1:]]
    assert "Planning the story" in before
    assert "Planning the story" not in now
    assert "Setting the PDF" in now
    assert not any("stopped" in line for line in now)
    assert re.fullmatch(r"Made in \d+ s\. 11 files in:", now[-1])


def test_a_book_that_is_finished_is_not_made_again(data: Path, tmp_path: Path) -> None:
    make_book(tmp_path / "book", data)
    assert make_book(tmp_path / "book", data).stderr == "Everything was made already. 11 files are in:\n"
    lines = told(make_book(tmp_path / "book", data, "--json").stdout)
    assert [line["type"] for line in lines] == ["begun", "done"]
    assert lines[0]["steps_made"] > 10


def test_a_print_edition_of_a_finished_book_says_first_that_its_pictures_are_drawn_again(
    data: Path, tmp_path: Path
) -> None:
    out = tmp_path / "book"
    plain = ("make", "book", PREMISE, "--pages", "6", "--chapters", "1", "--out", str(out), "--data", str(data))
    assert run(*plain).returncode == 0
    story = {name for name in files_in(out) if "print" not in name}
    printed = run(*plain, "--printer", "lulu-paperback")
    assert printed.returncode == 0, printed.stderr
    made, redrawn, first, *_ = printed.stderr.splitlines()
    assert made.endswith("steps were made already.")
    assert redrawn == "A print edition needs pictures at 300 dpi, so 7 pictures are drawn again."
    assert first == "  Drawing the cover"
    assert "Planning" not in printed.stderr
    assert {name for name in files_in(out) if "print" not in name} == story
    assert len([name for name in files_in(out) if "-print-" in name]) == 3
    # Without the option it stays what it became.
    held = files_in(out)
    again = run(*plain)
    assert again.stderr.startswith("Everything was made already."), again.stderr
    assert files_in(out) == held


def test_a_job_that_has_nothing_left_to_make_is_not_run_again(data: Path, tmp_path: Path) -> None:
    make_book(tmp_path / "book", data)
    here = ("--data", str(data))
    (job,) = [line.split()[0] for line in run("jobs", "list", *here).stdout.splitlines()[1:]]
    again = run("jobs", "rerun", job, *here)
    assert again.returncode == 0
    assert again.stdout == f"{job}\n"
    assert again.stderr.startswith("Nothing has to be made again")
    assert len(run("jobs", "list", *here).stdout.splitlines()) == 2


def test_where_there_are_no_jobs_it_says_so(data: Path) -> None:
    assert run("migrate", "--data", str(data)).returncode == 0
    listed = run("jobs", "list", "--data", str(data))
    assert listed.returncode == 0
    assert listed.stdout.startswith("No jobs yet. ")


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_lists_of_jobs_fit_the_terminal_and_keep_their_ids_whole(data: Path, tmp_path: Path, columns: int) -> None:
    premise = "A fox [/red] named :moon: wants to fly a lantern boat over the mountains and the sea"
    make_book(tmp_path / "book", data, premise=premise)
    code, written = run_on_terminal("jobs", "list", "--data", str(data), columns=columns)
    assert code == 0, written
    head, line = lines_shown(written)
    assert max(len(head), len(line)) <= columns
    job = line.split()[0]
    assert re.fullmatch(r"[0-9a-f-]{36}", job)
    assert "completed" in line
    code, written = run_on_terminal("jobs", "show", job, "--data", str(data), columns=columns)
    assert code == 0, written
    lines = lines_shown(written)
    assert lines[0].startswith("A fox [/red] named :moon:"[:columns])
    table = lines[lines.index(next(line for line in lines if line.startswith("step "))) :]
    assert len(table) == 20
    assert max(map(len, table)) <= columns
