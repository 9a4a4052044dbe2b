"""Coming in: signing in, registering, what links in mails open, trying it as a guest, and going out."""

from pathlib import Path
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from overprint.core.principal import Principal, Via
from overprint.core.problems import Denied, Invalid, Problem
from overprint.features.accounts import rules
from overprint.features.accounts.rules import Mode
from overprint.features.accounts.service.counter import Counter
from overprint.features.accounts.service.signing_in import Asked, SignedIn
from overprint.http.cookies import SessionCookies
from overprint.http.forms import read_form
from overprint.http.pages import Pages
from overprint.http.problems import status_of
from overprint.http.responses import UNKEPT
from overprint.http.routes import Router
from overprint.http.visitors import find_principal, visitor_of
from overprint.http.wording import N_

TEMPLATES = Path(__file__).parent.parent / "templates"
_FIELDS_MAX, _FIELD_MAX_BYTES = 40, 20_000
_FIELD_MAX_CHARACTERS = 2000
_LOOK = N_("Look into your mail")
_IF_IT_CAN = N_("If {} can be used here, a mail with a link is on its way to it.")
_IF_KNOWN = N_("If {} has an account here, a mail with a link is on its way to it.")


def router(counter: Counter, cookies: SessionCookies) -> APIRouter:
    """Routes over ``counter``."""
    web = Router(include_in_schema=False)
    pages = Pages(TEMPLATES)
    party = counter.passkeys.party
    is_open, is_local = counter.office.mode is Mode.OPEN, counter.office.mode is Mode.LOCAL

    def page(template: str, problem: Problem | None = None, **values: Any) -> Response:
        about: dict[str, Any] = {"problem": problem, "is_open": is_open, "is_local": is_local, "rules": rules}
        about |= {"party": party, "providers": counter.providers.offered()}
        answer = pages.render(template, status_of(problem) if problem else 200, **about, **values)
        answer.headers.update(UNKEPT)
        return answer

    def said(title: str, lede: str, href: str = "/login", label: str = N_("Sign in")) -> Response:
        return page("said.html", title=title, lede=lede, href=href, label=label)

    def enter(request: Request, signed_in: SignedIn, wanted: str) -> Response:
        cookies.give(request, signed_in.access, signed_in.refresh)
        return RedirectResponse(rules.next_page(wanted), status_code=303)

    @web.get("/login")
    async def show_login(request: Request, next: str = "/") -> Response:
        who = await find_principal(request)
        if who is not None and who.via is not Via.GUEST:
            return RedirectResponse(rules.next_page(next), status_code=303)
        return page("login.html", next=rules.next_page(next), email="", is_guest=who is not None)

    @web.post("/login")
    async def log_in(request: Request) -> Response:
        form = await sent(request)
        email, wanted = field(form, "email"), field(form, "next")
        try:
            _refuse_local(counter)
            entered = await counter.sessions.log_in(email, field(form, "password"), visitor_of(request))
        except Problem as problem:
            return page("login.html", problem, next=rules.next_page(wanted), email=email, is_guest=False)
        if isinstance(entered, Asked):
            return page("code.html", next=rules.next_page(wanted), ticket=entered.ticket)
        return enter(request, entered, wanted)

    @web.post("/login/code")
    async def log_in_by_code(request: Request) -> Response:
        form = await sent(request)
        ticket, wanted = field(form, "ticket"), field(form, "next")
        try:
            signed_in = await counter.factors.log_in(ticket, field(form, "code"), visitor_of(request))
        except Problem as problem:
            return page("code.html", problem, next=rules.next_page(wanted), ticket=ticket)
        return enter(request, signed_in, wanted)

    @web.post("/guest")
    async def start_as_guest(request: Request) -> Response:
        wanted = field(await sent(request), "next")
        if await find_principal(request) is None:
            signed_in = await counter.sessions.start_as_guest(visitor_of(request))
            return enter(request, signed_in, wanted)
        return RedirectResponse(rules.next_page(wanted), status_code=303)

    @web.post("/logout")
    async def log_out(request: Request) -> Response:
        who = await find_principal(request)
        if who is not None and who.session_id is not None and who.via in (Via.SESSION, Via.GUEST):
            await counter.sessions.log_out(who.session_id, who.person_id, visitor_of(request))
        cookies.take_back(request)
        # Books kept on this device go, too: the next one at it is somebody else.
        return RedirectResponse("/login", status_code=303, headers={"Clear-Site-Data": '"cache", "storage"'})

    @web.get("/register")
    async def show_register() -> Response:
        return page("register.html", email="", name="")

    @web.post("/register")
    async def register(request: Request) -> Response:
        form = await sent(request)
        email, name = field(form, "email"), field(form, "name")
        try:
            _refuse_local(counter)
            who = await find_principal(request)
            await counter.registrations.register(
                email, field(form, "password"), name, visitor_of(request, who), guest_id=_guest_id(who)
            )
        except Problem as problem:
            return page("register.html", problem, email=email, name=name)
        return said(_LOOK, _IF_IT_CAN.format(email))

    @web.get("/verify")
    async def show_verify(token: str = "") -> Response:
        return await ask_password(token[: rules.TOKEN_MAX_CHARACTERS])

    async def ask_password(token: str, problem: Problem | None = None) -> Response:
        opens = await counter.registrations.opens_account(token)
        return page("verify.html", problem, token=token, opens_account=opens)

    @web.post("/verify")
    async def verify(request: Request) -> Response:
        form = await sent(request)
        token, password, is_new = field(form, "token"), field(form, "password"), field(form, "is_new") == "yes"
        try:
            who = await find_principal(request)
            visitor, guest_id = visitor_of(request, who), _guest_id(who)
            if await counter.own.change_email(token, password, visitor) is not None:
                return said(
                    N_("Your account has this address now"),
                    N_("The old one was told."),
                    "/account",
                    N_("To the account"),
                )
            await counter.registrations.verify(token, password, visitor, is_new=is_new, guest_id=guest_id)
        except Problem as problem:
            is_over = isinstance(problem, Invalid) and problem.field == "token"
            return await ask_password("" if is_over else token, problem)
        if guest_id is not None:
            return said(N_("Your address is confirmed"), N_("What you made so far is yours to keep."), "/", N_("Go on"))
        return said(N_("Your address is confirmed"), N_("You can sign in with it now."))

    @web.get("/forgot")
    async def show_forgot() -> Response:
        return page("forgot.html", email="")

    @web.post("/forgot")
    async def forget(request: Request) -> Response:
        email = field(await sent(request), "email")
        try:
            _refuse_local(counter)
            await counter.own.forget_password(email, visitor_of(request))
        except Problem as problem:
            return page("forgot.html", problem, email=email)
        return said(_LOOK, _IF_KNOWN.format(email))

    @web.get("/reset")
    async def show_reset(token: str = "") -> Response:
        return page("reset.html", token=token[: rules.TOKEN_MAX_CHARACTERS])

    @web.post("/reset")
    async def reset(request: Request) -> Response:
        form = await sent(request)
        token = field(form, "token")
        try:
            await counter.own.reset_password(token, field(form, "password"), visitor_of(request))
        except Problem as problem:
            return page("reset.html", problem, token=token)
        return said(N_("Your password is changed"), N_("You were signed out everywhere. Sign in with the new one."))

    return web


async def sent(request: Request) -> FormData:
    """A form of these pages. Whoever comes may send one, so it has little room."""
    return await read_form(request, fields=_FIELDS_MAX, field_bytes=_FIELD_MAX_BYTES)


def field(form: FormData, name: str) -> str:
    """What was filled in; nothing for what is no text."""
    value = form.get(name)
    return value[:_FIELD_MAX_CHARACTERS] if isinstance(value, str) else ""


def _guest_id(who: Principal | None) -> UUID | None:
    """Who is here as a guest."""
    return who.person_id if who is not None and who.via is Via.GUEST else None


def _refuse_local(counter: Counter) -> None:
    if counter.office.mode is Mode.LOCAL:
        raise Denied("This house has no accounts: whoever sits here may do everything.", "Set OVERPRINT_ACCOUNTS.")
