"""Commands about what is in the house: people, its log, fonts, presets. Each loads what it needs when it is called."""

from pathlib import Path
from typing import Annotated

import typer

from overprint.main.options import Data, number

fonts_app = typer.Typer(no_args_is_help=True, help="Fonts that do not come along by themselves.")
people_app = typer.Typer(no_args_is_help=True, help="Who is here, and who looks after the house.")
audit_app = typer.Typer(no_args_is_help=True, help="The log of who did what.")
presets_app = typer.Typer(no_args_is_help=True, help="Looks of films that have a name.")


@people_app.command("list")
def list_people(
    limit: Annotated[int, typer.Option(parser=number, metavar="N", help="At most so many.")] = 100, data: Data = None
) -> None:
    """People with their addresses, the newest first."""
    from overprint.main.exits import run
    from overprint.main.people import show_people

    run(lambda: show_people(data, limit))


@people_app.command("admin")
def set_site_admin(
    email: Annotated[str, typer.Argument(help="Their mail address.")],
    remove: Annotated[bool, typer.Option("--remove", help="They are none any more.")] = False,
    data: Data = None,
) -> None:
    """Make somebody a site admin; whoever is not here yet gets a link to choose a password."""
    from overprint.main.exits import run
    from overprint.main.people import set_site_admin as work

    run(lambda: work(data, email, is_admin=not remove))


@people_app.command("unlock")
def unlock_person(
    email: Annotated[str, typer.Argument(help="Their mail address.")],
    data: Data = None,
) -> None:
    """Take away the second factor and the passkeys of somebody who lost them; their sessions end."""
    from overprint.main.exits import run
    from overprint.main.people import unlock_person as work

    run(lambda: work(data, email))


@audit_app.command("verify")
def verify_audit(
    team: Annotated[str, typer.Option(help="Only this team, by its slug or id; site: what belongs to no team.")] = "",
    file: Annotated[
        Path | None, typer.Option("--file", help="Prove an export instead, without a database.", show_default=False)
    ] = None,
    data: Data = None,
) -> None:
    """Prove that no line of the audit log was changed, deleted, moved or put in."""
    from overprint.main.auditing import verify_audit as work
    from overprint.main.exits import run

    run(lambda: work(data, team, file))


@fonts_app.command("install")
def install_fonts(name: Annotated[str, typer.Argument(help="cjk: Chinese, Japanese and Korean, about 47 MB.")]) -> None:
    """Install the fonts of further scripts. Each file is checked against a hash that Overprint carries."""
    from overprint.main.fonts import install_fonts as work

    raise typer.Exit(work(name))


@presets_app.command("list")
def list_presets(
    category: Annotated[
        str, typer.Option(help="Only these: camera, story, mood, social, product, documentary or classic.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, with all that they decide.")] = False,
    data: Data = None,
) -> None:
    """What `make video --preset` takes."""
    from overprint.main.exits import run
    from overprint.main.presets import list_presets as work

    run(lambda: work(data, category, as_json=as_json))
