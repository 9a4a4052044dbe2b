"""What a beat must tell: its script, chosen by the plot, the try or the meeting that it belongs to."""

import re
from dataclasses import replace

from overprint.core.story import Age, Beat, Character
from overprint.craft.writing.book import Book
from overprint.craft.writing.extra_lines import ANSWER, attempt_of, filling
from overprint.craft.writing.plot import Role
from overprint.craft.writing.plots import Attempt
from overprint.craft.writing.retelling import in_the_past
from overprint.craft.writing.story_data import Episode, bones, genres, rest_scripts, road_scripts, senses
from overprint.craft.writing.summaries import summary
from overprint.craft.writing.templates import Line
from overprint.craft.writing.verse import verses
from overprint.craft.writing.want_kinds import kind_of_want
from overprint.craft.writing.wording import with_the_name_first

# How often the want is told by lines that suit any plot.
_GENERAL_SHARE = 0.35


def _with_kinds(book: Book, lines: list[Line]) -> list[Line]:
    """``Tansy`` said as ``Tansy the bicycle``, once each, where the opening would not tell what anybody is."""
    for name, noun in (("hero", "noun"), ("pal", "pnoun")):
        told = " ".join(line.template for line in lines if line.weight <= 1)
        if f"{{{noun}" in told or f"{{{name}_the}}" in told:
            continue
        for n, line in enumerate(lines):
            if line.weight <= 1 and re.search(rf"\{{{name}\}}(?!’)", line.template):
                changed = re.sub(rf"\{{{name}\}}(?!’)", f"{{{name}_the}}", line.template, count=1)
                lines[n] = replace(line, template=changed, origin=line.origin or line.template)
                break
    return lines


def in_own_words(book: Book, lines: list[Line], roles: tuple[Role, ...]) -> list[Line]:
    """What the premise is about is told for certain: what somebody is, what they want, and what they go in."""
    if book.spine.plot.is_verse:
        return lines
    if Role.OPENING in roles:
        lines = _with_kinds(book, lines)
    told = " ".join(line.template for line in lines if line.weight <= 1)
    if Role.WANT in roles and not re.search(r"\{(?:(?:my|your)?want|question|deed)\}", told):
        lines = [*lines, Line(1, 11, book.deal("own-words", bones().own_words) or "{hero} wanted to {want}.")]
    return lines


def told_lines(
    book: Book, beat: Beat, roles: tuple[Role, ...], episode: Episode | None, helper: Character | None
) -> list[Line]:
    attempt = attempt_of(book, beat, roles)
    told = attempt or episode
    expected = summary(roles, told, book.spine.hero, book.spine.companion, helper, beat.place)
    needs_more = set(roles) & {Role.MEET, Role.ATTEMPT, Role.GIVE, Role.TRY, Role.FAIL}
    if beat.summary != expected or (needs_more and told is None):
        return [Line(1, 10, in_the_past(beat.summary)), *filling(book, beat)]
    found: list[Line] = []
    for n, role in enumerate(roles):
        lines = _script(book, role, told)
        if book.spine.plot.is_verse and len(roles) > 1 and role is not Role.WANT:
            lines = lines[:2]
        found += [replace(line, paragraph=line.paragraph + 10 + 5 * n) for line in lines]
    return found or filling(book, beat)


