"""What the walk through all routes knows: what one tenant has, and what another sends to each route to get at it."""

from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import FastAPI

Sent = Mapping[str, Any]  # as httpx takes it
Route = tuple[str, str]  # method, path with its parameters in braces

WRITES = {"POST", "PUT", "PATCH", "DELETE"}

# The same for everybody, signed in or not.
PUBLIC = {
    "/",
    "/pricing",
    "/api/auth/oidc",
    "/api/billing/plans",
    "/api/openapi.json",
    "/api/photos/consent",
    "/books/type/{name}",
    "/api/ping",
    "/api/printers",
    "/api/schemas",
    "/api/schemas/{name}",
    "/healthz",
    "/app.webmanifest",
    "/metrics",
    "/offline",
    "/offline-worker.js",
    "/problems",
    "/problems/{code}",
    "/readyz",
    "/static/{digest}/{name}",
    "/styleguide",
}

MARK = "Quiet Harbour"
"""In all that the first tenant wrote; nothing that another one is told may hold it."""


def routes_of(app: FastAPI) -> set[Route]:
    """Every method of every path that is answered, and ``WS`` for sockets."""
    return {
        (method, path)
        for route in _flat(app.routes)
        for path in [getattr(route, "path", "") or route.starlette_route.path]
        for method in getattr(route, "methods", None) or {"WS"}
        if method not in ("HEAD", "OPTIONS")
    }


def _flat(routes: Any) -> Iterator[Any]:
    for route in routes:
        if hasattr(route, "effective_candidates"):
            yield from _flat(route.effective_candidates())
        else:
            yield route


