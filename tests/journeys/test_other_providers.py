"""In the browser: from our button to a real OpenID provider's page and back, signed in."""

from pathlib import Path

from tests.journeys.test_people import serving
from tests.support.browser import open_browser
from tests.support.command_line import free_port
from tests.support.database import TestDatabase
from tests.support.house import house_on
from tests.support.oidc import CLIENT_ID, CLIENT_SECRET, oidc_server


async def test_a_button_leads_to_the_provider_s_page_and_back_signed_in(
    database_urls: TestDatabase, tmp_path: Path
) -> None:
    port = free_port()
    site = f"http://127.0.0.1:{port}"
    with oidc_server(f"{site}/api/auth/oidc/work/callback") as provider:
        variables = {
            "OVERPRINT_ACCOUNTS": "open",
            "OVERPRINT_WEB_PORT": str(port),
            "OVERPRINT_IDENTITY_PROVIDERS": "work",
            "OVERPRINT_IDENTITY_ISSUERS": provider.issuer,
            "OVERPRINT_IDENTITY_CLIENT_IDS": CLIENT_ID,
            "OVERPRINT_IDENTITY_CLIENT_SECRETS": CLIENT_SECRET,
        }
        opening = house_on(database_urls, tmp_path / "data", works=False, **variables)
        async with opening as house, serving(house), open_browser() as browser:
            mira = await browser.visitor()
            await mira.goto(f"{site}/login?next=/account")
            await mira.click("Sign in with Work")
            assert (await mira.eval("location.origin")) == provider.issuer
            await mira.fill(login="mira", password="whatever")
            await mira.click("Sign-in")
            await mira.click("Continue")
            assert await mira.path() == "/account"
            said = await mira.text()
            assert "mira of the tests, mira@example.org" in said and "Unlink" in said
            assert [each for each in mira.complaints if site in each] == []
