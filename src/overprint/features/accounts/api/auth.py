"""``/api/auth``: opening accounts, signing in and out, sessions, and one's own account."""

from datetime import datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field, SecretStr

from overprint.core.principal import Principal, Via
from overprint.core.problems import Denied, NotSignedIn
from overprint.features.accounts import rules
from overprint.features.accounts.rules import Mode
from overprint.features.accounts.rules.factors import CODE_MAX_CHARACTERS
from overprint.features.accounts.service.counter import Counter
from overprint.features.accounts.service.signing_in import Asked, SignedIn
from overprint.http.cookies import SessionCookies
from overprint.http.responses import UNKEPT, IfMatch, In, Out, etag_of, example, refuse_outdated
from overprint.http.routes import Router
from overprint.http.scope import Who
from overprint.http.visitors import find_principal, visitor_of

Email = Annotated[str, Field(min_length=3, max_length=rules.EMAIL_MAX_CHARACTERS, examples=["mira@example.org"])]
Password = Annotated[SecretStr, Field(min_length=1, max_length=rules.PASSWORD_MAX_CHARACTERS)]
PasswordIfAny = Annotated[SecretStr, Field(max_length=rules.PASSWORD_MAX_CHARACTERS)]
Name = Annotated[str, Field(min_length=1, max_length=rules.NAME_MAX_CHARACTERS, examples=["Mira Okafor"])]
LinkToken = Annotated[str, Field(min_length=1, max_length=rules.TOKEN_MAX_CHARACTERS)]
_A_TOKEN = "mQ2vTz0eYb1lJ3yGk9wXnR7cUo5aHs4dPf8iVt6KxLE"
_A_PASSWORD = "three loud geese"
LOOK_INTO_MAIL = "If this address can be used here, a mail is on its way to it."


class RegisterIn(In):
    model_config = example(email="mira@example.org", password=_A_PASSWORD, name="Mira Okafor")

    email: Email
    password: Password
    name: Name


class LoginIn(In):
    """``tokens``: answer them too, for who is no browser."""

    model_config = example(email="mira@example.org", password=_A_PASSWORD, tokens=True)

    email: Email
    password: Password
    tokens: bool = False


class RefreshIn(In):
    model_config = example(refresh_token=_A_TOKEN)

    refresh_token: Annotated[str, Field(max_length=rules.TOKEN_MAX_CHARACTERS)] = ""


_BY_COOKIE = RefreshIn()


class VerifyIn(In):
    """``is_new``: the password is a new one, in place of the one that was chosen at registering."""

    model_config = example(token=_A_TOKEN, password=_A_PASSWORD)

    token: LinkToken
    password: Password
    is_new: bool = False


class ResetIn(In):
    model_config = example(token=_A_TOKEN, password=_A_PASSWORD)

    token: LinkToken
    password: Password


class EmailIn(In):
    model_config = example(email="mira@example.org")

    email: Email


class ConfirmIn(In):
    """``password``: nothing for an account that has none."""

    model_config = example(password=_A_PASSWORD)

    password: PasswordIfAny = SecretStr("")


class ProofIn(ConfirmIn):
    """``code``: of the app, or a recovery code, where there is a second factor."""

    model_config = example(password=_A_PASSWORD, code="492 039")

    code: Annotated[SecretStr, Field(max_length=CODE_MAX_CHARACTERS)] = SecretStr("")


class ChangePasswordIn(In):
    model_config = example(old=_A_PASSWORD, new="four quiet herons")

    old: Password
    new: Password


class ChangeEmailIn(In):
    model_config = example(email="mira.okafor@example.org", password=_A_PASSWORD)

    email: Email
    password: PasswordIfAny = SecretStr("")


class RenameIn(In):
    model_config = example(name="Mira Okafor")

    name: Name


class SaidOut(Out):
    said: str


class SignedInOut(Out):
    """Tokens are only there when they were asked for; browsers have them as cookies."""

    person_id: UUID
    session_id: UUID
    expires_in_seconds: int
    access_token: str | None = None
    refresh_token: str | None = None


class AskedOut(Out):
    """The password was right. ``ticket`` is good with a code of the app, or a recovery code."""

    ticket: str
    expires_at: datetime


class MeOut(Out):
    id: UUID
    email: str | None
    name: str
    is_guest: bool
    is_site_admin: bool
    created_at: datetime
    verified_at: datetime | None
    team_id: UUID
    role: str
    via: str
    confirmed_at: datetime | None


class SessionOut(Out):
    id: UUID
    way: str
    address: str
    agent: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    is_this: bool


class SessionsOut(Out):
    items: list[SessionOut]