def sent_to_objects(theirs: Mapping[str, str]) -> dict[Route, Sent]:
    """To routes of one object: what is needed for them to look for it. ``theirs``: ids of the first tenant."""
    confirmed = {"name": "Eve", "species": "child", "garment": "dungarees", "accessories": []}
    chapter = {"title": "Eve was here"}
    look = {"look": {"body": "#c0392b"}}
    plan = {
        "version": 1,
        "name": "Eve's",
        "daily_jobs": 1,
        "monthly_credits": 1,
        "storage_bytes": 1,
        "weight": 1,
        "features": [],
        "price_cents": 0,
        "currency": "usd",
        "is_offered": True,
        "reason": "please",
    }
    books: dict[Route, Sent] = {}
    for room in ("books", "ebooks"):
        at = f"/api/{room}/{{book_id}}"
        books[("PATCH", at)] = books[("PUT", at)] = {"json": {"title": "Eve was here"}}
        books[("PUT", f"{at}/chapters/{{number}}")] = {"json": chapter}
        books[("PATCH", f"{at}/characters/{{character_id}}")] = {"json": look}
        books[("POST", f"{at}/print")] = {"json": {"printer": "lulu-paperback"}}
        books[("PATCH", f"{at}/pages/{{page}}")] = {"json": {"paragraphs": ["Eve was here"]}}
        books[("POST", f"{at}/pages/{{page}}/versions")] = {"json": {"content_hash": "0" * 64}}
    film = "/api/videos/{video_id}"
    return {
        **books,
        ("PATCH", film): {"json": {"grade": "noir"}},
        ("POST", f"{film}/render"): {"json": {}},
        ("PATCH", f"{film}/storyboard"): {"json": {"title": "Eve was here"}},
        ("POST", f"{film}/storyboard/quote"): {"json": {"title": "Eve was here"}},
        ("POST", f"{film}/storyboard/versions"): {"json": {"version": 1}},
        ("PATCH", f"{film}/scenes/{{scene}}"): {"json": {"words": "Eve was here"}},
        ("POST", "/videos/{video_id}/storyboard/{scene}"): {"data": {"act": "save", "words": "Eve was here"}},
        ("POST", "/videos/{video_id}/shown"): {"data": {"grade": "noir"}},
        ("POST", "/videos/{video_id}/restore"): {"data": {"version": "1"}},
        ("POST", "/books/{book_id}/print"): {"data": {"printer": "lulu-paperback"}},
        ("POST", "/books/{book_id}/edit/title/{page}"): {"data": {"title": "Eve was here"}},
        ("POST", "/books/{book_id}/edit/words/{page}"): {"data": {"words": "Eve was here"}},
        ("POST", "/books/{book_id}/edit/picture/{page}"): {"data": {"again": "1"}},
        ("POST", "/books/{book_id}/edit/versions/{page}"): {"data": {"words": "Eve was here"}},
        ("POST", "/books/{book_id}/edit/cast/{who}"): {"data": {"body": "#c0392b"}},
        ("POST", "/books/{book_id}/edit/undo"): {"data": {"step": "text/1"}},
        ("POST", "/books/{book_id}/read"): {"data": {"mark": "1/1"}},
        ("PUT", "/api/reading/{book_id}"): {"json": {"place": "1/1"}},
        ("PUT", "/api/shares/{work_id}"): {"json": {"days": 7}},
        ("POST", "/share/{work_id}"): {"data": {"days": "7"}},
        ("PATCH", "/api/projects/{project_id}"): {"json": {"name": "Eve was here"}},
        ("POST", "/library/projects/{project_id}"): {"data": {"name": "Eve was here"}},
        ("PATCH", "/api/photos/{photo_id}"): {"json": {"face": 0}},
        ("POST", "/presets/{preset_id}"): {"data": {"name": "Eve was here"}},
        ("POST", "/presets/{preset_id}/own"): {"data": {"name": "Eve was here"}},
        ("PATCH", "/api/presets/{preset_id}"): {"json": {"name": "Eve was here"}},
        ("POST", "/api/photos/{photo_id}/confirm"): {"json": confirmed},
        ("POST", "/api/photos/{photo_id}/restyled"): {"json": {}},
        ("POST", "/photos/{photo_id}"): {"data": confirmed},
        ("POST", "/photos/{photo_id}/face"): {"data": {"face": "0"}},
        ("POST", "/photos/{photo_id}/restyled"): {"data": {"style": "ink"}},
        ("PATCH", "/api/teams/{team_id}"): {"json": {"name": "Eve's"}},
        ("POST", "/api/teams/{team_id}/members"): {"json": {"email": "eve2@example.org"}},
        ("POST", "/api/teams/{team_id}/members/invite"): {"json": {"email": "eve3@example.org"}},
        ("PATCH", "/api/teams/{team_id}/members/{member_id}"): {"json": {"role": "viewer"}},
        ("POST", "/api/teams/{team_id}/transfer"): {"json": {"person_id": theirs["member_id"]}},
        ("POST", "/api/admin/teams/{team_id}/credits"): {"json": {"credits": 5, "reason": "please"}},
        ("POST", "/api/admin/teams/{team_id}/credits/take-back"): {"json": {"credits": 5, "reason": "please"}},
        ("PUT", "/api/admin/teams/{team_id}/plan"): {"json": {"plan": "free", "reason": "please"}},
        ("POST", "/api/admin/jobs/{job_id}/refund"): {"json": {"reason": "please"}},
        ("PUT", "/api/admin/plans/{key}"): {"json": plan},
        ("PUT", "/api/admin/people/{person_id}/site-admin"): {"json": {"is_admin": False, "reason": "please"}},
        ("POST", "/api/admin/people/{person_id}/unlock"): {"json": {"reason": "please"}},
        ("POST", "/api/admin/people/{person_id}/sign-out"): {"json": {"reason": "please"}},
        ("POST", "/admin/people/{person_id}"): {"data": {"act": "unlock", "reason": "please"}},
        ("POST", "/admin/teams/{team_id}"): {"data": {"act": "grant", "credits": "5", "reason": "please"}},
        ("POST", "/admin/jobs/{job_id}/refund"): {"data": {"reason": "please"}},
        ("POST", "/admin/jobs/{job_id}/cancel"): {"data": {"reason": "please"}},
        ("POST", "/api/admin/jobs/{job_id}/cancel"): {"json": {"reason": "please"}},
        ("POST", "/admin/plans/{key}"): {"data": {"act": "change", "version": "1", "reason": "please"}},
    }


