"""Where books begin: what is asked for, what it will cost, its first page for nothing, and books from elsewhere.

One form does everything without JavaScript: its buttons lead to ``/make/price``, ``/make/sample`` and ``/books``, and
the first two answer the same page. A script sends the form there by itself and takes what changed out of the answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, UploadFile
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from overprint.core.codec import Json, decode, encode
from overprint.core.ids import new_id
from overprint.core.problems import Problem
from overprint.core.story import LOOKS_MAX, PREMISE_MAX_CHARACTERS, Brief
from overprint.features.books.portable import Portables
from overprint.features.books.service import Books, Offer, Samples, defaults, offer_of
from overprint.features.books.store import Row
from overprint.features.books.web.choices import AGES, SHAPES, TRIMS
from overprint.features.jobs import arriving, brought_archive
from overprint.features.teams import Action, is_allowed
from overprint.http.arrivals import FORM_MAX_MB, MostCredits, OnceField, WaitingFile, lead_in
from overprint.http.choices import EXAMPLES, GENRES, STYLES, TONES
from overprint.http.forms import read_form
from overprint.http.once import key_of_form
from overprint.http.pages import Pages
from overprint.http.problems import status_of
from overprint.http.routes import Router
from overprint.http.scope import InScope, InScopes, Scope

HOME = "/make"
_NUMBERS = ("pages", "chapters")
_WORDS = ("premise", "title", "author", "dedication")
_FIELDS = (*_WORDS, *_NUMBERS, "age", "genre", "tone", "style", "trim")
_FIELDS_MAX = 60
_NUMBER_MAX_DIGITS = 4
_UNASKED: Row = {**encode(Brief("...")), "premise": "", "photos": [], "is_aloud": False}
_CHOICES = {
    "ages": AGES,
    "genres": GENRES,
    "tones": TONES,
    "styles": STYLES,
    "trims": TRIMS,
    "shapes": SHAPES,
    "archive_max_mb": FORM_MAX_MB,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form holds: its fields as they were filled in, whose looks are ticked, whether it is to be read aloud."""

    fields: Mapping[str, Json]
    photos: tuple[str, ...]
    is_aloud: bool
    sample: str

    def shown(self) -> Row:
        return {**_UNASKED, **self.fields, "photos": list(self.photos), "is_aloud": self.is_aloud}

    def brief(self, **otherwise: Json) -> Brief:
        """Raises ``Invalid``."""
        return decode(Brief, {**self.fields, **otherwise}, at="")

    def photo_ids(self) -> tuple[UUID, ...]:
        """Raises ``Invalid``."""
        return decode(tuple[UUID, ...], list(self.photos), at="photos")


