"""What pages say in other languages: catalogues of gettext, and numbers, money and days as each language writes them.

English is what stands in templates and in the code; ``locales/LANGUAGE.po`` holds the rest. ``PSEUDO`` is no language:
it shows every sentence from right to left with its letters exchanged, so that what was left out of the catalogues and
what does not mirror is seen at once.
"""

import gettext
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

from babel import Locale, negotiate_locale
from babel.dates import format_date, format_datetime
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal

from overprint.http.retelling import Retelling

LANGUAGES = {"en": "English", "de": "Deutsch"}
PSEUDO = "ar-XB"
COOKIE = "language"
_FOLDER = Path(__file__).parent / "locales"
_ACCEPTED_MAX = 20
_MARKUP = re.compile(r"(<[^>]*>|%\([a-z_]+\)[sd]|&[a-z]+;|\{[a-z_]*\})")
_ARABIC = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ابتدهفغحيجكلمنوبقرسطعفوخيز")
_CENTS = 100
# Currencies that have no hundredths, as Stripe lists them: their amounts are whole already.
_WHOLE = frozenset(
    ("bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "ugx", "vnd", "vuv", "xaf", "xof", "xpf")
)


@dataclass(frozen=True)
class Catalogue:
    """One language: its tag as BCP 47 has it, where its lines begin, its sentences and its formats."""

    tag: str
    direction: Literal["ltr", "rtl"]
    translations: gettext.NullTranslations
    locale: Locale

    def retold(self, message: str) -> str:
        """A sentence that the code filled in itself, as those of problems, found by the words around what varies."""
        if isinstance(self.translations, _Written):
            return self.translations.retelling.retold(message)
        return self.translations.gettext(message) if message else ""

    def money(self, amount: int, currency: str) -> str:
        """``amount`` in the currency's smallest unit."""
        units = Decimal(amount) if currency.lower() in _WHOLE else Decimal(amount) / _CENTS
        digits = "0" if currency.lower() in _WHOLE else "0.00"
        return format_currency(units, currency.upper(), f"¤#,##{digits}" if self.tag == "en" else None, self.locale)

    def number(self, number: float) -> str:
        return format_decimal(number, locale=self.locale)

    def day(self, moment: datetime) -> str:
        return format_date(moment, "long", locale=self.locale)

    def moment(self, moment: datetime) -> str:
        """Day and minute, in UTC as all instants are."""
        day = "d. MMMM y" if self.tag == "de" else "d MMMM y"
        return f"{format_datetime(moment, f'{day}, HH:mm', locale=self.locale)} UTC"


class _Pseudo(gettext.NullTranslations):
    def gettext(self, message: str) -> str:
        parts = _MARKUP.split(message)
        return "".join(part if index % 2 else part.lower().translate(_ARABIC) for index, part in enumerate(parts))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        return self.gettext(message)


class _Written(gettext.NullTranslations):
    """Sentences of a ``.po`` file, without the step that would make a ``.mo`` of it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        with path.open("rb") as file:
            catalogue = read_po(file)
        self.sentences: dict[str, str] = {}
        self._many: dict[str, tuple[str, ...]] = {}
        self._plural: Callable[[int], int] = gettext.c2py(catalogue.plural_expr)
        for message in catalogue:
            if not message.id or message.fuzzy:
                continue
            if isinstance(message.id, (tuple, list)):
                self._many[message.id[0]] = tuple(message.string or ())
            elif message.string:
                self.sentences[message.id] = str(message.string)
        counted = {one: forms for one, forms in self._many.items() if one.startswith("{} ")}
        self.retelling = Retelling(self.sentences, counted, self._plural, self.sentences.get("and", "and"))

    def gettext(self, message: str) -> str:
        return self.sentences.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        forms = self._many.get(msgid1)
        if forms and all(forms):
            return forms[self._plural(n)]
        return msgid1 if n == 1 else msgid2


@cache
def catalogue(language: str) -> Catalogue:
    """Raises ``KeyError`` for a language that is not there."""
    if language == PSEUDO:
        return Catalogue(PSEUDO, "rtl", _Pseudo(), Locale.parse("ar"))
    LANGUAGES[language]
    path = _FOLDER / f"{language}.po"
    written = _Written(path) if path.exists() else gettext.NullTranslations()
    return Catalogue(language, "ltr", written, Locale.parse(language))


def choose_language(chosen: str, accepted: str) -> str:
    """``chosen``: what somebody chose here; ``accepted``: the browser's ``Accept-Language``."""
    if chosen in LANGUAGES or chosen == PSEUDO:
        return chosen
    wanted = [part.partition(";")[0].strip() for part in accepted.split(",")[:_ACCEPTED_MAX]]
    return negotiate_locale([tag for tag in wanted if tag], list(LANGUAGES), sep="-") or "en"