def router(counter: Counter, cookies: SessionCookies) -> APIRouter:
    """Routes over ``counter``."""
    api = Router(prefix="/api/auth", tags=["auth"])

    @api.post("/register", status_code=202)
    async def register(request: Request, given: RegisterIn) -> SaidOut:
        """Ask for an account. A mail confirms the address; what a guest made stays theirs."""
        _refuse_local(counter)
        who = await find_principal(request)
        guest_id = who.person_id if who is not None and who.via is Via.GUEST else None
        await counter.registrations.register(
            given.email, given.password.get_secret_value(), given.name, visitor_of(request, who), guest_id=guest_id
        )
        return SaidOut(said=LOOK_INTO_MAIL)

    @api.post("/verify-email")
    async def verify_email(request: Request, given: VerifyIn) -> SaidOut:
        """Open a link of a mail: of a new account, with the password that was chosen for it or a new one, or of a new
        address, with the account's password. After a wrong password the link is still good."""
        who, password = await find_principal(request), given.password.get_secret_value()
        visitor = visitor_of(request, who)
        if await counter.own.change_email(given.token, password, visitor) is not None:
            return SaidOut(said="Your account has this address now.")
        guest_id = who.person_id if who is not None and who.via is Via.GUEST else None
        await counter.registrations.verify(given.token, password, visitor, is_new=given.is_new, guest_id=guest_id)
        return SaidOut(said="Your address is confirmed. Sign in.")

    @api.post("/login", responses={202: {"model": AskedOut, "description": "A code is asked for too."}})
    async def log_in(request: Request, given: LoginIn, response: Response) -> SignedInOut | AskedOut:
        """Sign in: a browser gets cookies, others the tokens if they ask for them.

        Who has a second factor is answered a ticket, which goes to /api/auth/second-factor/login with a code.
        """
        _refuse_local(counter)
        entered = await counter.sessions.log_in(given.email, given.password.get_secret_value(), visitor_of(request))
        response.headers.update(UNKEPT)
        if isinstance(entered, Asked):
            response.status_code = 202
            return AskedOut(ticket=entered.ticket, expires_at=entered.expires_at)
        return signed_in_answer(request, cookies, entered, tokens=given.tokens)

    @api.post("/guest")
    async def start_as_guest(request: Request) -> SignedInOut:
        """Try it without an account. Who is signed in already stays who they are."""
        _refuse_local(counter)
        if await find_principal(request) is not None:
            raise Denied("You are here already.", "Go on with what you were doing.")
        signed_in = await counter.sessions.start_as_guest(visitor_of(request))
        return signed_in_answer(request, cookies, signed_in, tokens=False)

    @api.post("/refresh")
    async def refresh(request: Request, given: RefreshIn = _BY_COOKIE) -> SignedInOut:
        """Newer tokens for a refresh token, which is good once. Without one in the body, the cookie's."""
        own = given.refresh_token
        shown = own or cookies.read(request)[1]
        if not shown:
            raise NotSignedIn("Nobody is signed in.", "Sign in at /login.")
        try:
            signed_in = await counter.sessions.refresh(shown, visitor_of(request))
        except NotSignedIn:
            if not own:
                cookies.take_back(request)
            raise
        return signed_in_answer(request, cookies, signed_in, tokens=bool(own))

    @api.post("/logout", status_code=204, response_class=Response)
    async def log_out(request: Request) -> Response:
        """End this session. Whoever is not signed in is answered the same."""
        who = await find_principal(request)
        if who is not None and who.via in (Via.SESSION, Via.GUEST) and who.session_id is not None:
            await counter.sessions.log_out(who.session_id, who.person_id, visitor_of(request))
        cookies.take_back(request)
        return Response(status_code=204)

    @api.post("/forgot-password", status_code=202)
    async def forget_password(request: Request, given: EmailIn) -> SaidOut:
        """Ask for a link to choose a new password."""
        _refuse_local(counter)
        await counter.own.forget_password(given.email, visitor_of(request))
        return SaidOut(said=LOOK_INTO_MAIL)

    @api.post("/reset-password")
    async def reset_password(request: Request, given: ResetIn) -> SaidOut:
        """Choose a new password by the link of a mail. All sessions end."""
        await counter.own.reset_password(given.token, given.password.get_secret_value(), visitor_of(request))
        return SaidOut(said="Your password is changed. Sign in.")

    @api.post("/confirm", status_code=204, response_class=Response)
    async def confirm(request: Request, who: Who, given: ProofIn) -> Response:
        """Show once more that it is you, with a code if you have a second factor; it holds for ten minutes."""
        session_id, visitor = session_of(who), visitor_of(request, who)
        password, code = given.password.get_secret_value(), given.code.get_secret_value()
        await counter.proofs.confirm(session_id, who.person_id, password, visitor, code=code)
        return Response(status_code=204)

    @api.get("/me")
    async def get_me(who: Who, response: Response) -> MeOut:
        person = await counter.own.get(who.person_id)
        response.headers.update({**UNKEPT, **etag_of(rules.edition_of_person(person))})
        return _me(person, who)

    @api.patch("/me")
    async def rename(
        request: Request, response: Response, who: Who, given: RenameIn, if_match: IfMatch = None
    ) -> MeOut:
        session_of(who)
        check = partial(refuse_outdated, if_match)
        await counter.own.rename(who.person_id, given.name, visitor_of(request, who), check)
        person = await counter.own.get(who.person_id)
        response.headers.update(etag_of(rules.edition_of_person(person)))
        return _me(person, who)

    @api.delete("/me", status_code=204, response_class=Response)
    async def close(request: Request, who: Who, given: ConfirmIn) -> Response:
        """Delete the account. GET /api/auth/export gives you first what is known of you."""
        session_of(who)
        await counter.own.close(who.person_id, given.password.get_secret_value(), visitor_of(request, who))
        cookies.take_back(request)
        return Response(status_code=204)

    @api.get("/export")
    async def export(who: Who, response: Response) -> dict[str, Any]:
        """All that is kept of you but your work, which has exports of its own."""
        session_of(who)
        response.headers.update({**UNKEPT, "Content-Disposition": 'attachment; filename="account.json"'})
        return await counter.taking_home.export(who.person_id)

    @api.post("/change-password", status_code=204, response_class=Response)
    async def change_password(request: Request, who: Who, given: ChangePasswordIn) -> Response:
        """All your other sessions end."""
        session_of(who)
        old, new = given.old.get_secret_value(), given.new.get_secret_value()
        await counter.own.change_password(who.person_id, old, new, visitor_of(request, who))
        return Response(status_code=204)

    @api.post("/change-email", status_code=202)
    async def change_email(request: Request, who: Who, given: ChangeEmailIn) -> SaidOut:
        """Ask for another address; a mail to it confirms it, and the old one is told."""
        session_of(who)
        password = given.password.get_secret_value()
        await counter.own.ask_email(who.person_id, password, given.email, visitor_of(request, who))
        return SaidOut(said=LOOK_INTO_MAIL)

    @api.get("/sessions")
    async def list_sessions(who: Who, response: Response) -> SessionsOut:
        """Where you are signed in."""
        response.headers.update(UNKEPT)
        refuse_keys(who)
        rows = await counter.sessions.list_sessions(who.person_id)
        items = [SessionOut.model_validate({**row, "is_this": row["id"] == who.session_id}) for row in rows]
        return SessionsOut(items=items)

    @api.delete("/sessions/{session_id}", status_code=204, response_class=Response)
    async def revoke(request: Request, who: Who, session_id: UUID) -> Response:
        """Sign out elsewhere."""
        refuse_keys(who)
        await counter.sessions.revoke(who.person_id, session_id, visitor_of(request, who))
        return Response(status_code=204)

    return api


