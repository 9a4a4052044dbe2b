"""Short sentences are joined for people who read well, and only where the joined one says what the two said."""

import pytest

from overprint.craft.writing.flowing import flowing

NAMES = frozenset(("Mia", "Teddy"))


@pytest.mark.parametrize(
    ("apart", "joined"),
    [
        ("It was late in the year. But nobody was tired.", "Although it was late in the year, nobody was tired."),
        ("At the bottom was a fountain. It had a fish in it.", "At the bottom was a fountain, which had a fish in it."),
        ("Mia had no boat at all. So she built one of boxes.", "Mia had no boat at all, so she built one of boxes."),
        ("Mia fell into the pond. So did the lamp.", "Mia fell into the pond, and so did the lamp."),
        ("The days went slowly by. Monday had a cloud on it.", "The days went slowly by; Monday had a cloud on it."),
    ],
)
def test_two_short_sentences_become_one(apart: str, joined: str) -> None:
    assert flowing(apart, NAMES).startswith(joined)


def test_two_deeds_of_one_person_share_their_subject_in_some_sentences() -> None:
    told = [
        flowing(f"They tried it on its side. They tried it on {thing}.", NAMES)
        for thing in ["a log", "a hat", "tip-toe"]
    ]
    assert any("side and tried it" in text for text in told)


@pytest.mark.parametrize("who", ["Mia", "the teacher"])
@pytest.mark.parametrize("person", ["He", "She"])
def test_nobody_becomes_the_who_of_a_name_that_a_sentence_ends_with(who: str, person: str) -> None:
    assert "who" not in flowing(f"The house belonged to {who}. {person} slept in it.", NAMES).split()


@pytest.mark.parametrize("saying", ["So far, so good.", "So far it was dry.", "So loud was it that nobody spoke."])
def test_a_so_that_means_how_much_opens_its_own_sentence(saying: str) -> None:
    assert flowing(f"The door was shut. {saying}", NAMES) == f"The door was shut. {saying}"


@pytest.mark.parametrize(
    ("before", "sentence"),
    [
        ("There are not many sights like it.", "So it was there, among the gloves, that Teddy found it."),
        ("There are not many sights like it.", "So there was one in the shop."),
        ("Teddy held out the bundle in both hands.", "So Mia brought back a star."),
    ],
)
def test_what_sums_up_is_not_told_as_an_effect_of_the_sentence_before(before: str, sentence: str) -> None:
    assert flowing(f"{before} {sentence}", NAMES) == f"{before} {sentence}"


def test_no_cause_is_claimed_with_since() -> None:
    for n in range(12):
        assert not flowing(f"Mia had no boat at all. So she built {n} of boxes.", NAMES).startswith("Since")


@pytest.mark.parametrize(
    "before",
    [
        "They did not make a fuss about it.",
        "They never made a fuss about it.",
        "They only made a small fuss.",
        "They couldn’t make a fuss.",
        "They were not at all pleased.",
    ],
)
def test_a_not_covers_its_own_clause_only(before: str) -> None:
    for thing in ("the day", "an hour", "a week", "a year", "it all", "Monday"):
        assert " and took" not in flowing(f"{before} They took {thing} off.", NAMES)


def test_a_state_is_no_second_deed() -> None:
    for thing in ("the day", "an hour", "a week", "a year", "it all", "Monday"):
        assert " and " not in flowing(f"He put the jug down. He was going to wake {thing}.", NAMES)
        assert " and " not in flowing(f"He told it beautifully. He had been telling {thing}.", NAMES)


def test_what_is_said_of_somebody_anew_is_no_third_clause() -> None:
    told = flowing("Mia has a new wish. She began it at once. Mia went on just as before.", NAMES)
    assert told == "Mia has a new wish; she began it at once. Mia went on just as before."


def test_what_it_really_was_stands_alone() -> None:
    told = flowing("It was not the cup. She had no place for a cup. It was that they would wait for her.", NAMES)
    assert told.endswith(". It was that they would wait for her.")


@pytest.mark.parametrize(
    ("said", "joined"),
    [
        ("“You had only to look. It had been held.”", "“You had only to look; it had been held.”"),
        ("“Teddy. I think that we are there.”", "“Teddy. I think that we are there.”"),
        ("“Then it cannot be there,” said Mia. It could, though.",) * 2,
        ("“Then we shall go,” said Mia. He had his hat on.", "“Then we shall go,” said Mia, and he had his hat on."),
    ],
)
def test_what_is_said_keeps_its_meaning(said: str, joined: str) -> None:
    assert flowing(said, NAMES) == joined
