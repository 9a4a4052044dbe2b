"""What is a person's to say, and what a failure of the opening child means to them."""

import pytest

from overprint.core.problems import Conflict, Invalid, LimitReached, Problem, Unavailable
from overprint.core.scene import Accessory, Garment, Hair, Species
from overprint.core.story import Look
from overprint.features.photos import Confirmed, rules
from overprint.ports.compute import ComputeFailed, ComputeLimit

READ = Look("", "#e3b387", "#dd9a7b", "#3f6fa8", "#c8452f", "#7c3a22", Hair.SHORT)


def _said(**changes: object) -> Confirmed:
    said = {"name": "Mia", "species": Species.CHILD, "garment": Garment.COAT, "accessories": ()}
    return Confirmed(**{**said, **changes})  # type: ignore[arg-type]


def test_what_a_person_does_not_correct_stays_as_it_was_read() -> None:
    look = rules.confirmed(READ, _said(hair_colour="#1F1A1A ", accessories=(Accessory.HIJAB,)))
    assert (look.name, look.hair_colour, look.accessories) == ("Mia", "#1f1a1a", (Accessory.HIJAB,))
    assert (look.body, look.marking, look.outfit, look.hair) == (READ.body, READ.marking, READ.outfit, READ.hair)


def test_cheeks_follow_a_corrected_skin() -> None:
    assert rules.confirmed(READ, _said(body="#6f4630")).marking not in (READ.marking, "#6f4630")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " \u200b "}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"species": Species.FOX}, "species"),
        ({"body": "fair"}, "body"),
        ({"outfit": "#12345"}, "outfit"),
        ({"accessories": tuple(Accessory)[:5]}, "accessories"),
    ],
)
def test_what_cannot_be_used_is_named(wrong: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        rules.confirmed(READ, _said(**wrong))
    assert caught.value.field == field


def test_a_name_is_one_line_without_control_characters() -> None:
    assert rules.clean_name("  Mia\n\u202eanna \x07 ") == "Mia anna"


@pytest.mark.parametrize(
    ("failure", "kind", "said"),
    [
        (ComputeFailed("Invalid", "No face was found in this photo. Choose one."), Invalid, "No face"),
        (ComputeFailed("LimitReached", "This photo has 100 pixels."), LimitReached, "100 pixels"),
        (ComputeFailed("ChildDied", "The child process died (SIGSEGV)."), Invalid, "cannot be opened"),
        (ComputeFailed("error", "OpenCV(4.14) ..."), Invalid, "cannot be opened"),
        (ComputeFailed("PoolClosed", "The compute pool has been closed."), Unavailable, "ending"),
        (ComputeLimit("it was stopped after 30 seconds."), LimitReached, "too long"),
    ],
)
def test_no_failure_of_opening_a_photo_is_told_in_the_words_of_a_program(
    failure: ComputeFailed | ComputeLimit, kind: type[Problem], said: str
) -> None:
    problem = rules.problem_of(failure)
    assert type(problem) is kind and said in problem.message
    assert "OpenCV" not in str(problem) and "SIGSEGV" not in str(problem)


def test_there_is_no_receipt_before_the_photo_is_gone() -> None:
    with pytest.raises(Conflict, match="not been deleted"):
        rules.receipt_of({"deleted_at": None})
