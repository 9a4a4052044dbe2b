"""The ``overprint`` command. Every command loads what it needs only when it is called, so that help stays quick."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from overprint import __version__
from overprint.main.cli_house import audit_app, fonts_app, people_app, presets_app
from overprint.main.options import Data, number

if TYPE_CHECKING:
    from overprint.core.story import Brief

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help="A self-hosted creation studio.")
make_app = typer.Typer(no_args_is_help=True, help="Make something, here and now.")
jobs_app = typer.Typer(no_args_is_help=True, help="Look at jobs, stop them, run them again.")
app.add_typer(make_app, name="make")
app.add_typer(jobs_app, name="jobs")
app.add_typer(fonts_app, name="fonts")
app.add_typer(people_app, name="people")
app.add_typer(audit_app, name="audit")
app.add_typer(presets_app, name="presets")


def _tell_version(wanted: bool) -> None:
    if wanted:
        print(f"Overprint {__version__}")
        raise typer.Exit


@app.callback()
def overprint(
    version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    """A self-hosted creation studio."""


Port = Annotated[
    int | None,
    typer.Option("--port", parser=number, metavar="N", help="Port to listen on. Default: 8000.", show_default=False),
]


@make_app.command("book")
def make_book(
    premise: Annotated[
        str,
        typer.Argument(help="Who it is about and what they want, in up to 2000 characters. - reads it from a pipe."),
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
    trim: Annotated[str, typer.Option(help="8.5x8.5, 8x10, 6x9, a5, a4-landscape, 20x20cm or 21x28cm.")] = "8.5x8.5",
    chapters: Annotated[int, typer.Option(parser=number, metavar="N", help="1 to 12.")] = 3,
    pages: Annotated[
        int, typer.Option(parser=number, metavar="N", help="Story pages, each with a picture: 6 to 60.")
    ] = 12,
    dpi: Annotated[
        int | None,
        typer.Option(
            parser=number,
            metavar="N",
            help="Dots per inch of the pictures, 72 to 300. Default: 200, for a printer 300.",
        ),
    ] = None,
    printer: Annotated[
        str,
        typer.Option(
            help="Print files too, to the terms of lulu-paperback, lulu-casewrap, gelato-softcover or offset."
        ),
    ] = "",
    aloud: Annotated[
        bool, typer.Option("--aloud", help="Have it read aloud too: an e-book that speaks, and an audiobook.")
    ] = False,
    seed: Annotated[int, typer.Option(parser=number, metavar="N", help="The same seed makes the same book.")] = 1,
    photo: Annotated[
        list[str] | None,
        typer.Option(help='A photo of somebody whom the premise names: "Mia=mia.jpg". May be repeated.'),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Agree that the photos may be used, and take what is read from them.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Tell progress as JSON lines.")] = False,
    data: Data = None,
) -> None:
    """Make an illustrated book: PDF, EPUB, the pictures and a recipe. Stopped? Run it again and it goes on."""
    from overprint.main.beginning import Extras
    from overprint.main.exits import run
    from overprint.main.making import MakeBookOptions
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
        **({} if dpi is None else {"picture_dpi": dpi}),
        "seed": seed,
    }
    extras = Extras(printer, aloud)
    run(lambda: work(MakeBookOptions(_brief(asked), out, data, as_json, extras, dpi, tuple(photo or ()), yes)))


@make_app.command("video")
def make_video(
    premise: Annotated[
        str,
        typer.Argument(help="Who it is about and what they want, in up to 2000 characters. - reads it from a pipe."),
    ] = "",
    out: Annotated[Path, typer.Option("--out", help="Folder to write to.")] = Path("my-film"),
    title: Annotated[str, typer.Option(help="Default: the writer's choice.")] = "",
    seconds: Annotated[int, typer.Option(parser=number, metavar="N", help="How long it is: 5 to 180.")] = 30,
    aspect: Annotated[str, typer.Option(help="16:9, 9:16, 1:1 or 4:5.")] = "16:9",
    definition: Annotated[str, typer.Option(help="720p, 1080p or 2160p.")] = "720p",
    fps: Annotated[int, typer.Option(parser=number, metavar="N", help="24, 25, 30 or 60 frames a second.")] = 30,
    style: Annotated[
        str,
        typer.Option(
            help="storybook or flat, in which things stir; or watercolour, papercut, pencil, ink, pop or pixel, whose "
            "pictures are parted."
        ),
    ] = "storybook",
    genre: Annotated[str, typer.Option(help="As for `make book`.")] = "adventure",
    tone: Annotated[str, typer.Option(help="warm, funny, brave or dreamy.")] = "warm",
    preset: Annotated[str, typer.Option(help="A look by its name; `presets list` shows them.")] = "",
    script: Annotated[
        Path | None, typer.Option(help="A text of what is said, scenes parted by empty lines; `NAME: words` speaks.")
    ] = None,
    picture: Annotated[Path | None, typer.Option(help="Your own picture (PNG, JPEG, WebP), first seen.")] = None,
    motion_from: Annotated[
        Path | None,
        typer.Option("--motion-from", help="A clip (MP4, WebM) whose camera and figures every scene follows."),
    ] = None,
    orientation: Annotated[
        str, typer.Option(help="Which way is up, and people face, where a clip is followed: as in the clip or picture.")
    ] = "clip",
    storyboard_only: Annotated[
        bool, typer.Option("--storyboard-only", help="Stop at pictures, words and voices. Run it without to go on.")
    ] = False,
    captions: Annotated[
        bool | None,
        typer.Option("--captions/--no-captions", help="Words in the picture (default); a track comes along anyway."),
    ] = None,
    caption_style: Annotated[str | None, typer.Option(help="bar, outline, spoken or storybook.")] = None,
    transition: Annotated[
        str | None, typer.Option(help="cut, dissolve (default), dip, flash, slide, wipe, iris or blur.")
    ] = None,
    grade: Annotated[
        str | None,
        typer.Option(help="natural, warm, cool, golden, moonlit, vivid, faded, dream, sepia or noir."),
    ] = None,
    lut: Annotated[Path | None, typer.Option(help="A look of your own, a .cube file, laid over all colours.")] = None,
    denoise: Annotated[
        int | None, typer.Option(parser=number, metavar="N", help="How much noise is taken out of clips: 0 to 10.")
    ] = None,
    steady: Annotated[
        bool | None, typer.Option("--steady/--no-steady", help="Hold a camera that trembles, as hosted models' do.")
    ] = None,
    music: Annotated[
        str | None, typer.Option(help="none, calm, playful, dreamy, tense or grand. Default: as the tone asks.")
    ] = None,
    credits: Annotated[
        bool | None, typer.Option("--credits/--no-credits", help="Words over the end that say how it was made.")
    ] = None,
    also: Annotated[
        list[str] | None, typer.Option("--also", help="webm, hls, gif or webp beside the MP4. May be repeated.")
    ] = None,
    seed: Annotated[int, typer.Option(parser=number, metavar="N", help="The same seed makes the same film.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Tell progress as JSON lines.")] = False,
    data: Data = None,
) -> None:
    """Make a narrated film: MP4, captions, poster and a recipe. Stopped? Run it again and it goes on."""
    from overprint.main.exits import run
    from overprint.main.filming import MakeVideoOptions, brief_of, read_script
    from overprint.main.filming import make_video as work
    from overprint.main.making import read_premise
    from overprint.main.presets import preset_asked

    of_choice = {
        "captions": captions,
        "caption_style": caption_style,
        "transition": transition,
        "grade": grade,
        "mood": music,
        "credits": credits,
        "outputs": also,
        "denoise": denoise,
        "is_steadied": steady,
    }
    asked = {
        "premise": premise,
        "title": title,
        "seconds": seconds,
        "aspect": aspect,
        "definition": definition,
        "fps": fps,
        "style": style,
        "genre": genre,
        "tone": tone,
        "orientation": orientation,
        "seed": seed,
        **{name: chosen for name, chosen in of_choice.items() if chosen is not None},
    }

    async def made() -> int:
        said = read_script(script) if script else ()
        told = {**asked, "premise": read_premise() if premise == "-" else premise or " ".join(said)[:2000]}
        brief = brief_of({**await preset_asked(data, preset), **told})
        files = (picture, motion_from, lut)
        return await work(MakeVideoOptions(brief, out, data, as_json, said, *files, storyboard_only))

    run(made)


@make_app.command("picture")
def make_picture(
    photo: Annotated[Path, typer.Option("--photo", help="The photo: JPEG, PNG or WebP.")],
    out: Annotated[Path, typer.Option("--out", help="File to write (.jpg).")] = Path("picture.jpg"),
    style: Annotated[
        str, typer.Option(help="watercolour, ink, pop (or halftone), papercut, cartoon or pencil.")
    ] = "watercolour",
    seed: Annotated[int, typer.Option(help="The same seed makes the same picture.")] = 1,
    data: Data = None,
) -> None:
    """Make a picture from a photo, as if by hand. No copy of the photo is kept; the key that signs the picture is."""
    from overprint.main.exits import run
    from overprint.main.photographing import MakePictureOptions
    from overprint.main.photographing import make_picture as work

    run(lambda: work(MakePictureOptions(photo, style, out, seed, data)))


def _brief(asked: dict[str, object]) -> "Brief":
    from overprint.core.codec import decode
    from overprint.core.problems import Invalid
    from overprint.core.story import Brief
    from overprint.main.making import read_premise

    if asked["premise"] == "-":
        asked = {**asked, "premise": read_premise()}
    try:
        return decode(Brief, asked, at="")
    except Invalid as problem:
        said = problem.message.replace("picture_dpi", "dpi")
        raise Invalid(said, problem.next_step or "`overprint make book --help` tells what it takes.") from None


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

    run(lambda: serve_web(data, port), serves=True)


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


@app.command("export")
def export_work(
    work: Annotated[str, typer.Argument(help="Its id, its title, or the folder that `make` wrote.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", help="File to write; else `book.overprint` or `film.overprint`.", show_default=False),
    ] = None,
    data: Data = None,
) -> None:
    """Write a book or a film with everything to one file, which another installation can import."""
    from overprint.main.carrying import export_work as export
    from overprint.main.exits import run

    run(lambda: export(data, work, out))


@app.command("import")
def import_work(
    file: Annotated[Path, typer.Argument(help="File that `export` wrote.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder to write it to as well.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Tell progress as JSON lines.")] = False,
    agrees: Annotated[
        bool, typer.Option("--yes", help="Agree to making what did not come along, without being asked.")
    ] = False,
    data: Data = None,
) -> None:
    """Take in a book or a film that another installation exported, and make it again."""
    from overprint.main.carrying import ImportOptions
    from overprint.main.carrying import import_work as work
    from overprint.main.exits import run

    run(lambda: work(ImportOptions(file, out, data, as_json, agrees)))


@app.command()
def upgrade(data: Data = None) -> None:
    """Bring an older data folder up to this version; say what to do where that needs the older program."""
    from overprint.main.exits import run
    from overprint.main.keeping import upgrade as work

    run(lambda: work(data))


@app.command()
def verify(
    asset: Annotated[str, typer.Argument(help="A file that Overprint made, or an asset's id.")], data: Data = None
) -> None:
    """Tell what a file says of itself and whether it was changed; make it again from its recipe and compare."""
    from overprint.main.exits import run
    from overprint.main.verifying import verify_asset

    run(lambda: verify_asset(data, asset))


@jobs_app.command("list")
def list_jobs(
    limit: Annotated[int, typer.Option(parser=number, metavar="N", help="At most so many.")] = 20, data: Data = None
) -> None:
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


@jobs_app.command("pause")
def pause_job(job: Annotated[str, typer.Argument(help="The job's id.")], data: Data = None) -> None:
    """Begin nothing more of a job until `jobs resume`. What runs ends."""
    from overprint.main.exits import run
    from overprint.main.operating import pause_job as work

    run(lambda: work(data, job))


@jobs_app.command("resume")
def resume_job(job: Annotated[str, typer.Argument(help="The job's id.")], data: Data = None) -> None:
    """Go on with a paused job."""
    from overprint.main.exits import run
    from overprint.main.operating import resume_job as work

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
    from overprint.main.exits import run_programs
    from overprint.main.testing import run_tests

    run_programs(lambda: run_tests(context.args, only=only))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def bench(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(help="A benchmark of benchmarks/: engine, chaos, startup, book, pictures, video, layout…")
    ] = "",
) -> None:
    """Run a benchmark. Other arguments go to it."""
    from overprint.main.benching import run_benchmark
    from overprint.main.exits import run_programs

    run_programs(lambda: run_benchmark(name, context.args))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def shots(context: typer.Context) -> None:
    """Take a picture of every screen, at three widths, light and dark: --out FOLDER, --only NAME, --language de."""
    from overprint.main.exits import run_programs
    from overprint.main.shooting import take_shots

    run_programs(lambda: take_shots(context.args))


def main() -> None:
    """Run the command line."""
    app(prog_name="overprint")
