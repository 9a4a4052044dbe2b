"""What is done to the wording of single lines, and what is read off the words of a want."""

import re
from dataclasses import dataclass

from overprint.core.scene import Constraint, ConstraintKind, PropKind
from overprint.core.story import Outline
from overprint.craft.writing.facts import facts_of, is_in_the_way, words_to_avoid
from overprint.craft.writing.vocabulary import lexicon


@dataclass(slots=True)
class Deck:
    """Lines dealt once each, in an order of this book's own."""

    lines: list[str]

    def deal(self) -> str | None:
        return self.lines.pop() if self.lines else None


def own_thing(want: str) -> tuple[PropKind, str] | None:
    """The thing in a want that has a picture, with the person's own word for it."""
    words = want.lower()
    hits = [
        (kind, word)
        for word, kind in lexicon().props.items()
        if word in words and re.search(rf"\b{re.escape(word)}\b", words) and word not in ("light", "fire")
    ]
    hits = [(kind, word) for kind, word in hits if not word.endswith("s") and kind is not PropKind.STAR]
    return max(hits, key=lambda pair: len(pair[1]), default=None)


def with_the_name_first(line: str) -> str:
    """A line that may open a book says the name before any pronoun, and of one name what is said of one."""
    told = re.sub(r"\{(he|him|his)\}", lambda m: "{hero}’s" if m[1] == "his" else "{hero}", line, count=1)
    return re.sub(r"\{hero\} \{was\}", "{hero} was", told, count=1)


def bind(line: str, values: dict[str, str]) -> str:
    """Fills only the slots that ``values`` knows; the rest are filled with the page."""
    return re.sub(r"\{([A-Za-z_]+)\}", lambda m: values.get(m[1], m[0]), line)


def avoided(outline: Outline) -> re.Pattern[str] | None:
    """Finds words that no line may use, because a fact or a constraint of the whole book forbids them."""
    want = outline.characters[0].want
    facts = [fact for c in outline.characters for fact in facts_of(c) if not is_in_the_way(fact, want)]
    words = {word for fact in facts for word in words_to_avoid(fact)}
    words |= {c.subject for c in outline.constraints if _is_for_all(c)} | {
        f"{c.subject}s" for c in outline.constraints if _is_for_all(c)
    }
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(words)))})\b", re.IGNORECASE) if words else None


def _is_for_all(constraint: Constraint) -> bool:
    return constraint.kind is ConstraintKind.FORBID and constraint.of is None
