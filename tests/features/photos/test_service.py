"""Photos on a real database: read, confirmed, deleted, with a receipt that is true."""

import asyncio
import hashlib
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from PIL import Image

from overprint.adapters.compute.inline import InlineCompute
from overprint.adapters.credentials.embedded import EmbeddedCredentials, new_identity
from overprint.core.clock import SystemClock
from overprint.core.codec import decode
from overprint.core.credentials import Source, State
from overprint.core.ids import new_id
from overprint.core.problems import Conflict, Denied, Invalid, LimitReached, NotFound
from overprint.core.story import Look
from overprint.craft.photos import PHOTO_SIDE_PX, PersonReading, PhotoStyle
from overprint.features.photos import Photos, rules
from overprint.features.photos.store import Row
from overprint.ports.errors import Unavailable
from overprint.ports.storage import StoragePort
from overprint.wiring.handling import wordings_of
from tests.craft.photos.portraits import encoded, portrait
from tests.features.photos.people import CONSENT, MIA, hills, photo, two_people
from tests.support.clock import SetClock
from tests.support.studio import Studio

LINES = "SELECT action, actor_id, detail FROM audit_log WHERE subject_id = $1 ORDER BY seq"


async def _upload(studio: Studio, data: bytes | None = None, photos: Photos | None = None) -> Row:
    room = photos or studio.books.photos
    return await room.upload(studio.transaction, studio.owner, data or photo(), CONSENT.version)


async def _confirm(studio: Studio, photo_id: UUID) -> Row:
    async with studio.transaction() as transaction:
        return await studio.books.photos.confirm(transaction, studio.owner, photo_id, MIA)


async def _stored(studio: Studio) -> list[str]:
    return [info.key async for info in studio.storage.list("teams/")]


async def test_a_photo_is_read_and_only_a_clean_smaller_copy_is_kept(studio: Studio) -> None:
    exif = Image.Exif()
    exif[0x010E] = "at home, 48.2 N 16.4 E"
    original = encoded(portrait(side_px=2000), exif=exif)
    kept = await _upload(studio, original)
    copy = await studio.books.photos.get_picture(studio.transaction, kept["id"])
    assert await _stored(studio) == [kept["storage_key"]]
    assert b"at home" in original and b"at home" not in copy
    with Image.open(io.BytesIO(copy)) as image:
        assert image.format == "JPEG" and max(image.size) == PHOTO_SIDE_PX and not image.getexif()
        assert image.size == (kept["width_px"], kept["height_px"])
    assert kept["uploaded_hash"] == hashlib.sha256(original).hexdigest()
    assert kept["content_hash"] == hashlib.sha256(copy).hexdigest()
    reading = decode(PersonReading, kept["reading"])
    assert reading.trait("hair_colour").name == "auburn" and len(reading.faces) == 1
    assert kept["created_by"] == studio.owner.person_id
    assert (kept["consent_version"], kept["consent_language"]) == (CONSENT.version, "en")
    assert kept["expires_at"] - kept["created_at"] == studio.books.photos.lifetime


async def test_what_is_made_from_a_photo_says_so_in_its_credentials(studio: Studio) -> None:
    signer = EmbeddedCredentials(InlineCompute(), SystemClock(), new_identity(datetime.now(UTC)))
    photos = replace(studio.books.photos, signer=signer)
    painted = await photos.reader.restyle(photo(), PhotoStyle.INK, 3)
    found = (await signer.read(painted, "image/jpeg")).credentials
    assert found is not None and found.ours and found.state is State.INTACT
    assert (found.facts.source, found.facts.author) == (Source.TREATED, "")
    plain = await studio.books.photos.reader.restyle(photo(), PhotoStyle.INK, 3)
    assert found.facts.content_sha256 == hashlib.sha256(plain).hexdigest()


async def test_without_consent_nothing_is_opened_or_kept(studio: Studio) -> None:
    for consent in ("", "yes", "2020-01"):
        with pytest.raises(Invalid, match="agreed"):
            await studio.books.photos.upload(studio.transaction, studio.owner, b"not even a photo", consent)
    assert await studio.count("photos") == 0 and await _stored(studio) == []


