"""The settings as a table for people."""

from pathlib import Path

from pydantic_core import PydanticUndefined

from overprint.settings.catalogue import Entry, entries

BEGIN = "<!-- settings: begin -->"
END = "<!-- settings: end -->"
DATA_DIR_DEFAULT = "`$XDG_DATA_HOME/overprint`; `overprint-dev` and so on for the other environments"


def settings_table() -> str:
    """Markdown: variable, key in the file, default, meaning; one line a setting."""
    head = "| Variable | In the file | Default | Meaning |\n|---|---|---|---|\n"
    return head + "".join(f"{_row(entry)}\n" for entry in entries())


def refreshed(page: str) -> str:
    """``page`` with the table between its markers brought up to date."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"The page needs the markers {BEGIN} and {END}.")
    return f"{before}{BEGIN}\n{settings_table()}{END}{after}"


def refresh_file(page: Path) -> None:
    page.write_text(refreshed(page.read_text(encoding="utf-8")), encoding="utf-8")


def _row(entry: Entry) -> str:
    cells = (f"`{entry.variable}`", f"`{'.'.join(entry.path)}`", _default_of(entry), str(entry.field.description))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _default_of(entry: Entry) -> str:
    default = entry.field.default
    if default is PydanticUndefined:
        return DATA_DIR_DEFAULT
    if default is None or default in ("", ()):
        return ""
    if isinstance(default, tuple):
        return f"`{','.join(default)}`"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"
