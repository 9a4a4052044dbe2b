"""axe-core, which judges whether a page can be used by everybody: run inside the page, by the browser's own engine."""

import json
from functools import cache
from pathlib import Path

from tests.support.browser import Visitor

_AXE = Path(__file__).parent / "node" / "node_modules" / "axe-core" / "axe.min.js"
# The marks at the corners of a sheet and the shadow of a fold stand outside of words, but axe takes them to lie
# behind; and words of one sign count as well. What stands outside of the window, or of a part that is scrolled, is
# brought into it and judged again by itself.
_JUDGE = """
(async () => {
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
  const all = await axe.run(document, {resultTypes: ['violations', 'incomplete']});
  const wrong = told(all.violations), unsure = [];
  for (const [rule, at, said] of told(all.incomplete)) {
    const element = rule === 'color-contrast' && document.querySelector(at);
    if (!element) { unsure.push([rule, at, said]); continue; }
    element.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'});
    const again = await axe.run(element, {runOnly: ['color-contrast'], resultTypes: ['violations', 'incomplete']});
    wrong.push(...told(again.violations));
    unsure.push(...told(again.incomplete));
  }
  scrollTo(0, 0);
  return JSON.stringify([wrong, unsure]);
})()
"""
Finding = tuple[str, str, str]
"""The rule, where it stands, and what is said about it."""


@cache
def _script() -> str:
    if not _AXE.is_file():
        raise RuntimeError("axe-core is not installed: run `npm ci --ignore-scripts` in tests/support/node.")
    return _AXE.read_text("utf-8")


async def judge(window: Visitor) -> tuple[list[Finding], list[Finding]]:
    """What is wrong with the page that is open, and what axe cannot judge by itself."""
    if not await window.eval("typeof axe === 'object'"):
        await window.eval(f"{_script()}; true")
    told: list[list[list[str]]] = json.loads(await window.eval(_JUDGE))
    wrong, unsure = ([(rule, at, said) for rule, at, said in found] for found in told)
    return wrong, unsure
