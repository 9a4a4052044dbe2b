"""A whole book by hosted models, from the command line: nothing of it is written or drawn here."""

import asyncio
import io
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
import pytest
from PIL import Image

from overprint.core.codec import encode
from overprint.core.story import ChapterScenes, ChapterText, Plan
from tests.support import stories
from tests.support.command_line import run
from tests.support.model_server import ModelServer, Recorded, model_server

SECRET = "sk-test-0123456789abcdef"
ANSWERS: dict[str, Plan | ChapterText | ChapterScenes] = {
    "outline": stories.PLAN,
    "pages": stories.TEXT,
    "scenes": stories.SCENES,
}


def written(body: Mapping[str, Any]) -> str:
    """What was asked for is told by the form that the answer must have: strict for OpenAI, plain for Claude."""
    tools = body.get("tools")
    schema = tools[0]["input_schema"] if tools else body["response_format"]["json_schema"]["schema"]
    answer = next(answer for field, answer in ANSWERS.items() if field in schema["properties"])
    return json.dumps(encode(answer) if tools else stories.in_strict_form(answer))


def settings(server: ModelServer, provider: str) -> dict[str, str]:
    return {
        "OVERPRINT_TEXT_PROVIDER": provider,
        "OVERPRINT_TEXT_BASE_URL": f"{server.url}/",
        "OVERPRINT_TEXT_MODEL": "gpt-test" if provider == "openai" else "claude-test",
        "OVERPRINT_TEXT_API_KEY": server.key,
        "OVERPRINT_TEXT_TEMPERATURE": "0.5",
        "OVERPRINT_TEXT_MAX_OUTPUT_TOKENS": "5000",
        "OVERPRINT_IMAGE_PROVIDER": "openai",
        "OVERPRINT_IMAGE_BASE_URL": server.url,
        "OVERPRINT_IMAGE_MODEL": "gpt-image-test",
        "OVERPRINT_IMAGE_API_KEY": server.key,
        "OVERPRINT_IMAGE_SIZES": "256x256",
        "OVERPRINT_IMAGE_QUALITY": "low",
    }


def step_of(request: Recorded) -> str:
    return request.headers["idempotency-key"].split(":")[1]


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
async def test_a_book_is_written_and_drawn_by_hosted_models_after_its_characters_portraits(
    data: Path, tmp_path: Path, provider: str
) -> None:
    brief = stories.BRIEF
    out = tmp_path / "book"
    asked = ["--pages", str(brief.pages), "--chapters", str(brief.chapters), "--dpi", "72", "--dedication", "For Bo"]
    async with model_server(SECRET) as server:
        server.writes = written
        made = await asyncio.to_thread(
            run,
            "make",
            "book",
            brief.premise,
            *asked,
            "--out",
            str(out),
            "--data",
            str(data),
            variables=settings(server, provider),
        )
    assert made.returncode == 0, made.stderr
    assert SECRET not in made.stdout + made.stderr
    _assert_everything_was_asked_once(server.requests)
    _assert_pictures_follow_portraits(server.requests)
    _assert_who_made_it_is_told(out, "gpt-test" if provider == "openai" else "claude-test")


def _assert_everything_was_asked_once(requests: list[Recorded]) -> None:
    steps = Counter(map(step_of, requests))
    pictures = {f"picture/{chapter}/{page}" for chapter in (1, 2) for page in (1, 2, 3)} | {"picture/cover"}
    words = {"plan", "text/1", "text/2", "scenes/1", "scenes/2"}
    assert steps == dict.fromkeys(words | pictures | {"portrait/ember", "portrait/ada"}, 1)
    for sent in requests:
        if step_of(sent) in words:
            assert sent.body["temperature"] == 0.5
            assert sent.body["max_tokens"] <= 5000
            assert "For Bo" not in json.dumps(sent.body)
        else:
            assert (sent.body["size"], sent.body["quality"]) == ("256x256", "low")


def _assert_pictures_follow_portraits(requests: list[Recorded]) -> None:
    for sent in requests:
        step = step_of(sent)
        if step.startswith("portrait/"):
            assert (sent.path, sent.files) == ("/v1/images/generations", ())
        elif step.startswith("picture/"):
            assert sent.path == "/v1/images/edits"
            sizes = [Image.open(io.BytesIO(data)).size for name, data in sent.files if name == "image[]"]
            assert sizes == [(1024, 1024), (1024, 1024)]
            assert "picture 1 shows ember and picture 2 shows ada" in sent.body["prompt"]
            assert "Must not show, not even small or far away: witch hat on ember" in sent.body["prompt"]


def _assert_who_made_it_is_told(out: Path, writer: str) -> None:
    recipe = json.loads((out / "recipe.json").read_text())
    text, image = recipe["providers"]["text"], recipe["providers"]["image"]
    assert (text["model"], text["settings"]) == (writer, {"temperature": "0.5"})
    assert (image["model"], image["settings"]) == ("gpt-image-test", {"quality": "low", "sizes": "256x256"})
    assert SECRET not in json.dumps(recipe)
    (pdf,) = out.glob("*.pdf")
    with pypdfium2.PdfDocument(pdf) as opened:
        words = " ".join(page.get_textpage().get_text_range() for page in opened)
    for label in (text["label"], image["label"]):
        assert label.split()[0] in words
    assert "For Bo" in words
