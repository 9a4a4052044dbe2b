"""What a page in the pseudo language says that no catalogue has: English left standing between mirrored sentences."""

import json

from overprint.http.catalogues import COOKIE, PSEUDO
from tests.support.browser import Visitor

# Three words in Latin letters, outside of whatever says that it is of another language, or that it is not to be told
# in one at all: names, titles, code. What a sentence of a catalogue holds of these stands among other letters.
_UNTOLD = """
(() => {
  const words = /[A-Za-z’']{2,}[ ,;:]+[A-Za-z’']{2,}[ ,;:]+[A-Za-z’']{2,}/, told = /[\\u0600-\\u06ff]/;
  const other = '[translate=no], code, pre, kbd, script, style, noscript';
  const own = element => !element.closest(other) && element.closest('[lang]').lang === '%s';
  const isUntold = said => words.test(said) && !told.test(said);
  const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode;
    if (isUntold(node.data) && own(node.parentElement)) found.push(node.data.trim().slice(0, 100));
  }
  for (const name of ['aria-label', 'alt', 'placeholder'])
    for (const element of document.querySelectorAll(`[${name}]`)) {
      const said = element.getAttribute(name);
      if (isUntold(said) && own(element)) found.push(`${name}: ${said.slice(0, 100)}`);
    }
  return JSON.stringify(found);
})()
"""


async def choose_pseudo(window: Visitor, site: str) -> None:
    """From now on this window, and all with the same cookies, is told everything in the pseudo language."""
    await window.send("Network.setCookie", url=site, name=COOKIE, value=PSEUDO)


async def untold(window: Visitor) -> list[str]:
    """What the page that is open says in English although it says that it does not."""
    found: list[str] = json.loads(await window.eval(_UNTOLD % PSEUDO))
    return found
