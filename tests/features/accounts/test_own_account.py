"""What people change about their own account, and how it ends."""

from overprint.core.ids import new_id
from tests.features.accounts.conftest import PASSWORD, Town, log_in
from tests.features.accounts.test_passkeys import added

NEW = "four quiet swans"


async def test_a_forgotten_password_is_replaced_by_mail_and_all_sessions_end(town: Town) -> None:
    client, elsewhere = await town.person(), await town.visitor()
    await log_in(elsewhere)
    forgetful = await town.visitor()
    assert (await forgetful.post("/api/auth/forgot-password", json={"email": "Mira@Example.org"})).status_code == 202
    reset = {"token": await town.link("mira@example.org"), "password": NEW}
    assert (
        await forgetful.post("/api/auth/reset-password", json={**reset, "password": "password123"})
    ).status_code == 422
    assert (await forgetful.post("/api/auth/reset-password", json=reset)).status_code == 200
    assert (await forgetful.post("/api/auth/reset-password", json=reset)).status_code == 422
    for session in (client, elsewhere):
        assert (await session.get("/api/auth/me")).status_code == 401
    assert (await log_in(forgetful)).status_code == 401 and (await log_in(forgetful, password=NEW)).status_code == 200
    assert (await town.mails("mira@example.org"))[-1]["subject"] == "Your password was changed"


async def test_the_mail_on_a_new_password_lists_what_else_leads_into_the_account(town: Town) -> None:
    client = await town.person()
    await added(client, "the kitchen laptop")
    given = {"old": PASSWORD, "new": NEW}
    assert (await client.post("/api/auth/change-password", json=given)).status_code == 204
    assert "the kitchen laptop" in (await town.mails("mira@example.org"))[-1]["text"]


async def test_the_link_to_a_new_password_lives_for_an_hour_and_only_the_newest_use_counts(town: Town) -> None:
    client = await town.person()
    tokens = []
    for _ in range(2):
        await client.post("/api/auth/forgot-password", json={"email": "mira@example.org"})
        tokens.append(await town.link("mira@example.org"))
    used = await client.post("/api/auth/reset-password", json={"token": tokens[1], "password": NEW})
    assert used.status_code == 200
    other = await client.post("/api/auth/reset-password", json={"token": tokens[0], "password": NEW})
    assert other.status_code == 422, "another link is over as soon as one was used"
    await client.post("/api/auth/forgot-password", json={"email": "mira@example.org"})
    late = await town.link("mira@example.org")
    town.later(minutes=61)
    assert (await client.post("/api/auth/reset-password", json={"token": late, "password": NEW})).status_code == 422


async def test_a_link_of_one_kind_opens_nothing_of_another(town: Town) -> None:
    client = await town.person()
    await client.post("/api/auth/forgot-password", json={"email": "mira@example.org"})
    reset = await town.link("mira@example.org")
    assert (await client.post("/api/auth/verify-email", json={"token": reset, "password": PASSWORD})).status_code == 422
    assert (await client.post("/api/auth/reset-password", json={"token": reset, "password": NEW})).status_code == 200


async def test_a_changed_password_ends_the_other_sessions_only(town: Town) -> None:
    client, elsewhere = await town.person(), await town.visitor()
    await log_in(elsewhere)
    wrong = await client.post("/api/auth/change-password", json={"old": "not it at all", "new": NEW})
    assert wrong.status_code == 403 and (await elsewhere.get("/api/auth/me")).status_code == 200
    assert (await client.post("/api/auth/change-password", json={"old": PASSWORD, "new": NEW})).status_code == 204
    assert (await client.get("/api/auth/me")).status_code == 200
    assert (await elsewhere.get("/api/auth/me")).status_code == 401


