"""What a person changes on a storyboard: its cards' words, pictures, camera and length, their order and number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from overprint.core.codec import Json, decode, encode
from overprint.core.files import StoredFile
from overprint.core.film import CARD_ID_MAX, SCENES_MAX, SECONDS_MAX, Card, Move, Storyboard
from overprint.core.problems import Conflict, Invalid, LimitReached, NotFound
from overprint.core.scene_edits import scene_changed
from overprint.core.story import TAKES_MAX
from overprint.core.story_checks import sheets_wanted
from overprint.core.words import clean_text, says_something
from overprint.features.videos import rules

NEW_SECONDS = 5.0


class Own(StrEnum):
    """What becomes of the picture that a person brought for a scene."""

    KEEP = "keep"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class CardEdit:
    """What one card is to be; None leaves it as it is. Without ``id`` it is a new card, which shows what the card
    ``like`` shows, or the one before it.

    ``scene``: changes of what is seen, by field. ``picture``: a person's own, or what becomes of the one there is.
    ``is_again``: made anew, from another seed.
    """

    id: int | None = None
    words: str | None = None
    move: Move | None = None
    seconds: float | None = None
    scene: Mapping[str, Json] = field(default_factory=dict)
    picture: StoredFile | Own = Own.KEEP
    is_locked: bool | None = None
    is_again: bool = False
    like: int | None = None


def edited(board: Storyboard, cards: Sequence[CardEdit], title: str = "") -> Storyboard:
    """The storyboard of these cards, in this order; a card that is not named goes. Empty ``title``: the one it has.

    Raises ``Invalid``, ``LimitReached`` and ``NotFound`` for what cannot be, ``Conflict`` for changes of locked cards.
    """
    if not cards:
        raise Invalid("A film needs a scene.", "Keep at least one card.", field="cards")
    if len(cards) > SCENES_MAX:
        raise LimitReached(f"A film has at most {SCENES_MAX} scenes.", "Take some away, or make two films.")
    known = {card.id: card for card in board.cards}
    named = [edit.id for edit in cards if edit.id is not None]
    if len(set(named)) < len(named):
        raise Invalid("A card stands on the storyboard once.", "Add a new card instead.", field="cards")
    _refuse_gone([card for card in board.cards if card.id not in named])
    made: list[Card] = []
    for edit in cards:
        before = _card(known, edit.id) if edit.id is not None else _added(board, made, edit)
        made.append(changed(before, edit, board))
    whole = following(board, replace(board, cards=tuple(made), title=clean_text(title) or board.title))
    if sum(map(rules.least_seconds, made)) > SECONDS_MAX:
        raise LimitReached(
            f"A film lasts at most {SECONDS_MAX} seconds.", "Make scenes or their words shorter, or take some away."
        )
    return decode(Storyboard, encode(whole), at="")


def brought(board: Storyboard) -> Storyboard:
    """A storyboard that a program brings, of which nothing is made yet. Raises as ``edited``."""
    return arrived(replace(board, cards=tuple(replace(card, is_locked=False) for card in board.cards)))


def arrived(board: Storyboard) -> Storyboard:
    """A storyboard that comes with what was made of it; what is locked stays so. Raises as ``edited``."""
    known = {who for card in board.cards for who in card.sheets}
    if any(set(sheets_wanted(card.scene)) - known for card in board.cards):
        raise Invalid("Somebody on this storyboard has no sheet.", "Say how everybody looks.", field="board")
    readable = _readable(board)
    return edited(readable, [CardEdit(card.id) for card in readable.cards])


def _readable(board: Storyboard) -> Storyboard:
    """Without what nobody can read: its cards were not typed here, where every word is cleaned."""
    cards = tuple(replace(card, words=clean_text(card.words)) for card in board.cards)
    people = tuple(replace(person, name=clean_text(person.name)) for person in board.people)
    return replace(board, title=clean_text(board.title), cards=cards, people=people)


def following(before: Storyboard, wanted: Storyboard) -> Storyboard:
    """``wanted`` in place of ``before``: it knows which ids were given."""
    gone = {card.id for card in before.cards} - {card.id for card in wanted.cards}
    return replace(wanted, gone_id=max(wanted.gone_id, before.gone_id, *gone))


def with_card(board: Storyboard, edit: CardEdit) -> Storyboard:
    """The storyboard with one card changed, where it stands."""
    _card({card.id: card for card in board.cards}, edit.id or 0)
    return edited(board, [edit if card.id == edit.id else CardEdit(card.id) for card in board.cards])


def changed(card: Card, edit: CardEdit, board: Storyboard) -> Card:
    """Raises ``Conflict`` for a locked card, unless all that is asked is to unlock it."""
    cast = {who: sheet for one in board.cards for who, sheet in one.sheets.items()}
    words = card.words if edit.words is None else clean_text(edit.words)
    if not says_something(words):
        raise Invalid("A scene needs words that can be read.", "Say what happens in it.", field="words")
    scene = scene_changed(card.scene, edit.scene, cast) if edit.scene else card.scene
    picture = card.picture if edit.picture is Own.KEEP else None if edit.picture is Own.DROP else edit.picture
    made = replace(
        card,
        words=words,
        move=edit.move or card.move,
        seconds=card.seconds if edit.seconds is None else round(edit.seconds, 3),
        scene=scene,
        sheets={who: cast[who] for who in sheets_wanted(scene)},
        picture=picture,
        take=min(TAKES_MAX, card.take + 1) if edit.is_again else card.take,
    )
    if card.is_locked and edit.is_locked is not False and made != card:
        raise _locked(card)
    return replace(made, is_locked=card.is_locked if edit.is_locked is None else edit.is_locked)


def _card(known: Mapping[int, Card], card_id: int) -> Card:
    if card_id not in known:
        raise NotFound("There is no such scene in this film.", "Read its storyboard again.")
    return known[card_id]


def _added(board: Storyboard, before: Sequence[Card], edit: CardEdit) -> Card:
    """A new card, under an id that none had."""
    known = {card.id: card for card in board.cards}
    shown = _card(known, edit.like) if edit.like is not None else (before[-1] if before else board.cards[0])
    used = max([board.gone_id, *known, *(card.id for card in before)])
    if used >= CARD_ID_MAX:
        raise LimitReached("This storyboard was changed too often.", "Begin a new film.")
    return replace(shown, id=used + 1, take=0, is_locked=False, picture=None, seconds=NEW_SECONDS)


def _refuse_gone(gone: Sequence[Card]) -> None:
    for card in gone:
        if card.is_locked:
            raise _locked(card)


def _locked(card: Card) -> Conflict:
    return Conflict(f"The scene “{card.words[:60]}” is locked.", "Unlock it first.")
