"""Journeys from a photo: into a book, onto every page of it, and into a receipt."""

import hashlib
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import cv2
import httpx
import numpy as np
import numpy.typing as npt
from PIL import Image

from overprint.engine.schedule import ScheduleContext
from overprint.features.photos import Handling, consent_to
from overprint.wiring import House, schedules_of
from tests.craft.photos.portraits import encoded, portrait
from tests.support.clock import SetClock
from tests.support.command_here import run_here
from tests.support.command_line import SMALL_BOOK, run

PREMISE = "Mia and a small dragon look for the sea"
SKIN, HAIR, CLOTHES = "#a8714a", "#1f1a1a", "#c8452f"
STRANGER = "#00c853"  # in no look here
SAID = {"name": "Mia", "species": "child", "garment": "dress", "accessories": ["glasses"]}


def _photo() -> bytes:
    return encoded(portrait(SKIN, HAIR, CLOTHES, long_hair=True))


async def _look(client: httpx.AsyncClient) -> tuple[str, dict[str, Any]]:
    """The photo's address, and the look that was confirmed."""
    consent = (await client.get("/api/photos/consent")).json()["version"]
    answer = await client.post("/api/photos", files={"file": ("mia.jpg", _photo())}, data={"consent": consent})
    assert answer.status_code == 201, answer.text
    at = f"/api/photos/{answer.json()['id']}"
    answer = await client.post(f"{at}/confirm", json=SAID)
    assert answer.status_code == 200, answer.text
    return at, answer.json()["look"]


async def _book(client: httpx.AsyncClient, **wanted: Any) -> dict[str, Any]:
    small = {"premise": PREMISE, "pages": 6, "chapters": 2, "picture_dpi": 72, **wanted}
    started = (await client.post("/api/books", json=small)).json()
    await client.get(f"/api/jobs/{started['job_id']}/events")
    book: dict[str, Any] = (await client.get(f"/api/books/{started['book_id']}")).json()
    assert book["state"] == "ready", book
    return book


async def test_somebody_on_a_photo_is_recognised_on_every_page_of_a_book_that_outlives_the_photo(
    client: httpx.AsyncClient, house: House
) -> None:
    at, look = await _look(client)
    book = await _book(client, photos=[at.rpartition("/")[2]])
    await _assert_recognised_on_every_page(client, house, book, look)
    await _assert_the_book_outlives_the_photo(client, house, book, at)


async def _assert_recognised_on_every_page(
    client: httpx.AsyncClient, house: House, book: dict[str, Any], look: dict[str, Any]
) -> None:
    (mia,) = [each for each in book["characters"] if each["name"] == "Mia"]
    assert {name: mia["sheet"][name] for name in look if name != "name"} == {n: look[n] for n in look if n != "name"}
    seen = await _seen(client, house, book, mia["id"])
    assert len(seen) >= 5
    for slot, found in seen.items():
        for part, least in (("body", 0.05), ("hair_colour", 0.05), ("outfit", 0.02)):
            assert _share(found, look[part]) > least, (slot, part)
        assert _share(found, STRANGER) < 0.005, slot


async def _assert_the_book_outlives_the_photo(
    client: httpx.AsyncClient, house: House, book: dict[str, Any], at: str
) -> None:
    later = SetClock(timedelta(hours=house.settings.photo.keep_hours, minutes=1))
    for schedule in schedules_of(house):
        await schedule.body(ScheduleContext(house.database, later, 60.0))
    receipt = (await client.get(f"{at}/receipt")).json()
    assert receipt["reason"] == "expired"
    assert receipt["uploaded_sha256"] == hashlib.sha256(_photo()).hexdigest()
    assert (await client.get(f"{at}/picture")).status_code == 409
    assert [path for path in house.settings.data_dir.rglob("*") if "photos" in path.parts and path.is_file()] == []
    again = await _book(client, photos=[at.rpartition("/")[2]], style="flat")
    assert [c["sheet"] for c in again["characters"]] == [c["sheet"] for c in book["characters"]]
    assert (await client.delete(at)).json() == receipt
    assert (await client.get(at)).json()["look"] is None
    assert (await client.get(f"/api/books/{book['id']}")).json()["characters"] == book["characters"]


async def test_nobody_becomes_a_character_whom_the_premise_does_not_name(client: httpx.AsyncClient) -> None:
    at, _ = await _look(client)
    asked = {"premise": "A shy fox wants to fly", "photos": [at.rpartition("/")[2]]}
    answer = await client.post("/api/books", json=asked)
    assert answer.status_code == 422
    assert answer.json()["title"].startswith("Mia is not in the premise")
    assert answer.json()["field"] == "premise"


