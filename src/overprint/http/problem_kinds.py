"""The catalogue of problems: what each type that an answer may name means, and what to do (RFC 9457, section 3.1.1).

Every type is a page at its own URI, ``/problems/<code>``.
"""

from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import Response

from overprint.core.problems import NotFound
from overprint.http.pages import Pages
from overprint.http.routes import Router


@dataclass(frozen=True, slots=True)
class ProblemKind:
    title: str
    meaning: str
    remedy: str


KINDS: dict[str, ProblemKind] = {
    "not_found": ProblemKind(
        "It is not there",
        "Nothing has this address or id. What belongs to another team is not there either.",
        "Check the id. Lists such as GET /api/books and GET /api/jobs show what there is.",
    ),
    "not_signed_in": ProblemKind(
        "Nobody is signed in",
        "This needs to know who asks, and the request does not say, or what it says has expired or was revoked.",
        "Sign in at /login, or send an API key as “Authorization: Bearer …”.",
    ),
    "denied": ProblemKind(
        "You may not do this",
        "Your role in the team does not allow it: viewers look and change nothing.",
        "Ask an owner or admin of the team to do it, or for another role.",
    ),
    "not_confirmed": ProblemKind(
        "Show once more that it is you",
        "What could do great harm needs the password, and the code if there is a second factor, or a passkey, of the "
        "last ten minutes. Whoever runs the house needs two factors.",
        "Confirm at /confirm or with POST /api/auth/confirm, then do it again. Set a second factor up at /account.",
    ),
    "out_of_credits": ProblemKind(
        "Not enough credits",
        "The most that this may cost is more than the team has. Nothing was begun, and nothing was charged.",
        "Buy credits or choose a larger plan: GET /api/billing/subscription shows both. Smaller works cost less.",
    ),
    "not_in_plan": ProblemKind(
        "The plan does not have it",
        "What was asked for needs something that the team's plan does not have. Nothing was begun. What was made under "
        "a larger plan stays, and can be read and downloaded.",
        "Choose a plan that has it: GET /api/billing/plans says what each one has. Or ask for the work without it.",
    ),
    "too_often": ProblemKind(
        "Too many times",
        "This was asked more often than a person needs to, from this address or for this account.",
        "Wait as long as Retry-After says, then try once more.",
    ),
    "conflict": ProblemKind(
        "Not in its present state",
        "The request is fine, but not now: most often the work is being made at this moment, or an Idempotency-Key was "
        "used before for something else.",
        "Wait until it has ended, or cancel its job first. For another request use another key.",
    ),
    "outdated": ProblemKind(
        "It was changed meanwhile",
        "If-Match names a version that is not the newest any more: somebody else changed it since you read it.",
        "Read it again, look at what changed, and send the edit with the new ETag.",
    ),
    "invalid": ProblemKind(
        "The input cannot be used",
        "Some part of the request is missing, has the wrong form or is out of bounds. “field” names it where one part "
        "is to blame.",
        "Correct that part and send the request again. /api/openapi.json describes every field and its bounds.",
    ),
    "range_not_satisfiable": ProblemKind(
        "The file has no such part",
        "The Range header asks for bytes behind the end of the file. Content-Range says how long the file is.",
        "Ask for an earlier part, or for the whole file.",
    ),
    "limit_reached": ProblemKind(
        "A bound was reached",
        "Size, count, time or storage is bounded, and this would go over. The answer says which bound it is.",
        "Make it smaller, split it in two, or delete what is not needed any more.",
    ),
    "unavailable": ProblemKind(
        "Something does not answer",
        "The database, the storage or a provider does not answer right now. Nothing was lost.",
        "Try again in a moment; Retry-After says when. If it goes on, `overprint doctor` says what is wrong.",
    ),
    "refused": ProblemKind(
        "The server does not take this request",
        "It was sent for another host name, from a page of another site, or with a body that is too large.",
        "Use this server's own address and pages, and send less than 60 MB. Further host names are a setting: "
        "OVERPRINT_WEB_ALLOWED_HOSTS.",
    ),
    "http": ProblemKind(
        "No such path or method",
        "The path does not exist, or cannot be asked with this method. Allow says which methods it has.",
        "Check both against /api/openapi.json.",
    ),
    "skipped": ProblemKind(
        "Something it needs was not made",
        "A step was left out because one that it builds on has failed.",
        "Look at the failed step in the job, mend what it says, and run the job again: only the rest is made.",
    ),
    "bug": ProblemKind(
        "A mistake of Overprint's own",
        "Something happened that nobody expected. It was logged in full, under the “request_id” of the answer.",
        "Try once more. If it happens again, report it with that id and the log.",
    ),
    "problem": ProblemKind(
        "It did not work",
        "A problem of no special kind; its title says what happened.",
        "Do what its detail says.",
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
    async def list_kinds() -> Response:
        return pages.render("problem_kinds.html", title="What can go wrong", kinds=KINDS)

    @router.get("/problems/{code}")
    async def show_kind(code: str) -> Response:
        if code not in KINDS:
            raise NotFound("There is no such kind of problem.", "/problems lists all of them.")
        return pages.render("problem_kinds.html", title=KINDS[code].title, kinds={code: KINDS[code]})

    return router
