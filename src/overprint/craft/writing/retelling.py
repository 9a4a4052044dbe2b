"""A summary that a person has changed, told as it stands: put into the past, as the rest of the book is."""

from overprint.craft.writing.language import base_of, past, third_person

_PRESENT_TO_PAST = {"are": "were", "is": "was", "has": "had", "does": "did", "can": "could", "will": "would"}


def in_the_past(text: str) -> str:
    """A summary in the present tense retold in the past: ``Mira finds a map`` → ``Mira found a map``."""
    words = text.split(" ")
    for n, word in enumerate(words):
        plain = word.strip(".,;:!?")
        base = base_of(plain) if plain.islower() else None
        leads = words[n - 1] if n else ""
        is_verb = (
            base is not None
            and plain == third_person(base)
            and (
                leads[:1].isupper()
                or leads.lower() in ("and", "who", "he", "she", "it", "that", "then", "also")
                or leads.endswith(",")
            )
        )
        changed = _PRESENT_TO_PAST.get(plain) or (past(base) if is_verb and base else None)
        if changed:
            words[n] = word.replace(plain, changed)
    kept = " ".join(words)
    return kept if kept.endswith((".", "!", "?", "”")) else f"{kept}."