def sent_to_lists(theirs: Mapping[str, str], password: str) -> dict[Route, Sent]:
    """To routes of no object that write: what names another's, wherever they take such a thing."""
    book = {"premise": "Eve the girl looks for Mira", "pages": 6}
    png = {"file": ("eve.png", b"\x89PNG\r\n\x1a\n" + bytes(20))}
    card = {"name": "Eve", "email": "eve3@example.org", "password": password}
    token = {"token": "x" * 43}
    both: dict[Route, Sent] = {}
    for room in ("books", "ebooks"):
        both[("POST", f"/api/{room}")] = {"json": {**book, "photos": [theirs["photo_id"]]}}
        both[("POST", f"/api/{room}/import")] = both[("POST", f"/api/{room}/import/quote")] = {"files": png}
    return {
        **both,
        ("POST", "/api/videos"): {
            "json": {
                "premise": "Eve looks for Mira",
                **dict.fromkeys(("picture_id", "driving_id", "lut_id"), theirs["asset_id"]),
                "book_id": theirs["book_id"],
            },
        },
        **{
            ("POST", path): {
                "data": {
                    "premise": "Eve looks for Mira",
                    "preset": theirs.get("preset_id", ""),
                    "book": theirs["book_id"],
                    **dict.fromkeys(("picture", "driving"), theirs["asset_id"]),
                }
            }
            for path in ("/videos", "/make/film/price")
        },
        ("POST", "/books"): {"data": {"premise": book["premise"], "photos": theirs["photo_id"]}},
        ("POST", "/books/import"): {"files": png},
        **{
            ("POST", f"{path}"): {"files": png}
            for path in ("/videos/import", "/api/videos/import", "/api/videos/import/quote")
        },
        ("POST", "/make/price"): {"data": {"premise": book["premise"], "sample": theirs.get("job_id", "")}},
        ("POST", "/make/sample"): {"data": {"premise": book["premise"], "photos": theirs["photo_id"]}},
        ("POST", "/api/jobs"): {
            "json": {"kind": "books.make@1", "request": {"brief": book}, "project_id": theirs["project_id"]},
        },
        ("POST", "/api/projects"): {"json": {"name": "Eve's"}},
        ("POST", "/api/presets"): {"json": {"name": "Eve's", "category": "mood", "config": {"camera": [{"zoom": 3}]}}},
        ("POST", "/api/notifications/read"): {},
        ("POST", "/notifications/read"): {},
        ("PUT", "/api/notifications/mails"): {"json": {"mails": []}},
        ("POST", "/notifications/mails"): {"data": {"mails": "work_failed"}},
        ("POST", "/api/trash/restore"): {"json": {"works": [theirs["book_id"]], "files": [theirs["asset_id"]]}},
        ("DELETE", "/api/trash"): {},
        ("POST", "/library/upload"): {"files": png, "data": {"project": theirs["project_id"]}},
        ("POST", "/api/assets"): {"files": png, "data": {"project_id": theirs["project_id"]}},
        ("POST", "/api/assets/upload"): {"files": png, "data": {"project_id": theirs["project_id"]}},
        ("POST", "/api/photos"): {"files": png, "data": {"consent": "x"}},
        ("POST", "/photos"): {"files": png, "data": {"consent": "x"}},
        ("POST", "/api/billing/credits/quote"): {
            "json": {"kind": "books.make@1", "request": {"brief": book}, "lineage": theirs["book_id"]},
        },
        ("POST", "/api/auth/register"): {"json": card},
        ("POST", "/api/auth/identities"): {"json": token},
        ("POST", "/api/auth/login"): {"json": {"email": theirs["email"], "password": password + "!"}},
        ("POST", "/api/auth/guest"): {},
        ("POST", "/api/auth/verify-email"): {"json": {**token, "password": password}},
        ("POST", "/api/auth/refresh"): {"json": {"refresh_token": "x"}},
        ("POST", "/api/auth/forgot-password"): {"json": {"email": theirs["email"]}},
        ("POST", "/api/auth/reset-password"): {"json": {**token, "password": password}},
        ("POST", "/api/auth/confirm"): {"json": {"password": "wrong password"}},
        ("POST", "/api/auth/second-factor"): {},
        ("POST", "/api/auth/second-factor/confirm"): {"json": {"code": "000000"}},
        ("POST", "/api/auth/second-factor/recovery-codes"): {},
        ("DELETE", "/api/auth/second-factor"): {},
        ("POST", "/api/auth/second-factor/login"): {"json": {"ticket": token["token"], "code": "000000"}},
        ("POST", "/api/auth/passkeys/options"): {},
        ("POST", "/api/auth/passkeys"): {"json": {"name": "Eve's", "credential": _credential(theirs, True)}},
        ("POST", "/api/auth/passkeys/login/options"): {},
        ("POST", "/api/auth/passkeys/login"): {"json": {"credential": _credential(theirs, False)}},
        ("POST", "/api/auth/passkeys/confirm/options"): {},
        ("POST", "/api/auth/passkeys/confirm"): {"json": {"credential": _credential(theirs, False)}},
        ("PATCH", "/api/auth/me"): {"json": {"name": "Eve"}},
        ("DELETE", "/api/auth/me"): {"json": {"password": "wrong password"}},
        ("POST", "/api/auth/change-password"): {"json": {"old": "wrong password", "new": "four loud geese"}},
        ("POST", "/api/auth/change-email"): {"json": {"email": theirs["email"], "password": password}},
        ("PATCH", "/api/settings"): {"json": {"own": {"author": "Eve"}, "team": {"style": "ink"}}},
        ("POST", "/api/keys"): {"json": {"name": "Eve's", "scopes": ["work:read"]}},
        ("POST", "/api/teams"): {"json": {"name": "Eve's"}},
        ("POST", "/api/invitations/accept"): {"json": {"token": theirs["token"]}},
        ("POST", "/api/invitations/decline"): {"json": {"token": theirs["token"]}},
        ("POST", "/invitations/accept"): {"data": token},
        ("POST", "/invitations/decline"): {"data": token},
        ("POST", "/api/billing/checkout"): {"json": {"plan": "pro"}},
        ("PUT", "/api/billing/subscription"): {"json": {"plan": "pro"}},
        ("POST", "/api/billing/portal"): {},
        ("POST", "/api/billing/webhook"): {"content": b"{}", "headers": {"Stripe-Signature": "t=1,v1=00"}},
        ("POST", "/api/stripe/webhook"): {"content": b"{}", "headers": {"Stripe-Signature": "t=1,v1=00"}},
        **_forms(theirs, password),
        ("POST", "/api/auth/logout"): {},
        ("POST", "/logout"): {},
    }


