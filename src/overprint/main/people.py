"""``overprint people``: who is here, and who looks after the house."""

from pathlib import Path

from overprint.core.problems import Invalid
from overprint.main.exits import Exit
from overprint.main.home import open_home, read_made_settings, read_settings
from overprint.main.operating import BEGAN, console
from overprint.main.reaching import site_of
from overprint.main.tables import Column, fitted

LISTED_MAX = 1000
_PEOPLE = (
    Column("address", 1, shrinks=True),
    Column("name", 2, shrinks=True),
    Column("is", 3),
    Column("since", 5),
    Column("seen", 4),
)


async def show_people(data: Path | None, limit: int) -> int:
    if not 1 <= limit <= LISTED_MAX:
        raise Invalid(f"--limit takes 1 to {LISTED_MAX}, not {limit}.", "Choose a number within these bounds.")
    settings = read_made_settings(data)
    async with open_home(settings) as house:
        from overprint.wiring.people import admissions_of

        people = await admissions_of(settings, house.database).list_people(limit)
    rows = [
        (
            person["email"] or "",
            person["name"],
            "site admin" if person["is_site_admin"] else "guest" if person["is_guest"] else "",
            f"{person['created_at'].astimezone():{BEGAN}}",
            f"{person['seen_at'].astimezone():{BEGAN}}" if person["seen_at"] else "",
        )
        for person in people
    ]
    screen = console()
    screen.print(fitted(_PEOPLE, rows, screen.width))
    return Exit.OK


async def set_site_admin(data: Path | None, email: str, *, is_admin: bool) -> int:
    settings = read_settings(data, log_level="ERROR")
    async with open_home(settings) as house:
        from overprint.wiring.people import admissions_of

        admissions = admissions_of(settings, house.database, site_of(settings))
        admission = await admissions.set_site_admin(email, is_admin=is_admin)
    print(f"{email} is {'a site admin now' if is_admin else 'no site admin any more'}.")
    if admission.link:
        print("They are new here. Within an hour they choose their password at")
        print(admission.link)
    return Exit.OK


async def unlock_person(data: Path | None, email: str) -> int:
    settings = read_settings(data, log_level="ERROR")
    async with open_home(settings) as house:
        from overprint.wiring.people import admissions_of

        admission = await admissions_of(settings, house.database, site_of(settings)).unlock(email)
    print(f"{email} signs in without a second factor now, and was told so by mail.")
    if admission.link:
        print("They have no password. Within an hour they choose one at")
        print(admission.link)
    return Exit.OK
