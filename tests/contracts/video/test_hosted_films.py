"""What hosted models do on the wire, and what becomes of their tasks when something fails."""

import asyncio
import logging
import socket
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from overprint.adapters.compute.inline import InlineCompute
from overprint.adapters.hosted.endpoint import Account, endpoint_of
from overprint.adapters.hosted.links import fetched
from overprint.adapters.video.fal import FalFilms
from overprint.adapters.video.tasks import FILM_MAX_BYTES
from overprint.ports.errors import Busy, Misconfigured, ProviderError, Refused, TaskFailed, Unavailable
from overprint.ports.provider import Usage
from tests.contracts.video.conftest import REQUEST, HostedSet, fal_films, hosted_films, runway_films
from tests.support.film_server import After, ComesToNothing, FilmServer
from tests.support.films import film
from tests.support.hosted_failures import FAILURES, IMPATIENT, check
from tests.support.model_server import Behaviour, Drops, Fails, Floods, Hangs, Sends

WORDS_ALONE = {name: each for name, each in FAILURES.items() if not getattr(each.behaviour, "code", "")}
NO_FILMS: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "empty"),
    "a document": (lambda: b"%PDF-1.7", "no film"),
    "a picture": (lambda: REQUEST.picture, "no film"),
    "only a beginning": (lambda: film()[:700], "damaged"),
    "far too short": (lambda: film(frames=20), "instead of"),
    "ten hours": (lambda: film(times=[0, 1, 25 * 36_000]), "longer"),
}


@pytest.mark.parametrize("name", FAILURES)
async def test_a_failure_of_an_order_has_its_type(server: FilmServer, name: str, tmp_path: Path) -> None:
    for vendor in ("fal", "runway") if name in WORDS_ALONE else ("fal",):
        films = HostedSet(vendor, hosted_films(vendor, server), server, tmp_path)
        server.plan(FAILURES[name].behaviour)
        check(FAILURES[name], await films.failure(), films.films.provider, server.key)
    assert server.tasks == []


@pytest.mark.parametrize(
    ("vendor", "behaviour"),
    [
        ("runway", Fails(400, message="You do not have enough credits to run this task.")),
        ("fal", Fails(403, message="User is locked. Reason: Exhausted balance. Top up your balance.")),
    ],
)
async def test_an_account_without_credit_is_a_matter_of_settings(
    server: FilmServer, vendor: str, behaviour: Behaviour, tmp_path: Path
) -> None:
    server.plan(behaviour)
    failure = await HostedSet(vendor, hosted_films(vendor, server), server, tmp_path).failure()
    assert isinstance(failure, Misconfigured)
    assert "no credit" in failure.message


async def test_runway_is_told_picture_words_shape_length_and_seed(server: FilmServer, tmp_path: Path) -> None:
    await HostedSet("runway", runway_films(server), server, tmp_path).film(prompt="Mira waves. 🦊" + "x" * 2000)
    (order,) = server.orders()
    body = order.body
    assert (order.path, body["model"], body["ratio"], body["duration"]) == (
        "/v1/image_to_video",
        "gen4_turbo",
        "1280:720",
        2,
    )
    assert (order.headers["idempotency-key"], body["seed"]) == (REQUEST.idempotency_key, REQUEST.seed)
    assert body["promptText"].startswith("Mira waves. 🦊")
    assert server.tasks[0].picture_px == (1280, 720)


async def test_fal_is_told_picture_words_length_and_resolution(server: FilmServer, tmp_path: Path) -> None:
    await HostedSet("fal", fal_films(server, resolution="1080p"), server, tmp_path).film(frames=150)
    (order,) = server.orders()
    assert order.path == "/fal-ai/pika/v2.2/image-to-video"
    assert (order.body["duration"], order.body["resolution"]) == (10, "1080p")
    assert order.body["prompt"] == REQUEST.prompt
    assert server.tasks[0].picture_px == (160, 88)


async def test_a_scene_that_is_longer_than_two_films_is_refused_before_anything_is_paid(hosted: HostedSet) -> None:
    failure = await hosted.failure(frames=21 * 25)
    assert isinstance(failure, Refused)
    assert "Make two scenes" in failure.message
    assert hosted.server.requests == []


async def test_seconds_that_were_ordered_are_paid_for(server: FilmServer, tmp_path: Path) -> None:
    runway = HostedSet("runway", runway_films(server, seconds=(5, 10)), server, tmp_path)
    assert (await runway.answer()).usage == Usage(cost_microdollars=5 * 50_000)
    fal = HostedSet("fal", fal_films(server, own=Decimal("0.013")), server, tmp_path)
    assert (await fal.answer()).usage == Usage(cost_microdollars=5 * 13_000)


