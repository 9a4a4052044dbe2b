"""The page on permissions shows what the code decides."""

from overprint.features.teams import permissions_table
from tests.docs.documents import HOME


def test_the_page_on_permissions_is_what_the_code_says() -> None:
    page = (HOME / "docs/permissions.md").read_text(encoding="utf-8")
    shown = page.partition("<!-- permissions: begin -->\n")[2].partition("<!-- permissions: end -->")[0]
    assert shown == permissions_table()
