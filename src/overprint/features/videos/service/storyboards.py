"""Storyboards as people change them, before a film is made and after; and what making it then would do and cost.

An edit stands in place of what the storyboard's step answered, so nothing that was made is ever overwritten. Every
storyboard is kept under the version of the film that it came with, and any of them can be put back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from overprint.core.codec import decode, encode
from overprint.core.editions import CheckEdition, any_edition
from overprint.core.film import FilmBrief, Storyboard
from overprint.core.principal import Principal
from overprint.core.problems import Conflict, NotFound
from overprint.db.database import Transaction
from overprint.features.jobs import is_going
from overprint.features.videos import rules, store
from overprint.features.videos.pipeline import MAKE
from overprint.features.videos.rules import boards, lengths, locks
from overprint.features.videos.rules.boards import CardEdit
from overprint.features.videos.rules.changes import Redone, redone
from overprint.features.videos.service.videos import Videos, request_of
from overprint.features.videos.steps import STORYBOARD, Target
from overprint.features.videos.store import Row


@dataclass(frozen=True, slots=True)
class Board:
    """``version``: of the film that it came with. ``is_made``: a job has used it."""

    storyboard: Storyboard
    version: int
    is_made: bool


@dataclass(frozen=True, slots=True)
class Ahead:
    """What making the film would do: the keys of all steps that would run, the same by ``scenes``, and the most that it
    costs. ``lasts_seconds``: how long the film is about to be; ``too_long``: its scenes that cannot be filmed at once,
    by the ids of their cards."""

    runs: tuple[str, ...]
    scenes: tuple[Redone, ...]
    credits: int
    lasts_seconds: float | None
    too_long: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Storyboards:
    """``check`` is given the film's version, and raises ``Outdated`` for one that the edit was not made on."""

    videos: Videos

    async def get(self, transaction: Transaction, video_id: UUID) -> Board:
        """Raises ``NotFound`` for no film, ``Conflict`` for one that has no storyboard yet."""
        await self.videos.get(transaction, video_id)
        return await self._newest(transaction, video_id)

    async def edit(
        self,
        transaction: Transaction,
        principal: Principal,
        video_id: UUID,
        cards: Sequence[CardEdit] | None = None,
        title: str = "",
        check: CheckEdition = any_edition,
    ) -> Board:
        """Have these cards on the storyboard, in this order; None leaves them as they are. See ``boards.edited``."""
        now = await self._begin(transaction, principal, video_id, check)
        named = [CardEdit(card.id) for card in now.storyboard.cards] if cards is None else cards
        return await self._keep(transaction, principal, video_id, now, boards.edited(now.storyboard, named, title))

    async def edit_card(
        self,
        transaction: Transaction,
        principal: Principal,
        video_id: UUID,
        edit: CardEdit,
        check: CheckEdition = any_edition,
    ) -> Board:
        """Change one card where it stands."""
        now = await self._begin(transaction, principal, video_id, check)
        return await self._keep(transaction, principal, video_id, now, boards.with_card(now.storyboard, edit))

    async def rename(self, transaction: Transaction, principal: Principal, video_id: UUID, title: str) -> None:
        """What the film is called; of one that has no storyboard yet, what it is planned to be called."""
        await self.videos.begin_change(transaction, principal, video_id)
        if await store.find_board(transaction, video_id) is not None:
            await self.edit(transaction, principal, video_id, title=title)
        else:
            video = await self.videos.change_brief(transaction, principal, video_id, {"title": title})
            await store.VIDEOS.change(transaction, video_id, title=video["brief"]["title"] or video["title"])

    async def list_versions(self, transaction: Transaction, video_id: UUID) -> list[Row]:
        """The storyboards that the film had, the newest first, which is the one it has."""
        await self.videos.get(transaction, video_id)
        return await store.list_boards(transaction, video_id)

    async def restore(
        self,
        transaction: Transaction,
        principal: Principal,
        video_id: UUID,
        version: int,
        check: CheckEdition = any_edition,
    ) -> Board:
        """Put an earlier storyboard back, as an edit like any other. Raises ``NotFound``."""
        now = await self._begin(transaction, principal, video_id, check)
        row = await store.find_board(transaction, video_id, version)
        if row is None:
            raise NotFound("There is no such storyboard any more.", "Choose one of those that are shown.")
        wanted = boards.following(now.storyboard, decode(Storyboard, row["board"]))
        return await self._keep(transaction, principal, video_id, now, wanted)

    async def ahead(self, transaction: Transaction, video_id: UUID, target: Target = Target.FILM) -> Ahead:
        """What making the film would do now. Raises ``Conflict`` while it is being made."""
        video = await self.videos.get(transaction, video_id)
        if is_going(await self.videos.jobs.find_newest(transaction, video_id)):
            raise self.videos.kind.going()
        request = request_of(video, target, self.videos.house)
        held = await self.videos.find_held(transaction, video)
        found = await self.videos.jobs.forecast(transaction, MAKE, request, video_id, held)
        quote = self.videos.jobs.quotes.again(MAKE, request, found)
        row = await store.find_board(transaction, video_id)
        if row is None:
            return Ahead(found.runs, redone(found.runs), quote.credits, None)
        board, brief = decode(Storyboard, row["board"]), decode(FilmBrief, video["brief"])
        long = lengths.too_long(brief, board.cards, self.videos.filmed_most, locks.filmed(board, held))
        return Ahead(found.runs, redone(found.runs), quote.credits, rules.lasts_seconds(board), long)

    async def ahead_of_edit(
        self,
        transaction: Transaction,
        principal: Principal,
        video_id: UUID,
        cards: Sequence[CardEdit] | None,
        title: str = "",
    ) -> Ahead:
        """The same once these edits were made; nothing is changed."""
        async with transaction.undone():
            await self.edit(transaction, principal, video_id, cards, title)
            found = await self.ahead(transaction, video_id)
        self.videos.jobs.quotes.forecasts.drop(transaction.team_id, video_id)
        return found

    async def redo(
        self,
        transaction: Transaction,
        principal: Principal,
        video_id: UUID,
        card_id: int,
        check: CheckEdition = any_edition,
        *,
        idempotency_key: str | None = None,
    ) -> Row:
        """Make one scene anew, from another seed, and with it what else is not made yet. Answers the job."""
        first = await self.videos.find_begun(transaction, video_id, Target.FILM, card_id, idempotency_key)
        if first is not None:
            return first
        await self.edit_card(transaction, principal, video_id, CardEdit(card_id, is_again=True), check)
        return await self.videos.render(
            transaction, principal, video_id, redone=card_id, idempotency_key=idempotency_key
        )

    async def _begin(
        self, transaction: Transaction, principal: Principal, video_id: UUID, check: CheckEdition
    ) -> Board:
        video, _ = await self.videos.begin_change(transaction, principal, video_id)
        check(str(video["version"]))
        return await self._newest(transaction, video_id)

    async def _newest(self, transaction: Transaction, video_id: UUID) -> Board:
        row = await store.find_board(transaction, video_id)
        if row is None:
            raise Conflict("This film has no storyboard yet.", "Wait for it, or have it made again.")
        return Board(decode(Storyboard, row["board"]), row["version"], row["is_made"])

    async def _keep(
        self, transaction: Transaction, principal: Principal, video_id: UUID, now: Board, wanted: Storyboard
    ) -> Board:
        if wanted == now.storyboard:
            return now
        video = await self.videos.get(transaction, video_id)
        rules.check_size(decode(FilmBrief, video["brief"]), wanted.cards)
        board = encode(wanted)
        version = await store.keep_board(transaction, video_id, board, is_made=False, made_by=principal.person_id)
        await store.VIDEOS.change(transaction, video_id, title=wanted.title)
        await store.settle(transaction, video_id)
        await self.videos.jobs.edit_output(transaction, principal, video_id, STORYBOARD, board)
        await self.videos.hold_locked(transaction, principal, video_id)
        return Board(wanted, version, is_made=False)