async def test_a_task_that_was_taken_is_collected_without_a_second_order(hosted: HostedSet) -> None:
    task_id = await hosted.films.submit(REQUEST)
    for _ in range(2):
        clip = (await hosted.films.collect(task_id, REQUEST, hosted.told, hosted.folder)).clip
        assert clip.read_bytes()
    assert len(hosted.server.tasks) == 1


async def test_an_order_whose_answer_got_lost_is_in_doubt(hosted: HostedSet) -> None:
    for lost in (After(Hangs()), After(Drops()), After(Fails(504))):
        hosted.server.plan_at("order", lost)
        failure = await hosted.failure()
        assert isinstance(failure, Unavailable) and failure.in_doubt
    assert len(hosted.server.tasks) == 3, "it was taken all the same, each time"


async def test_trouble_while_a_film_is_made_is_borne(hosted: HostedSet) -> None:
    hosted.server.plan_at("ask", Fails(500), Drops(), Fails(503), Fails(404), Sends(b"<html>"))
    assert await hosted.film()
    assert (len(hosted.server.tasks), hosted.server.count("ask")) == (1, 8)


async def test_trouble_that_does_not_end_is_told_and_the_task_is_still_there(hosted: HostedSet) -> None:
    hosted.server.plan_at("ask", *[Fails(500)] * 8)
    failure = await hosted.failure()
    assert type(failure) is Unavailable and failure.usage == Usage()
    hosted.server.plan_at("ask", Fails(401))
    assert isinstance(await hosted.failure(), Misconfigured)


async def test_a_task_that_nobody_knows_any_more_has_failed(hosted: HostedSet) -> None:
    hosted.server.plan_at("ask", *[Fails(404)] * 3)
    assert isinstance(await hosted.failure(), TaskFailed)


async def test_a_film_that_takes_too_long_is_collected_another_time(server: FilmServer, tmp_path: Path) -> None:
    for vendor in ("runway", "fal"):
        films = HostedSet(vendor, hosted_films(vendor, server, task_seconds=0.05), server, tmp_path)
        server.plan_at("ask", Fails(429, headers={"Retry-After": "30"}))
        failure = await films.failure()
        assert type(failure) is Unavailable and "still works" in failure.message


@pytest.mark.parametrize(
    ("vendor", "fate", "kind"),
    [
        ("runway", ComesToNothing("SAFETY.INPUT.IMAGE"), Refused),
        ("runway", ComesToNothing("INPUT_PREPROCESSING.SAFETY.TEXT"), Refused),
        ("runway", ComesToNothing("ASSET.INVALID"), Refused),
        ("runway", ComesToNothing("INTERNAL.BAD_OUTPUT.CODE01"), TaskFailed),
        ("runway", ComesToNothing(""), TaskFailed),
        ("fal", ComesToNothing("content_policy_violation"), Refused),
        ("fal", ComesToNothing("image_too_small"), Refused),
        ("fal", ComesToNothing("downstream_service_error", status=500), TaskFailed),
        ("fal", ComesToNothing("generation_timeout", status=504), TaskFailed),
    ],
)
async def test_a_task_that_comes_to_nothing_says_why(
    server: FilmServer, vendor: str, fate: ComesToNothing, kind: type[ProviderError], tmp_path: Path
) -> None:
    server.fates.append(fate)
    failure = await HostedSet(vendor, hosted_films(vendor, server), server, tmp_path).failure()
    assert type(failure) is kind or (kind is Refused and isinstance(failure, Refused))
    assert failure.message.endswith(".")


@pytest.mark.parametrize("name", NO_FILMS)
async def test_a_file_that_is_no_such_film_was_paid_for(hosted: HostedSet, name: str) -> None:
    made, said = NO_FILMS[name]
    hosted.server.film = made()
    failure = await hosted.failure(frames=100)
    assert type(failure) is Unavailable and failure.usage.cost_microdollars > 0
    assert said in failure.message


async def test_a_flood_is_stopped_at_its_head(hosted: HostedSet) -> None:
    flood = Floods(b"A" * 65_536, 2 * FILM_MAX_BYTES, media_type="video/mp4", is_announced=True)
    hosted.server.plan_at("fetch", flood)
    failure = await hosted.failure()
    assert type(failure) is Unavailable and failure.usage == Usage()
    await asyncio.wait_for(hosted.server.hung_up.wait(), 10)
    assert hosted.server.sent_bytes < FILM_MAX_BYTES / 10