async def test_what_was_agreed_to_is_kept_in_the_words_and_the_language_that_were_shown(studio: Studio) -> None:
    photos = replace(studio.books.photos, translated=wordings_of)
    shown = next(words for words in photos.wordings if words.language == "de")
    assert shown.text.startswith("Ich darf dieses Foto") and shown.text != CONSENT.text
    kept = await photos.upload(studio.transaction, studio.owner, photo(), shown.version)
    receipt = rules.receipt_of(await photos.delete(studio.transaction, studio.owner, kept["id"]))
    assert receipt.consent_language == "de"
    assert receipt.consent_version == hashlib.sha256(shown.text.encode()).hexdigest()
    uploaded = await studio.engine.database.system.fetchval(
        "SELECT detail FROM audit_log WHERE action LIKE '%uploaded'"
    )
    assert "consent_language" in str(uploaded) and receipt.consent_version in str(uploaded)


async def test_of_a_photo_that_cannot_be_used_nothing_is_left_behind(studio: Studio) -> None:
    for data in (hills(), b"", photo()[:3000], b"GIF89a" + bytes(100)):
        with pytest.raises(Invalid):
            await studio.books.photos.upload(studio.transaction, studio.owner, data, CONSENT.version)
    for table in ("photos", "audit_log", "doomed_blobs"):
        assert await studio.count(table) == 0, table
    assert await _stored(studio) == []


async def test_what_was_stored_of_an_upload_that_failed_is_swept(studio: Studio) -> None:
    slow = replace(studio.books.photos, clock=_Stopped())
    with pytest.raises(ZeroDivisionError):
        await _upload(studio, photos=slow)
    assert await _stored(studio) == [] == await _stored(studio)


class _Stopped:
    def now(self) -> object:
        return 1 / 0


async def test_a_photo_that_is_kept_is_not_swept_and_what_is_left_of_it_after_its_time_is(studio: Studio) -> None:
    kept = await _upload(studio)
    await studio.sweep()
    assert await _stored(studio) == [kept["storage_key"]]
    await studio.age_doomed(studio.books.photos.lifetime)
    await studio.sweep()
    assert await _stored(studio) == []


async def test_a_confirmed_look_is_what_books_get(studio: Studio) -> None:
    kept = await _upload(studio)
    async with studio.transaction() as transaction:
        with pytest.raises(Conflict, match="who is on this photo"):
            await studio.books.photos.get_looks(transaction, [kept["id"]])
    confirmed = await _confirm(studio, kept["id"])
    async with studio.transaction() as transaction:
        (look,) = await studio.books.photos.get_looks(transaction, [kept["id"], kept["id"]])
    assert look == decode(Look, confirmed["look"])
    assert (look.name, look.species, look.garment) == (MIA.name, MIA.species, MIA.garment)
    assert look.hair_colour == kept["reading"]["sheet"]["hair_colour"]
    portrait_of_mia = await studio.books.photos.draw(studio.owner, look)
    with Image.open(io.BytesIO(portrait_of_mia)) as image:
        assert image.format == "JPEG"


async def test_another_face_can_be_chosen_and_has_to_be_confirmed_anew(studio: Studio) -> None:
    kept = await _upload(studio, two_people())
    assert len(kept["reading"]["faces"]) == 2 and kept["reading"]["sheet"]["outfit"] == "#e9b83a"
    await _confirm(studio, kept["id"])
    room = studio.books.photos
    other = await room.choose_face(studio.transaction, studio.owner, kept["id"], 1)
    assert (other["reading"]["which"], other["look"]) == (1, None)
    assert other["reading"]["sheet"]["outfit"] == "#c8452f"
    with pytest.raises(Invalid, match="There are 2 faces"):
        await room.choose_face(studio.transaction, studio.owner, kept["id"], 2)


async def test_what_is_deleted_is_gone_and_the_receipt_says_what_when_and_who(studio: Studio) -> None:
    kept = await _upload(studio)
    await _confirm(studio, kept["id"])
    room = studio.books.photos
    gone = await room.delete(studio.transaction, studio.owner, kept["id"])
    assert await _stored(studio) == []
    assert (gone["reading"], gone["look"], gone["ending"], gone["ended_by"]) == (
        None,
        None,
        "asked",
        studio.owner.person_id,
    )
    receipt = rules.receipt_of(gone)
    assert receipt.uploaded_sha256 == hashlib.sha256(photo()).hexdigest()
    assert await room.delete(studio.transaction, studio.owner, kept["id"]) == gone, "again, the same receipt"
    async with studio.transaction() as transaction:
        lines = await transaction.driver.fetch(LINES, kept["id"])
    assert [line["action"] for line in lines] == [
        "photo.uploaded",
        "photo.confirmed",
        "photo.look_deleted",
        "photo.deleted",
    ]
    assert {line["actor_id"] for line in lines} == {studio.owner.person_id}
    assert receipt.uploaded_sha256 in str(lines[-1]["detail"]) and "asked" in str(lines[-1]["detail"])
    with pytest.raises(Conflict, match="deleted"):
        await room.get_picture(studio.transaction, kept["id"])
    with pytest.raises(Conflict, match="deleted"):
        await _confirm(studio, kept["id"])