def signed_in_answer(request: Request, cookies: SessionCookies, signed_in: SignedIn, *, tokens: bool) -> SignedInOut:
    """Cookies for a browser; ``tokens`` for who asked for them."""
    if not tokens:
        cookies.give(request, signed_in.access, signed_in.refresh)
    shown = (signed_in.access, signed_in.refresh) if tokens else (None, None)
    return SignedInOut(
        person_id=signed_in.person_id,
        session_id=signed_in.session_id,
        expires_in_seconds=int(rules.ACCESS_LIFETIME.total_seconds()),
        access_token=shown[0],
        refresh_token=shown[1],
    )


def _me(person: dict[str, Any], who: Principal) -> MeOut:
    about = {"team_id": who.team_id, "role": who.role, "via": who.via, "confirmed_at": who.confirmed_at}
    return MeOut.model_validate({**person, **about, "is_site_admin": who.is_site_admin})


def _refuse_local(counter: Counter) -> None:
    if counter.office.mode is Mode.LOCAL:
        raise Denied("This house has no accounts: whoever sits here may do everything.", "Set OVERPRINT_ACCOUNTS.")


def refuse_keys(who: Principal) -> None:
    """Raises ``Denied`` for an API key: it acts for a team, not on its maker's account."""
    if who.via is Via.API_KEY:
        raise Denied("An API key cannot change an account.", "Sign in as a person.")


def session_of(who: Principal) -> UUID:
    """The session of somebody who is signed in as a person; raises ``Denied`` for others."""
    refuse_keys(who)
    if who.session_id is None:
        raise Denied("This house has no accounts: whoever sits here may do everything.", "Set OVERPRINT_ACCOUNTS.")
    return who.session_id
