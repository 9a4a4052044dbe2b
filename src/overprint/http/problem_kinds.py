"""The catalogue of problems: what each type that an answer may name means, and what to do (RFC 9457, section 3.1.1).

Every type is a page at its own URI, ``/problems/<code>``, which asks nobody and nothing who reads it.
"""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from overprint.core.problems import NotFound
from overprint.http.frame import begin_frame
from overprint.http.pages import Pages
from overprint.http.routes import Router
from overprint.http.wording import N_


@dataclass(frozen=True, slots=True)
class ProblemKind:
    title: str
    meaning: str
    remedy: str


KINDS: dict[str, ProblemKind] = {
    "not_found": ProblemKind(
        N_("It is not there"),
        N_("Nothing has this address or id. What belongs to another team is not there either."),
        N_("Check the id. Lists such as GET /api/books and GET /api/jobs show what there is."),
    ),
    "in_trash": ProblemKind(
        N_("It is in the trash"),
        N_("It was thrown away, and is kept for a while. Nobody opens or changes it there."),
        N_("Bring it back at /library/trash or with POST /api/trash/restore, or begin anew."),
    ),
    "not_signed_in": ProblemKind(
        N_("Nobody is signed in"),
        N_("This needs to know who asks, and the request does not say, or what it says has expired or was revoked."),
        N_("Sign in at /login, or send an API key as “Authorization: Bearer …”."),
    ),
    "denied": ProblemKind(
        N_("You may not do this"),
        N_("Your role in the team does not allow it: viewers look and change nothing."),
        N_("Ask an owner or admin of the team to do it, or for another role."),
    ),
    "not_confirmed": ProblemKind(
        N_("Show once more that it is you"),
        N_(
            "What could do great harm needs the password, and the code if there is a second factor, or a passkey, of "
            "the last ten minutes. Whoever runs the house needs two factors."
        ),
        N_("Confirm at /confirm or with POST /api/auth/confirm, then do it again. Set a second factor up at /account."),
    ),
    "out_of_credits": ProblemKind(
        N_("Not enough credits"),
        N_("The most that this may cost is more than the team has. Nothing was begun, and nothing was charged."),
        N_("Buy credits or choose a larger plan: GET /api/billing/subscription shows both. Smaller works cost less."),
    ),
    "not_in_plan": ProblemKind(
        N_("The plan does not have it"),
        N_(
            "What was asked for needs something that the team's plan does not have. Nothing was begun. What was made "
            "under a larger plan stays, and can be read and downloaded."
        ),
        N_("Choose a plan that has it: GET /api/billing/plans says what each one has. Or ask for the work without it."),
    ),
    "too_often": ProblemKind(
        N_("Too many times"),
        N_("This was asked more often than a person needs to, from this address or for this account."),
        N_("Wait as long as Retry-After says, then try once more."),
    ),
    "conflict": ProblemKind(
        N_("Not in its present state"),
        N_(
            "The request is fine, but not now: most often the work is being made at this moment, or an Idempotency-Key "
            "was used before for something else."
        ),
        N_("Wait until it has ended, or cancel its job first. For another request use another key."),
    ),
    "outdated": ProblemKind(
        N_("It was changed meanwhile"),
        N_("If-Match names a version that is not the newest any more: somebody else changed it since you read it."),
        N_("Read it again, look at what changed, and send the edit with the new ETag."),
    ),
    "invalid": ProblemKind(
        N_("The input cannot be used"),
        N_(
            "Some part of the request is missing, has the wrong form or is out of bounds. “field” names it where one "
            "part is to blame."
        ),
        N_("Correct that part and send the request again. /api/openapi.json describes every field and its bounds."),
    ),
    "range_not_satisfiable": ProblemKind(
        N_("The file has no such part"),
        N_("The Range header asks for bytes behind the end of the file. Content-Range says how long the file is."),
        N_("Ask for an earlier part, or for the whole file."),
    ),
    "limit_reached": ProblemKind(
        N_("A bound was reached"),
        N_("Size, count, time or storage is bounded, and this would go over. The answer says which bound it is."),
        N_("Make it smaller, split it in two, or delete what is not needed any more."),
    ),
    "unavailable": ProblemKind(
        N_("Something does not answer"),
        N_("The database, the storage or a provider does not answer right now. Nothing was lost."),
        N_("Try again in a moment; Retry-After says when. If it goes on, `overprint doctor` says what is wrong."),
    ),
    "refused": ProblemKind(
        N_("The server does not take this request"),
        N_("It was sent for another host name, from a page of another site, or with a body that is too large."),
        N_(
            "Use this server's own address and pages, and send less. Further host names are a setting: "
            "OVERPRINT_WEB_ALLOWED_HOSTS."
        ),
    ),
    "http": ProblemKind(
        N_("No such path or method"),
        N_("The path does not exist, or cannot be asked with this method. Allow says which methods it has."),
        N_("Check both against /api/openapi.json."),
    ),
    "skipped": ProblemKind(
        N_("Something it needs was not made"),
        N_("A step was left out because one that it builds on has failed."),
        N_("Look at the failed step in the job, mend what it says, and run the job again: only the rest is made."),
    ),
    "bug": ProblemKind(
        N_("A mistake of Overprint's own"),
        N_("Something happened that nobody expected. It was logged in full, under the “request_id” of the answer."),
        N_("Try once more. If it happens again, report it with that id and the log."),
    ),
    "problem": ProblemKind(
        N_("It did not work"),
        N_("A problem of no special kind; its title says what happened."),
        N_("Do what its detail says."),
    ),
}


def type_of(code: str) -> str:
    """The URI of a problem's type; RFC 9457's own for one that has no page."""
    return f"/problems/{code}" if code in KINDS else "about:blank"


def remedy_of(code: str) -> str:
    """What to do about a problem of this kind, where the problem itself says nothing of it."""
    return KINDS[code if code in KINDS else "bug"].remedy


def problem_router() -> APIRouter:
    """``/problems`` and a page for each kind."""
    router = Router(include_in_schema=False)
    pages = Pages()

    @router.get("/problems")
    async def list_kinds(request: Request) -> Response:
        begin_frame(request)
        return pages.render("problem_kinds.html", title=N_("What can go wrong"), kinds=KINDS)

    @router.get("/problems/{code}")
    async def show_kind(request: Request, code: str) -> Response:
        begin_frame(request)
        if code not in KINDS:
            raise NotFound("There is no such kind of problem.", "/problems lists all of them.")
        return pages.render("problem_kinds.html", title=KINDS[code].title, kinds={code: KINDS[code]})

    return router
