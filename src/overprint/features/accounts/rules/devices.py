"""What a browser says of itself, in two words that its owner knows. Pure."""

from typing import NamedTuple

# The first that a browser names counts: nearly all of them name Chrome or Safari as well.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
_NAME_MAX_CHARACTERS = 40


class Device(NamedTuple):
    """Empty where it cannot be told."""

    browser: str
    system: str


def device_of(agent: str) -> Device:
    """By the ``User-Agent`` header. A program that names itself alone, as ``curl/8.5``, keeps the name it gives."""
    browser = next((name for sign, name in _BROWSERS if sign in agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    if not browser and not system:
        browser = agent.partition(" ")[0].partition("/")[0][:_NAME_MAX_CHARACTERS]
    return Device(browser, system)
