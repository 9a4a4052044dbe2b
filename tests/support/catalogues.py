"""What pages can say, taken from templates and code: what catalogues have to hold.

``python -m tests.support.catalogues`` brings the catalogues up to date: new sentences of pages are added with nothing
beside them, and those that nothing says any more are dropped.
"""

import ast
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

import overprint
from overprint.core import problems
from overprint.http.catalogues import LANGUAGES

HOME = Path(overprint.__file__).parent
LOCALES = HOME / "http" / "locales"
TRANSLATED = sorted(LANGUAGES.keys() - {"en"})
Sentence = str | tuple[str, str]

_METHODS = [("**/templates/**.html", "jinja2.ext:babel_extract"), ("**.py", "python")]
_OPTIONS = {"**/templates/**.html": {"trimmed": "true"}}
_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None}
_PROBLEMS = frozenset(
    name for name, kind in vars(problems).items() if isinstance(kind, type) and issubclass(kind, problems.Problem)
)
# What only the command line says.
_UNSEEN = ("main/", "db/embedded/")


def of_pages() -> dict[Sentence, list[str]]:
    """What pages say by themselves, each with the files that say it; of plural ones both forms."""
    found: dict[Sentence, list[str]] = {}
    for file, _, message, _, _ in extract_from_dir(str(HOME), _METHODS, _OPTIONS, _KEYWORDS):
        said: Sentence = (message[0], message[1]) if isinstance(message, tuple) else message
        found.setdefault(said, []).append(file)
    return {said: sorted(set(files)) for said, files in found.items()}


def of_problems() -> dict[Sentence, list[str]]:
    """The sentences of problems, with ``{}`` for what they fill in. Many are met by programs alone."""
    found: dict[Sentence, list[str]] = {}
    for path in sorted(HOME.rglob("*.py")):
        file = str(path.relative_to(HOME))
        if not file.startswith(_UNSEEN):
            for said in _problems_in(ast.parse(path.read_text("utf-8"))):
                found.setdefault(said, []).append(file)
    return {said: sorted(set(files)) for said, files in found.items()}


def _problems_in(tree: ast.AST) -> Iterator[str]:
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and _name(call.func) in _PROBLEMS:
            named = [keyword.value for keyword in call.keywords if keyword.arg in ("message", "next_step")]
            yield from (said for argument in [*call.args[:2], *named] for said in _said(argument))


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _said(argument: ast.expr) -> Iterator[str]:
    if isinstance(argument, ast.IfExp):
        yield from (*_said(argument.body), *_said(argument.orelse))
    elif isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value:
        yield argument.value
    elif isinstance(argument, ast.JoinedStr):
        parts = (str(part.value) if isinstance(part, ast.Constant) else "{}" for part in argument.values)
        said = "".join(parts)
        if said.replace("{}", "").strip(" ."):
            yield said


def written(language: str) -> Catalog:
    with (LOCALES / f"{language}.po").open("rb") as file:
        return read_po(file)


def update(language: str) -> Sequence[Sentence]:
    """Bring one up to date; what nobody has said in it. Of problems, only those that somebody has are in it."""
    path = LOCALES / f"{language}.po"
    before = written(language) if path.exists() else Catalog()
    now = Catalog(locale=language, project="Overprint", version="", charset="utf-8", fuzzy=False)
    now.header_comment = f"# What pages of Overprint say in {LANGUAGES[language]}.\n#"
    now.last_translator = now.language_team = ""
    now.creation_date = now.revision_date = datetime(2026, 1, 1, tzinfo=UTC)  # so that only sentences differ
    open_still: list[Sentence] = []
    needed = of_pages()
    for said, files in sorted((of_problems() | of_pages()).items(), key=lambda each: (each[1][0], str(each[0]))):
        known: Any = before.get(said)
        string = known.string if known is not None and not known.fuzzy else None
        if not string or (isinstance(string, (tuple, list)) and not all(string)):
            open_still.append(said)
            if said not in needed:
                continue
        now.add(said, string or None, auto_comments=[files[0]])
    LOCALES.mkdir(exist_ok=True)
    with path.open("wb") as file:
        write_po(file, now, width=120, no_location=True, omit_header=False)
    return open_still


if __name__ == "__main__":
    for language in TRANSLATED:
        lacking = update(language)
        needed = set(lacking) & of_pages().keys()
        print(f"{language}: {len(needed)} sentences of pages lack, and {len(lacking) - len(needed)} of problems")
