"""Use cases of films."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from overprint.core.codec import decode, encode
from overprint.core.film import FilmBrief, Storyboard
from overprint.core.principal import Principal
from overprint.core.problems import Invalid
from overprint.core.words import clean_text, says_something
from overprint.db.database import Transaction
from overprint.features.jobs import Jobs
from overprint.features.videos import rules
from overprint.features.videos.pipeline import MAKE
from overprint.features.videos.steps import FILM, PICTURE, STORYBOARD, FilmOut, MakeFilm, PictureOut

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Film:
    """What there is of a film so far; ``pictures`` by number of the scene, as in keys."""

    storyboard: Storyboard | None
    pictures: Mapping[str, PictureOut]
    film: FilmOut | None


@dataclass(frozen=True, slots=True)
class Videos:
    """What people do with films. A film is the work of its jobs: all of one ``lineage``."""

    jobs: Jobs

    async def start(
        self,
        transaction: Transaction,
        principal: Principal,
        brief: FilmBrief,
        *,
        idempotency_key: str | None = None,
        rerun_of: Row | None = None,
    ) -> Row:
        """Begin a film, or go on with that of the job ``rerun_of``; answers the job. The same request under the same
        idempotency key answers the first one."""
        brief = cleaned(brief)
        before = {"lineage": rerun_of["lineage"], "rerun_of": rerun_of["id"]} if rerun_of else {}
        return await self.jobs.submit(
            transaction,
            principal,
            MAKE,
            encode(MakeFilm(brief)),
            title=brief.title or brief.premise[:80],
            idempotency_key=idempotency_key,
            **before,
        )

    async def get_film(self, transaction: Transaction, lineage: UUID) -> Film:
        outputs = {row["key"]: row["output"] for row in await self.jobs.list_outputs(transaction, lineage)}
        pictures = {
            key.removeprefix(PICTURE): decode(PictureOut, output)
            for key, output in outputs.items()
            if key.startswith(PICTURE)
        }
        storyboard, film = outputs.get(STORYBOARD), outputs.get(FILM)
        return Film(
            decode(Storyboard, storyboard) if storyboard is not None else None,
            pictures,
            decode(FilmOut, film) if film is not None else None,
        )


def cleaned(brief: FilmBrief) -> FilmBrief:
    """Without what nobody can read. Raises ``Invalid`` for what no film can be made of."""
    texts = {"premise": clean_text(brief.premise), "title": clean_text(brief.title)}
    if not says_something(texts["premise"]):
        raise Invalid("There is no story in this premise.", "Say in a sentence who it is about.", field="premise")
    rules.check_rate(brief.fps)
    return decode(FilmBrief, {**encode(brief), **texts}, at="")
