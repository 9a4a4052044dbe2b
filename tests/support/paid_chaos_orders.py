"""What processes of a paid chaos run are told, and the jobs that they submit and run. A submitter needs no more."""

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path

import httpx

from overprint.settings import Settings, load

KIND = "paid.make@1"
PART_CREDITS, END_CREDITS = 90, 30  # more than a plan brings: packs have to be bought
PACK = "pack-2000"


@dataclass(frozen=True)
class Orders:
    """What a process is told on its command line. ``keys`` are the teams' API keys, ``variables`` the settings."""

    role: str
    app_url: str
    system_url: str
    data_dir: str
    journal: str
    stripe_url: str
    port: int
    variables: dict[str, str]
    keys: tuple[str, ...]
    teams: int
    jobs: int
    lease_seconds: float
    body_seconds: float

    def as_argument(self, role: str) -> str:
        return json.dumps(dataclasses.asdict(dataclasses.replace(self, role=role)))

    def settings(self) -> Settings:
        """Those that no variable of this machine changes."""
        folder = Path(self.data_dir)
        folder.mkdir(parents=True, exist_ok=True)
        return load(folder, env=self.variables)

    @staticmethod
    def of(argument: str) -> "Orders":
        told = json.loads(argument)
        return Orders(**{**told, "keys": tuple(told["keys"])})


@dataclass(frozen=True)
class Order:
    """``fails`` are the parts that cannot be made, ``empty`` those that deliver nothing."""

    name: str
    width: int
    fails: tuple[int, ...] = ()
    empty: tuple[int, ...] = ()


def order_of(number: int, teams: int) -> Order:
    """The order of the n-th job. Every fifth repeats what its team ordered before; others fail in part."""
    again = number - 2 * teams if number % 5 == 4 and number >= 2 * teams else number
    width = 2 + again % 4
    fails = (1,) if again % 7 == 3 else ()
    return Order(f"work {again}", width, fails, (0,) if again % 9 == 5 else ())


async def buy(http: httpx.AsyncClient, stripe_url: str, headers: dict[str, str], **what: str) -> bool:
    """Go to the provider's page and pay there; whether that worked. The same page again is paid only once."""
    answer = await http.post("/api/billing/checkout", json=what, headers=headers)
    if not answer.is_success:
        title = answer.json()["title"] if answer.status_code == httpx.codes.CONFLICT else ""
        is_under_way = "paid already" in title or "Your bank is working" in title
        assert is_under_way or answer.status_code >= 500, answer.text
        return False
    page = answer.json()["url"].rpartition("/")[2]
    async with httpx.AsyncClient(base_url=stripe_url, trust_env=False) as provider:
        return (await provider.post(f"/pay/{page}")).is_success
