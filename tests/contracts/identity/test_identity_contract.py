"""One round with every provider: an OpenID provider process, one that we made up, and GitHub's wire."""

import pytest

from overprint.ports.errors import Refused
from tests.contracts.identity.conftest import World, way


async def test_who_says_yes_at_the_provider_s_page_is_known_by_issuer_subject_and_address(world: World) -> None:
    begun = way(world.clock)
    answer = await world.sign_in(await world.provider.page_for(begun))
    assert answer["state"] == begun.state
    identity = await world.provider.read_answer(begun, answer)
    assert (identity.issuer, identity.email) == (world.issuer, "mira@example.org")
    assert identity.subject and identity.name.lower().startswith("mira")
    again = way(world.clock, state="s" * 43, nonce="n" * 43, verifier="v" * 43)
    second = await world.provider.read_answer(again, await world.sign_in(await world.provider.page_for(again)))
    assert second.subject == identity.subject


async def test_a_code_is_good_once_and_for_who_began_alone(world: World) -> None:
    begun = way(world.clock)
    answer = await world.sign_in(await world.provider.page_for(begun))
    with pytest.raises(Refused):
        await world.provider.read_answer(way(world.clock, verifier="another-" + "y" * 40), answer)
    answer = await world.sign_in(await world.provider.page_for(begun))
    await world.provider.read_answer(begun, answer)
    with pytest.raises(Refused):
        await world.provider.read_answer(begun, answer)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ({"error": "access_denied"}, "did not go on"),
        ({"error": "server_error"}, "server_error"),
        ({"error": "<script>\n"}, "unreadable"),
        ({}, "no code"),
        ({"code": ""}, "no code"),
        ({"code": "x" * 5000}, "no code"),
        ({"code": "made up"}, "does not accept"),
    ],
)
async def test_a_no_is_told_in_a_sentence(world: World, answer: dict[str, str], says: str) -> None:
    with pytest.raises(Refused, match=says):
        await world.provider.read_answer(way(world.clock), {"iss": world.issuer, **answer})


async def test_a_provider_that_is_there_can_be_asked(world: World) -> None:
    await world.provider.check()
