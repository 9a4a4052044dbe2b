"""Photos go by themselves when their time is over, whoever was killed half way."""

from dataclasses import replace
from datetime import timedelta

import pytest

from overprint.core.clock import SystemClock
from overprint.core.problems import Conflict
from overprint.engine.schedule import ScheduleContext
from overprint.features.photos import Photos, rules
from overprint.features.photos.room import schedules
from overprint.features.photos.store import Row, begin_end
from overprint.ports.errors import Unavailable
from tests.features.photos.people import CONSENT, MIA, photo
from tests.support.clock import SetClock
from tests.support.studio import Studio

HOUR = timedelta(hours=1)
RECEIPTS = "SELECT actor_id, detail FROM audit_log WHERE action = 'photo.deleted'"


async def _turn(studio: Studio, clock: SetClock, photos: Photos | None = None) -> None:
    (schedule,) = schedules(photos or studio.books.photos)
    await schedule.body(ScheduleContext(studio.engine.database, clock, 60.0))


async def _upload(studio: Studio) -> Row:
    return await studio.books.photos.upload(studio.transaction, studio.owner, photo(), CONSENT.version)


async def _row(studio: Studio, kept: Row) -> Row:
    async with studio.transaction() as transaction:
        return await studio.books.photos.get(transaction, kept["id"])


async def test_a_photo_lives_for_its_time_and_its_character_for_longer(studio: Studio) -> None:
    clock = SetClock()
    photos = replace(studio.books.photos, clock=clock)
    kept = await _upload(studio)
    async with studio.transaction() as transaction:
        await photos.confirm(transaction, studio.owner, kept["id"], MIA)
    clock.ahead = photos.lifetime - HOUR
    await _turn(studio, clock)
    assert await photos.get_picture(studio.transaction, kept["id"])
    clock.ahead = photos.lifetime + timedelta(seconds=1)
    with pytest.raises(Conflict, match="deleted"):
        await photos.get_picture(studio.transaction, kept["id"])
    assert rules.state_of(await _row(studio, kept), clock.now()) == "deleting"
    await _turn(studio, clock)
    gone = await _row(studio, kept)
    assert await studio.storage.find(kept["storage_key"]) is None
    assert rules.state_of(gone, clock.now()) == "deleted"
    assert (gone["reading"], gone["look"]["name"], gone["ending"], gone["ended_by"]) == (None, "Mia", "expired", None)
    assert timedelta() <= gone["deleted_at"] - kept["expires_at"] < timedelta(minutes=1)
    assert rules.receipt_of(gone).reason == "expired"
    async with studio.transaction() as transaction:
        line = await transaction.driver.fetchrow(RECEIPTS)
        assert await photos.get_looks(transaction, [kept["id"]])
    assert line["actor_id"] is None and kept["uploaded_hash"] in str(line["detail"])


async def test_another_turn_writes_no_second_receipt(studio: Studio) -> None:
    kept, clock = await _upload(studio), SetClock(timedelta(hours=25))
    await _turn(studio, clock)
    first = await _row(studio, kept)
    await _turn(studio, SetClock(timedelta(hours=50)))
    assert await _row(studio, kept) == first
    async with studio.transaction() as transaction:
        assert len(await transaction.driver.fetch(RECEIPTS)) == 1


async def test_a_deletion_that_was_cut_short_is_finished_by_the_next_turn(studio: Studio) -> None:
    """Killed before the bytes went, and killed after them."""
    before, after = await _upload(studio), await _upload(studio)
    for kept in (before, after):
        async with studio.transaction() as transaction:
            await begin_end(transaction, kept["id"], "asked", studio.owner.person_id)
    await studio.storage.delete(after["storage_key"])
    await _turn(studio, SetClock())
    for kept in (before, after):
        gone = await _row(studio, kept)
        assert gone["deleted_at"] is not None and gone["ending"] == "asked"
        assert await studio.storage.find(kept["storage_key"]) is None


async def test_storage_that_is_away_is_tried_again_and_nothing_claims_that_it_worked(studio: Studio) -> None:
    kept, clock = await _upload(studio), SetClock(timedelta(hours=25))
    with pytest.raises(Unavailable):
        await _turn(studio, clock, replace(studio.books.photos, storage=_Away()))
    assert (await _row(studio, kept))["deleted_at"] is None
    await _turn(studio, clock)
    assert (await _row(studio, kept))["deleted_at"] is not None


class _Away:
    async def delete(self, key: str) -> None:
        raise Unavailable("Nobody there.", provider="storage")


async def test_the_time_that_a_photo_is_kept_is_the_operators(studio: Studio) -> None:
    photos = replace(studio.books.photos, lifetime=2 * HOUR, clock=SystemClock())
    kept = await photos.upload(studio.transaction, studio.owner, photo(), CONSENT.version)
    assert kept["expires_at"] - kept["created_at"] == 2 * HOUR
