"""One sentence for each beat of a plan, in the present tense, for people to read and edit."""

from overprint.core.story import Character
from overprint.craft.writing.own_ways import passion_of
from overprint.craft.writing.plot import Role
from overprint.craft.writing.plots import Attempt
from overprint.craft.writing.slots import about
from overprint.craft.writing.story_data import Episode
from overprint.craft.writing.templates import fill
from overprint.craft.writing.want_words import want_words

_LINES = {
    Role.OPENING: "{hero} and {pal} are at home at {place}, and {hero} has a large idea.",
    Role.WANT: "{hero} tells {pal} the wish: to {want}.",
    Role.SETTING_OFF: "{hero} and {pal} set off together.",
    Role.ROAD: "{hero} and {pal} travel on by {place}.",
    Role.REST: "{hero} and {pal} catch their breath at {place}, and think what to try next.",
    Role.BACK: "With all that they were given, {hero} and {pal} turn back to what they set out to do.",
    Role.SETBACK: "So close to the end, everything goes wrong.",
    Role.LOW: "{hero} loses heart, and {pal} stays close.",
    Role.TURN: "{hero} sees what has been in the way, and changes.",
    Role.SUCCESS: "At last {hero} gets to {want}.",
    Role.HOME: "{hero} and {pal} come home with their story.",
    Role.ECHO: "At home again, it all begins to sound familiar, and something is different.",
}


def summary(
    roles: tuple[Role, ...],
    episode: Episode | Attempt | None,
    hero: Character,
    companion: Character | None,
    helper: Character | None,
    place: str,
) -> str:
    """What happens on a page with these roles; at most 400 characters."""
    values = about("hero", hero) | about("pal", companion) | about("helper", helper) | want_words(hero.want)
    values |= {"want": hero.want, "place": place, "passion": passion_of(hero)}
    lines = []
    for role in roles:
        if role is Role.TRY and isinstance(episode, Attempt):
            lines.append(episode.summary)
        elif role is Role.FAIL and isinstance(episode, Attempt):
            lines.append(_failed(episode.summary, Role.TRY in roles))
        elif isinstance(episode, Attempt):
            lines.append(_LINES.get(role, "{hero} and {pal} go on."))
        elif role is Role.MEET and episode is not None:
            lines.append(f"They come to {place}. " + episode.summary)
        elif role is Role.ATTEMPT and episode is not None:
            lines.append(f"At {place} {{hero}} tries, and it goes wrong.")
        elif role is Role.GIVE and episode is not None:
            lines.append(f"{{hero}} finds the right way, and they leave with {episode.gift}.")
        else:
            lines.append(_LINES.get(role, "{hero} and {pal} go on."))
    return fill(" ".join(lines), values)[:400]


def _failed(summary_of_try: str, is_told: bool) -> str:
    return "It does not go as planned." if is_told else f"{summary_of_try} It does not go as planned."
