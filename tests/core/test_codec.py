"""The one mapping between the core's types and JSON: it loses nothing, and it lets nothing strange in."""

import dataclasses
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from overprint.core.codec import Json, bounds, canonical, decode, digest, encode, schema_of
from overprint.core.problems import Invalid
from overprint.core.scene import Actor, Scene, Setting, Sheet, Species
from overprint.core.story import Brief, Plan
from tests.core.values import values_of

KINDS = (Scene, Plan, Brief)
SHEET = {"species": "fox", "body": "#aa5522", "marking": "#ffffff", "outfit": "#000000", "accent": "#112233"}
SCENE = {"setting": "forest", "place": "the old wood", "caption": "A fox in the wood."}


@dataclass(frozen=True)
class Everything:
    """One field of each sort that the codec knows beside those of the story."""

    id: UUID
    at: datetime
    on: date
    pair: tuple[int, str]
    tags: frozenset[str]
    rate: float
    sure: bool
    note: str | None = None
    more: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


EVERYTHING = Everything(
    UUID(int=7),
    datetime(2026, 11, 21, 8, tzinfo=UTC),
    date(2026, 11, 21),
    (1, "one"),
    frozenset({"b", "a"}),
    0.5,
    True,
    more={"x": (1, 2)},
)


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@settings(max_examples=30)
def test_what_is_encoded_decodes_to_the_same_value(kind: type[Any], data: st.DataObject) -> None:
    value = data.draw(values_of(kind))
    assert decode(kind, json.loads(json.dumps(encode(value)))) == value


def test_ids_instants_days_pairs_sets_and_mappings_survive_the_journey() -> None:
    written = json.loads(json.dumps(encode(EVERYTHING)))
    assert written["tags"] == ["a", "b"]
    assert decode(Everything, written) == EVERYTHING


def test_fields_with_a_default_may_be_left_out() -> None:
    assert decode(Scene, SCENE) == Scene(Setting.FOREST, "the old wood", "A fox in the wood.")


REFUSED: list[tuple[type[Any], Json, str]] = [
    (Scene, {**SCENE, "surprise": 1}, "$.surprise"),
    (Scene, {"setting": "forest", "place": "x"}, "$.caption"),
    (Scene, {**SCENE, "setting": "volcano"}, "$.setting"),
    (Scene, {**SCENE, "setting": ["forest"]}, "$.setting"),
    (Scene, {**SCENE, "place": 5}, "$.place"),
    (Scene, {**SCENE, "place": None}, "$.place"),
    (Scene, {**SCENE, "place": "x" * 201}, "$.place"),
    (Scene, {**SCENE, "caption": ""}, "$.caption"),
    (Scene, {**SCENE, "actors": {}}, "$.actors"),
    (Scene, {**SCENE, "actors": [{"who": "a"}, {"who": 2}]}, "$.actors[1].who"),
    (Scene, {**SCENE, "actors": [{"who": "a"}] * 7}, "$.actors"),
    (Scene, {**SCENE, "camera": "close"}, "$.camera"),
    (Scene, {**SCENE, "camera": {"shot": "near"}}, "$.camera.shot"),
    (Scene, [], "$"),
    (Sheet, {**SHEET, "height": 2}, "$.height"),
    (Sheet, {**SHEET, "height": 0.1}, "$.height"),
    (Sheet, {**SHEET, "height": True}, "$.height"),
    (Sheet, {**SHEET, "height": "1"}, "$.height"),
    (Brief, {"premise": "A fox", "pages": True}, "$.pages"),
    (Brief, {"premise": "A fox", "pages": 12.0}, "$.pages"),
    (Brief, {"premise": "A fox", "pages": 61}, "$.pages"),
    (Brief, {"premise": "A fox", "pages": 5}, "$.pages"),
    (Brief, {"premise": "A fox", "seed": -1}, "$.seed"),
    (Brief, {"premise": "A fox", "seed": 10**400}, "$.seed"),
    (Brief, {"premise": "ab"}, "$.premise"),
    (Everything, {**encode(EVERYTHING), "id": "7"}, "$.id"),
    (Everything, {**encode(EVERYTHING), "id": 7}, "$.id"),
    (Everything, {**encode(EVERYTHING), "at": "yesterday"}, "$.at"),
    (Everything, {**encode(EVERYTHING), "pair": [1]}, "$.pair"),
    (Everything, {**encode(EVERYTHING), "pair": [1, 2]}, "$.pair[1]"),
    (Everything, {**encode(EVERYTHING), "sure": 1}, "$.sure"),
    (Everything, {**encode(EVERYTHING), "more": {"x": [1, "2"]}}, "$.more.x[1]"),
]