def router(books: Books) -> APIRouter:
    """Routes over ``books``."""
    web = Router(include_in_schema=False)
    pages = Pages(Path(__file__).parent.parent / "templates")
    portables, samples = Portables(books), Samples(books)

    async def page(
        scope: Scope,
        asked: Row,
        offer: Offer | None = None,
        begun: UUID | None = None,
        **problems: Problem | None,
    ) -> Response:
        """``problems`` by where on the page they are told: at its head, beside the price, or at the first page."""
        found = next(filter(None, problems.values()), None)
        return pages.render(
            "start.html",
            status_of(found) if found else 200,
            home=HOME,
            once=new_id(),
            asked=asked,
            looks=await books.photos.list_looks(scope.transaction),
            may_make=is_allowed(scope.principal, Action.MAKE_WORK),
            lacking=(await books.lacking(scope.transaction))["audio"],
            offer=offer,
            sample=await samples.get(scope.transaction, begun) if begun else None,
            examples=EXAMPLES,
            problems={"head": None, "price": None, "sample": None, **problems},
            **_CHOICES,
        )

    async def offered(scope: Scope, asked: Asked) -> tuple[Offer | None, Problem | None]:
        """What the form as it is would cost; a premise that is still to be written changes nothing."""
        try:
            brief = asked.brief(premise="...")
            return await offer_of(books, scope.transaction, brief, is_aloud=asked.is_aloud), None
        except Problem as problem:
            return None, problem

    async def asked_page(scope: Scope, asked: Asked, begun: UUID | None = None, **problems: Problem | None) -> Response:
        """The form as it was filled in."""
        offer, unpriced = await offered(scope, asked)
        told = problems if any(problems.values()) else {"price": unpriced}
        return await page(scope, asked.shown(), offer, begun, **told)

    @web.get(HOME)
    async def start(
        scope: InScope,
        photo: Annotated[str, Query(max_length=40)] = "",
        premise: Annotated[str, Query(max_length=PREMISE_MAX_CHARACTERS)] = "",
        again: UUID | None = None,
    ) -> Response:
        """``photo``: whose look is ticked. ``again``: a book that was asked for, to be asked for in another way."""
        before = (await books.get(scope.transaction, again))["brief"] if again else {}
        chosen = (await defaults.read(scope.transaction, scope.principal.person_id)).in_force.chosen()
        known = {**chosen, "premise": premise, **before}
        fields = {name: value for name, value in known.items() if name in _FIELDS}
        lacks = (await books.lacking(scope.transaction))["audio"]
        asked = Asked(fields, (photo,) if photo else (), bool(chosen.get("is_aloud")) and not lacks, "")
        return await asked_page(scope, asked)

    @web.post("/make/price")
    async def show_price(scope: InScope, request: Request) -> Response:
        asked = _asked(await read_form(request, fields=_FIELDS_MAX))
        return await asked_page(scope, asked, _id_of(asked.sample))

    @web.post("/make/sample")
    async def show_sample(scope: InScope, request: Request) -> Response:
        """Begins the first page, or tells how far it is: ``sample`` is the one that was begun."""
        form = await read_form(request, fields=_FIELDS_MAX)
        asked = _asked(form)
        begun = _id_of(asked.sample)
        if form.get("act") != "begin" and begun is not None:
            return await asked_page(scope, asked, begun)
        try:
            async with scope.transaction.savepoint():
                begun = await samples.begin(scope.transaction, scope.principal, asked.brief(), asked.photo_ids())
        except Problem as problem:
            return await asked_page(scope, asked, begun, sample=problem)
        return await asked_page(scope, asked, begun)

    @web.post("/books")
    async def start_book(scope: InScope, request: Request) -> Response:
        form = await read_form(request, fields=_FIELDS_MAX)
        asked, key = _asked(form), key_of_form(request, form.multi_items())
        try:
            async with scope.transaction.savepoint():
                brief, photos = asked.brief(), asked.photo_ids()
                book, _ = await books.start(
                    scope.transaction,
                    scope.principal,
                    brief,
                    is_aloud=asked.is_aloud,
                    photos=photos,
                    idempotency_key=key,
                )
        except Problem as problem:
            return await asked_page(scope, asked, _id_of(asked.sample), head=problem)
        return RedirectResponse(f"/books/{book['id']}", status_code=303)

    @web.post("/books/import")
    async def import_book(
        scopes: InScopes,
        request: Request,
        file: UploadFile | None = None,
        waiting: WaitingFile = "",
        most_credits: MostCredits = None,
        once: OnceField = "",
    ) -> Response:
        """A file that asks for something is looked at first, and waits until somebody agrees."""
        who = scopes.principal
        try:
            async with (
                brought_archive(books.library, who, file.file if file else None, waiting) as archive,
                arriving(portables, who, scopes.transaction, archive) as work,
            ):
                return await lead_in(work, request, most_credits, once, works="/books", home=HOME)
        except Problem as problem:
            async with scopes.transaction() as transaction:
                return await page(Scope(who, transaction), _UNASKED, head=problem)

    return web


def _asked(form: FormData) -> Asked:
    """What was filled in, numbers as numbers; whether it can be used, decoding it says."""
    fields: dict[str, Json] = {"premise": ""}
    fields |= {name: form[name] for name in _FIELDS if isinstance(form.get(name), str) and form[name]}
    for name in _NUMBERS:
        text = str(fields.get(name, ""))
        if text.isascii() and text.isdigit() and len(text) <= _NUMBER_MAX_DIGITS:
            fields[name] = int(text)
    photos = tuple(str(value)[:40] for value in form.getlist("photos")[: LOOKS_MAX + 1])
    return Asked(fields, photos, "is_aloud" in form, str(form.get("sample", ""))[:40])


def _id_of(text: str) -> UUID | None:
    """None for what is no id."""
    try:
        return UUID(text)
    except ValueError:
        return None
