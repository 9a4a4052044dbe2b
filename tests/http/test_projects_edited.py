"""Two people rename a project: who comes late is told."""

import httpx


async def test_a_project_that_somebody_else_renamed_is_not_renamed_again(desk: httpx.AsyncClient) -> None:
    made = (await desk.post("/api/projects", json={"name": "Night"})).json()
    at = f"/api/projects/{made['id']}"
    tag = {"If-Match": (await desk.get(at)).headers["etag"]}
    first = await desk.patch(at, json={"name": "Dawn"}, headers=tag)
    assert first.status_code == 200
    late = await desk.patch(at, json={"name": "Dusk"}, headers=tag)
    assert (late.status_code, late.json()["code"]) == (412, "outdated")
    assert (await desk.get(at)).json()["name"] == "Dawn"
    assert (await desk.patch(at, json={"name": "Day"}, headers={"If-Match": first.headers["etag"]})).status_code == 200
