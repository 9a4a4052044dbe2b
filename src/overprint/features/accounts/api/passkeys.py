"""``/api/auth/passkeys``: made and used by a browser, asked for and checked here."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from overprint.features.accounts import rules
from overprint.features.accounts.api.auth import SignedInOut, refuse_keys, session_of, signed_in_answer
from overprint.features.accounts.rules.factors import TICKET_LIFETIME
from overprint.features.accounts.service.counter import Counter
from overprint.http.cookies import SessionCookies
from overprint.http.responses import UNKEPT, In, Out, example
from overprint.http.routes import Router
from overprint.http.scope import Who
from overprint.http.visitors import visitor_of

PART_MAX_CHARACTERS = 12_000
Part = Annotated[str, Field(max_length=PART_MAX_CHARACTERS, pattern=r"^[A-Za-z0-9_=-]*$")]
_ID = "dGhlLWlkLW9mLWEtcGFzc2tleQ"
_DATA = "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0"


class MadeIn(BaseModel):
    """``AuthenticatorAttestationResponse``; browsers say more of it, which nobody needs here."""

    clientDataJSON: Part
    attestationObject: Part
    transports: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=20)] = []


class ShownIn(BaseModel):
    """``AuthenticatorAssertionResponse``."""

    clientDataJSON: Part
    authenticatorData: Part
    signature: Part
    userHandle: Part | None = None


class MadeCredentialIn(BaseModel):
    """``PublicKeyCredential`` as ``toJSON`` writes it."""

    id: Part
    rawId: Part
    type: Annotated[str, Field(max_length=40)]
    response: MadeIn


class ShownCredentialIn(BaseModel):
    """The same, as it is shown."""

    id: Part
    rawId: Part
    type: Annotated[str, Field(max_length=40)]
    response: ShownIn


class NewPasskeyIn(In):
    model_config = example(
        name="my phone",
        credential={
            "id": _ID,
            "rawId": _ID,
            "type": "public-key",
            "response": {"clientDataJSON": _DATA, "attestationObject": _DATA, "transports": ["internal"]},
        },
    )

    name: Annotated[str, Field(min_length=1, max_length=rules.NAME_MAX_CHARACTERS)]
    credential: MadeCredentialIn


_SHOWN = {
    "id": _ID,
    "rawId": _ID,
    "type": "public-key",
    "response": {"clientDataJSON": _DATA, "authenticatorData": _DATA, "signature": _DATA, "userHandle": _ID},
}


class PasskeyLoginIn(In):
    model_config = example(credential=_SHOWN, tokens=True)

    credential: ShownCredentialIn
    tokens: bool = False


class PasskeyConfirmIn(In):
    model_config = example(credential=_SHOWN)

    credential: ShownCredentialIn


class PasskeyOut(Out):
    id: UUID
    name: str
    made_at: datetime
    used_at: datetime | None


class PasskeysOut(Out):
    items: list[PasskeyOut]


class OptionsOut(Out):
    """``public_key``: what ``navigator.credentials`` takes, with bytes in base64url."""

    public_key: dict[str, Any]


def router(counter: Counter, cookies: SessionCookies) -> APIRouter:
    """Routes over ``counter``."""
    api = Router(prefix="/api/auth/passkeys", tags=["auth"])

    @api.get("")
    async def list_passkeys(who: Who, response: Response) -> PasskeysOut:
        """Yours, the oldest first."""
        refuse_keys(who)
        response.headers.update(UNKEPT)
        rows = await counter.passkeys.list_passkeys(who.person_id)
        return PasskeysOut(items=[PasskeyOut.model_validate(row) for row in rows])

    @api.post("/options")
    async def ask_new_passkey(who: Who, response: Response) -> OptionsOut:
        """What a browser needs to make a passkey, within five minutes."""
        session_of(who)
        response.headers.update(UNKEPT)
        return OptionsOut(public_key=await counter.passkeys.ask_new(who))

    @api.post("", status_code=201)
    async def add_passkey(request: Request, who: Who, given: NewPasskeyIn, response: Response) -> PasskeyOut:
        """Keep the one that the browser made."""
        session_of(who)
        response.headers.update(UNKEPT)
        visitor = visitor_of(request, who)
        row = await counter.passkeys.add(who, given.name, given.credential.model_dump(), visitor)
        return PasskeyOut.model_validate(row)

    @api.delete("/{passkey_id}", status_code=204, response_class=Response)
    async def remove_passkey(request: Request, who: Who, passkey_id: UUID) -> Response:
        """It signs nobody in any more. The last way into an account stays."""
        refuse_keys(who)
        await counter.passkeys.remove(who, passkey_id, visitor_of(request, who))
        return Response(status_code=204)

    @api.post("/login/options")
    async def ask_passkey_login(request: Request, response: Response) -> OptionsOut:
        """What a browser needs to sign somebody in, within five minutes. It alone can go on from here."""
        options, holder = await counter.passkeys.ask_login(visitor_of(request))
        cookies.lend(request, holder, int(TICKET_LIFETIME.total_seconds()))
        response.headers.update(UNKEPT)
        return OptionsOut(public_key=options)

    @api.post("/login")
    async def log_in_by_passkey(request: Request, given: PasskeyLoginIn) -> SignedInOut:
        """Sign in without a password: a passkey counts as both factors."""
        holder, shown = cookies.lent(request), given.credential.model_dump()
        signed_in = await counter.passkeys.log_in(shown, holder, visitor_of(request))
        return signed_in_answer(request, cookies, signed_in, tokens=given.tokens)

    @api.post("/confirm/options")
    async def ask_passkey_confirmation(who: Who, response: Response) -> OptionsOut:
        """What a browser needs so that you show once more that it is you."""
        session_of(who)
        response.headers.update(UNKEPT)
        return OptionsOut(public_key=await counter.passkeys.ask_confirmation(who))

    @api.post("/confirm", status_code=204, response_class=Response)
    async def confirm_by_passkey(request: Request, who: Who, given: PasskeyConfirmIn) -> Response:
        """Show once more that it is you; it holds for ten minutes."""
        session_id, visitor = session_of(who), visitor_of(request, who)
        await counter.passkeys.confirm(who, session_id, given.credential.model_dump(), visitor)
        return Response(status_code=204)

    return api
