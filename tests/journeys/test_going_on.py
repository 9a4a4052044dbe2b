"""Whoever runs a command again is told what is there already, and what is made now."""

import re
from pathlib import Path

import pytest

from tests.journeys.conftest import Finished
from tests.support.command_here import run_here
from tests.support.command_line import PREMISE, files_in, run, told
from tests.support.terminal import lines_shown, run_on_terminal


def test_a_book_that_is_finished_is_not_made_again_and_is_written_with_the_same_bytes(
    finished: Finished, tmp_path: Path
) -> None:
    again = run_here(*finished.again, "--out", str(finished.out))
    assert again.returncode == 0
    assert again.stderr == f"Everything was made already. {len(files_in(finished.out))} files are in:\n"
    assert again.stdout == f"{finished.out}\n"
    elsewhere = run_here(*finished.again, "--out", str(tmp_path / "two"), "--json")
    lines = told(elsewhere.stdout)
    assert [line["type"] for line in lines] == ["begun", "done"]
    assert lines[0]["steps_made"] > 10
    assert files_in(tmp_path / "two") == files_in(finished.out)


def test_a_folder_that_holds_a_book_takes_no_other(finished: Finished) -> None:
    here = ("--data", str(finished.data), "--out", str(finished.out))
    other = run_here("make", "book", "Pip the rabbit finds a door", *here)
    assert other.returncode == 2
    assert "holds another book" in other.stderr


def test_a_print_edition_of_a_finished_book_says_first_that_its_pictures_are_drawn_again(
    data: Path, tmp_path: Path
) -> None:
    out = tmp_path / "book"
    small = ("--pages", "6", "--chapters", "1", "--style", "pixel", "--trim", "6x9")
    plain = ("make", "book", PREMISE, *small, "--out", str(out), "--data", str(data))
    assert run_here(*plain, "--dpi", "72").returncode == 0
    story = {name for name in files_in(out) if "print" not in name}
    printed = run_here(*plain, "--printer", "lulu-paperback")
    assert printed.returncode == 0, printed.stderr
    made, redrawn, first, *_ = printed.stderr.splitlines()
    assert made.endswith("steps were made already.")
    assert redrawn == "A print edition needs pictures at 300 dpi, so 7 pictures are drawn again."
    assert first.startswith("  Drawing "), "some picture is first, whichever"
    assert "Planning" not in printed.stderr
    assert {name for name in files_in(out) if "print" not in name} == story
    assert len([name for name in files_in(out) if "-print-" in name]) == 3
    # Without the option it stays what it became.
    held = files_in(out)
    again = run_here(*plain)
    assert again.stderr.startswith("Everything was made already."), again.stderr
    assert files_in(out) == held


def test_a_job_that_has_nothing_left_to_make_is_not_run_again(finished: Finished) -> None:
    here = ("--data", str(finished.data))
    before = run_here("jobs", "list", *here).stdout
    assert [line.split()[0] for line in before.splitlines()[1:]] == [finished.job]
    again = run_here("jobs", "rerun", finished.job, *here)
    assert again.returncode == 0
    assert again.stdout == f"{finished.job}\n"
    assert again.stderr.startswith("Nothing has to be made again")
    assert run_here("jobs", "list", *here).stdout == before


def test_where_there_are_no_jobs_it_says_so(data: Path) -> None:
    assert run("migrate", "--data", str(data)).returncode == 0
    listed = run_here("jobs", "list", "--data", str(data))
    assert listed.returncode == 0
    assert listed.stdout.startswith("No jobs yet. ")


@pytest.mark.parametrize("columns", [60, 120])
def test_lists_of_jobs_fit_the_terminal_and_keep_their_ids_whole(finished: Finished, columns: int) -> None:
    code, written = run_on_terminal("jobs", "list", "--data", str(finished.data), columns=columns)
    assert code == 0, written
    head, line = lines_shown(written)
    assert max(len(head), len(line)) <= columns
    assert line.startswith(f"{finished.job} ")
    assert "completed" in line
    code, written = run_on_terminal("jobs", "show", finished.job, "--data", str(finished.data), columns=columns)
    assert code == 0, written
    lines = lines_shown(written)
    assert lines[0].startswith("A fox [/red] named Löffel")
    (steps,) = re.findall(r"\d+/(\d+) steps done", written)
    head, *table = lines[lines.index(next(line for line in lines if line.startswith("step "))) :]
    assert len(table) == int(steps) > 20
    assert max(map(len, (head, *table))) <= columns