@pytest.mark.parametrize(
    "lost", [Fails(403), Fails(404), Drops(), Fails(302, headers={"Location": "http://127.0.0.1:9"})]
)
async def test_a_link_that_leads_nowhere_is_asked_for_again(hosted: HostedSet, lost: Behaviour) -> None:
    hosted.server.plan_at("fetch", lost)
    failure = await hosted.failure()
    assert type(failure) is Unavailable and failure.usage == Usage()


@pytest.mark.parametrize(
    "link",
    [
        "https://127.0.0.1/film.mp4",
        "https://[::1]/film.mp4",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost/film.mp4",
        "http://203.0.113.9/film.mp4",
        "https://10.0.0.7:5432/",
        "https://user:word@example.com/film.mp4",
        "file:///etc/passwd",
        "//nowhere",
        "https://[broken/film.mp4",
    ],
)
async def test_a_link_into_our_own_network_is_never_followed(server: FilmServer, link: str, tmp_path: Path) -> None:
    server.link = link
    failure = await HostedSet("runway", runway_films(server), server, tmp_path).failure()
    assert type(failure) is Unavailable
    assert "not followed" in failure.message
    assert server.count("fetch") == 0


# Of the newer addresses those that lead on to 10.0.0.7, and to whoever listens.
_LEADING_INWARDS = ("64:ff9b::a00:7", "2002:a00:7::1", "::a00:7", "::ffff:10.0.0.7", "ff02::1", "224.0.0.1")


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([], "not followed"),
        (["203.0.114.9", "10.0.0.7"], "not followed"),
        *(([address], "not followed") for address in _LEADING_INWARDS),
        (None, "cannot be found"),
    ],
)
async def test_a_name_is_followed_only_to_public_places(
    monkeypatch: pytest.MonkeyPatch, found: list[str] | None, said: str
) -> None:
    async def resolve(*_: object, **__: object) -> list[tuple[object, ...]]:
        if found is None:
            raise socket.gaierror
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in found]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolve)
    endpoint = endpoint_of("https://films.example", Account("k"), IMPATIENT, ("films", "Films"))
    with pytest.raises(Unavailable, match=said):
        await fetched(endpoint, "https://somewhere.example/film.mp4", most_bytes=10)


async def test_our_key_goes_nowhere_else_because_fal_says_so(server: FilmServer, tmp_path: Path) -> None:
    for place in ("https://evil.example/fal-ai/pika/requests/1", f"{server.url}/fal-ai/../admin/requests/1", 5):
        server.plan(Sends(f'{{"request_id": "1", "response_url": {place!r}}}'.replace("'", '"').encode()))
        failure = await HostedSet("fal", fal_films(server), server, tmp_path).failure()
        assert type(failure) is Unavailable
    assert server.count("ask") == 0


@pytest.mark.parametrize("model", ["", "pika", "../pika/x", "fal-ai/pika?x=1"])
def test_a_model_of_fal_has_a_form(model: str) -> None:
    with pytest.raises(Misconfigured):
        FalFilms(model=model, compute=InlineCompute(), api_key="k")


async def test_who_stops_waiting_hangs_up_and_tells_the_vendor(hosted: HostedSet) -> None:
    task_id = await hosted.films.submit(REQUEST)
    hosted.server.plan_at("ask", Hangs())
    waiting = asyncio.create_task(hosted.films.collect(task_id, REQUEST, hosted.told, hosted.folder))
    await asyncio.wait_for(hosted.server.hanging.wait(), 10)
    waiting.cancel()
    await asyncio.wait_for(hosted.server.hung_up.wait(), 10)
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await hosted.films.cancel(task_id)
    assert hosted.server.tasks[0].is_cancelled
    await hosted.films.cancel(task_id)
    await hosted.films.cancel(task_id.replace("task-1", "task-9"))


async def test_busy_is_waited_for_before_it_is_told(hosted: HostedSet) -> None:
    hosted.server.plan(Fails(429, headers={"Retry-After": "20"}))
    failure = await hosted.failure()
    assert isinstance(failure, Busy) and failure.retry_after_seconds == 20


async def test_the_key_is_never_logged(hosted: HostedSet, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        await hosted.film()
        hosted.server.plan(Drops())
        await hosted.failure()
    assert hosted.server.key not in caplog.text
