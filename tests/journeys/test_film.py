"""The shortest film, from the command line: what comes out plays, is heard, and is not made twice."""

import io
import json
import re
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from overprint.craft.editing.truepeak import true_peak_dbtp
from overprint.craft.narration.loudness import channels_lufs
from overprint.db.embedded import new_cluster
from tests.support.command_here import run_here
from tests.support.command_line import files_in, listen, start, told, until
from tests.support.database import home_like
from tests.support.films import driving
from tests.support.processes import encoders_below, is_running

PREMISE = "A lighthouse keeper befriends a storm"
FILM = (
    *("make", "video", PREMISE, "--seconds", "5", "--aspect", "1:1", "--fps", "24", "--style", "flat"),
    *("--preset", "vlog", "--also", "gif", "--json"),
)


def test_a_sentence_and_a_clip_become_a_film_that_travels(data: Path, empty_home: Path, tmp_path: Path) -> None:
    out, clip = tmp_path / "film", tmp_path / "walk.mp4"
    clip.write_bytes(driving(lambda seconds: (0.05 * seconds, 0.0, 0.0, 1.0), seconds=1.2, fps=12, size_px=(240, 136)))
    look = tmp_path / "dark.cube"
    look.write_text("LUT_1D_SIZE 2\n0 0 0\n0.8 0.8 0.8\n")
    asked = (*FILM, "--motion-from", str(clip), "--lut", str(look))
    there = _killed_while_it_encodes(asked, out, data)
    made = run_here(*asked, "--out", str(out), "--data", str(data))
    assert made.returncode == 0, made.stderr
    begun = [line["key"] for line in told(made.stdout) if line["type"] == "step.started"]
    # The sound is mixed while the picture is finished, so it may have been there, and so may a scene.
    assert not there & set(begun), "what was there is made again"
    assert set(begun) - {"sound", "finish/02"} == {"finish/01", "film", "signed/film", "output/gif"}
    assert {"plan", "picture/01", "narrate/01", "motion", "clip/01"} <= there
    recipe = json.loads((out / "recipe.json").read_text())
    assert set(files_in(out)) == set(recipe["files"]) | {"recipe.json", "film.json"}
    assert {recipe["providers"][port]["label"] for port in ("image", "video")} == {
        "procedural picture",
        "procedural motion",
    }
    assert (recipe["film"]["preset"], recipe["film"]["camera"][0]["shake"]) == ("Diary in the hand", 9)
    assert re.search(r'"note": "\d+ of \d+ frames"', made.stdout), "nobody was told how many frames are done"
    (film,) = out.glob("*.mp4")
    seconds = json.loads((out / "film.json").read_text())["checks"]["seconds"]
    _assert_it_plays(film.read_bytes(), seconds)
    _assert_it_is_heard(film.read_bytes(), seconds)
    assert film.with_suffix(".gif").read_bytes().startswith(b"GIF89a")
    checks = json.loads((out / "film.json").read_text())["checks"]
    assert (checks["problems"], checks["colours"], checks["is_faststart"]) == ([], "bt709", True)
    track = film.with_suffix(".vtt").read_text()
    assert track.startswith("WEBVTT\n\n00:00:0")
    before = files_in(out)
    again = run_here(*asked, "--out", str(out), "--data", str(data))
    assert again.returncode == 0, again.stderr
    assert "step.started" not in again.stdout
    assert files_in(out) == before
    _assert_it_travels(out, data, home_like(empty_home, tmp_path / "other data"), tmp_path)