async def test_a_new_address_is_confirmed_there_and_told_to_the_old_one(town: Town) -> None:
    client = await town.person()
    asked = {"email": "okafor@example.org", "password": PASSWORD}
    assert (await client.post("/api/auth/change-email", json={**asked, "password": "wrong one"})).status_code == 403
    assert (await client.post("/api/auth/change-email", json=asked)).status_code == 202
    assert (await client.get("/api/auth/me")).json()["email"] == "mira@example.org"
    token = await town.link("okafor@example.org")
    assert (await client.post("/api/auth/verify-email", json={"token": token, "password": PASSWORD})).status_code == 200
    assert (await client.get("/api/auth/me")).json()["email"] == "okafor@example.org"
    told = (await town.mails("mira@example.org"))[-1]
    assert told["subject"] == "Your account has another address now" and "okafor@example.org" in told["text"]
    assert (await log_in(client)).status_code == 401
    assert (await log_in(client, "okafor@example.org")).status_code == 200


async def test_nobody_takes_or_learns_of_the_address_of_another(town: Town) -> None:
    mira, nina = await town.person(), await town.person("nina@example.org", "Nina")
    answers = [
        await mira.post("/api/auth/change-email", json={"email": email, "password": PASSWORD})
        for email in ("nina@example.org", "free@example.org")
    ]
    assert answers[0].status_code == answers[1].status_code == 202 and answers[0].json() == answers[1].json()
    assert "address" not in (await town.mails("nina@example.org"))[-1]["subject"].replace("Confirm your address", "")
    token = await town.link("free@example.org")
    await nina.post("/api/auth/change-email", json={"email": "free@example.org", "password": PASSWORD})
    newer = await town.link("free@example.org")
    assert (await nina.post("/api/auth/verify-email", json={"token": newer, "password": PASSWORD})).status_code == 200
    assert (await mira.post("/api/auth/verify-email", json={"token": token, "password": PASSWORD})).status_code == 409


async def test_what_needs_care_needs_the_password_of_the_last_minutes(town: Town) -> None:
    client = await town.person()
    await town.house.database.system.execute("UPDATE people SET is_site_admin = true")
    assert (await client.get("/api/admin/mail")).status_code == 200
    town.later(minutes=11)
    refused = await client.get("/api/admin/mail")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_confirmed")
    assert (await client.post("/api/auth/confirm", json={"password": "a wrong one"})).status_code == 403
    assert (await client.post("/api/auth/confirm", json={"password": PASSWORD})).status_code == 204
    assert (await client.get("/api/admin/mail")).status_code == 200


async def test_mail_is_for_site_admins_alone(town: Town) -> None:
    client = await town.person()
    assert (await client.get("/api/admin/mail")).status_code == 403
    assert (await (await town.visitor()).get("/api/admin/mail")).status_code == 401


async def test_one_takes_home_what_is_known_of_one(town: Town) -> None:
    client = await town.person()
    answer = await client.get("/api/auth/export")
    assert answer.headers["content-disposition"].startswith("attachment")
    told = answer.json()
    assert told["person"]["email"] == "mira@example.org" and len(told["sessions"]) == 1
    assert (told["has_password"], told["has_second_factor"], told["passkeys"]) == (True, False, [])
    assert "argon2" not in answer.text and "/archive" in told["about"]


async def test_keys_teams_and_deeds_are_taken_home_too_but_no_secret_and_nobody_else_s(town: Town) -> None:
    nina, mira = await town.person("nina@example.org", "Nina"), await town.person()
    for client in (nina, mira):
        await client.post("/api/teams", json={"name": "Press"})
    made = (await mira.post("/api/keys", json={"name": "printer", "scopes": ["work:read"]})).json()
    answer = await mira.get("/api/auth/export")
    told, own = answer.json(), (await mira.get("/api/auth/me")).json()["id"]
    assert [(team["name"], team["role"]) for team in told["teams"]] == [("Mira Okafor", "owner"), ("Press", "owner")]
    assert [key["name"] for key in told["api_keys"]] == ["printer"] and made["key"] not in answer.text
    assert {"key.made", "person.logged_in", "team.made"} <= {line["action"] for line in told["audit"]}
    assert {line["actor_id"] for line in told["audit"]} == {own} and "Nina" not in answer.text


