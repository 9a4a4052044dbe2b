"""What people can be told, taken from templates and code: what catalogues have to hold.

``python -m tests.support.catalogues`` brings the catalogues up to date: new sentences are added with nothing beside
them, and those that nothing says any more are dropped.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

import overprint
from overprint.core import problems
from overprint.craft.presets import shipped_presets
from overprint.features.billing import packs
from overprint.http.catalogues import LANGUAGES

HOME = Path(overprint.__file__).parent
LOCALES = HOME / "http" / "locales"
TRANSLATED = sorted(LANGUAGES.keys() - {"en"})
Sentence = str | tuple[str, str]
Nodes = Sequence[ast.AST]

_TEMPLATES = ("**/templates/**.html", "**/templates/mail/**.jinja")
_METHODS = [(place, "jinja2.ext:babel_extract") for place in _TEMPLATES]
_OPTIONS = {place: {"trimmed": "true"} for place in _TEMPLATES}
_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None}
_PROBLEMS = frozenset(
    name for name, kind in vars(problems).items() if isinstance(kind, type) and issubclass(kind, problems.Problem)
)
# What only the command line and logs say.
_UNSEEN = (
    "main/",
    "db/",
    "settings/",
    "wiring/secrets",
    "adapters/storage/",
    "adapters/text/",
    "craft/credentials/child",
    "craft/drawing/",
    "craft/framing",
)
# Where whatever reads as a sentence is said to people: why something waits, what a step does, what was found.
_SPOKEN = (
    "adapters/hosted",
    "adapters/payments/till.py",
    "craft/credentials/telling.py",
    "craft/press/child.py",
    "craft/press/preflight.py",
    "engine/diagnosis.py",
    "engine/outlook.py",
    "engine/pauses.py",
    "features/accounts/web",
    "features/admin/service.py",
    "features/billing/rules/features.py",
    "features/billing/rules/offers.py",
    "features/billing/service",
    "features/billing/web.py",
    "features/books/pipeline.py",
    "features/books/rules.py",
    "features/books/stages",
    "features/jobs/service.py",
    "features/photos/rules.py",
    "features/teams/service",
    "features/videos/pipeline.py",
    "features/videos/stages",
    "http/guard.py",
    "http/problems.py",
    "http/wording.py",
    "ports/errors.py",
    "steps/lay_out_pages.py",
    "steps/read_aloud.py",
    "steps/set_for_print.py",
    "wiring/health",
)
_SENTENCE = re.compile(r"(?:[A-Z“]|\{\})[^\n]*\s[^\n]*[^\s:]\Z")
_NO_SENTENCE = re.compile(r"[A-Z]{3,} |\W*\{\}\W*\Z|.* (?:FOR UPDATE|WHERE) |Bearer |Accept-|\{\} (?:UTC|and \{\})\Z")


def of_pages() -> dict[Sentence, list[str]]:
    """What pages say by themselves, each with the files that say it; of plural ones both forms."""
    found: dict[Sentence, list[str]] = {}
    for file, _, message, _, _ in extract_from_dir(str(HOME), _METHODS, _OPTIONS, _KEYWORDS):
        said: Sentence = (message[0], message[1]) if isinstance(message, tuple) else message
        found.setdefault(said, []).append(file)
    for file, nodes in _all_modules():
        for said in _worded_in(nodes):
            found.setdefault(said, []).append(file)
    return {said: sorted(set(files)) for said, files in found.items()}


def of_problems() -> dict[Sentence, list[str]]:
    """The sentences of problems, with ``{}`` for what they fill in. Many are met by programs alone."""
    found: dict[Sentence, list[str]] = {}
    for file, nodes in _modules():
        for said in problems_in(nodes):
            found.setdefault(said, []).append(file)
    return {said: sorted(set(files)) for said, files in found.items()}


def of_code() -> dict[Sentence, list[str]]:
    """What else the code says to people in whole sentences, and the numbers of things in them."""
    found: dict[Sentence, list[str]] = {"and": ["http/retelling.py"]}
    for file, nodes in _modules():
        for said in (*_counted_in(nodes), *(_spoken_in(nodes) if file.startswith(_SPOKEN) else ())):
            found.setdefault(said, []).append(file)
    return {said: sorted(set(files)) for said, files in found.items()}


@cache
def _all_modules() -> Sequence[tuple[str, Nodes]]:
    """Each file with all that stands in it, read and walked once for whoever looks for something."""
    paths = [(str(path.relative_to(HOME)), path) for path in sorted(HOME.rglob("*.py"))]
    return [(file, list(ast.walk(ast.parse(path.read_text("utf-8"))))) for file, path in paths]


def _modules() -> Sequence[tuple[str, Nodes]]:
    """All that may tell people something."""
    return [(file, nodes) for file, nodes in _all_modules() if not file.startswith(_UNSEEN)]


def _worded_in(nodes: Nodes) -> Iterator[Sentence]:
    """What is handed to be said in the reader's language, as it stands there."""
    for call in nodes:
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in _KEYWORDS:
            said = [one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            if call.func.id == "ngettext" and len(said) > 1:
                yield said[0], said[1]
            elif said and call.func.id != "ngettext":
                yield said[0]


def _counted_in(nodes: Nodes) -> Iterator[Sentence]:
    """``counted(5, "step")`` as what is counted: one and many."""
    for call in nodes:
        if isinstance(call, ast.Call) and _name(call.func) == "counted" and isinstance(call.args[-1], ast.Constant):
            what = str(call.args[-1].value)
            yield f"{{}} {what}", f"{{}} {what}s"


def _spoken_in(nodes: Nodes) -> Iterator[str]:
    """Strings that read as sentences, or as words of a table that one of those takes in."""
    passed = {id(part) for node in nodes for part in _not_said(node)}
    for node in nodes:
        if isinstance(node, ast.Dict):
            said = (
                said
                for value in node.values
                for part in ast.walk(value)
                if isinstance(part, ast.expr)
                for said in _said(part)
            )
            yield from (words for words in said if re.fullmatch(r"[a-z-]+ [a-z ,;-]+", words))
        if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in passed:
            yield from (said for said in _said(node) if _SENTENCE.match(said) and not _NO_SENTENCE.match(said))
            # What is said of a field, whose name comes first.
            yield from (f"{{}} {said}" for said in _said(node) if re.match(r"(is|must|has|cannot) .*\.\Z", said))


def _not_said(node: ast.AST) -> Iterator[ast.AST]:
    """Documentation, and the parts that a string is put together of."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value
    if isinstance(node, ast.JoinedStr):
        yield from node.values


def problems_in(nodes: Nodes) -> Iterator[str]:
    """Written where the problem is raised, or under a name above it."""
    constants = {
        target.id: node.value
        for node in nodes
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id.isupper()
    }
    for call in nodes:
        if isinstance(call, ast.Call) and _name(call.func) in _PROBLEMS:
            named = [keyword.value for keyword in call.keywords if keyword.arg in ("message", "next_step")]
            for argument in [*call.args[:2], *named]:
                meant = constants.get(argument.id) if isinstance(argument, ast.Name) else argument
                yield from _said(meant) if meant is not None else ()


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


def needed() -> dict[Sentence, list[str]]:
    """All that a catalogue has to hold, each with the files that say it."""
    return of_problems() | of_code() | of_pages() | of_presets() | of_packs()


def of_presets() -> dict[Sentence, list[str]]:
    """Names and descriptions of the presets that come along."""
    return {
        said: [f"craft/presets/data/{each.preset.category}.toml"]
        for each in shipped_presets()
        for said in (each.preset.name, each.preset.description)
    }


def of_packs() -> dict[Sentence, list[str]]:
    """What credits are called that are bought once; receipts keep it."""
    return {pack.name: ["features/billing/prices/packs.toml"] for pack in packs().values()}


def written(language: str) -> Catalog:
    with (LOCALES / f"{language}.po").open("rb") as file:
        return read_po(file)


def update(language: str) -> Sequence[Sentence]:
    """Bring one up to date; what nobody has said in it yet."""
    path = LOCALES / f"{language}.po"
    before = written(language) if path.exists() else Catalog()
    now = Catalog(locale=language, project="Overprint", version="", charset="utf-8", fuzzy=False)
    now.header_comment = f"# What pages of Overprint say in {LANGUAGES[language]}.\n#"
    now.last_translator = now.language_team = ""
    now.creation_date = now.revision_date = datetime(2026, 1, 1, tzinfo=UTC)  # so that only sentences differ
    open_still: list[Sentence] = []
    for said, files in sorted(needed().items(), key=lambda each: (each[1][0], str(each[0]))):
        known: Any = before.get(said)
        string = known.string if known is not None and not known.fuzzy else None
        if not string or (isinstance(string, (tuple, list)) and not all(string)):
            open_still.append(said)
        now.add(said, string or None, auto_comments=[files[0]])
    LOCALES.mkdir(exist_ok=True)
    with path.open("wb") as file:
        write_po(file, now, width=120, no_location=True, omit_header=False)
    return open_still


if __name__ == "__main__":
    for language in TRANSLATED:
        lacking = update(language)
        print(f"{language}: {len(lacking)} sentences lack")