def _assert_it_travels(out: Path, data: Path, other: Path, tmp_path: Path) -> None:
    """To another data folder, where it is finished and joined again, and nothing is drawn, spoken or filmed."""
    portable, there = tmp_path / "storm.overprint", tmp_path / "there"
    sent = run_here("export", str(out), "--out", str(portable), "--data", str(data))
    assert sent.returncode == 0, sent.stderr
    with new_cluster(other):
        taken = run_here("import", str(portable), "--out", str(there), "--data", str(other), "--json")
    assert taken.returncode == 0, taken.stderr
    assert "byte for byte as it was there" in taken.stderr
    ran = {line["key"] for line in told(taken.stdout) if line["type"] == "step.started"}
    assert ran == {"finish/01", "finish/02", "sound", "film", "signed/film", "output/gif"}
    assert {path.name for path in there.rglob("*")} == {path.name for path in out.rglob("*")}
    for suffix in (".gif", ".vtt"):
        (here,), (again,) = out.glob(f"*{suffix}"), there.glob(f"*{suffix}")
        assert here.read_bytes() == again.read_bytes()


def _killed_while_it_encodes(asked: tuple[str, ...], out: Path, data: Path) -> set[str]:
    """Kill -9 the whole program in the middle of the last encode; answers which steps were done by then."""
    process = start(*asked, "--out", str(out), "--data", str(data))
    done: set[str] = set()
    for line in listen(process):
        if line["type"] == "step.completed":
            done.add(line["key"])
        if line["type"] == "step.progress" and line["key"] == "finish/01":
            break
    encoders = encoders_below(process.pid)
    assert encoders, "nobody encodes"
    process.kill()
    process.communicate()
    until(lambda: not any(map(is_running, encoders)), "an encoder outlived the program", timeout_seconds=10)
    return done


def _assert_it_plays(film: bytes, seconds: float) -> None:
    assert film.index(b"moov") < film.index(b"mdat")
    with av.open(io.BytesIO(film)) as opened:
        stream = opened.streams.video[0]
        assert (stream.width, stream.height, stream.average_rate, stream.pix_fmt) == (720, 720, 24, "yuv420p")
        assert stream.codec_context.colorspace == 1
        frames = [frame.to_ndarray(format="gray")[::8, ::8].astype(np.int16) for frame in opened.decode(video=0)]
    assert len(frames) == round(seconds * 24)
    assert sum(frame.mean() < 18 for frame in frames) <= 2, "there is a black stretch"
    moved = [bool(np.abs(after - before).max() > 2) for before, after in pairwise(frames)]
    assert all(any(moved[at : at + 6]) for at in range(len(moved) - 6)), "there is a frozen stretch"


def _assert_it_is_heard(film: bytes, seconds: float) -> None:
    with av.open(io.BytesIO(film)) as opened:
        parts = [frame.to_ndarray() for frame in opened.decode(audio=0)]
    both = np.concatenate(parts, axis=1).astype(np.float32)
    assert both.shape[1] / 48_000 == pytest.approx(seconds, abs=0.04)
    assert channels_lufs(both, 48_000) == pytest.approx(-16, abs=0.6)
    assert true_peak_dbtp(both) <= -1


def test_a_script_and_a_picture_become_a_storyboard(data: Path, tmp_path: Path) -> None:
    script, picture, out = tmp_path / "script.txt", tmp_path / "mine.png", tmp_path / "film"
    script.write_text("Scene 1\nA lamp burns.\n\nOTTO: Who is there?\n")
    Image.new("RGB", (90, 70), (200, 120, 60)).save(picture)
    asked = ("--script", str(script), "--picture", str(picture), "--storyboard-only", "--aspect", "1:1")
    made = run_here("make", "video", *asked, "--style", "flat", "--out", str(out), "--data", str(data))
    assert made.returncode == 0, made.stderr
    cards = json.loads((out / "film.json").read_text())["storyboard"]["cards"]
    assert [card["words"] for card in cards] == ["A lamp burns.", "“Who is there?” asked Otto."]
    with Image.open(out / "scenes" / "01.jpg") as shown:
        assert shown.size == (720, 720)
        assert shown.getpixel((360, 360)) == pytest.approx((200, 120, 60), abs=3)
    missing = run_here("make", "video", "--script", str(out / "none.txt"), "--out", str(out), "--data", str(data))
    assert missing.returncode == 2 and "cannot be read" in missing.stderr
