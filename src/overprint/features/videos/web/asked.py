"""What a form asks of a film, as it was filled in; whether that can be used, whoever makes something of it says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from starlette.datastructures import FormData, QueryParams

from overprint.core.codec import Json, encode
from overprint.core.film import AMOUNT_MAX, SECONDS_MAX, FilmBrief, Output
from overprint.core.problems import Invalid
from overprint.features.videos.rules.sources import script_of
from overprint.features.videos.service import Source
from overprint.features.videos.web import choices
from overprint.http.film_choices import NO_CAPTIONS

TEXT_MAX_CHARACTERS = 40_000
_SHOWN = tuple(name for name, _, _ in choices.SHOWN)
_WORDS = ("premise", "title", "style", "genre", "tone", "aspect", "definition", "orientation", "preset", *_SHOWN)
_USUAL: dict[str, Any] = encode(FilmBrief("..."))
_NUMBERS = {"seconds": SECONDS_MAX, "denoise": AMOUNT_MAX}
_ID_MAX_CHARACTERS = 40
FILES = ("picture", "driving", "lut")
"""What a person may bring, by the names of the fields."""


class Begins(StrEnum):
    """What a film is made of."""

    IDEA = "idea"
    SCRIPT = "script"
    BOOK = "book"


@dataclass(frozen=True, slots=True)
class Asked:
    """``fields`` are those of a brief, and ``preset``; an empty one of ``choices.SHOWN`` is as suits the preset.
    ``files``: what a person brought, by what it is for (``FILES``)."""

    fields: Mapping[str, Json]
    begins: Begins = Begins.IDEA
    script: str = ""
    book: UUID | None = None
    files: Mapping[str, UUID] = field(default_factory=dict)

    @property
    def preset(self) -> str:
        return str(self.fields.get("preset", ""))

    def source(self) -> Source:
        """Raises as ``script_of``, and ``Invalid`` where a script or a book was meant and there is none."""
        if self.begins is Begins.BOOK and self.book is None:
            raise Invalid("No book is chosen.", "Choose one of those that are finished.", field="book")
        if self.begins is Begins.SCRIPT:
            script_of(self.script)
        return self.source_so_far()

    def source_so_far(self) -> Source:
        """The same without what is still to be written or chosen. Raises as ``script_of`` for what is written."""
        has_script = self.begins is Begins.SCRIPT and self.script.strip()
        return Source(
            script=script_of(self.script) if has_script else (),
            book=self.book if self.begins is Begins.BOOK else None,
            picture=self.files.get("picture"),
            driving=self.files.get("driving"),
            lut=self.files.get("lut"),
        )

    def brief_fields(self) -> dict[str, Json]:
        """As fields of a ``FilmBrief``: what was left to the preset is not among them."""
        said = {name: value for name, value in self.fields.items() if name != "preset" and value != ""}
        return choices.captioned(said)

    def shown(self) -> dict[str, Any]:
        """For the form."""
        unasked = {**_USUAL, "premise": "", **dict.fromkeys(_SHOWN, "")}
        own = {"begins": self.begins, "script": self.script, "book": self.book}
        return {**unasked, **self.fields, **own, "preset": self.preset}


def read(form: FormData | QueryParams) -> Asked:
    """Numbers as numbers; texts as long as any may be."""
    texts = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    fields: dict[str, Json] = {"premise": ""}
    fields |= {name: texts[name][:TEXT_MAX_CHARACTERS] for name in _WORDS if texts.get(name)}
    fields |= {**mended_in(form), "outputs": outputs_in(form)}
    if seconds := _number(texts, "seconds"):
        fields["seconds"] = seconds
    script, book = texts.get("script", "")[:TEXT_MAX_CHARACTERS], id_of(texts.get("book", ""))
    told = Begins.BOOK if book else Begins.SCRIPT if script.strip() else Begins.IDEA
    begins = texts.get("begins", "")
    return Asked(
        fields,
        Begins(begins) if begins in list(Begins) else told,
        script,
        book,
        {name: found for name in FILES if (found := id_of(texts.get(name, "")))},
    )


def mended_in(form: FormData | QueryParams) -> dict[str, Json]:
    """What is to be mended of the clips, as far as the form says it."""
    texts = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    denoise = _number(texts, "denoise")
    found: dict[str, Json] = {} if denoise == "" else {"denoise": denoise}
    return found | ({"is_steadied": bool(texts["is_steadied"])} if "is_steadied" in texts else {})


def _number(texts: Mapping[str, str], name: str) -> int | str:
    """As it was written where that is no number of which so many digits could be meant."""
    said = texts.get(name, "")
    if said.isascii() and said.isdigit() and len(said) <= len(str(_NUMBERS[name])):
        return int(said)
    return said[:TEXT_MAX_CHARACTERS]


def outputs_in(form: FormData | QueryParams) -> list[Json]:
    """What else a film is to be had as: each once, and nothing that nobody knows."""
    return [output.value for output in Output if output in form.getlist("outputs")]


def asked_before(video: Mapping[str, Any], preset: Mapping[str, Json], files: Mapping[str, UUID]) -> Asked:
    """What a film was asked for with, to be asked for in another way. ``preset``: what the one that it was made with
    says now; ``files``: those that it was made of and that are still there, by what they are for (``FILES``)."""
    brief, origin = video["brief"], video["origin"]
    said = {**_USUAL, **brief, "caption_style": brief["caption_style"] if brief["captions"] else NO_CAPTIONS}
    suits = {**_USUAL, **preset}
    suits["caption_style"] = suits["caption_style"] if suits["captions"] else NO_CAPTIONS
    left = {name: "" for name in _SHOWN if said[name] == suits[name]}
    begins = Begins.BOOK if origin.get("source") else Begins.SCRIPT if origin.get("script") else Begins.IDEA
    fields = {name: said[name] for name in (*_WORDS, *_NUMBERS, "is_steadied", "outputs")} | left
    fields["preset"] = brief.get("preset_id") or brief["preset"]
    if begins is not Begins.IDEA:  # then the premise was made of the rest
        fields["premise"] = ""
    book = id_of(str(origin.get("source") or ""))
    return Asked(fields, begins, "\n\n".join(origin.get("script") or ()), book, files)


def id_of(text: str) -> UUID | None:
    """None for what is no id."""
    try:
        return UUID(text[:_ID_MAX_CHARACTERS])
    except ValueError:
        return None
