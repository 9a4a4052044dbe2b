"""A window used by keys alone, as the browser takes them: nothing is clicked, nothing focused by a script."""

import json

from tests.support.browser import PageError, Visitor

STOPS_MAX = 80
_CODES = {"Tab": 9, "Enter": 13, " ": 32, "ArrowRight": 39}
_TEXT = {"Enter": "\r", " ": " "}
# Where the keys are now: whether that is what is looked for, and whether anybody could see it. What a script brought
# them to, such as the heading of a new step, is read aloud and needs no mark.
_HERE = """((wanted) => {
  const at = document.activeElement, told = at.innerText || at.ariaLabel || at.value || '';
  const box = at.getBoundingClientRect(), style = getComputedStyle(at);
  const marked = [at, ...at.labels || [], at.nextElementSibling, at.parentElement].filter(Boolean)
    .some(each => getComputedStyle(each).outlineStyle !== 'none' || getComputedStyle(each).boxShadow !== 'none');
  return JSON.stringify({
    is: at !== document.body && (/^[\\[#.]/.test(wanted) ? at.matches(wanted) : told.includes(wanted)),
    told: `${at.tagName} ${told.slice(0, 60)}`,
    isSeen: at.tabIndex < 0 || marked && box.width > 0 && box.height > 0 && style.visibility === 'visible',
  });
})(%s)"""


async def press(window: Visitor, key: str, *, leads_on: bool = False) -> None:
    """``leads_on``: wait for the page that comes of it."""
    window.loaded.clear()
    told = {"key": key, "code": "Space" if key == " " else key, "windowsVirtualKeyCode": _CODES.get(key, 0)}
    text = {"type": "keyDown", "text": _TEXT[key]} if key in _TEXT else {"type": "rawKeyDown"}
    for kind in (text, {"type": "keyUp"}):
        await window.send("Input.dispatchKeyEvent", **told, **kind)
    if leads_on:
        await window.until_loaded(f"the page after {key}")


async def write(window: Visitor, words: str) -> None:
    """Put ``words`` in place of what stands in the field that the keys are in."""
    await window.send("Input.dispatchKeyEvent", type="rawKeyDown", commands=["selectAll"])
    await window.send("Input.insertText", text=words)


async def reach(window: Visitor, wanted: str) -> None:
    """Press Tab until the keys are where ``wanted`` is said, or what that selector names.

    Every stop on the way has to be one that a person sees. Raises ``PageError`` where one cannot be seen, and where
    the way round leads nowhere.
    """
    stops = []
    for _ in range(STOPS_MAX):
        here = json.loads(await window.eval(_HERE % json.dumps(wanted)))
        if not here["isSeen"]:
            raise PageError(f"nobody sees that the keys are at {here['told']}, on {await window.path()}")
        if here["is"]:
            return
        stops.append(here["told"])
        await press(window, "Tab")
    raise PageError(f"keys do not lead to {wanted} on {await window.path()}, only to {stops}")
