"""What can be read off the documents: their links, their headings, and the commands they tell people to type."""

import os
import re
import shlex
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote

HOME = Path(__file__).parents[2]
REQUIRED = ("README.md", "ARCHITECTURE.md", "GLOSSARY.md", "CONTRIBUTING.md", "CHANGELOG.md")
NOT_OURS = {".venv", ".git", "node_modules", ".tools"}
SHELLS = {"sh", "bash", "shell", "console"}

FENCE = re.compile(r"^(?P<mark>```+|~~~+)[ \t]*(?P<language>[\w-]*)[^\n]*\n(?P<body>.*?)^(?P=mark)[ \t]*$", re.M | re.S)
LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)|^\[[^\]]+\]:\s+(\S+)|(?:src|href)=\"([^\"]+)\"", re.M)
INLINE_CODE = re.compile(r"`[^`\n]*`")
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.M)
LEADS_ELSEWHERE = re.compile(r"^[a-z][a-z0-9+.-]*:|^//", re.I)
# Where the words that name a command end: at an option, an argument in capitals or quotes, or shell punctuation.
COMMAND_WORD = re.compile(r"^[a-z][a-z-]*$")


@dataclass(frozen=True)
class Fence:
    """A block of code in a document."""

    language: str
    body: str


@cache
def all_documents() -> list[Path]:
    """Every Markdown file of the project."""
    found: list[Path] = []
    for folder, below, files in os.walk(HOME):
        below[:] = [name for name in below if name not in NOT_OURS]  # tens of thousands of files are in these
        found += [Path(folder, name) for name in files if name.endswith(".md")]
    return sorted(found)


def fences(text: str) -> list[Fence]:
    return [Fence(found["language"], found["body"]) for found in FENCE.finditer(text)]


def dead_links(document: Path) -> list[str]:
    """Links to files that are not there, or to headings that the file does not have."""
    text = INLINE_CODE.sub("", FENCE.sub("", document.read_text(encoding="utf-8")))
    links = [next(filter(None, found.groups())) for found in LINK.finditer(text)]
    return [link for link in links if not LEADS_ELSEWHERE.match(link) and not _leads_somewhere(document, link)]


def _leads_somewhere(document: Path, link: str) -> bool:
    name, _, anchor = unquote(link).partition("#")
    target = (document.parent / name) if name else document
    if not target.exists():
        return False
    return not anchor or target.suffix != ".md" or anchor in _anchors(target.read_text(encoding="utf-8"))


def _anchors(text: str) -> set[str]:
    titles = HEADING.findall(FENCE.sub("", text))
    return {re.sub(r"[^\w\- ]", "", title.replace("`", "").lower()).replace(" ", "-") for title in titles}


def shell_scripts(text: str) -> list[str]:
    """The shell code of a document, without the prompts that show where a person types."""
    return [re.sub(r"^\$ ", "", fence.body, flags=re.M) for fence in fences(text) if fence.language in SHELLS]


def commands_named(text: str) -> set[tuple[str, ...]]:
    """The words of each ``./overprint`` command named: ("make", "book") for ``./overprint make book "A fox"``."""
    return {_words(found) for found in re.findall(r"\./overprint\b([^\n`;|&]*)", text)}


def _words(rest: str) -> tuple[str, ...]:
    try:
        typed = shlex.split(rest, comments=True)
    except ValueError:
        typed = rest.split()
    words: list[str] = []
    for word in typed:
        if not COMMAND_WORD.match(word):
            break
        words.append(word)
    return tuple(words)
