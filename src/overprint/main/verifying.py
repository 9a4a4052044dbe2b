"""``overprint verify``: what a file says of itself, whether that is so, and whether its recipe makes it again."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID

from overprint.core.credentials import Credentials, State
from overprint.core.files import media_type_of, sha256_of
from overprint.core.problems import Invalid, LimitReached, NotFound, Unavailable
from overprint.db.embedded import DataLayout
from overprint.engine.participants import JobInfo
from overprint.engine.recipe import recipe
from overprint.engine.replay import ReplayContext, claim_of, replay
from overprint.main.exits import Exit
from overprint.main.home import open_home, read_settings, refuse_unmade
from overprint.ports.credentials import FILE_TYPES
from overprint.settings import Settings
from overprint.wiring import House
from overprint.wiring.ports import reader_of

FILE_MAX_BYTES = 250_000_000
_HEAD_BYTES = 64
_ASSET = "asset"
_UNKNOWN = "What was signed has no recipe here: it was imported, made from a photo, or its book was deleted."
_STRANGE = "It was not signed by this installation, so it was not made again from its recipe."


async def verify_asset(data: Path | None, asset: str) -> int:
    """0: nothing was changed, and if its recipe is known here the same bytes came out. 1: that is not so."""
    settings = read_settings(data, log_level="ERROR", claims=False)
    path = Path(asset).absolute()
    if path.is_file():
        found, content_hash = await _looked_into(settings, path)
        if found is not None and (_is_broken(found) or _holds_nothing(settings)):
            return _told_only(found)
    else:
        asset_id = _id(asset)
    refuse_unmade(settings)
    async with open_home(settings) as house:
        if not path.is_file():
            found, content_hash = await _stored(settings, house, asset_id)
        if found is not None and (_is_broken(found) or not found.ours):
            return _told_only(found)
        made = await _find(house, found.facts.content_sha256 if found else content_hash)
        if made is None and found is not None:
            print(_UNKNOWN)
            return Exit.OK
        if made is None:
            raise NotFound(f"{asset} is not a file that was made here, or it was changed since.")
        print(f"{made['name']}: made by step {made['step_key']} ({made['step_kind']})")
        print(f"recipe {made['recipe']}")
        return await _compare(house, made)


async def _looked_into(settings: Settings, path: Path) -> tuple[Credentials | None, str]:
    """What the credentials of a file say, and its SHA-256. A sound or a film is read where it lies, however long."""
    try:
        with path.open("rb") as file:
            media_type = media_type_of(file.read(_HEAD_BYTES))
            file.seek(0)
            content_hash = await asyncio.to_thread(sha256_of, file)
            file.seek(0)
            is_by_path = media_type is None or media_type in FILE_TYPES
            source = path if is_by_path else await asyncio.to_thread(file.read, FILE_MAX_BYTES + 1)
    except OSError as error:
        raise Unavailable(f"{path} cannot be read ({error.strerror}).", "Look at its permissions.") from error
    if isinstance(source, bytes) and len(source) > FILE_MAX_BYTES:
        raise LimitReached(
            f"{path} is larger than {FILE_MAX_BYTES // 1_000_000} MB, which is not read here.",
            "Any other reader of Content Credentials (C2PA) tells what is signed in it.",
        )
    return await _credentials(settings, source, media_type), content_hash


async def _credentials(settings: Settings, source: bytes | Path, media_type: str | None) -> Credentials | None:
    """Tells what the file's credentials say; None if it has none, or is of a kind that never has."""
    if media_type is None:
        return None
    async with reader_of(settings) as read:
        try:
            reading = await read(source, media_type)
        except Invalid as problem:
            print(problem.message)
            return None
    for line in reading.told:
        print(line)
    return reading.credentials


def _is_broken(found: Credentials) -> bool:
    return found.state in (State.CHANGED, State.DAMAGED)


def _told_only(found: Credentials) -> int:
    """All that can be said of a file that was changed, or was signed elsewhere: what its signer claims proves nothing
    about what is here. Nor is anything here where nothing but a key was made yet."""
    if _is_broken(found):
        return Exit.INCOMPLETE
    print(_UNKNOWN if found.ours else _STRANGE)
    return Exit.OK


def _holds_nothing(settings: Settings) -> bool:
    """Whoever has only the file needs no database to read it."""
    return settings.database.is_embedded and not DataLayout.of(settings.data_dir).pg.exists()


def _id(asset: str) -> UUID:
    try:
        return UUID(asset)
    except ValueError:
        raise NotFound(f"{asset!r} is neither a file nor an asset's id.") from None


async def _stored(settings: Settings, house: House, asset_id: UUID) -> tuple[Credentials | None, str]:
    async with house.database.transaction(house.owner.team_id) as transaction:
        asset = await house.library.get_asset(transaction, asset_id)
    async with house.ports.storage.scratch() as folder:
        await house.ports.storage.lend(asset["storage_key"], folder / _ASSET)
        return await _looked_into(settings, folder / _ASSET)


async def _find(house: House, content_hash: str) -> dict[str, Any] | None:
    async with house.database.transaction(house.owner.team_id) as transaction:
        return await house.library.find_by_hash(transaction, content_hash)


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
