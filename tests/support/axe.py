"""axe-core, which judges whether a page can be used by everybody: run inside the page, by the browser's own engine."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from tests.support.browser import Visitor

_AXE = Path(__file__).parent / "node" / "node_modules" / "axe-core" / "axe.min.js"
# What light and dark can change, and what a width can change of a page that shows the same parts of itself.
COLOURS = ("color-contrast", "link-in-text-block")
LOOKS = (*COLOURS, "scrollable-region-focusable")
# The marks at the corners of a sheet and the shadow of a fold stand outside of words, but axe takes them to lie
# behind; and words of one sign count as well. What stands outside of the window, or of a part that is scrolled, is
# brought into it and judged again, together with what else is then in sight, and by itself if that decides nothing.
_JUDGE = """
(async (rules) => {
  if (!window.judged) {
    const plain = new CSSStyleSheet();
    plain.replaceSync('.sheet::before, .sheet::after, .leaf::after { content: none !important }');
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, plain];
    const usual = axe._audit.checks['color-contrast'].options;
    axe.configure({checks: [{id: 'color-contrast', options: {...usual, ignoreLength: true}}]});
    window.judged = true;
  }
  const told = found => found.flatMap(rule => rule.nodes.map(node => [rule.id, node.target.join(' '),
    node.any.concat(node.all, node.none).map(check => check.message).join('; ')]));
  const types = {resultTypes: ['violations', 'incomplete']};
  const all = await axe.run(document, rules.length ? {...types, runOnly: rules} : types);
  const wrong = told(all.violations), unsure = [];
  let hidden = [];
  for (const [rule, at, said] of told(all.incomplete)) {
    const element = rule === 'color-contrast' && document.querySelector(at);
    if (element) hidden.push(element); else unsure.push([rule, at, said]);
  }
  const inSight = element => {
    const box = element.getBoundingClientRect();
    const x = (box.left + box.right) / 2, y = (box.top + box.bottom) / 2;
    if (box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight) return false;
    const there = document.elementFromPoint(x, y);
    return there !== null && (element.contains(there) || there.contains(element));
  };
  while (hidden.length) {
    hidden[0].scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'});
    const [first, ...others] = hidden;
    const seen = [first, ...others.filter(inSight)];
    const again = await axe.run({include: seen}, {...types, runOnly: ['color-contrast']});
    wrong.push(...told(again.violations));
    const open = told(again.incomplete).map(each => [document.querySelector(each[1]), each]);
    unsure.push(...open.filter(([element]) => element === first).map(([, each]) => each));
    hidden = others.filter(element => !seen.includes(element) || open.some(([undecided]) => undecided === element));
  }
  scrollTo(0, 0);
  return JSON.stringify([wrong, unsure]);
})(%s)
"""
# Which parts of the page are there for people and their programs, whatever they look like.
_SHOWN = """
[...document.querySelectorAll('body *')].map(e => e.tagName + (e.checkVisibility({visibilityProperty: true}) ? 1 : 0)
  + (e.inert ? 1 : 0) + (e.getAttribute('aria-hidden') || '') + (e.getAttribute('aria-expanded') || '')).join()
"""
Finding = tuple[str, str, str]
"""The rule, where it stands, and what is said about it."""


@cache
def _script() -> str:
    if not _AXE.is_file():
        raise RuntimeError("axe-core is not installed: run `npm ci --ignore-scripts` in tests/support/node.")
    return _AXE.read_text("utf-8")


async def judge(window: Visitor, rules: Sequence[str] = ()) -> tuple[list[Finding], list[Finding]]:
    """What is wrong with the page that is open, and what axe cannot judge by itself: by all rules, or by these."""
    if not await window.eval("typeof axe === 'object'"):
        await window.eval(f"{_script()}; true")
    told: list[list[list[str]]] = json.loads(await window.eval(_JUDGE % json.dumps(list(rules))))
    wrong, unsure = ([(rule, at, said) for rule, at, said in found] for found in told)
    return wrong, unsure


async def shown_parts(window: Visitor) -> str:
    """The same for two pages that show the same parts, so that only their looks can differ."""
    return str(await window.eval(_SHOWN))
