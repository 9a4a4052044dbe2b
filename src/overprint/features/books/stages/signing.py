"""The signed copies of what a person is given: each picture as soon as it is drawn, the books last, around them.

Every copy is a step of its own, so it is signed once: a redrawn page gets a new signature and the others keep theirs.
What goes to a printer is not signed. Of a book that was imported nobody here can state who made it.
"""

from collections.abc import Sequence

from overprint.core.codec import Json
from overprint.engine.pipeline import StepKind
from overprint.engine.recipe import all_of, ref
from overprint.engine.spec import Queue, StepSpec
from overprint.features.books.steps import AUDIOBOOK, COMPOSE, EPUB, FIXED, PDF, MakeBook, Target, signed_key
from overprint.steps.sign_files import SignIn, SignOut, sign_file

_PICTURES = "picture/"
MADE_BOOKS, _MADE_PICTURES = ("text", "image"), ("image",)
_EBOOKS = (Target.BOOK, Target.EPUB)
_WHOLES = {PDF: (Target.BOOK, Target.PDF), EPUB: _EBOOKS, FIXED: _EBOOKS}


def signed_book(
    request: MakeBook, step: str, title: str, pictures: Sequence[str] = (), made_by: Sequence[str] = MADE_BOOKS
) -> StepSpec:
    """Signs a PDF or an e-book, with the signed pictures in it. ``pictures``: keys of those that are known by now;
    others feed it when they come to be known."""
    said = {**_whole(request, step, made_by), "parts": all_of(signed_key(_PICTURES))}
    return StepSpec(signed_key(step), "books.sign@1", title, said, soft=tuple(map(signed_key, pictures)))


def signed_audiobook(request: MakeBook, made_by: Sequence[str]) -> StepSpec:
    """Signs an audiobook; of the pictures it has a small cover only."""
    return StepSpec(signed_key(AUDIOBOOK), "books.sign@1", "Signing the audiobook", _whole(request, AUDIOBOOK, made_by))


def _whole(request: MakeBook, step: str, made_by: Sequence[str]) -> dict[str, Json]:
    """What is said of a file of the whole book."""
    return {
        "step": step,
        "file": ref(step, "/file"),
        "title": ref(COMPOSE, "/doc/title"),
        "author": request.brief.author,
        "made_by": () if request.imported else made_by,
    }


def signed_picture(request: MakeBook, picture: StepSpec) -> StepSpec:
    """Signs a picture, for whoever wants it alone and for the books that it is in."""
    said = {
        "step": picture.key,
        "file": ref(picture.key, "/file"),
        "title": ref(picture.key, "/alt"),
        "author": request.brief.author,
        "made_by": () if request.imported else _MADE_PICTURES,
    }
    fed = tuple(signed_key(step) for step, targets in _WHOLES.items() if request.target in targets)
    return StepSpec(signed_key(picture.key), "books.sign@1", "Signing the pictures", said, feeds=fed)


KINDS = (StepKind("books.sign@1", SignIn, SignOut, sign_file, Queue.POST, ports=(*MADE_BOOKS, "credentials")),)