@pytest.mark.parametrize(("kind", "data", "place"), REFUSED, ids=[f"{k.__name__}{p}" for k, _, p in REFUSED])
def test_what_does_not_fit_is_refused_with_its_place(kind: type[Any], data: Json, place: str) -> None:
    with pytest.raises(Invalid) as caught:
        decode(kind, data)
    assert caught.value.field == place


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf"), 10**400])
def test_a_number_that_is_not_finite_is_refused(number: float) -> None:
    with pytest.raises(Invalid) as caught:
        decode(Sheet, {**SHEET, "height": number})
    assert caught.value.field == "$.height"


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "\udfff!"])
def test_text_that_cannot_be_stored_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="cannot be stored") as caught:
        decode(Scene, {**SCENE, "actors": [{"who": text}]})
    assert caught.value.field == "$.actors[0].who"


def test_without_a_root_the_place_is_the_bare_name_of_the_field() -> None:
    for data, place in (({**SHEET, "tail": 1}, "tail"), ({**SHEET, "hair": 1}, "hair")):
        with pytest.raises(Invalid) as caught:
            decode(Sheet, data, at="")
        assert caught.value.field == place


def test_a_message_shows_no_more_than_a_glimpse_of_what_was_sent() -> None:
    with pytest.raises(Invalid) as caught:
        decode(Scene, {**SCENE, "setting": "x" * 100_000})
    assert len(str(caught.value)) < 400


def test_whole_numbers_are_taken_where_a_fraction_may_stand() -> None:
    height = decode(Sheet, {**SHEET, "height": 1}).height
    assert isinstance(height, float)
    assert height == 1.0


@given(values_of(Scene), st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_canonical_bytes_do_not_depend_on_the_order_of_keys(scene: Scene, shuffler: random.Random) -> None:
    written = encode(scene)
    assert canonical(_shuffled(written, shuffler)) == canonical(scene)
    assert digest(_shuffled(written, shuffler)) == digest(scene)


def _shuffled(value: Json, shuffler: random.Random) -> Json:
    if isinstance(value, dict):
        items = list(value.items())
        shuffler.shuffle(items)
        return {key: _shuffled(item, shuffler) for key, item in items}
    return [_shuffled(item, shuffler) for item in value] if isinstance(value, list) else value


def test_canonical_bytes_are_plain_utf_8_without_spaces() -> None:
    assert canonical({"b": [1, None, True], "a": "é"}) == '{"a":"é","b":[1,null,true]}'.encode()
    assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


@pytest.mark.parametrize("value", [float("nan"), {"height": float("inf")}])
def test_what_is_no_number_cannot_be_hashed(value: Json) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        canonical(value)


def test_what_has_no_json_form_is_a_programming_error() -> None:
    with pytest.raises(TypeError, match="bytes"):
        encode({"data": b""})


@pytest.mark.parametrize("kind", (*KINDS, Everything))
def test_a_schema_is_a_valid_one(kind: type[Any]) -> None:
    Draft202012Validator.check_schema(schema_of(kind))


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@settings(max_examples=20)
def test_the_schema_accepts_what_decodes(kind: type[Any], data: st.DataObject) -> None:
    written = encode(data.draw(values_of(kind)))
    assert list(Draft202012Validator(schema_of(kind)).iter_errors(written)) == []


# JSON Schema counts 12.0 as an integer, and says nothing of the letters of an id; decoding is stricter there.
STRICTER = ("12.0", '"7"', "yesterday")


@pytest.mark.parametrize(
    ("kind", "data"), [(k, d) for k, d, _ in REFUSED if not any(word in json.dumps(d) for word in STRICTER)]
)
def test_the_schema_refuses_what_does_not_decode(kind: type[Any], data: Json) -> None:
    assert not Draft202012Validator(schema_of(kind)).is_valid(data)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner)))
@settings(max_examples=50)
def test_any_json_at_all_decodes_or_is_refused_plainly(data: Json) -> None:
    for name in (spec.name for spec in dataclasses.fields(Scene)):
        try:
            scene = decode(Scene, {**SCENE, name: data})
        except Invalid as problem:
            assert problem.field.startswith("$")
            continue
        assert isinstance(scene, Scene)


def test_a_list_may_be_bounded_from_below() -> None:
    @dataclass(frozen=True)
    class Team:
        names: tuple[str, ...] = field(metadata=bounds(min_length=1))

    with pytest.raises(Invalid, match="at least 1"):
        decode(Team, {"names": []})


def test_a_value_that_is_decoded_already_is_taken_as_it_is() -> None:
    actor = Actor("fox")
    assert decode(Scene, {**SCENE, "actors": [actor]}).actors == (actor,)
    assert decode(Sheet, {**SHEET, "species": Species.FOX}).species is Species.FOX