async def test_a_closed_account_leaves_no_name_no_address_and_no_way_in(town: Town) -> None:
    client = await town.person()
    body = {"password": PASSWORD}
    wrong = await client.request("DELETE", "/api/auth/me", json={"password": "not this"})
    assert wrong.status_code == 403
    assert (await client.request("DELETE", "/api/auth/me", json=body)).status_code == 204
    assert (await client.get("/api/auth/me")).status_code == 401 and (await log_in(client)).status_code == 401
    row = await town.house.database.system.fetchrow("SELECT * FROM people WHERE closed_at IS NOT NULL")
    assert (row["email"], row["password_hash"], row["is_site_admin"]) == (None, None, False) and "Mira" not in row[
        "name"
    ]
    again = await town.person()
    assert (await again.get("/api/auth/me")).json()["id"] != str(row["id"]), "the address is free for a new beginning"


async def test_a_team_is_not_left_without_an_owner(town: Town) -> None:
    mira, nina = await town.person(), await town.person("nina@example.org", "Nina")
    ids = [(await client.get("/api/auth/me")).json()["id"] for client in (mira, nina)]
    pool, team_id = town.house.database.system, new_id()
    await pool.execute("INSERT INTO teams (id, name, slug) VALUES ($1, 'Press', 'press')", team_id)
    for person_id, role in zip(ids, ("owner", "member"), strict=True):
        await pool.execute(
            "INSERT INTO memberships (team_id, person_id, role) VALUES ($1, $2, $3)", team_id, person_id, role
        )
    refused = await mira.request("DELETE", "/api/auth/me", json={"password": PASSWORD})
    assert refused.status_code == 409 and "Press" in refused.json()["title"]
    assert (await nina.request("DELETE", "/api/auth/me", json={"password": PASSWORD})).status_code == 204
    assert (await mira.request("DELETE", "/api/auth/me", json={"password": PASSWORD})).status_code == 204


async def test_one_chooses_a_team_by_header_or_cookie_and_only_one_s_own(town: Town) -> None:
    mira, nina = await town.person(), await town.person("nina@example.org", "Nina")
    mine = (await mira.get("/api/auth/me")).json()
    theirs = (await nina.get("/api/auth/me")).json()["team_id"]
    pool, team_id = town.house.database.system, new_id()
    await pool.execute("INSERT INTO teams (id, name, slug) VALUES ($1, 'Press', 'press')", team_id)
    await pool.execute("INSERT INTO memberships VALUES ($1, $2, 'viewer')", team_id, mine["id"])
    for chosen in ("press", str(team_id)):
        me = (await mira.get("/api/auth/me", headers={"X-Team": chosen})).json()
        assert (me["team_id"], me["role"]) == (str(team_id), "viewer")
    for foreign in (theirs, "nowhere", "'; --"):
        assert (await mira.get("/api/auth/me", headers={"X-Team": foreign})).status_code == 404
    mira.cookies.set("overprint_team", "press")
    assert (await mira.get("/api/auth/me")).json()["team_id"] == str(team_id)
    mira.cookies.set("overprint_team", theirs)
    assert (await mira.get("/api/auth/me")).json()["team_id"] == mine["team_id"]


async def test_a_new_name_is_refused_where_somebody_else_changed_it_since(town: Town) -> None:
    client = await town.person()
    tag = {"If-Match": (await client.get("/api/auth/me")).headers["etag"]}
    first = await client.patch("/api/auth/me", json={"name": "Mira O."}, headers=tag)
    assert (first.status_code, first.headers["etag"] != tag["If-Match"]) == (200, True)
    assert (await client.patch("/api/auth/me", json={"name": "Mirabel"}, headers=tag)).status_code == 412
    assert (await client.get("/api/auth/me")).json()["name"] == "Mira O."
