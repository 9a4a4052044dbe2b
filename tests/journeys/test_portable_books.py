"""A book in one file, from one data folder to another."""

import json
from pathlib import Path

from overprint.db.embedded import new_cluster
from tests.support.command_here import run_here
from tests.support.command_line import PREMISE, SMALL_BOOK, files_in, run, told, unsigned
from tests.support.database import home_like
from tests.support.zips import Members, members_of, zipped


def test_a_book_goes_to_another_data_folder_and_comes_out_byte_for_byte(
    data: Path, empty_home: Path, tmp_path: Path
) -> None:
    out, portable, other = tmp_path / "book", tmp_path / "fox.overprint", tmp_path / "other data"
    # Of this style there are drawings too, for print.
    begun = run_here("make", "book", PREMISE, *SMALL_BOOK, "--style", "flat", "--out", str(out), "--data", str(data))
    assert begun.returncode == 0, begun.stderr
    sent = run("export", str(out), "--out", str(portable), "--data", str(data))
    assert sent.returncode == 0, sent.stderr
    with new_cluster(home_like(empty_home, other)):
        lacking = zipped(_without_words(members_of(portable.read_bytes())))
        (tmp_path / "lacking.overprint").write_bytes(lacking)
        asked = run_here("import", str(tmp_path / "lacking.overprint"), "--data", str(other))
        assert (asked.returncode, "Here it makes" in asked.stderr, "--yes" in asked.stderr) == (2, True, True)
        taken = run("import", str(portable), "--out", str(tmp_path / "there"), "--data", str(other), "--json")
        assert taken.returncode == 0, taken.stderr
        assert "byte for byte as it was there" in taken.stderr
        verified = [run_here("verify", str(pdf), "--data", str(other)) for pdf in (tmp_path / "there").glob("*.pdf")]
        assert [done.returncode for done in verified] == [0]
        assert "does not know who made those" in verified[0].stdout
        assert "the same bytes" in verified[0].stdout
        twice = run_here("export", "nothing like it", "--out", str(tmp_path / "no"), "--data", str(other))
        assert (twice.returncode, twice.stderr.count("\n")) == (2, 1)
    lines = told(taken.stdout)
    assert (lines[-1]["type"], lines[-1]["state"]) == ("imported", "completed")
    ran = {line["key"] for line in lines if line["type"] == "step.started"}
    made = {key for key in ran if not key.startswith(("signed/", "cast/"))}
    assert made == {"compose", "pdf", "epub", "fixed-layout"}
    assert set(files_in(tmp_path / "there")) == set(files_in(out))
    assert unsigned(tmp_path / "there") == unsigned(out)


def _without_words(members: Members) -> Members:
    """Nor the scenes that tell of them."""
    lost = ("text/1", "scenes/1")
    header = json.loads(members["overprint.json"])
    for step in lost:
        del header["steps"][step]
    kept = {name: content for name, content in members.items() if name not in [f"steps/{step}.json" for step in lost]}
    return {**kept, "overprint.json": json.dumps(header).encode()}


def test_what_is_no_book_is_told_in_a_sentence_and_nothing_is_overwritten(data: Path, tmp_path: Path) -> None:
    (tmp_path / "no.overprint").write_bytes(b"PK" * 100)
    for arguments, said in (
        (("import", str(tmp_path / "no.overprint")), "cut short"),
        (("import", str(tmp_path / "missing")), "cannot be read"),
        (("export", "A book", "--out", str(tmp_path / "no.overprint")), "is there already"),
        (("export", PREMISE, "--out", str(tmp_path / "new")), "Nothing is called"),
    ):
        ended = run_here(*arguments, "--data", str(data))
        assert ended.returncode == 2, arguments
        assert said in ended.stderr
        assert ended.stderr.count("\n") == 1
    assert not (tmp_path / "new").exists()
