"""``/api/auth/second-factor``: codes of an app, and the recovery codes beside them."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field, SecretStr

from overprint.features.accounts.api.auth import LinkToken, SignedInOut, refuse_keys, session_of, signed_in_answer
from overprint.features.accounts.rules.factors import CODE_MAX_CHARACTERS
from overprint.features.accounts.service.counter import Counter
from overprint.http.cookies import SessionCookies
from overprint.http.responses import UNKEPT, In, Out, example
from overprint.http.routes import Router
from overprint.http.scope import Who
from overprint.http.visitors import visitor_of

Code = Annotated[SecretStr, Field(min_length=1, max_length=CODE_MAX_CHARACTERS)]
_A_TICKET = "mQ2vTz0eYb1lJ3yGk9wXnR7cUo5aHs4dPf8iVt6KxLE"


class CodeIn(In):
    model_config = example(code="492 039")

    code: Code


class CodeLoginIn(In):
    """``ticket``: what the password was answered with. ``code``: of the app, or a recovery code."""

    model_config = example(ticket=_A_TICKET, code="492 039", tokens=True)

    ticket: LinkToken
    code: Code
    tokens: bool = False


class SecondFactorOut(Out):
    is_on: bool
    since: datetime | None
    recovery_codes_left: int


class SetupOut(Out):
    """For the app: ``secret`` to type, ``uri`` as a QR code. It counts once a code of it was shown."""

    secret: str
    uri: str


class RecoveryCodesOut(Out):
    """Shown this once; each is good once, in place of the app's code."""

    recovery_codes: list[str]


def router(counter: Counter, cookies: SessionCookies) -> APIRouter:
    """Routes over ``counter``."""
    api = Router(prefix="/api/auth/second-factor", tags=["auth"])

    @api.get("")
    async def get_second_factor(who: Who, response: Response) -> SecondFactorOut:
        """Whether there is one, and how many recovery codes are left."""
        refuse_keys(who)
        response.headers.update(UNKEPT)
        return SecondFactorOut.model_validate(await counter.factors.get(who.person_id))

    @api.post("", status_code=201)
    async def begin_second_factor(request: Request, who: Who, response: Response) -> SetupOut:
        """Begin to set one up. Asked again, it answers another secret; the one before is good for nothing."""
        session_of(who)
        response.headers.update(UNKEPT)
        return SetupOut.model_validate(await counter.factors.begin(who, visitor_of(request, who)))

    @api.post("/confirm")
    async def turn_on_second_factor(request: Request, who: Who, given: CodeIn, response: Response) -> RecoveryCodesOut:
        """Show a code of the app: from now on signing in asks for one."""
        session_of(who)
        response.headers.update(UNKEPT)
        codes = await counter.factors.turn_on(who, given.code.get_secret_value(), visitor_of(request, who))
        return RecoveryCodesOut(recovery_codes=codes)

    @api.post("/recovery-codes")
    async def renew_recovery_codes(request: Request, who: Who, response: Response) -> RecoveryCodesOut:
        """New ones; those from before are good for nothing."""
        session_of(who)
        response.headers.update(UNKEPT)
        codes = await counter.factors.renew_recovery_codes(who, visitor_of(request, who))
        return RecoveryCodesOut(recovery_codes=codes)

    @api.delete("", status_code=204, response_class=Response)
    async def turn_off_second_factor(request: Request, who: Who) -> Response:
        """Turn it off; its recovery codes go with it."""
        session_of(who)
        await counter.factors.turn_off(who, visitor_of(request, who))
        return Response(status_code=204)

    @api.post("/login")
    async def log_in_by_code(request: Request, given: CodeLoginIn) -> SignedInOut:
        """The second step of signing in, for who was answered a ticket. A wrong code leaves the ticket good."""
        code = given.code.get_secret_value()
        signed_in = await counter.factors.log_in(given.ticket, code, visitor_of(request))
        return signed_in_answer(request, cookies, signed_in, tokens=given.tokens)

    return api