def _credential(theirs: Mapping[str, str], is_new: bool) -> dict[str, Any]:
    """The first tenant's passkey, without what only its authenticator could sign."""
    parts = ("attestationObject",) if is_new else ("authenticatorData", "signature")
    response = dict.fromkeys(("clientDataJSON", *parts), "e30")
    return {"id": theirs["credential"], "rawId": theirs["credential"], "type": "public-key", "response": response}


def _forms(theirs: Mapping[str, str], password: str) -> dict[Route, Sent]:
    """The same as forms of pages."""
    wrong, stranger = {"password": "wrong password"}, "stranger@example.org"
    forms: dict[str, dict[str, str]] = {
        "/account/delete": wrong,
        "/account/email": {"email": theirs["email"], **wrong},
        "/account/keys": {"name": "Eve's", "scopes": "work:read", "days": "1"},
        "/account/name": {"name": "Eve"},
        "/account/recovery-codes": {},
        "/account/second-factor": {},
        "/account/second-factor/confirm": {"code": "000000"},
        "/account/second-factor/off": {},
        "/admin/schedules": {"name": "billing.tidy", "reason": "please"},
        "/library/picked": {"act": "discard", "pick": f"work:{theirs['book_id']}"},
        "/library/projects": {"name": "Eve's"},
        "/library/trash": {"act": "delete", "pick": f"file:{theirs['asset_id']}"},
        "/library/undo": {"at": "1"},
        "/login/code": {"ticket": "x" * 43, "code": "000000"},
        "/account/password": {"old": "wrong password", "new": "four loud geese"},
        "/billing/change": {"plan": "pro"},
        "/billing/checkout": {"plan": "pro"},
        "/billing/portal": {},
        "/confirm": wrong,
        "/forgot": {"email": stranger},
        "/guest": {},
        "/language": {"language": "de"},
        "/link": {"token": "x" * 43},
        "/login": {"email": stranger, **wrong},
        "/register": {"email": stranger, "name": "Eve", "password": password},
        "/reset": {"token": "x" * 43, "password": password},
        "/settings": {"whose": "own", "author": "Eve"},
        "/till/portal": {"act": "end", "subscription": "x"},
        "/teams": {"name": "Eve's"},
        "/verify": {"token": "x" * 43, "password": password},
    }
    return {("POST", path): {"data": form} for path, form in forms.items()}


def asked_of_lists(theirs: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """To lists: filters that name another's."""
    return {
        "/make": {"photo": theirs["photo_id"]},
        "/api/assets": {"project_id": theirs["project_id"], "with_unsigned": "true"},
        "/api/works": {"project_id": theirs["project_id"], "words": MARK},
        "/library": {"project": theirs["project_id"]},
        "/library/files": {"project": theirs["project_id"]},
        "/api/audit": {"actor": theirs["member_id"]},
    }