async def test_a_character_is_chosen_on_the_page_that_begins_a_book(client: httpx.AsyncClient) -> None:
    at, look = await _look(client)
    photo_id = at.rpartition("/")[2]
    page = (await client.get(f"/make?photo={photo_id}")).text
    assert f'name="photos" value="{photo_id}" checked' in page
    form = {"premise": PREMISE, "pages": "6", "chapters": "1", "photos": photo_id}
    answer = await client.post("/books", data=form)
    assert answer.status_code == 303, answer.text
    book = (await client.get(f"/api{answer.headers['location']}")).json()
    assert book["brief"]["looks"] == [look]
    answer = await client.post("/books", data={**form, "premise": "A fox sings"})
    assert answer.status_code == 422
    assert "Mia is not in the premise" in answer.text


def test_the_command_line_reads_a_photo_and_keeps_nothing_of_it(data: Path, tmp_path: Path) -> None:
    photo, out = tmp_path / "mia.jpg", tmp_path / "out"
    photo.write_bytes(_photo())
    begin = ("make", "book", PREMISE, *SMALL_BOOK, "--out", str(out), "--data", str(data))
    refused = run_here(*begin, "--photo", f"Mia={photo}")
    assert refused.returncode == 2
    assert "add --yes" in refused.stderr
    strange = run_here(*begin, "--photo", f"Tom={photo}", "--yes")
    assert strange.returncode == 2
    assert "Tom is not in the premise" in strange.stderr
    made = run(*begin, "--photo", f"Mia={photo}", "--yes")
    assert made.returncode == 0, made.stderr
    assert consent_to(Handling(kept_in=None)).text in made.stderr
    assert "hair colour black, clothes red" in made.stderr
    (look,) = json.loads((out / "recipe.json").read_text())["request"]["looks"]
    assert (look["name"], look["outfit"], look["species"], look["accessories"]) == ("Mia", CLOTHES, None, None)
    kept = [path for path in (data / "objects").rglob("*") if path.is_file()]
    assert kept
    assert not any("photos" in path.parts for path in kept)


def test_a_photo_is_painted_by_one_command(data: Path, tmp_path: Path) -> None:
    folder, here = tmp_path / "photos", ("--data", str(data))
    photo, out = folder / "mia.jpg", folder / "painted.jpg"
    folder.mkdir()
    photo.write_bytes(_photo())
    made = run("make", "picture", "--photo", str(photo), "--style", "watercolour", "--out", str(out), *here)
    assert made.returncode == 0, made.stderr
    verified = run_here("verify", str(out), *here)
    assert (verified.returncode, verified.stderr) == (0, "")
    assert "Signed by this installation's own key" in verified.stdout
    assert "a photo, changed by rules" in verified.stdout
    assert "not signed by this installation" not in verified.stdout
    with Image.open(out) as image:
        assert (image.format, image.size) == ("JPEG", (200, 200))
    assert sorted(path.name for path in folder.iterdir()) == ["mia.jpg", "painted.jpg"]
    refused = run_here("make", "picture", "--photo", str(folder), "--out", str(out), *here)
    assert refused.returncode == 2
    odd = run_here("make", "picture", "--photo", str(photo), "--style", "oil", "--out", str(out), *here)
    assert odd.returncode == 2
    assert "watercolour" in odd.stderr


async def _seen(client: httpx.AsyncClient, house: House, book: dict[str, Any], who: str) -> dict[str, Any]:
    """Of each picture that shows the character, the part where somebody stands, in CIELAB."""
    rows = await house.database.system.fetch(
        "SELECT key, resolved, output FROM steps WHERE job_id = $1 AND kind = 'books.illustrate@1'", book["job_id"]
    )
    urls = {file["slot"]: file["url"] for file in book["files"]}
    seen = {}
    for row in rows:
        if who in row["resolved"]["sheets"]:
            assert row["resolved"]["sheets"][who]["body"] == SKIN
            seen[row["key"]] = _stands((await client.get(urls[row["key"]])).content, row["output"]["spots"])
    return seen


def _stands(picture: bytes, spots: list[dict[str, Any]]) -> npt.NDArray[np.float32]:
    with Image.open(io.BytesIO(picture)) as image:
        pixels = np.asarray(image.convert("RGB"), np.float32) / 255
    height, width = pixels.shape[:2]
    parts = []
    for spot in spots:
        y, x = int(spot["y"] * height), int(spot["x"] * width)
        part = pixels[max(0, y) : y + int(spot["height"] * height), max(0, x) : x + int(spot["width"] * width)]
        parts.append(cv2.cvtColor(part, cv2.COLOR_RGB2LAB).reshape(-1, 3))
    return np.concatenate(parts)


def _share(found: npt.NDArray[np.float32], colour: str) -> float:
    """The share of pixels that a person would call the same colour: light and shade count less than hue."""
    wanted = np.array([[[int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]]], np.float32)
    away = (found - cv2.cvtColor(wanted, cv2.COLOR_RGB2LAB).reshape(3)) * np.array([0.45, 1, 1], np.float32)
    return float((np.linalg.norm(away, axis=1) < 21).mean())
