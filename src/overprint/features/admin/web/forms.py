"""What the pages of the house share: how they are rendered, and how a form that was sent comes to its end."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar

from fastapi import Query, Request
from fastapi.responses import RedirectResponse, Response

from overprint.core.codec import digest
from overprint.core.problems import Invalid, NotConfirmed, Problem
from overprint.db.database import Transaction
from overprint.features.admin.rules import PersonAct, TeamAct
from overprint.features.billing import GRANT_MAX_CREDITS, REASON_MAX_CHARACTERS
from overprint.http import kept_answers
from overprint.http.forms import read_form
from overprint.http.pages import Pages
from overprint.http.problems import status_of
from overprint.http.responses import UNKEPT
from overprint.http.wording import N_

SHOWN = 50
_FIELDS_MAX = 24
_DIGITS_MAX = 12
_SAID = {
    PersonAct.APPOINT: N_("They look after the house from now on."),
    PersonAct.DISMISS: N_("They do not look after the house any more."),
    PersonAct.UNLOCK: N_("They sign in by their password alone now, and were told so by mail."),
    PersonAct.SIGN_OUT: N_("They are signed out everywhere."),
    TeamAct.GRANT: N_("The credits are there."),
    TeamAct.TAKE_BACK: N_("The credits are taken back."),
    TeamAct.PLAN: N_("The team has this plan now."),
    "hasten": N_("A worker runs it next."),
    "refund": N_("The credits went back to the team."),
    "cancel": N_("It is stopped. What was made already stays, and nothing else is paid."),
    "changed": N_("The plan has a new version."),
}
_PAGES = Pages(Path(__file__).parent.parent / "templates")
Act = TypeVar("Act", PersonAct, TeamAct)
Cursor = Annotated[str | None, Query(max_length=100)]
Said = Annotated[str, Query(max_length=40)]


def page(template: str, problem: Problem | None = None, said: str = "", **values: Any) -> Response:
    """A page that no browser keeps; with a ``problem`` it has its status."""
    limits = {"reason_max": REASON_MAX_CHARACTERS, "credits_max": GRANT_MAX_CREDITS}
    shown = {**limits, **values, "problem": problem, "outcome": _SAID.get(said, "")}
    answer = _PAGES.render(template, status_of(problem) if problem else 200, **shown)
    answer.headers.update(UNKEPT)
    return answer


async def fields_of(request: Request) -> dict[str, str]:
    form = await read_form(request, fields=_FIELDS_MAX)
    return {name: value for name, value in form.items() if isinstance(value, str)}


async def after(
    request: Request,
    here: str,
    act: Callable[[Mapping[str, str]], Awaitable[str]],
    again: Callable[[Problem], Awaitable[Response]],
) -> Response:
    """On to what it came to, or the same page ``again`` with what went wrong. Who may see neither is told so."""
    try:
        said = await act(await fields_of(request))
    except NotConfirmed:
        return RedirectResponse(f"/confirm?next={here}", status_code=303)
    except Problem as problem:
        return await again(problem)
    return RedirectResponse(f"{here}?said={said}", status_code=303)


async def is_first(transaction: Transaction, form: Mapping[str, str]) -> bool:
    """Whether this form was not sent before, as when somebody presses twice."""
    once = form.get("once", "")[:100]
    if not once.isascii() or not once.isprintable():
        raise Invalid("This form was changed on its way.", "Load the page again and send it once more.")
    if not once:
        return True
    if await kept_answers.claim(transaction, f"admin:{once}", digest(dict(form))) is not None:
        return False
    await kept_answers.keep(transaction, f"admin:{once}", {})
    return True


def chosen(acts: type[Act], form: Mapping[str, str]) -> Act:
    """What the pressed button stands for. Raises ``Invalid``."""
    try:
        return acts(form.get("act", ""))
    except ValueError:
        raise Invalid("This is nothing that can be done here.", "Press one of the buttons.", field="act") from None


def count(form: Mapping[str, str]) -> int:
    """Raises ``Invalid`` for what is no whole number."""
    text = form.get("credits", "").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS_MAX):
        raise Invalid("Credits are a whole number.", "Write digits only.", field="credits")
    return int(text)
