"""The browser of all browser tests of a process."""

from tests.support.browser import open_browser

CONTEXTS = "Target.getBrowserContexts"


async def test_who_visited_has_left_with_all_that_is_known_of_them() -> None:
    async with open_browser() as browser:
        first = await browser.visitor()
        await browser.visitor(beside=first)
        assert (await browser.send(CONTEXTS))["browserContextIds"] == [first.context["browserContextId"]]
    async with open_browser() as browser:
        assert (await browser.send(CONTEXTS))["browserContextIds"] == []
