"""One sentence for each beat of a plan, in the present tense, for people to read and edit."""

from overprint.core.story import Character
from overprint.craft.writing.language import PRONOUNS
from overprint.craft.writing.plot import Role
from overprint.craft.writing.story_data import Episode
from overprint.craft.writing.templates import fill

_LINES = {
    Role.OPENING: "{hero} and {pal} are at home at {place}, and {hero} has a large idea.",
    Role.WANT: "{hero} tells {pal} the wish: to {want}.",
    Role.SETTING_OFF: "{hero} and {pal} set off together.",
    Role.ROAD: "{hero} and {pal} travel on by {place}.",
    Role.SETBACK: "So close to the end, everything goes wrong.",
    Role.LOW: "{hero} loses heart, and {pal} stays close.",
    Role.TURN: "{hero} sees what has been in the way, and changes.",
    Role.SUCCESS: "With everything they were given on the way, {hero} gets to {want}.",
    Role.HOME: "{hero} and {pal} come home with their story.",
    Role.ECHO: "At home again, it all begins to sound familiar, and something is different.",
}


def summary(
    roles: tuple[Role, ...],
    episode: Episode | None,
    hero: Character,
    companion: Character | None,
    helper: Character | None,
    place: str,
) -> str:
    """What happens on a page with these roles; at most 400 characters."""
    pal = companion.name if companion else "a friend"
    values = {
        "hero": hero.name,
        "pal": pal,
        "want": hero.want,
        "place": place,
        "helper": helper.name if helper else "a stranger",
    }
    values["xhim"] = PRONOUNS[helper.pronouns].object if helper else "them"
    lines = []
    for role in roles:
        if role is Role.MEET and episode is not None:
            lines.append(f"They come to {place}. " + episode.summary)
        elif role is Role.ATTEMPT and episode is not None:
            lines.append(f"At {place} {{hero}} tries, and it goes wrong.")
        elif role is Role.GIVE and episode is not None:
            lines.append(f"{{hero}} finds the right way, and they leave with {episode.gift}.")
        else:
            lines.append(_LINES.get(role, "{hero} and {pal} go on."))
    return fill(" ".join(lines), values)[:400]