def _script(book: Book, role: Role, episode: Episode | Attempt | None) -> list[Line]:
    if isinstance(episode, Attempt) and role in (Role.TRY, Role.FAIL):
        return book.sayable(episode.trying if role is Role.TRY else episode.failing)
    if isinstance(episode, Attempt):
        episode = None
    if role in (Role.MEET, Role.ATTEMPT, Role.GIVE) and episode is not None:
        return book.sayable({Role.MEET: episode.meet, Role.ATTEMPT: episode.attempt, Role.GIVE: episode.give}[role])
    b, plot = bones(), book.spine.plot
    kind = kind_of_want(book.spine.hero.want)
    is_general = book.age is not Age.EARLY and "want" not in plot.speaks_of and book.rng.random() < _GENERAL_SHARE
    want = b.for_want(b.want, kind) if is_general and not plot.is_verse else plot.want
    own_pools = {Role.WANT: want, Role.LOW: plot.low, Role.SUCCESS: plot.success}
    away = {Role.SETTING_OFF: b.setting_off, Role.SETBACK: b.setback, Role.HOME: b.ending.home, Role.BACK: b.onward}
    home = {Role.SETTING_OFF: b.asking, Role.HOME: b.ending.party, Role.BACK: b.back}
    pools = (home if plot.is_at_home else away) | own_pools
    if role in pools:
        return book.sayable(book.deal(role.value, pools[role]) or "")
    own = {
        Role.OPENING: _opening,
        Role.TURN: _turn,
        Role.ECHO: _echo,
        Role.ROAD: _road,
        Role.REST: _rest,
        Role.SETBACK: _rest,
    }
    return own[role](book) if role in own else []


def _opening(book: Book) -> list[Line]:
    if book.spine.plot.opening:
        return book.sayable(book.deal("plot-opening", book.spine.plot.opening) or "")
    if book.age is Age.EARLY:
        return _opening_early(book)
    lines = [Line(0.8, 0, book.spine.opening.first)]
    habits = (habit.before for habit in book.spine.flaw.habit if book.may_answer(habit.after))
    flaw = book.deal("flaw-intro", tuple(habits))
    if flaw:
        is_named = "{hero}" in book.spine.opening.first and book.values["was"] == "was"
        told = re.sub(r"^\{hero\}(?= )", "{he}", flaw) if is_named else with_the_name_first(flaw)
        lines.append(Line(2, 0, told, flaw))
    if book.spine.companion is not None:
        lines.append(Line(1, 1, book.deal("voice-intro", book.spine.voice.intro) or "{pal} lived there too."))
    return lines


def _opening_early(book: Book) -> list[Line]:
    first = [Line(1, 0, book.spine.early.first)]
    pal = book.deal("voice-intro", bones().early_friends) if book.spine.companion else None
    return [*first, Line(1, 1, pal)] if pal else first


def _turn(book: Book) -> list[Line]:
    return book.sayable(book.deal("turn", book.spine.plot.turn) or "")


def _echo(book: Book) -> list[Line]:
    if book.spine.plot.opening:
        return book.sayable(book.deal("echo", book.spine.plot.echo) or "")
    gag = book.spine.gag
    coda = gag.coda[0] if gag is not None and book.has_told(gag.setup[0]) else None
    lines = [Line(1, 0, (book.spine.early if book.age is Age.EARLY else book.spine.opening).echo)]
    if coda is not None:
        lines.append(Line(ANSWER, 1, coda))
    lines += [Line(ANSWER, 2, habit.after) for habit in book.spine.flaw.habit if book.has_told(habit.before)]
    own = book.deal("echo", book.spine.plot.echo)
    lines += [Line(1.2, 3, own)] if own else []
    last_lines = (*genres()[book.genre].last, *bones().ending.last)
    last = book.deal("last", bones().early_last if book.age is Age.EARLY else last_lines)
    return [*lines, Line(1, 4, last or "And that was that.")]


def _rest(book: Book) -> list[Line]:
    return book.sayable(book.deal("rest-scenes", verses().rest if book.spine.plot.is_verse else rest_scripts()) or "")


def _road(book: Book) -> list[Line]:
    scene = book.deal("road-scenes", road_scripts()) if book.spine.companion else None
    if scene is not None:
        return book.sayable(scene)
    drawn = [book.deal("roads", senses().roads["lines"]) for _ in range(4)]
    return [Line(1 if n < 2 else 2 + n, n // 2, line) for n, line in enumerate(drawn) if line]
