"""``overprint verify``: make a file again from its recipe and compare."""

import hashlib
from pathlib import Path
from typing import Any
from uuid import UUID

from overprint.core.problems import NotFound
from overprint.engine.participants import JobInfo
from overprint.engine.recipe import recipe
from overprint.engine.replay import ReplayContext, claim_of, replay
from overprint.main.exits import Exit
from overprint.main.home import open_home, read_settings
from overprint.wiring import House

FILE_MAX_BYTES = 1_000_000_000


async def verify_asset(data: Path | None, asset: str) -> int:
    """0: the same bytes came out. 1: they did not, or the file is not what we made."""
    settings = read_settings(data, log_level="ERROR")
    async with open_home(settings) as house:
        found = await _find(house, asset)
        print(f"{found['name']}: made by step {found['step_key']} ({found['step_kind']})")
        print(f"recipe {found['recipe']}")
        return await _compare(house, found)


async def _find(house: House, asset: str) -> dict[str, Any]:
    path = Path(asset)
    async with house.database.transaction(house.owner.team_id) as transaction:
        if path.is_file():
            with path.open("rb") as file:
                content_hash = hashlib.file_digest(file, "sha256").hexdigest()
            found = await house.library.find_by_hash(transaction, content_hash)
            if found is None:
                raise NotFound(
                    f"{path} is not a file that was made here, or it was changed since.", f"sha256 {content_hash}"
                )
            return found
        try:
            return await house.library.get_asset(transaction, UUID(asset))
        except ValueError:
            raise NotFound(f"{asset!r} is neither a file nor an asset's id.") from None


async def _compare(house: House, asset: dict[str, Any]) -> int:
    kind = house.rules.registry.kinds.get(asset["step_kind"] or "")
    if kind is None or asset["recipe"] is None:
        print("It was not made by a step that this version knows (an upload?), so there is nothing to make again.")
        return Exit.INCOMPLETE
    providers = house.rules.providers_of(kind)
    now = recipe(kind.name, asset["recipe_input"], providers, asset["seed"])
    if now != asset["recipe"]:
        print("The recipe names other providers or settings than today's, so it would not come out the same.")
        return Exit.INCOMPLETE
    strangers = [provider.name for provider in providers.values() if provider.name != "embedded"]
    if strangers:
        print(f"The recipe is unchanged. {', '.join(strangers)} may answer otherwise each time and was not asked.")
        return Exit.OK
    job = JobInfo(asset["job_id"], asset["team_id"], "replay", asset["lineage"], None, {}, None)
    claim = claim_of(job, asset["step_key"], kind.name, asset["recipe_input"], asset["seed"])
    context = ReplayContext(claim, house.ports, house.database.system, kind.in_doubt, {})
    made = {file.content_hash for file in await replay(context, kind, asset["recipe_input"])}
    if asset["content_hash"] in made:
        print(f"Made again: the same bytes (sha256 {asset['content_hash']}).")
        return Exit.OK
    print(f"Made again: other bytes. Kept {asset['content_hash']}, made {', '.join(sorted(made))}.")
    return Exit.INCOMPLETE
