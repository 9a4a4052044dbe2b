"""In the browser, with an authenticator of its own: a passkey is made, signs in, opens doors, is removed."""

from pathlib import Path

from overprint.wiring.people import admissions_of
from tests.journeys.test_people import KEEPER, PASSWORD, serving
from tests.support.browser import Visitor, open_browser
from tests.support.command_line import free_port
from tests.support.database import TestDatabase
from tests.support.house import house_on

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


async def passkeys_of(visitor: Visitor) -> list[str]:
    """As they are listed on the account's page."""
    listed = "[...document.querySelectorAll('[aria-labelledby=passkeys] li span')].map(e => e.firstChild.textContent)"
    found: list[str] = await visitor.eval(listed)
    return found


async def test_a_passkey_is_made_used_and_removed_under_our_policy(database_urls: TestDatabase, tmp_path: Path) -> None:
    port = free_port()
    variables = {"OVERPRINT_ACCOUNTS": "invited", "OVERPRINT_WEB_PORT": str(port)}
    here = f"http://localhost:{port}"
    async with (
        house_on(database_urls, tmp_path / "data", works=False, **variables) as house,
        serving(house),
        open_browser() as browser,
    ):
        admission = await admissions_of(house.settings, house.database).set_site_admin(KEEPER, is_admin=True)
        mira = await browser.visitor()
        await mira.send("WebAuthn.enable")
        await mira.send("WebAuthn.addVirtualAuthenticator", options=DEVICE)
        await mira.goto(admission.link.replace("127.0.0.1", "localhost"))
        await mira.fill(password=PASSWORD)
        await mira.click("Use this password")
        await mira.goto(f"{here}/login?next=/account")
        await mira.fill(email=KEEPER, password=PASSWORD)
        await mira.click("Sign in")
        await mira.click("Add one", leads_on=False)
        await mira.fill(**{"[data-passkey] [name=name]": "my phone"})
        await mira.click("Make a passkey", leads_on=False)
        await mira.until("!!document.querySelector('[aria-labelledby=passkeys] li')", "the passkey on the page")
        assert await passkeys_of(mira) == ["my phone"]

        await mira.click("Sign out")
        await mira.goto(f"{here}/admin/mail")
        assert await mira.path() == "/login"
        await mira.click("Sign in with a passkey")
        assert await mira.path() == "/admin/mail", "it counts as both factors, which whoever runs the house shows"

        await mira.goto(f"{here}/account")
        await mira.click("Remove")
        assert await passkeys_of(mira) == []
        assert mira.complaints == []
