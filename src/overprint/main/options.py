"""What several commands take, alike in each."""

from pathlib import Path
from typing import Annotated

import typer


def number(text: str) -> int:
    """Raises ``BadParameter``."""
    try:
        return int(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no whole number.") from None


Data = Annotated[
    Path | None,
    typer.Option("--data", envvar="OVERPRINT_DATA", help="Data folder. Default: one a user.", show_default=False),
]
