"""Schemas in the dialects of models, and their answers back."""

import json

import jsonschema  # type: ignore[import-untyped]
import pytest

from overprint.adapters.text.schemas import folded, plain_schema, strict_schema
from overprint.core.codec import decode, encode
from overprint.core.problems import Invalid
from overprint.core.story import ChapterScenes, ChapterText, Plan
from tests.support.stories import PLAN, TASKS, in_strict_form

ANSWERS = {name: answer for name, (_, answer) in TASKS.items()}


@pytest.mark.parametrize("name", ANSWERS)
def test_a_right_answer_fits_the_schema_it_was_asked_for_with(name: str) -> None:
    answer = ANSWERS[name]
    jsonschema.validate(encode(answer), plain_schema(type(answer)))
    jsonschema.validate(in_strict_form(answer), strict_schema(type(answer)))
    jsonschema.validate(in_strict_form(answer), strict_schema(type(answer), knows_bounds=False))


@pytest.mark.parametrize("name", ANSWERS)
def test_both_forms_of_an_answer_come_back_the_same(name: str) -> None:
    answer = ANSWERS[name]
    kind = type(answer)
    assert decode(kind, folded(kind, in_strict_form(answer))) == answer
    assert decode(kind, folded(kind, encode(answer))) == answer


def test_the_strict_schema_still_tells_lengths_in_words() -> None:
    told = strict_schema(Plan)["$defs"]["Outline"]["properties"]["title"]
    assert told == {"type": "string", "description": "at least 1 characters; at most 120 characters"}


def test_a_dialect_without_bounds_tells_them_in_words() -> None:
    told = strict_schema(Plan, knows_bounds=False)["$defs"]["Sheet"]["properties"]["height"]
    assert told == {"type": "number", "description": "1 is a child's height; from 0.4; up to 1.6"}


def test_the_strict_schema_refuses_what_the_type_refuses() -> None:
    wrong = in_strict_form(PLAN)
    wrong["outline"]["season"] = "monsoon"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, strict_schema(Plan))


@pytest.mark.parametrize("kind", [Plan, ChapterText, ChapterScenes])
def test_schemas_do_not_change_from_call_to_call(kind: type) -> None:
    assert json.dumps(strict_schema(kind)) == json.dumps(strict_schema(kind))
    assert json.dumps(plain_schema(kind)) == json.dumps(plain_schema(kind))


@pytest.mark.parametrize(
    "sheets",
    [
        [{"key": "a", "value": {}}, {"key": "a", "value": {}}],
        [{"key": 1, "value": {}}],
        [{"key": "a"}],
        [{"key": "a", "value": {}, "more": 1}],
        ["a"],
        "a",
        None,
    ],
)
def test_entries_that_are_no_object_are_invalid(sheets: object) -> None:
    with pytest.raises(Invalid):
        folded(Plan, {"outline": {}, "sheets": sheets})
