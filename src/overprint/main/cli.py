"""The ``overprint`` command. Every command loads what it needs only when it is called, so that help stays quick."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from overprint.core.story import Brief

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help="A self-hosted creation studio.")
make_app = typer.Typer(no_args_is_help=True, help="Make something, here and now.")
jobs_app = typer.Typer(no_args_is_help=True, help="Look at jobs, stop them, run them again.")
app.add_typer(make_app, name="make")
app.add_typer(jobs_app, name="jobs")

Data = Annotated[
    Path | None,
    typer.Option("--data", envvar="OVERPRINT_DATA", help="Data folder. Default: one a user.", show_default=False),
]
Port = Annotated[int | None, typer.Option("--port", help="Port to listen on. Default: 8000.", show_default=False)]


@make_app.command("book")
def make_book(
    premise: Annotated[
        str, typer.Argument(help="One or a few sentences: who it is about, what they want. - reads them from a pipe.")
    ],
    out: Annotated[Path, typer.Option("--out", help="Folder to write to.")] = Path("my-book"),
    title: Annotated[str, typer.Option(help="Default: the writer's choice.")] = "",
    author: Annotated[str, typer.Option(help="As on the title page.")] = "",
    dedication: Annotated[str, typer.Option(help="A page of its own.")] = "",
    age: Annotated[str, typer.Option(help="3-5, 6-8, 9-12 or all.")] = "6-8",
    genre: Annotated[
        str,
        typer.Option(
            help="adventure, fantasy, bedtime, mystery, space, sea, fairy-tale, everyday, historical, fable, "
            "invention, comic or rhyme."
        ),
    ] = "adventure",
    tone: Annotated[str, typer.Option(help="warm, funny, brave or dreamy.")] = "warm",
    style: Annotated[
        str, typer.Option(help="storybook, watercolour, papercut, flat, pencil, ink, pop or pixel.")
    ] = "storybook",
    trim: Annotated[str, typer.Option(help="8.5x8.5, 8x10, 6x9, a5 or a4-landscape.")] = "8.5x8.5",
    chapters: Annotated[int, typer.Option(help="1 to 12.")] = 3,
    pages: Annotated[int, typer.Option(help="Story pages, each with a picture: 6 to 60.")] = 12,
    dpi: Annotated[
        int | None, typer.Option(help="Dots per inch of the pictures, 72 to 300. Default: 200, for a printer 300.")
    ] = None,
    printer: Annotated[
        str, typer.Option(help="Print files too, to the terms of lulu-paperback, lulu-casewrap or offset.")
    ] = "",
    seed: Annotated[int, typer.Option(help="The same seed makes the same book.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Tell progress as JSON lines.")] = False,
    data: Data = None,
) -> None:
    """Make an illustrated book: PDF, EPUB, the pictures and a recipe. Stopped? Run it again and it goes on."""
    from overprint.main.exits import Exit, run
    from overprint.main.making import MakeBookOptions, say_interrupted
    from overprint.main.making import make_book as work

    asked = {
        "premise": premise,
        "title": title,
        "author": author,
        "dedication": dedication,
        "age": age,
        "genre": genre,
        "tone": tone,
        "style": style,
        "trim": trim,
        "chapters": chapters,
        "pages": pages,
        "picture_dpi": dpi or (300 if printer else 200),
        "seed": seed,
    }
    try:
        run(lambda: work(MakeBookOptions(_brief(asked), out, data, as_json, printer)))
    except typer.Exit as end:
        if end.exit_code == Exit.INTERRUPTED:
            say_interrupted()
        raise


def _brief(asked: dict[str, object]) -> "Brief":
    from overprint.core.codec import decode
    from overprint.core.story import Brief
    from overprint.main.making import read_premise

    if asked["premise"] == "-":
        asked = {**asked, "premise": read_premise()}
    return decode(Brief, asked, at="")


@app.command()
def up(port: Port = None, data: Data = None) -> None:
    """Start everything on this machine: the web pages, the API and a worker."""
    from overprint.main.exits import run
    from overprint.main.serving import serve_all

    run(lambda: serve_all(data, port))


@app.command()
def web(port: Port = None, data: Data = None) -> None:
    """Start one web process."""
    from overprint.main.exits import run
    from overprint.main.serving import serve_web

    run(lambda: serve_web(data, port))


@app.command()
def worker(data: Data = None) -> None:
    """Start one worker process. Any number may run, on any machines with the same database and storage."""
    from overprint.main.exits import run
    from overprint.main.serving import serve_worker

    run(lambda: serve_worker(data))


@app.command()
def migrate(
    data: Data = None,
    print_roles: Annotated[
        bool, typer.Option("--print-roles", help="Print the SQL that makes the three roles, and do nothing.")
    ] = False,
) -> None:
    """Bring the database to the schema that this version needs."""
    from overprint.main.exits import run
    from overprint.main.operating import migrate_database, show_roles

    run(show_roles if print_roles else lambda: migrate_database(data))


@app.command()
def doctor(data: Data = None) -> None:
    """Say what is configured, what is embedded, what is missing and how to fix it."""
    from overprint.main.doctoring import examine
    from overprint.main.exits import run

    run(lambda: examine(data))


@app.command()
def backup(to: Annotated[Path, typer.Argument(help="Archive to write (.tar).")], data: Data = None) -> None:
    """Write the database and all local files to one archive."""
    from overprint.main.exits import run
    from overprint.main.keeping import back_up

    run(lambda: back_up(data, to))


@app.command()
def restore(archive: Annotated[Path, typer.Argument(help="Archive that `backup` wrote.")], data: Data = None) -> None:
    """Bring a backup back, into a data folder that holds nothing yet."""
    from overprint.main.exits import run
    from overprint.main.restoring import bring_back

    run(lambda: bring_back(data, archive))


@app.command()
def upgrade(data: Data = None) -> None:
    """Bring an older data folder up to this version; say what to do where that needs the older program."""
    from overprint.main.exits import run
    from overprint.main.keeping import convert

    run(lambda: convert(data))


@app.command()
def verify(
    asset: Annotated[str, typer.Argument(help="A file that Overprint made, or an asset's id.")], data: Data = None
) -> None:
    """Make a picture or a PDF again from its recipe, and compare."""
    from overprint.main.exits import run
    from overprint.main.verifying import verify_asset

    run(lambda: verify_asset(data, asset))


@jobs_app.command("list")
def list_jobs(limit: Annotated[int, typer.Option(help="At most so many.")] = 20, data: Data = None) -> None:
    """The newest jobs."""
    from overprint.main.exits import run
    from overprint.main.operating import show_jobs

    run(lambda: show_jobs(data, limit))


@jobs_app.command("show")
def show_job(job: Annotated[str, typer.Argument(help="The job's id.")], data: Data = None) -> None:
    """One job with its steps."""
    from overprint.main.exits import run
    from overprint.main.operating import show_job as work

    run(lambda: work(data, job))


@jobs_app.command("cancel")
def cancel_job(job: Annotated[str, typer.Argument(help="The job's id.")], data: Data = None) -> None:
    """Stop a job. What it delivered stays."""
    from overprint.main.exits import run
    from overprint.main.operating import cancel_job as work

    run(lambda: work(data, job))


@jobs_app.command("rerun")
def rerun_job(job: Annotated[str, typer.Argument(help="The job's id.")], data: Data = None) -> None:
    """Run a job's work again: only what changed or failed is made. A worker must be running."""
    from overprint.main.exits import run
    from overprint.main.operating import rerun_job as work

    run(lambda: work(data, job))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def test(
    context: typer.Context,
    only: Annotated[str, typer.Option(help="Run one part: static or tests.")] = "",
) -> None:
    """Install what the tests need, then check the code and run the tests. Other arguments go to pytest."""
    from overprint.main.testing import run_tests

    raise typer.Exit(run_tests(context.args, only=only))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def bench(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="A benchmark of benchmarks/: engine, startup, book, chaos.")] = "",
) -> None:
    """Run a benchmark. Other arguments go to it."""
    from overprint.main.benching import run_benchmark

    raise typer.Exit(run_benchmark(name, context.args))


def main() -> None:
    """Run the command line."""
    app(prog_name="overprint")