async def test_a_photo_may_go_at_once_and_its_character_stay(studio: Studio) -> None:
    kept, room = await _upload(studio), studio.books.photos
    look = (await _confirm(studio, kept["id"]))["look"]
    gone = await room.delete(studio.transaction, studio.owner, kept["id"], keeps_look=True)
    assert gone["look"] == look and gone["deleted_at"] is not None and await _stored(studio) == []
    changed = await _confirm(studio, kept["id"])
    assert changed["look"] == look, "and may still be corrected"
    assert (await room.delete(studio.transaction, studio.owner, kept["id"]))["look"] is None


async def test_no_receipt_says_that_bytes_are_gone_while_the_storage_is_away(studio: Studio) -> None:
    kept = await _upload(studio)
    away = replace(studio.books.photos, storage=_Away())
    with pytest.raises(Unavailable):
        await away.delete(studio.transaction, studio.owner, kept["id"])
    async with studio.transaction() as transaction:
        row = await studio.books.photos.get(transaction, kept["id"])
    assert (row["deleted_at"], row["reading"], row["ending"]) == (None, None, "asked")
    with pytest.raises(Conflict, match="deleted"):
        await studio.books.photos.get_picture(studio.transaction, kept["id"])
    done = await studio.books.photos.delete(studio.transaction, studio.owner, kept["id"])
    assert done["deleted_at"] is not None and await _stored(studio) == []


class _Away:
    async def delete(self, key: str) -> None:
        raise Unavailable("Nobody there.", provider="storage")


async def test_viewers_and_other_teams_get_nothing(studio: Studio) -> None:
    kept, room = await _upload(studio), studio.books.photos
    with pytest.raises(Denied):
        await room.upload(studio.transaction, studio.viewer, photo(), CONSENT.version)
    with pytest.raises(Denied):
        await room.delete(studio.transaction, studio.viewer, kept["id"])
    with pytest.raises(Denied):
        await room.choose_face(studio.transaction, studio.viewer, kept["id"], 0)

    def elsewhere() -> object:
        return studio.engine.database.transaction(new_id())

    for refused in (room.get_picture(elsewhere, kept["id"]), room.delete(elsewhere, studio.owner, kept["id"])):  # type: ignore[arg-type]
        with pytest.raises(NotFound):
            await refused
    assert await _stored(studio) == [kept["storage_key"]]


async def _fill(studio: Studio, number: int) -> None:
    """Have the team keep ``number`` photos, all like the one that it has."""
    async with studio.transaction() as transaction:
        await transaction.driver.execute(
            "INSERT INTO photos SELECT (p).* FROM (SELECT jsonb_populate_record(photos, jsonb_build_object('id',"
            " gen_random_uuid())) AS p FROM photos, generate_series(2, $1)) many",
            number,
        )


async def test_a_team_keeps_a_bounded_number_of_photos(studio: Studio) -> None:
    kept = await _upload(studio)
    await _fill(studio, rules.PHOTOS_MAX)
    with pytest.raises(LimitReached, match="keeps 50 photos"):
        await _upload(studio)
    await studio.books.photos.delete(studio.transaction, studio.owner, kept["id"])
    await _upload(studio)


async def test_those_that_are_sent_at_the_same_moment_share_the_room_that_is_left(studio: Studio) -> None:
    kept = await _upload(studio)
    await _fill(studio, rules.PHOTOS_MAX - 1)
    await studio.books.photos.delete(studio.transaction, studio.owner, kept["id"])
    answers = await asyncio.gather(*[_upload(studio) for _ in range(4)], return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["LimitReached", "LimitReached", "dict", "dict"]


async def test_the_receipt_is_dated_after_the_bytes_are_gone(studio: Studio) -> None:
    kept, clock = await _upload(studio), SetClock()
    slow = replace(studio.books.photos, clock=clock, storage=_Slow(studio.storage, clock))
    gone = await slow.delete(studio.transaction, studio.owner, kept["id"])
    assert gone["deleted_at"] - kept["created_at"] >= timedelta(minutes=2)


class _Slow:
    """Takes two minutes to delete."""

    def __init__(self, storage: StoragePort, clock: SetClock) -> None:
        self._storage, self._clock = storage, clock

    async def delete(self, key: str) -> None:
        await self._storage.delete(key)
        self._clock.ahead = timedelta(minutes=2)
