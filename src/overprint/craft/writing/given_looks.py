"""What confirmed looks tell the reader of a premise: that a name belongs to a person, and to what kind of one."""

from collections.abc import Sequence
from dataclasses import replace

from overprint.core.looks import is_named
from overprint.core.scene import Species
from overprint.core.story import Look
from overprint.craft.writing.premise import Reading
from overprint.craft.writing.premise_people import Person


def with_looks(reading: Reading, looks: Sequence[Look]) -> Reading:
    """Whom the premise only names is what their look says; whom it was not seen to name takes part all the same."""
    people = list(reading.people)
    for look in looks:
        known = next((n for n, person in enumerate(people) if person.name and is_named(look.name, person.name)), None)
        word = str(look.species or Species.CHILD)
        if known is None:
            people.append(Person(look.name, word, word, None))
        elif not people[known].noun and not people[known].being and look.species is not None:
            people[known] = replace(people[known], noun=word, being=word)
    return replace(reading, people=tuple(people))
